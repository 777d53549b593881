// The view of polls: the form, its preview, the templates, and the polls of this session.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { FEWEST, MOST, checked } from '../model/poll.js';
import { savedTemplates } from '../model/saved-lists.js';
import { icons } from './icons.js';
import { button, check, closeButton, muted, note, typed } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Poll } from '../types.js' */

/** @param {RtkModerator} host */
export function pollsView(host) {
  const { t } = host;
  if (!host.can('poll')) return muted(t.pollNotAllowed);
  return html`
    <div class="stack">
      ${form(host)} ${templates(host)} ${asked(host)} ${note(icons.polls, t.noResults)}
    </div>
  `;
}

/** @param {RtkModerator} host */
function form({ t, polls, moderation, state }) {
  const { draft, wrong } = polls;
  const busy = moderation.actions.running('poll');
  const ready = state.phase === 'live';
  const { poll } = checked(draft);
  const option = (/** @type {'anonymous' | 'hide_votes'} */ name) =>
    check(t[name], draft[name], (on) => polls.change({ [name]: on }), name);
  const error = (/** @type {boolean} */ shown) =>
    shown && wrong
      ? html`<p class="wrong" id="poll-wrong" role="alert">${t.pollWrong[wrong]}</p>`
      : nothing;
  const inQuestion = wrong === 'question';
  return html`
    <form class="poll" autocomplete="off" novalidate @submit=${polls.submit}>
      <label class="field">
        ${t.question}
        <input
          name="question"
          .value=${live(draft.question)}
          aria-invalid=${inQuestion}
          aria-describedby=${inQuestion ? 'poll-wrong' : nothing}
          @keydown=${(/** @type {KeyboardEvent} */ event) => polls.enter(event, -1)}
          @input=${typed((question) => polls.change({ question }))}
        />
      </label>
      ${error(inQuestion)}
      <fieldset class="options" aria-describedby=${wrong && !inQuestion ? 'poll-wrong' : nothing}>
        <legend>${t.options}</legend>
        <div class="option-list">${draft.options.map((_, place) => line(t, polls, place))}</div>
        ${error(!inQuestion)}
        ${
          draft.options.length < MOST
            ? button([icons.plus, t.addOption], () => polls.add(), 'quiet add')
            : nothing
        }
      </fieldset>
      <div class="checks">${option('anonymous')} ${option('hide_votes')}</div>
      ${poll.question || poll.options.length ? preview(t, poll) : nothing}
      <div class="buttons">
        <button class="solid" aria-disabled=${busy || !ready}>${t.startPoll}</button>
        ${button(t.saveTemplate, () => polls.save())}
      </div>
      ${ready ? nothing : muted(t.pollNeedsSession)}
    </form>
  `;
}

/** @param {RtkModerator['t']} t @param {RtkModerator['polls']} polls @param {number} place */
function line(t, polls, place) {
  const { draft, wrong } = polls;
  const option = draft.options[place];
  // The first option that makes the poll wrong.
  const same = draft.options.findIndex(
    (text, at) =>
      text.trim() && draft.options.slice(0, at).some((one) => one.trim() === text.trim()),
  );
  const empty = draft.options.findIndex((text) => !text.trim());
  const invalid = place === (wrong === 'same' ? same : wrong === 'few' ? empty : -1);
  return html`<div class="option">
    <input
      aria-label=${t.optionNo(place + 1)}
      placeholder=${t.optionNo(place + 1)}
      aria-invalid=${invalid}
      aria-describedby=${invalid ? 'poll-wrong' : nothing}
      .value=${live(option)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => polls.enter(event, place)}
      @input=${typed((text) => polls.option(place, text))}
    />
    ${
      draft.options.length > FEWEST
        ? closeButton(t.removeOption(place + 1), () =>
            polls.change({ options: draft.options.toSpliced(place, 1) }),
          )
        : nothing
    }
  </div>`;
}

/** @param {RtkModerator['t']} t @param {Poll} poll */
function preview(t, poll) {
  return html`<figure class="preview">
    <figcaption>${t.preview}</figcaption>
    <p><bdi>${poll.question || t.question}</bdi></p>
    <ul>
      ${poll.options.map((option) => html`<li><bdi>${option}</bdi></li>`)}
    </ul>
    <p class="muted">
      ${poll.anonymous ? t.anonymousMeans : t.namedMeans} ${poll.hide_votes ? t.hideMeans : nothing}
    </p>
  </figure>`;
}

/** @param {RtkModerator} host */
function templates({ t, polls }) {
  const saved = savedTemplates();
  if (!saved.length) return nothing;
  return html`<section>
    <h2>${t.templates}</h2>
    <ul class="kept">
      ${saved.map(
        (poll) =>
          html`<li>
            <button type="button" class="plain" @click=${() => polls.use(poll)}>
              <bdi>${poll.question}</bdi>
              <span class="muted">${t.optionsCount(poll.options.length)}</span>
            </button>
            ${closeButton(t.deleteTemplate(poll.question), () => polls.drop(poll))}
          </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {RtkModerator} host */
function asked({ t, fmt, polls }) {
  const all = polls.asked;
  if (!all.length) return nothing;
  return html`<section>
    <h2>${t.asked}</h2>
    <ul class="asked">
      ${all.map(
        ({ at, question, by, doubt, poll, action }) =>
          html`<li class=${doubt ? 'doubt' : ''}>
            <span class="muted">${fmt.time(at)}</span>
            <div>
              <bdi>${question}</bdi>
              ${by ? html`<span class="muted"><bdi>${by}</bdi></span>` : nothing}
              ${doubt ? html`<p>${icons.warning} ${t.pollUnknown}</p>` : nothing}
              ${
                doubt && poll && polls.inDoubt === action
                  ? button(t.sendAgain, () => polls.send(poll))
                  : nothing
              }
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}
