// A moderator's actions: on participants and on the whole meeting. Each is sent in parts, reports progress and
// the result per participant, and can be retried for those who failed. No DOM.

import {
  applyResponse,
  isFatal,
  outcomeOfTargets,
  problemOf,
  requestBody,
  retryable,
  stripped,
} from './outcomes.js';
import { PAUSE, RequestQueue, STOPPED } from './request-queue.js';

/**
 * @import { Action, MeetingOperation, Operation, Participant, Poll, Target, Verb } from '../types.js'
 * @import { Api, Call } from './request-queue.js'
 *
 * @typedef {(participant: Participant) => boolean} IsPresent
 */

/** Participants per request. More would make progress jump, and a lost response costly. */
const CHUNK = 25;
/** The number of stored actions, and of participants in them. */
const [MOST_ACTIONS, MOST_TARGETS] = [500, 10_000];
/** The number of bans in flight. Each is a request. */
const PARALLEL = 4;

export class Actions {
  /** @type {Action[]} Newest first. */
  list = [];
  #ids = 0;
  /** Banned participants who were not in the session then, so that no kick was possible. @type {Set<string>} */
  #banned = new Set();

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
  }

  /**
   * @param {Operation} operation
   * @param {Target[]} targets
   * @param {Partial<Action>} [more]
   */
  #begin(operation, targets, more = {}) {
    /** @type {Action} */
    const action = {
      id: (this.#ids += 1),
      ...{ operation, targets, at: this.now(), running: true, outcome: null },
      ...{ requests: [], hidden: false, ...more },
    };
    this.queue.open(action, this.given.api());
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
  async onParticipants(operation, participants, isPresent = ({ present }) => present, more) {
    /** @type {Target[]} */
    const targets = participants.map((participant) => ({
      ...{ key: participant.key, participant, result: 'waiting' },
    }));
    return this.#carryOut(this.#begin(operation, targets, more), targets, isPresent);
  }

  /** Retries the participants for whom it failed, or may have failed. @param {Action} action @param {IsPresent} isPresent */
  async retry(action, isPresent) {
    const rest = retryable(action);
    if (action.running || !rest.length) return action;
    for (const target of rest)
      Object.assign(target, { result: 'waiting', why: undefined, verified: undefined });
    this.queue.reopen(action);
    Object.assign(action, { running: true, outcome: null, hidden: false, stopped: false });
    this.given.changed();
    return this.#carryOut(action, rest, isPresent);
  }

  /** @param {Action} action @param {Target[]} targets @param {IsPresent} isPresent */
  async #carryOut(action, targets, isPresent) {
    const { operation } = action;
    if (operation === 'ban') {
      // In parts, so that nobody stays in the session until all links are dead.
      let fatal;
      for (let at = 0; at < targets.length; at += CHUNK)
        fatal = await this.#ban(action, targets.slice(at, at + CHUNK), isPresent, fatal);
    } else {
      for (const target of targets) if (!isPresent(target.participant)) target.result = 'gone';
      const inside = targets.filter(({ result }) => result === 'waiting');
      await this.#byLists(action, /** @type {'kick' | 'mute'} */ (operation), inside);
    }
    return this.#end(action, targets);
  }

  /**
   * Deletes participants from the meeting, and kicks those in the session, if the grant allows it.
   *
   * @param {Action} action
   * @param {Target[]} targets
   * @param {IsPresent} isPresent
   * @param {any} fatal Why nothing more is sent, if so.
   */
  async #ban(action, targets, isPresent, fatal) {
    const end = await this.#remove(action, targets, fatal);
    const removed = targets.filter((target) => target.removed);
    const inside = removed.filter(({ participant }) => isPresent(participant));
    for (const { key, participant } of removed) if (!isPresent(participant)) this.#banned.add(key);
    if (this.given.mayKick()) await this.#byLists(action, 'kick', inside, true);
    else if (inside.length) action.banOnly = true;
    for (const target of removed) {
      // A participant who had left by then is banned too.
      if (['waiting', 'gone'].includes(target.result))
        Object.assign(target, { result: 'done', why: undefined });
    }
    return end;
  }

  /** Deletes participants from the meeting, a few at a time. @param {Action} action @param {Target[]} targets @param {any} fatal */
  async #remove(action, targets, fatal) {
    const queue = targets.filter(({ removed }) => !removed);
    const work = async () => {
      for (let target = queue.shift(); target; target = queue.shift()) {
        const { userId } = target.participant;
        if (fatal || !userId) {
          fail(target, fatal);
          continue;
        }
        try {
          await this.queue.send(action, (kit, ids, options) =>
            kit.meetings.deleteMeetingParticipant(...ids, userId, undefined, options),
          );
          target.removed = true;
        } catch (/** @type {any} */ error) {
          // A participant who does not exist any more is already banned.
          if (error?.status === 404) target.removed = true;
          else {
            fail(target, error);
            if (error === STOPPED || isFatal(error)) fatal = error;
          }
        }
        this.given.changed();
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return fatal;
  }

  /**
   * Kicks or mutes participants, one list at a time.
   *
   * @param {Action} action
   * @param {'kick' | 'mute'} verb
   * @param {Target[]} targets
   * @param {boolean} [last] Whether to send also if the action was stopped: it completes what was begun.
   */
  async #byLists(action, verb, targets, last = false) {
    const method = verb === 'kick' ? 'kickParticipants' : 'muteParticipants';
    const lists = [];
    for (let at = 0; at < targets.length; at += CHUNK) lists.push(targets.slice(at, at + CHUNK));
    for (let list = lists.shift(); list; list = lists.shift()) {
      const body = requestBody(list);
      try {
        /** @type {Call} */
        const call = (kit, ids, options) => kit.activeSession[method](...ids, body, options);
        const data = await this.queue.send(action, call, last);
        applyResponse(list, data);
        this.#limited(action, list, lists);
      } catch (/** @type {any} */ error) {
        const unknown = error?.maybeApplied;
        // The gateway has tried each of them, and returns the results.
        if (Array.isArray(error?.error?.failed)) {
          applyResponse(list, error.error, unknown);
          if (!unknown) this.#limited(action, list, lists);
          this.given.changed();
          continue;
        }
        // Without a gateway, the API refuses the whole list if one has left. Try its halves.
        if (error?.status === 404 && !unknown && list.length > 1) {
          const half = Math.ceil(list.length / 2);
          lists.unshift(list.slice(0, half), list.slice(half));
          continue;
        }
        for (const target of list) {
          fail(target, error);
          if (error?.status === 404 && !unknown) target.result = 'gone';
        }
        if (error === STOPPED || isFatal(error)) {
          for (const target of lists.flat()) fail(target, { ...error, maybeApplied: false }, error);
          lists.length = 0;
        }
      }
      this.given.changed();
    }
  }

  /**
   * Queues the participants of a list that the gateway could not reach within a rate limit.
   *
   * @param {Action} action
   * @param {Target[]} list
   * @param {Target[][]} lists
   */
  #limited(action, list, lists) {
    if (!list.some(({ result, why }) => result === 'failed' && why?.status === 429)) return;
    const rest = list.filter(
      ({ result, why }) => result === 'failed' && [429, 1011].includes(why?.status ?? 0),
    );
    for (const target of rest) Object.assign(target, { result: 'waiting', why: undefined });
    lists.unshift(rest);
    this.queue.pause(action, 'limit', this.now() + PAUSE);
  }

  /**
   * Actions without targets: on the whole meeting, the lock, a poll.
   *
   * @param {MeetingOperation} operation
   * @param {{ allowUnmute?: boolean, poll?: Poll, before?: 'kickAll', reason?: string }} [more]
   */
  async onMeeting(operation, more = {}) {
    const action = this.#begin(operation, [], more);
    /** @type {(allow_unmute: boolean) => Call} */
    const muteAll = (allow_unmute) => (kit, ids, options) =>
      kit.activeSession.muteAllParticipants(...ids, { allow_unmute }, options);
    /** @type {(status: 'ACTIVE' | 'INACTIVE') => Call} */
    const set = (status) => (kit, ids, options) =>
      kit.meetings.updateMeetingById(...ids, { status }, options);
    /** @type {Record<MeetingOperation, Call[]>} */
    const steps = {
      kickAll: [
        (kit, ids, options) => kit.activeSession.kickAllParticipants(...ids, undefined, options),
      ],
      muteAll: [muteAll(!!more.allowUnmute)],
      lock: [set('INACTIVE')],
      unlock: [set('ACTIVE')],
      // Silence first. Each step is sent, even if the other fails.
      freeze: [muteAll(false), set('INACTIVE')],
      unfreeze: [set('ACTIVE'), muteAll(true)],
      poll: [(kit, ids, options) => kit.activeSession.createPoll(...ids, more.poll, options)],
    };
    /** @type {Action['outcome'][]} */
    const outcomes = [];
    for (const step of steps[operation]) {
      try {
        const data = await this.queue.send(action, step);
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
    const known = [...this.#banned].flatMap((key) => byKey.get(key) ?? []);
    const present = known.filter(({ present }) => present);
    for (const { key } of present) this.#banned.delete(key);
    return present;
  }

  /** Forgets everything, for another meeting. Running actions go on. */
  forget() {
    this.list = [];
    this.#banned.clear();
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

/** @param {Target} target @param {any} error @param {any} [cause] */
function fail(target, error, cause = error) {
  if (cause === STOPPED) Object.assign(target, { result: 'stopped', why: undefined });
  else {
    const result = error?.maybeApplied ? 'unknown' : 'failed';
    Object.assign(target, { result, ...(cause && { why: problemOf(cause) }) });
  }
}
