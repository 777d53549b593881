// The view of polls: the form, its preview, the templates, and the polls of this session.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { icons } from './icons.js';
import { FEWEST, MOST, checked } from './poll.js';

/**
 * @import { Poll } from './types.js'
 * @import { Polls } from './polls.js'
 */

/** @param {Polls} polls */
export function view(polls) {
  const { host } = polls;
  const { t } = host;
  if (!host.can('poll')) return html`<p class="muted">${t.pollNotAllowed}</p>`;
  return html`
    <div class="stack">
      ${form(polls)} ${templates(polls)} ${asked(polls)}
      <p class="note">${icons.polls} ${t.noResults}</p>
    </div>
  `;
}

/** @param {Polls} polls */
function form(polls) {
  const { host, draft } = polls;
  const { t } = host;
  const busy = host.actions.running('poll');
  const ready = host.state.phase === 'live';
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
  return html`
    <form class="poll" autocomplete="off" novalidate @submit=${polls.submit}>
      <label class="field">
        ${t.question}
        <input
          name="question"
          .value=${live(draft.question)}
          aria-invalid=${polls.wrong === 'question'}
          @input=${(/** @type {any} */ event) => polls.change({ question: event.target.value })}
        />
      </label>
      <fieldset class="options">
        <legend>${t.options}</legend>
        ${draft.options.map((option, place) => line(polls, option, place))}
        ${draft.options.length < MOST
          ? html`<button type="button" class="quiet add" @click=${() => polls.add()}>
              ${icons.plus} ${t.addOption}
            </button>`
          : nothing}
      </fieldset>
      <div class="checks">${check('anonymous')} ${check('hide_votes')}</div>
      ${poll.question || poll.options.length ? preview(polls, poll) : nothing}
      <p class="wrong" role="alert">${polls.wrong ? t.pollWrong[polls.wrong] : nothing}</p>
      <div class="buttons">
        <button class="primary" aria-disabled=${busy || !ready}>${t.startPoll}</button>
        <button type="button" @click=${() => polls.keep()}>${t.keepTemplate}</button>
      </div>
      ${ready ? nothing : html`<p class="muted">${t.pollNeedsSession}</p>`}
    </form>
  `;
}

/** @param {Polls} polls @param {string} option @param {number} place */
function line(polls, option, place) {
  const { t } = polls.host;
  return html`<div class="option">
    <input
      aria-label=${t.optionNo(place + 1)}
      placeholder=${t.optionNo(place + 1)}
      .value=${live(option)}
      @input=${(/** @type {any} */ event) => polls.option(place, event.target.value)}
    />
    ${polls.draft.options.length > FEWEST
      ? html`<button
          type="button"
          class="quiet icon-only"
          aria-label=${t.removeOption(place + 1)}
          @click=${() => polls.change({ options: polls.draft.options.toSpliced(place, 1) })}
        >
          ${icons.close}
        </button>`
      : nothing}
  </div>`;
}

/** @param {Polls} polls @param {Poll} poll */
function preview(polls, poll) {
  const { t } = polls.host;
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

/** @param {Polls} polls */
function templates(polls) {
  const { host } = polls;
  const { t } = host;
  if (!polls.kept.length) return nothing;
  return html`<section>
    <h2>${t.templates}</h2>
    <ul class="kept">
      ${polls.kept.map(
        (poll) =>
          html`<li>
            <button
              type="button"
              class="plain"
              @click=${() => {
                const options = [...poll.options];
                while (options.length < FEWEST) options.push('');
                polls.change({ ...poll, options });
                /** @type {HTMLElement | null} */ (
                  host.renderRoot.querySelector('[name=question]')
                )?.focus();
              }}
            >
              <bdi>${poll.question}</bdi>
              <span class="muted">${t.optionsCount(poll.options.length)}</span>
            </button>
            <button
              type="button"
              class="quiet icon-only"
              aria-label=${t.dropTemplate(poll.question)}
              @click=${() => {
                polls.drop(poll);
              }}
            >
              ${icons.close}
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {Polls} polls */
function asked(polls) {
  const { t, fmt } = polls.host;
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
              ${doubt ? html`<p>${icons.warning} ${t.pollDoubt}</p>` : nothing}
              ${doubt && poll && polls.inDoubt === action
                ? html`<button type="button" @click=${() => polls.send(poll)}>
                    ${t.sendAgain}
                  </button>`
                : nothing}
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}
