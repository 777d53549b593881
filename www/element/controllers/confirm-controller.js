// The question before an action that cannot be undone: its options, and whether it was confirmed.

import { showModal } from '../views/modal.js';
import { Controller } from './controller.js';

/**
 * @import { Participant, Poll, Verb } from '../types.js'
 *
 * @typedef {{ kind: 'participants', verb: Verb, participants: Participant[] }} ParticipantsQuestion
 * @typedef {{ kind: 'kickAll' | 'muteAll', lockFirst?: boolean, except?: boolean }} MeetingQuestion
 * @typedef {{ kind: 'pollAgain' | 'replaceDraft', poll: Poll }} PollQuestion
 * @typedef {ParticipantsQuestion | MeetingQuestion | PollQuestion} Question
 *
 * @typedef {object} Answer
 * @property {Participant[]} participants
 * @property {boolean} lockFirst
 * @property {boolean} allowUnmute
 * @property {Set<string>} except The roles that are not muted.
 * @property {string} reason
 */

/** From this number of targets on, the number must be typed. */
const MANY = 11;

export class ConfirmController extends Controller {
  /** @type {Question | null} */
  question = null;
  typed = '';
  reason = '';
  lockFirst = false;
  allowUnmute = true;
  /** @type {Set<string>} */
  except = new Set();
  /** Whether the form was confirmed. Any other way to close the dialog is a no. */
  #agreed = false;
  /** The meeting that the question is about. */
  #place = '';
  /** @type {(answer: Answer | null) => void} */
  #answer = () => {};

  /** @param {Question} question @returns {Promise<Answer | null>} null if it was cancelled. */
  async ask(question) {
    if (this.question) return null;
    const { host } = this;
    this.#place = host.watch.place;
    this.question = question;
    this.#agreed = false;
    const except = 'except' in question && question.except ? host.participants.hostRoles : [];
    this.set({ typed: '', reason: '', allowUnmute: true, except: new Set(except) });
    this.lockFirst = !!('lockFirst' in question && question.lockFirst);
    await host.updateComplete;
    /** @type {HTMLDialogElement | null} */
    const dialog = host.renderRoot.querySelector('dialog.confirm');
    if (!dialog?.isConnected || !this.#isHere) {
      this.set({ question: null });
      return null;
    }
    showModal(dialog);
    // A dialog that does not fit begins at its title.
    if (dialog.scrollTop > 0) dialog.querySelector('h2')?.focus();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  get #isHere() {
    return this.#place === this.host.watch.place;
  }

  /** The targets for whom the action is possible now. */
  get able() {
    const { question, host } = this;
    if (question?.kind !== 'participants') return [];
    return question.participants
      .map((one) => host.state.byKey.get(one.key) ?? { ...one, present: false })
      .filter((one) => host.participants.possible(question.verb, one));
  }

  /** The text to type before the action, or ''. */
  get wanted() {
    const { question, host, able } = this;
    if (question?.kind === 'kickAll') return host.t.kickAllWord;
    // A mute harms nobody.
    const harmless = question?.kind !== 'participants' || question.verb === 'mute';
    return able.length >= MANY && !harmless ? String(able.length) : '';
  }

  get isTyped() {
    const digits = (/** @type {string} */ text) =>
      text
        .trim()
        .toLowerCase()
        .replace(/[.,\s]/g, '');
    return digits(this.typed) === digits(this.wanted);
  }

  /** Whether to offer a lock: it is allowed, and the meeting is not known to be locked. */
  get mayLock() {
    return this.host.can('lock') && this.host.state.locked !== true;
  }

  get ready() {
    return (this.question?.kind !== 'participants' || this.able.length > 0) && this.isTyped;
  }

  /** In JavaScript, because a policy's `form-action` may forbid a dialog's form. @param {SubmitEvent} event */
  submit = (event) => {
    event.preventDefault();
    this.#agreed = true;
    this.host.panels.closeDialogs();
  };

  closed = () => {
    const { question, lockFirst, allowUnmute, except, able, ready } = this;
    const agreed = this.#agreed && ready && this.#isHere;
    const reason = this.reason.trim();
    this.#agreed = false;
    this.set({ question: null });
    this.#answer(
      agreed && question
        ? {
            ...{ participants: able, lockFirst: lockFirst && this.mayLock, allowUnmute, reason },
            except: question.kind === 'muteAll' ? except : new Set(),
          }
        : null,
    );
  };
}
