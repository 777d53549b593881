// Sends the requests of actions: pauses when the server asks for it or a grant has expired, continues, and can
// be stopped. No DOM.

/**
 * @import { Action, Target } from '../types.js'
 *
 * @typedef {object} Api
 * @property {any} kit
 * @property {readonly [app: string, meeting: string]} ids
 * @property {string} place The meeting that the action is in.
 * @property {string} title The meeting's title.
 * @property {boolean} renewed Whether the next grant is for it, too.
 *
 * @typedef {(kit: any, ids: readonly [string, string], options: object) => any} Call
 */

/** The pause after a rate limit that says no time, and the longest timer, in ms. */
export const PAUSE = 5000;
const LONGEST = 2 ** 31 - 1;
/** The header for a moderator's reason. Its value is percent-encoded. */
export const REASON_HEADER = 'x-moderation-reason';

/** What a stopped action throws instead of sending. */
export const STOPPED = new Error('stopped');

/** @param {Target} target */
const isOver = ({ result, removed }) => result === 'done' || !!removed;

export class RequestQueue {
  /** Ends the pauses. @type {Set<() => void>} */
  #pauses = new Set();
  /** The actions that wait for a grant. @type {Set<Action>} */
  #waiting = new Set();
  /** How many grants there were. */
  #grants = 0;

  /**
   * @param {object} given
   * @param {() => void} given.changed
   * @param {() => number} [given.limitedUntil] The end of a rate limit that the client waits for.
   * @param {() => boolean} [given.renews] Whether another grant will come by itself.
   * @param {() => number} given.now
   */
  constructor({ changed, limitedUntil = () => 0, renews = () => false, now }) {
    this.changed = changed;
    this.limitedUntil = limitedUntil;
    this.renews = renews;
    this.now = now;
  }

  /**
   * Sends a request when no pause is on, and again after a rate limit. Stores its ID in the gateway's audit
   * log.
   *
   * @param {Action} action
   * @param {Call} call
   * @param {boolean} [last] Whether to send also if the action was stopped.
   */
  async send(action, call, last = false) {
    const note = (/** @type {any} */ headers) => {
      const id = headers?.get?.('x-request-id') ?? headers?.['x-request-id'];
      if (id) action.requests.push(id);
    };
    for (;;) {
      if (!last || !action.stopped) await this.#turn(action);
      const headers = action.reason && { [REASON_HEADER]: encodeURIComponent(action.reason) };
      const options = { signal: action.abort.signal, ...(headers && { headers }) };
      const grants = this.#grants;
      try {
        // Read each time: a retry goes to the same meeting, with its grant of now.
        const { kit, ids } = action.api;
        const { data, response } = await call(kit, ids, options).withResponse();
        note(response.headers);
        return data;
      } catch (/** @type {any} */ error) {
        note(error?.headers);
        if (error?.maybeApplied) throw error;
        if (action.stopped) throw STOPPED;
        // A long action outlives its grant: it goes on with the next one, if that is for its meeting.
        const expired =
          error?.status === 401 &&
          action.api.renewed &&
          (this.renews() || action.targets.some(isOver));
        if (error?.status !== 429 && !expired) throw error;
        // It came already.
        if (expired && grants !== this.#grants) continue;
        const { retryAfter } = error;
        const wait = retryAfter === undefined ? PAUSE : retryAfter * 1000;
        this.pause(action, expired ? 'grant' : 'limit', expired ? Infinity : this.now() + wait);
      }
    }
  }

  /** @param {Action} action @param {'limit' | 'grant'} waitsFor @param {number} until */
  pause(action, waitsFor, until) {
    Object.assign(action, { waitsFor, waitUntil: until });
    if (waitsFor === 'grant') this.#waiting.add(action);
    this.changed();
  }

  /** Waits for the end of a pause. @param {Action} action */
  async #turn(action) {
    while (!action.stopped && (action.waitUntil ?? 0) > this.now()) {
      const wait = Math.min((action.waitUntil ?? 0) - this.now(), LONGEST);
      await /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          const end = () => {
            clearTimeout(timer);
            this.#pauses.delete(end);
            resolve();
          };
          const timer = setTimeout(end, wait);
          this.#pauses.add(end);
        })
      );
    }
    if (action.stopped) throw STOPPED;
    if (action.waitsFor) Object.assign(action, { waitsFor: undefined, waitUntil: 0 });
  }

  /** Sends nothing more. A request in flight is finished, unless it waits for a rate limit. @param {Action} action */
  stop(action) {
    action.stopped = true;
    if (this.limitedUntil() > this.now()) action.abort.abort();
    for (const end of this.#pauses) end();
    this.changed();
  }

  /** Continues the actions that wait for a grant. */
  granted() {
    this.#grants += 1;
    for (const action of this.#waiting) action.waitUntil = 0;
    this.#waiting.clear();
    for (const end of this.#pauses) end();
  }
}
