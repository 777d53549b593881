// Polls: the draft, templates on this device, and the polls of this session. The API creates polls but does not list
// them, and the page says so.

import { recordsOf } from '../model/audit-match.js';
import { deleteTemplate, saveTemplate, savedTemplates } from '../model/saved-lists.js';
import { timeOf } from '../model/participants.js';
import { EMPTY, FEWEST, MOST, checked, outcomeOf } from '../model/poll.js';
import { Controller } from './controller.js';

/** @import { Poll } from '../types.js' */

export class PollsController extends Controller {
  /** @type {Poll} */
  draft = EMPTY();
  /** @type {ReturnType<typeof checked>['wrong']} */
  wrong = null;

  /** The polls sent from here, newest first. */
  get sent() {
    return this.host.moderation.actions.list.filter(({ operation }) => operation === 'poll');
  }

  /** The audit records of polls. */
  get #records() {
    const { audit, claims, state } = this.host;
    return recordsOf(audit.log.records, this.sent, claims.sub, state.ahead);
  }

  /** A poll with an unknown outcome and no later poll: the next one may duplicate it. */
  get inDoubt() {
    const records = this.#records;
    const outcomes = this.sent.map((action) => ({ action, outcome: outcomeOf(action, records) }));
    const last = outcomes.find(({ outcome }) => outcome === 'done' || outcome === 'unknown');
    return last?.outcome === 'unknown' ? last.action : null;
  }

  /** @param {Partial<Poll>} change */
  change(change) {
    const draft = { ...this.draft, ...change };
    this.set({ draft, wrong: this.wrong && checked(draft).wrong });
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
    this.set({ wrong });
    if (wrong) await this.host.focusOn('[aria-invalid=true]');
    // Text written while the request was in flight belongs to the next poll.
    else if ((await this.send(poll)) && this.draft === sent) this.change(EMPTY());
  };

  /** Enter goes to the next field: a poll that started by accident cannot be closed. @param {KeyboardEvent} event @param {number} place */
  enter = async (event, place) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    const { options } = this.draft;
    if (place + 1 === options.length && options.length < MOST && options[place]?.trim())
      this.change({ options: [...options, ''] });
    await this.host.focusOn(`.option:nth-of-type(${place + 2}) input`);
  };

  /** @param {Poll} poll @returns {Promise<boolean>} Whether it started. */
  async send(poll) {
    const { confirm, moderation } = this.host;
    const { actions } = moderation;
    if (actions.running('poll')) return false;
    if (this.inDoubt && !(await confirm.ask({ kind: 'pollAgain', poll }))) return false;
    if (actions.running('poll')) return false;
    const { outcome } = await actions.onMeeting('poll', { poll });
    return outcome === 'done';
  }

  save() {
    const { poll, wrong } = checked(this.draft);
    if (!wrong) {
      saveTemplate(poll);
      this.host.announce(this.host.t.templateSaved);
    }
    this.set({ wrong });
    if (wrong) this.host.focusOn('[aria-invalid=true]');
  }

  /** Puts a template into the form. Asks before it replaces a draft. @param {Poll} poll */
  async use(poll) {
    const { draft } = this;
    const written = draft.question.trim() || draft.options.some((option) => option.trim());
    const same = savedTemplates().some(
      ({ question, options }) =>
        question === draft.question && options.join('\n') === draft.options.join('\n'),
    );
    if (written && !same && !(await this.host.confirm.ask({ kind: 'replaceDraft', poll }))) return;
    const options = [...poll.options];
    while (options.length < FEWEST) options.push('');
    this.change({ ...poll, options });
    await this.host.focusOn('[name=question]');
  }

  /** Deletes a template. @param {Poll} poll */
  drop({ question }) {
    deleteTemplate(question);
    this.set();
  }

  async add() {
    this.change({ options: [...this.draft.options, ''] });
    await this.host.focusOn('.option:last-of-type input');
  }

  /** The polls of this session, from all moderators, newest first. */
  get asked() {
    const { state, audit } = this.host;
    const started = timeOf(state.session?.started_at);
    const records = this.#records;
    const own = this.sent.filter(
      (action) =>
        !action.running &&
        outcomeOf(action, records) !== 'failed' &&
        !(action.at + state.ahead < started),
    );
    const ids = new Set(this.sent.flatMap(({ requests }) => requests));
    for (const { id } of records.values()) ids.add(id);
    const others = audit.log.records.filter(
      ({ operation, id, outcome, time }) =>
        operation === 'CreatePoll' &&
        outcome !== 'refused' &&
        !ids.has(id) &&
        !(timeOf(time) < started),
    );
    return [
      ...own.map((action) => ({
        at: action.at + state.ahead,
        question: action.poll?.question ?? '',
        by: '',
        doubt: outcomeOf(action, records) === 'unknown',
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
}
