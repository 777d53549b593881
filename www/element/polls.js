// Polls: the draft, templates on this device, and the polls of this session. The API creates polls but does
// not list them, and the page says so.

import { recordsOf } from './history.js';
import { timeOf } from './people.js';
import { EMPTY, checked, fateOf } from './poll.js';
import { view } from './polls-view.js';
import { dropTemplate, keepTemplate, templates } from './stored.js';

/**
 * @import { Poll } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 */

export class Polls {
  /** @type {Poll} */
  draft = EMPTY();
  /** @type {'question' | 'few' | 'same' | null} */
  wrong = null;
  kept = templates();

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  /** The polls sent from here, newest first. */
  get sent() {
    return this.host.actions.list.filter(({ operation }) => operation === 'poll');
  }

  /** The audit records of polls. */
  get #records() {
    const { audit, claims, state } = this.host;
    return recordsOf(audit.records, this.sent, claims.sub, state.ahead);
  }

  /** A poll with an unknown outcome and no later poll: the next one may duplicate it. */
  get inDoubt() {
    const records = this.#records;
    const fates = this.sent.map((action) => ({ action, fate: fateOf(action, records) }));
    const last = fates.find(({ fate }) => fate === 'done' || fate === 'unknown');
    return last?.fate === 'unknown' ? last.action : null;
  }

  /** @param {Partial<Poll>} change */
  change(change) {
    this.draft = { ...this.draft, ...change };
    if (this.wrong) this.wrong = checked(this.draft).wrong;
    this.host.requestUpdate();
  }

  /** @param {number} place @param {string} text */
  option(place, text) {
    this.change({ options: this.draft.options.with(place, text) });
  }

  /** @param {Event} event */
  submit = async (event) => {
    event.preventDefault();
    if (this.host.state.phase !== 'live') return;
    const sent = this.draft;
    const { poll, wrong } = checked(sent);
    this.wrong = wrong;
    this.host.requestUpdate();
    // Text written while the request was in flight belongs to the next poll.
    if (!wrong && (await this.send(poll)) && this.draft === sent) this.change(EMPTY());
  };

  /** @param {Poll} poll @returns {Promise<boolean>} Whether it started. */
  async send(poll) {
    const { host } = this;
    if (host.actions.running('poll')) return false;
    if (this.inDoubt && !(await host.confirm.ask({ kind: 'pollAgain', poll }))) return false;
    if (host.actions.running('poll')) return false;
    const { outcome } = await host.actions.onRoom('poll', { poll });
    return outcome === 'done';
  }

  keep() {
    const { poll, wrong } = checked(this.draft);
    this.wrong = wrong;
    if (!wrong) {
      keepTemplate(poll);
      this.kept = templates();
      this.host.announce(this.host.t.templateKept);
    }
    this.host.requestUpdate();
  }

  /** Deletes a template. @param {Poll} poll */
  drop({ question }) {
    dropTemplate(question);
    this.kept = templates();
    this.host.requestUpdate();
  }

  async add() {
    this.change({ options: [...this.draft.options, ''] });
    await this.host.updateComplete;
    const lines = this.host.renderRoot.querySelectorAll('.options input');
    /** @type {HTMLElement | undefined} */ (lines[lines.length - 1])?.focus();
  }

  /** The polls of this session, from all moderators, newest first. */
  get asked() {
    const { host } = this;
    const { state } = host;
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
    return [
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
  }

  render() {
    return view(this);
  }
}
