// The requests of an action on participants: lists in parts, bans one by one, and the result per participant. A list
// that was refused because of one participant is sent in halves.

import { applyResponse, isFatal, problemOf, requestBody } from './outcomes.js';
import { PAUSE, STOPPED } from './request-queue.js';

/**
 * @import { Action, Target } from '../types.js'
 * @import { Call, RequestQueue } from './request-queue.js'
 */

/** Participants per request. More would make progress jump, and a lost response costly. */
const CHUNK = 25;
/** The number of bans in flight. Each is a request. */
const PARALLEL = 4;

export class ParticipantRequests {
  /** Banned participants who were not in the session then, so that no kick was possible. @type {Set<string>} */
  banned = new Set();

  /**
   * @param {RequestQueue} queue
   * @param {object} given
   * @param {() => void} given.changed
   * @param {() => number} given.now
   */
  constructor(queue, given) {
    this.queue = queue;
    this.given = given;
  }

  /** Sends what an action still has to do. @param {Action} action @param {Target[]} targets */
  async send(action, targets) {
    const { operation } = action;
    if (operation === 'ban') {
      // In parts, so that nobody stays in the session until all links are dead.
      let fatal;
      for (let at = 0; at < targets.length; at += CHUNK)
        fatal = await this.#ban(action, targets.slice(at, at + CHUNK), fatal);
    } else {
      for (const target of targets)
        if (!action.isPresent?.(target.participant)) target.result = 'gone';
      const inside = targets.filter(({ result }) => result === 'waiting');
      await this.#byLists(action, /** @type {'kick' | 'mute'} */ (operation), inside);
    }
  }

  /**
   * Deletes participants from the meeting, and kicks those in the session, if the grant allows it.
   *
   * @param {Action} action
   * @param {Target[]} targets
   * @param {any} fatal Why nothing more is sent, if so.
   */
  async #ban(action, targets, fatal) {
    const end = await this.#remove(action, targets, fatal);
    const removed = targets.filter((target) => target.removed);
    const inside = removed.filter(({ participant }) => action.isPresent?.(participant));
    for (const target of removed) if (!inside.includes(target)) this.banned.add(target.key);
    if (action.kicks) await this.#byLists(action, 'kick', inside, true);
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
    this.queue.pause(action, 'limit', this.given.now() + PAUSE);
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
