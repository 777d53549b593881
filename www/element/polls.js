// Polls: a new one with a preview, templates kept on this device, and what was asked in this session.
// The API makes polls and tells nothing of them afterwards: this page says so.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { recordsOf } from './history.js';
import { timeOf } from './people.js';
import { icons } from './icons.js';
import { dropTemplate, keepTemplate, templates } from './stored.js';

/**
 * @import { Action, AuditRecord, Poll } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 */

const [FEWEST, MOST] = [2, 10];
const EMPTY = () => ({ question: '', options: ['', ''], anonymous: false, hide_votes: false });

/**
 * What of a draft would be sent, and what is wrong with it. Options left empty are none.
 *
 * @param {Poll} draft
 * @returns {{ poll: Poll, wrong: 'question' | 'few' | 'same' | null }}
 */
export function checked(draft) {
  const question = draft.question.trim();
  const options = draft.options.map((option) => option.trim()).filter(Boolean);
  const poll = { ...draft, question, options };
  const wrong = !question
    ? 'question'
    : options.length < FEWEST || options.length > MOST
      ? 'few'
      : new Set(options).size < options.length
        ? 'same'
        : null;
  return { poll, wrong };
}

/**
 * What came of a poll that was sent from here: the audit may know what was not learnt here.
 *
 * @param {Action} action
 * @param {Map<Action, AuditRecord>} records
 */
function fateOf(action, records) {
  if (action.outcome !== 'unknown') return action.outcome;
  const outcome = records.get(action)?.outcome ?? 'unknown';
  return outcome === 'refused' ? 'failed' : outcome;
}

export class Polls {
  /** @type {Poll} */
  draft = EMPTY();
  /** @type {'question' | 'few' | 'same' | null} */
  #wrong = null;
  #kept = templates();

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  /** Those that were sent from here, newest first. */
  get sent() {
    return this.host.actions.list.filter(({ operation }) => operation === 'poll');
  }

  /** The audit's records of them. */
  get #records() {
    const { audit, claims, state } = this.host;
    return recordsOf(audit.records, this.sent, claims.sub, state.ahead);
  }

  /** A poll whose fate nobody knows, and after which none was made: the next may be its second. */
  get inDoubt() {
    const records = this.#records;
    const fates = this.sent.map((action) => ({ action, fate: fateOf(action, records) }));
    const last = fates.find(({ fate }) => fate === 'done' || fate === 'unknown');
    return last?.fate === 'unknown' ? last.action : null;
  }

  /** @param {Partial<Poll>} change */
  #change(change) {
    this.draft = { ...this.draft, ...change };
    if (this.#wrong) this.#wrong = checked(this.draft).wrong;
    this.host.requestUpdate();
  }

  /** @param {number} place @param {string} text */
  #option(place, text) {
    this.#change({ options: this.draft.options.with(place, text) });
  }

  /** @param {Event} event */
  submit = async (event) => {
    event.preventDefault();
    if (this.host.state.phase !== 'live') return;
    const sent = this.draft;
    const { poll, wrong } = checked(sent);
    this.#wrong = wrong;
    this.host.requestUpdate();
    // What was written while the answer was awaited is another poll.
    if (!wrong && (await this.send(poll)) && this.draft === sent) this.#change(EMPTY());
  };

  /** @param {Poll} poll @returns {Promise<boolean>} Whether it was started. */
  async send(poll) {
    const { host } = this;
    if (host.actions.running('poll')) return false;
    if (this.inDoubt && !(await host.confirm.ask({ kind: 'pollAgain', poll }))) return false;
    if (host.actions.running('poll')) return false;
    const { outcome } = await host.actions.onRoom('poll', { poll });
    return outcome === 'done';
  }

  #keep() {
    const { poll, wrong } = checked(this.draft);
    this.#wrong = wrong;
    if (!wrong) {
      keepTemplate(poll);
      this.#kept = templates();
      this.host.announce(this.host.t.templateKept);
    }
    this.host.requestUpdate();
  }

  render() {
    const { host } = this;
    const { t } = host;
    if (!host.can('poll')) return html`<p class="muted">${t.pollNotAllowed}</p>`;
    return html`
      <div class="stack">
        ${this.#form()} ${this.#templates()} ${this.#asked()}
        <p class="note">${icons.polls} ${t.noResults}</p>
      </div>
    `;
  }

  #form() {
    const { host, draft } = this;
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
          @change=${(/** @type {any} */ event) => this.#change({ [name]: event.target.checked })}
        />
        ${t[name]}
      </label>`;
    return html`
      <form class="poll" autocomplete="off" novalidate @submit=${this.submit}>
        <label class="field">
          ${t.question}
          <input
            name="question"
            .value=${live(draft.question)}
            aria-invalid=${this.#wrong === 'question'}
            @input=${(/** @type {any} */ event) => this.#change({ question: event.target.value })}
          />
        </label>
        <fieldset class="options">
          <legend>${t.options}</legend>
          ${draft.options.map((option, place) => this.#line(option, place))}
          ${draft.options.length < MOST
            ? html`<button type="button" class="quiet add" @click=${() => this.#add()}>
                ${icons.plus} ${t.addOption}
              </button>`
            : nothing}
        </fieldset>
        <div class="checks">${check('anonymous')} ${check('hide_votes')}</div>
        ${poll.question || poll.options.length ? this.#preview(poll) : nothing}
        <p class="wrong" role="alert">${this.#wrong ? t.pollWrong[this.#wrong] : nothing}</p>
        <div class="buttons">
          <button class="primary" aria-disabled=${busy || !ready}>${t.startPoll}</button>
          <button type="button" @click=${() => this.#keep()}>${t.keepTemplate}</button>
        </div>
        ${ready ? nothing : html`<p class="muted">${t.pollNeedsSession}</p>`}
      </form>
    `;
  }

  async #add() {
    this.#change({ options: [...this.draft.options, ''] });
    await this.host.updateComplete;
    const lines = this.host.renderRoot.querySelectorAll('.options input');
    /** @type {HTMLElement | undefined} */ (lines[lines.length - 1])?.focus();
  }

  /** @param {string} option @param {number} place */
  #line(option, place) {
    const { t } = this.host;
    return html`<div class="option">
      <input
        aria-label=${t.optionNo(place + 1)}
        placeholder=${t.optionNo(place + 1)}
        .value=${live(option)}
        @input=${(/** @type {any} */ event) => this.#option(place, event.target.value)}
      />
      ${this.draft.options.length > FEWEST
        ? html`<button
            type="button"
            class="quiet icon-only"
            aria-label=${t.removeOption(place + 1)}
            @click=${() => this.#change({ options: this.draft.options.toSpliced(place, 1) })}
          >
            ${icons.close}
          </button>`
        : nothing}
    </div>`;
  }

  /** @param {Poll} poll */
  #preview(poll) {
    const { t } = this.host;
    return html`<figure class="preview">
      <figcaption>${t.preview}</figcaption>
      <p><bdi>${poll.question || t.question}</bdi></p>
      <ul>
        ${poll.options.map((option) => html`<li><bdi>${option}</bdi></li>`)}
      </ul>
      <p class="muted">
        ${poll.anonymous ? t.anonymousMeans : t.namedMeans}
        ${poll.hide_votes ? t.hideMeans : nothing}
      </p>
    </figure>`;
  }

  #templates() {
    const { host } = this;
    const { t } = host;
    if (!this.#kept.length) return nothing;
    return html`<section>
      <h2>${t.templates}</h2>
      <ul class="kept">
        ${this.#kept.map(
          (poll) =>
            html`<li>
              <button
                type="button"
                class="plain"
                @click=${() => {
                  const options = [...poll.options];
                  while (options.length < FEWEST) options.push('');
                  this.#change({ ...poll, options });
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
                  dropTemplate(poll.question);
                  this.#kept = templates();
                  host.requestUpdate();
                }}
              >
                ${icons.close}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #asked() {
    const { host } = this;
    const { t, fmt, state } = host;
    const started = timeOf(state.session?.started_at);
    const records = this.#records;
    const own = this.sent.filter(
      (action) =>
        !action.running &&
        fateOf(action, records) !== 'failed' &&
        !(action.at + state.ahead < started),
    );
    const ids = new Set(this.sent.flatMap(({ requests }) => requests));
    for (const { id } of records.values()) ids.add(id);
    const others = host.audit.records.filter(
      ({ operation, id, outcome, time }) =>
        operation === 'CreatePoll' &&
        outcome !== 'refused' &&
        !ids.has(id) &&
        !(timeOf(time) < started),
    );
    const all = [
      ...own.map((action) => ({
        at: action.at,
        question: action.poll?.question ?? '',
        by: '',
        doubt: fateOf(action, records) === 'unknown',
        poll: action.poll,
        action,
      })),
      ...others.map(({ time, question, name, moderator, outcome }) => ({
        at: timeOf(time),
        question: question ?? '',
        by: name || moderator,
        doubt: outcome === 'unknown',
        poll: undefined,
        action: undefined,
      })),
    ].sort((a, b) => b.at - a.at);
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
                ${doubt && poll && this.inDoubt === action
                  ? html`<button type="button" @click=${() => this.send(poll)}>
                      ${t.sendAgain}
                    </button>`
                  : nothing}
              </div>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}
