// The confirmation dialogs: who is affected, how many, and what will happen.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { icons } from './icons.js';

/**
 * @import { Person, Poll } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 *
 * @typedef {{ kind: 'people', verb: 'kick' | 'mute' | 'ban', people: Person[] }} AboutPeople
 * @typedef {{ kind: 'kickAll' | 'muteAll', lockFirst?: boolean } } AboutRoom
 * @typedef {{ kind: 'pollAgain', poll: Poll }} AboutPoll
 * @typedef {AboutPeople | AboutRoom | AboutPoll} Question
 */

/** The number of names in a dialog, so that it stays readable with thousands of targets. */
const MOST_NAMES = 200;

export class Confirm {
  /** @type {Question | null} */
  question = null;
  /** Whether the form was confirmed. Any other way to close the dialog is a no. */
  #agreed = false;
  #typed = '';
  #lockFirst = false;
  #allowUnmute = true;
  /** @type {(answer: Answer | null) => void} */
  #answer = () => {};

  /** @typedef {{ people: Person[], lockFirst: boolean, allowUnmute: boolean }} Answer */

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (
      this.host.renderRoot?.querySelector('dialog.confirm') ?? null
    );
  }

  /** @param {Question} question @returns {Promise<Answer | null>} null if it was cancelled. */
  async ask(question) {
    if (this.question) return null;
    Object.assign(this, { question });
    this.#agreed = false;
    this.#typed = '';
    this.#lockFirst = !!('lockFirst' in question && question.lockFirst);
    this.host.requestUpdate();
    await this.host.updateComplete;
    const { dialog } = this;
    if (!dialog?.isConnected) {
      this.question = null;
      return null;
    }
    dialog.showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** The targets for whom the action is possible now. @param {AboutPeople} question */
  #able({ verb, people }) {
    return people
      .map((person) => this.host.state.byKey.get(person.key) ?? { ...person, present: false })
      .filter((person) => this.host.possible(verb, person));
  }

  #closed = () => {
    const { question } = this;
    const agreed = this.#agreed && (question?.kind !== 'kickAll' || this.#isTyped);
    this.question = null;
    this.#agreed = false;
    this.host.requestUpdate();
    this.#answer(
      agreed && question
        ? {
            people: question.kind === 'people' ? this.#able(question) : [],
            lockFirst: this.#lockFirst && this.#mayLock,
            allowUnmute: this.#allowUnmute,
          }
        : null,
    );
  };

  render() {
    const { question } = this;
    const { t } = this.host;
    return html`
      <dialog
        class="confirm"
        aria-labelledby="ask-title"
        aria-describedby="ask-text"
        part="dialog"
        @close=${this.#closed}
      >
        ${question &&
        html`<form method="dialog" @submit=${this.#submit}>
          ${this.#body(question)}
          <div class="buttons">
            <button
              type="button"
              ?autofocus=${this.#dangerous(question)}
              @click=${() => this.dialog?.close()}
            >
              ${t.cancel}
            </button>
            ${this.#yes(question)}
          </div>
        </form>`}
      </dialog>
    `;
  }

  /** In JavaScript, because a policy's `form-action` may forbid a dialog's form. @param {SubmitEvent} event */
  #submit = (event) => {
    event.preventDefault();
    this.#agreed = true;
    this.dialog?.close();
  };

  /** Whether to offer a lock: it is allowed, and the meeting is not known to be locked. */
  get #mayLock() {
    return this.host.can('lock') && this.host.state.locked !== true;
  }

  get #isTyped() {
    return this.#typed.trim().toLowerCase() === this.host.t.kickAllWord.toLowerCase();
  }

  /** @param {Question} question */
  #dangerous({ kind, ...rest }) {
    return kind === 'kickAll' || kind === 'pollAgain' || ('verb' in rest && rest.verb !== 'mute');
  }

  /** @param {Question} question */
  #yes(question) {
    const { t } = this.host;
    const count = question.kind === 'people' ? this.#able(question).length : 1;
    const text =
      question.kind === 'people' ? t.verbCount[question.verb](count) : t.yes[question.kind];
    const ready = count > 0 && (question.kind !== 'kickAll' || this.#isTyped);
    const danger = this.#dangerous(question);
    return html`<button
      class=${danger ? 'danger solid' : 'primary'}
      ?autofocus=${!danger}
      ?disabled=${!ready}
    >
      ${text}
    </button>`;
  }

  /** @param {Question} question */
  #body(question) {
    if (question.kind === 'people') return this.#people(question);
    const { t, state } = this.host;
    const { kind } = question;
    return html`
      <h2 id="ask-title">${t.askTitle[kind]}</h2>
      <p id="ask-text">${t.askText[kind](state.present)}</p>
      ${kind === 'kickAll'
        ? html`
            ${this.#mayLock
              ? this.#check(t.lockFirst, this.#lockFirst, (on) => (this.#lockFirst = on))
              : nothing}
            <label class="field">
              ${t.typeToConfirm(t.kickAllWord)}
              <input
                name="typed"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                .value=${live(this.#typed)}
                @input=${(/** @type {any} */ event) => {
                  this.#typed = event.target.value;
                  this.host.requestUpdate();
                }}
              />
            </label>
          `
        : kind === 'muteAll'
          ? this.#check(t.allowUnmute, this.#allowUnmute, (on) => (this.#allowUnmute = on))
          : kind === 'pollAgain'
            ? html`<blockquote><bdi>${question.poll.question}</bdi></blockquote>`
            : nothing}
    `;
  }

  /** @param {string} text @param {boolean} on @param {(on: boolean) => void} change */
  #check(text, on, change) {
    return html`<label class="check-line">
      <input
        type="checkbox"
        .checked=${live(on)}
        @change=${(/** @type {any} */ event) => {
          change(event.target.checked);
          this.host.requestUpdate();
        }}
      />
      ${text}
    </label>`;
  }

  /** @param {AboutPeople} question */
  #people({ kind, verb, people }) {
    const { host } = this;
    const { t } = host;
    const able = this.#able({ kind, verb, people });
    const gone = people.length - able.length;
    const [one] = able;
    const title =
      able.length === 1 ? t.verbAsk[verb](host.nameOf(one)) : t.verbAskMany[verb](able.length);
    return html`
      <h2 id="ask-title">${title}</h2>
      <p id="ask-text">
        ${verb === 'ban' && !host.can('kick') ? t.happens.banOnly : t.happens[verb]}
      </p>
      ${able.length > 1
        ? html`<ul class="names" tabindex="0" aria-label=${t.whom}>
            ${able.slice(0, MOST_NAMES).map(
              (person) =>
                html`<li>
                  <bdi>${host.nameOf(person)}</bdi>
                  <bdi class="muted">${person.role}</bdi>
                </li>`,
            )}
            ${able.length > MOST_NAMES
              ? html`<li class="muted">${t.andMore(able.length - MOST_NAMES)}</li>`
              : nothing}
          </ul>`
        : nothing}
      ${gone
        ? html`<p class="note" role="status">
            ${icons.warning} ${verb === 'ban' ? t.cannotBan(gone) : t.haveLeft(gone)}
          </p>`
        : nothing}
    `;
  }
}
