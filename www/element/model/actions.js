// A moderator's actions, on participants and on the whole meeting: their progress, their outcomes, and retries for
// those who failed. No DOM.

import { meetingRequests } from './meeting-requests.js';
import { outcomeOfTargets, problemOf, retryable, stripped } from './outcomes.js';
import { ParticipantRequests } from './participant-requests.js';
import { RequestQueue, STOPPED } from './request-queue.js';

/**
 * @import { Action, MeetingOperation, Operation, Participant, Poll, Target, Verb } from '../types.js'
 * @import { Api } from './request-queue.js'
 *
 * @typedef {(participant: Participant) => boolean} IsPresent
 */

/** The number of stored actions, and of participants in them. */
const [MOST_ACTIONS, MOST_TARGETS] = [500, 10_000];

/** What an action has at the beginning of each attempt. */
const begun = () => ({ running: true, outcome: null, abort: new AbortController() });

export class Actions {
  /** @type {Action[]} Newest first. */
  list = [];
  /** @type {Action[]} Those that went on after the moderator left their meeting. */
  elsewhere = [];
  #ids = 0;
  /** @type {ParticipantRequests} */
  #requests;

  /**
   * @param {object} given
   * @param {() => Api} given.api
   * @param {() => boolean} given.mayKick Whether a ban ends with a kick: only if the grant allows it.
   * @param {() => void} given.changed
   * @param {(action: Action, targets: Target[]) => void} given.ended Called with the targets of this attempt.
   * @param {() => number} [given.limitedUntil] The end of a rate limit that the client waits for.
   * @param {() => boolean} [given.renews] Whether another grant will come by itself.
   * @param {() => number} [given.now]
   */
  constructor({ now = Date.now, limitedUntil, ...given }) {
    this.given = given;
    this.now = now;
    this.queue = new RequestQueue({
      changed: given.changed,
      limitedUntil,
      renews: given.renews,
      now,
    });
    this.#requests = new ParticipantRequests(this.queue, { ...given, now });
  }

  /**
   * @param {Operation} operation
   * @param {Target[]} targets
   * @param {Partial<Action>} [more]
   */
  #begin(operation, targets, more = {}) {
    const { api, mayKick } = this.given;
    /** @type {Action} */
    const action = {
      id: (this.#ids += 1),
      ...{ operation, targets, at: this.now(), ...begun() },
      ...{ requests: [], hidden: false, api: api(), kicks: mayKick(), ...more },
    };
    this.list = [action, ...this.list];
    this.given.changed();
    return action;
  }

  /** @param {Action} action @param {Target[]} [now] The targets of this attempt. */
  #end(action, now = []) {
    Object.assign(action, { running: false, endedAt: this.now(), waitsFor: undefined });
    const { targets } = action;
    if (targets.length) action.outcome = outcomeOfTargets(targets);
    this.given.changed();
    this.given.ended(action, now);
    for (const target of targets) target.participant = stripped(target.participant);
    this.#bound();
    return action;
  }

  /** Trims finished actions, which the timeline needs only in part. */
  #bound() {
    let targets = 0;
    this.list = this.list.filter((action, place) => {
      targets += action.targets.length;
      if (action.running || !place) return true;
      // Still needed for a question, or to match the audit log.
      const open =
        action.outcome === 'unknown' || action.targets.some(({ result }) => result === 'unknown');
      if (open) return true;
      if (targets > MOST_TARGETS && action.targets.length)
        Object.assign(action, { more: action.targets.length, targets: [], hidden: true });
      return place < MOST_ACTIONS;
    });
  }

  /**
   * Kicks, mutes or bans participants.
   *
   * @param {Verb} operation
   * @param {Participant[]} participants
   * @param {IsPresent} [isPresent]
   * @param {Partial<Action>} [more]
   */
  async onParticipants(operation, participants, isPresent = ({ present }) => present, more = {}) {
    /** @type {Target[]} */
    const targets = participants.map((participant) => ({
      ...{ key: participant.key, participant, result: 'waiting' },
    }));
    return this.#carryOut(this.#begin(operation, targets, { ...more, isPresent }), targets);
  }

  /** Retries the participants for whom it failed, or may have failed. @param {Action} action */
  async retry(action) {
    const rest = retryable(action);
    if (action.running || !rest.length) return action;
    for (const target of rest)
      Object.assign(target, { result: 'waiting', why: undefined, verified: undefined });
    Object.assign(action, { ...begun(), hidden: false, stopped: false });
    this.given.changed();
    return this.#carryOut(action, rest);
  }

  /** @param {Action} action @param {Target[]} targets */
  async #carryOut(action, targets) {
    await this.#requests.send(action, targets);
    return this.#end(action, targets);
  }

  /**
   * Actions without targets: on the whole meeting, the lock, a poll.
   *
   * @param {MeetingOperation} operation
   * @param {{ allowUnmute?: boolean, poll?: Poll, before?: 'kickAll', reason?: string }} [more]
   */
  async onMeeting(operation, more = {}) {
    const action = this.#begin(operation, [], more);
    /** @type {Action['outcome'][]} */
    const outcomes = [];
    for (const call of meetingRequests[operation](more)) {
      try {
        const data = await this.queue.send(action, call);
        const { kicked_participants_count: kicked, muted_participants_count: muted } =
          data?.data ?? {};
        action.count = kicked ?? muted;
        outcomes.push('done');
      } catch (/** @type {any} */ error) {
        outcomes.push(error?.maybeApplied ? 'unknown' : 'failed');
        action.why = error === STOPPED ? undefined : problemOf(error);
      }
    }
    const all = new Set(outcomes);
    action.outcome = all.size > 1 ? 'partly' : outcomes[0];
    return this.#end(action);
  }

  /**
   * Participants who joined just before their ban, so that they are still in the session. Reports each
   * once.
   *
   * @param {Map<string, Participant>} byKey
   */
  bannedButPresent(byKey) {
    const { banned } = this.#requests;
    const known = [...banned].flatMap((key) => byKey.get(key) ?? []);
    const present = known.filter(({ present }) => present);
    for (const { key } of present) banned.delete(key);
    return present;
  }

  /** The moderator is in another meeting. Keeps what still runs, and what has ended without being seen. @param {string} place */
  moved(place) {
    const kept = [
      ...this.list.filter(({ running }) => running),
      ...this.elsewhere.filter(({ running, hidden }) => running || !hidden),
    ];
    this.list = kept.filter(({ api }) => api.place === place);
    this.elsewhere = kept.filter(({ api }) => api.place !== place);
    this.#requests.banned.clear();
  }

  /** Whether an action of this kind is running. @param {Operation[]} operations */
  running(...operations) {
    return this.list.some(({ operation, running }) => running && operations.includes(operation));
  }

  /** Dismisses a finished action. @param {Action} action */
  dismiss(action) {
    action.hidden = true;
    this.given.changed();
  }
}
