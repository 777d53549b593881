// The view of polls: the form, its preview, the templates, and the polls of this session.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { FEWEST, MOST, checked } from '../model/poll.js';
import { icons } from './icons.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Poll } from '../types.js' */

/** @param {RtkModerator} host */
export function pollsView(host) {
  const { t } = host;
  if (!host.can('poll')) return html`<p class="muted">${t.pollNotAllowed}</p>`;
  return html`
    <div class="stack">
      ${form(host)} ${templates(host)} ${asked(host)}
      <p class="note">${icons.polls} ${t.noResults}</p>
    </div>
  `;
}

/** @param {RtkModerator} host */
function form({ t, polls, moderation, state }) {
  const { draft, wrong } = polls;
  const busy = moderation.actions.running('poll');
  const ready = state.phase === 'live';
  const { poll } = checked(draft);
  const check = (/** @type {'anonymous' | 'hide_votes'} */ name) =>
    html`<label class="check-line">
      <input
        type="checkbox"
        name=${name}
        .checked=${live(draft[name])}
        @change=${(/** @type {any} */ event) => polls.change({ [name]: event.target.checked })}
      />
      ${t[name]}
    </label>`;
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
          @input=${(/** @type {any} */ event) => polls.change({ question: event.target.value })}
        />
      </label>
      ${error(inQuestion)}
      <fieldset class="options" aria-describedby=${wrong && !inQuestion ? 'poll-wrong' : nothing}>
        <legend>${t.options}</legend>
        <div class="option-list">${draft.options.map((_, place) => line(t, polls, place))}</div>
        ${error(!inQuestion)}
        ${
          draft.options.length < MOST
            ? html`<button type="button" class="quiet add" @click=${() => polls.add()}>
                ${icons.plus} ${t.addOption}
              </button>`
            : nothing
        }
      </fieldset>
      <div class="checks">${check('anonymous')} ${check('hide_votes')}</div>
      ${poll.question || poll.options.length ? preview(t, poll) : nothing}
      <div class="buttons">
        <button class="primary" aria-disabled=${busy || !ready}>${t.startPoll}</button>
        <button type="button" @click=${() => polls.save()}>${t.saveTemplate}</button>
      </div>
      ${ready ? nothing : html`<p class="muted">${t.pollNeedsSession}</p>`}
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
      @input=${(/** @type {any} */ event) => polls.option(place, event.target.value)}
    />
    ${
      draft.options.length > FEWEST
        ? html`<button
            type="button"
            class="quiet icon-only"
            aria-label=${t.removeOption(place + 1)}
            @click=${() => polls.change({ options: draft.options.toSpliced(place, 1) })}
          >
            ${icons.close}
          </button>`
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
  if (!polls.saved.length) return nothing;
  return html`<section>
    <h2>${t.templates}</h2>
    <ul class="kept">
      ${polls.saved.map(
        (poll) =>
          html`<li>
            <button type="button" class="plain" @click=${() => polls.use(poll)}>
              <bdi>${poll.question}</bdi>
              <span class="muted">${t.optionsCount(poll.options.length)}</span>
            </button>
            <button
              type="button"
              class="quiet icon-only"
              aria-label=${t.deleteTemplate(poll.question)}
              @click=${() => polls.drop(poll)}
            >
              ${icons.close}
            </button>
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
                  ? html`<button type="button" @click=${() => polls.send(poll)}>
                      ${t.sendAgain}
                    </button>`
                  : nothing
              }
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}
