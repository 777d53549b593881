// What the wasm module is given at its start: timers and listeners, error classes, and the objects that a caller gets.
// If the module traps, its memory is in an unknown state: what is in flight fails, and what it has set up is undone.

import { env } from './environment.js';
import { createError, InvalidArgumentError } from './errors.js';

/** @typedef {{ fail(error: unknown): void }} InFlight */

/** @type {Set<InFlight>} What waits for the module. */
export const inFlight = new Set();

const timers = new Set();
/** @type {Map<EventListener, [EventTarget, string]>} */
const listeners = new Map();

/** @type {(slot: number, tag: number, event: number, value: any) => void} */
let deliver;

/** @param {typeof deliver} delivers The module's function of that name. */
export function deliverBy(delivers) {
  deliver = delivers;
}

/** @param {unknown} error */
export function trapped(error) {
  for (const timer of timers) clearTimeout(timer);
  for (const [handler, [target, event]] of listeners) remove(target, event, handler);
  timers.clear();
  listeners.clear();
  for (const call of inFlight) call.fail(error);
  inFlight.clear();
}

/** @type {(target: EventTarget, event: string, handler: EventListener) => void} */
function remove(target, event, handler) {
  try {
    target.removeEventListener(event, handler);
  } catch {
    // The caller's signal may be anything.
  }
}

export const host = {
  /** @type {typeof deliver} */
  dispatch(slot, tag, event, value) {
    try {
      deliver(slot, tag, event, value);
    } catch (error) {
      trapped(error);
    }
  },

  /** @type {(handler: () => void, ms: number) => any} */
  setTimeout(handler, ms) {
    const timer = setTimeout(handler, ms);
    timers.add(timer);
    return timer;
  },

  /** @param {any} timer */
  clearTimeout(timer) {
    timers.delete(timer);
    clearTimeout(timer);
  },

  /** @type {(target: EventTarget, event: string, handler: EventListener) => void} */
  addEventListener(target, event, handler) {
    target.addEventListener(event, handler);
    listeners.set(handler, [target, event]);
  },

  /** @type {(target: EventTarget, event: string, handler: EventListener) => void} */
  removeEventListener(target, event, handler) {
    listeners.delete(handler);
    target.removeEventListener(event, handler);
  },

  deferred() {
    let resolve, reject;
    const promise = new Promise((resolves, rejects) => {
      resolve = resolves;
      reject = rejects;
    });
    return { promise, resolve, reject };
  },

  error: createError,

  /** @type {(argument: string, reason: string) => Error} */
  invalidArgument(argument, reason) {
    const keys = argument === 'apiToken' && ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_EMAIL'].filter(env);
    const set = keys && keys.length ? ` (${keys.join(' and ')} are not supported)` : '';
    return new InvalidArgumentError(argument, `${argument} ${reason}${set}`);
  },

  /** @type {(policy: string, remaining: number, reset: number, retryAfter: number) => import('./errors.js').Limits} */
  limits(policy, remaining, reset, retryAfter) {
    return {
      ...(!isNaN(remaining) && { rateLimit: { policy, remaining, reset } }),
      ...(!isNaN(retryAfter) && { retryAfter }),
    };
  },

  /** @type {(data: any, response: Response, attempts: number, maybeApplied: boolean, isRead: boolean) => any} */
  result(data, response, attempts, maybeApplied, isRead) {
    return { data, response, attempts, maybeApplied, isRead };
  },

  /**
   * @param {string} key
   * @param {boolean} present
   * @param {Record<string, any>[]} peers The oldest first. The newest names the participant.
   */
  participant(key, present, peers) {
    const newest = peers[peers.length - 1];
    const names = ['user_id', 'custom_participant_id', 'display_name', 'preset_name'];
    const shown = names.filter((name) => newest[name] != null).map((name) => [name, newest[name]]);
    return { key, ...Object.fromEntries(shown), present, peers };
  },

  /**
   * @param {number} at
   * @param {number} age
   * @param {number} nextAt
   * @param {any} session
   * @param {any[][]} lists
   * @param {any} error
   * @param {number} since
   * @param {number} failures
   * @param {import('./errors.js').Limits} limits
   */
  snapshot(at, age, nextAt, session, lists, error, since, failures, limits) {
    const [participants, joined, left, cameBack] = lists;
    return {
      at: isNaN(at) ? null : at,
      age: isNaN(age) ? null : age,
      ...{ session, participants, joined, left, cameBack },
      trouble: error ? { error, since, failures } : null,
      rateLimit: limits.rateLimit ?? null,
      nextAt,
    };
  },
};
