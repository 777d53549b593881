// What ends an attempt: its time, and the controller that lets its request go.
//
// Attempts that begin together, and have the same time, share both: an `AbortController` and its
// signal are the dearest things that a call makes beside its request.

/**
 * What is told that its time is over, and knows its `place` in its alarm.
 *
 * @typedef {{ timedOut: () => void, place: number }} Sleeper
 */

/** The longest time that `setTimeout` can wait: it takes 31 bits, and at once beyond that. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** So many share one: all listen to its signal, and platforms look through such lists one by one. */
const MOST_TOGETHER = 32;

const now = Promise.resolve();

/** @type {(run: () => void, ms: number) => any} */
export function timer(run, ms) {
  return setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
}

export class Alarm {
  /** @type {(Sleeper | undefined)[]} Those whose time it is, and gaps where others were. */
  sleepers = [];
  /** How many they are. */
  left = 0;

  /**
   * @param {number} ms
   * @param {AbortController} [controller] None in a pause, in which nothing is sent.
   */
  constructor(ms, controller) {
    this.ms = ms;
    this.controller = controller;
    this.timeout = timer(() => {
      for (const sleeper of this.sleepers) sleeper?.timedOut();
      this.abort();
    }, ms);
  }

  /** @param {Sleeper} sleeper */
  join(sleeper) {
    sleeper.place = this.sleepers.push(sleeper) - 1;
    this.left += 1;
    return this;
  }

  // With no reason of the caller's: `fetch` then rejects with an `Error` of its own.
  abort() {
    this.controller?.abort();
  }

  /** @param {Sleeper} sleeper Its time no longer runs. */
  off(sleeper) {
    if (this.sleepers[sleeper.place] !== sleeper) return;
    this.sleepers[sleeper.place] = undefined;
    if ((this.left -= 1)) return;
    clearTimeout(this.timeout);
    if (open === this) open = undefined;
  }

  /**
   * Lets one's request go, and nobody else's.
   *
   * @param {Response} [head] That of its answer, if it has come.
   */
  drop(head) {
    if (this.sleepers.length === 1) return this.abort();
    try {
      // Of a body that broke off there is nothing to cancel, and it says so.
      head?.body?.cancel().catch(() => {});
    } catch {
      // Whatever stands in the place of `fetch` may answer with anything.
    }
  }
}

/** @type {Alarm | undefined} The one that may still be shared. */
let open;

/**
 * Sets an alarm for an attempt that begins.
 *
 * @param {Sleeper} sleeper
 * @param {number} ms
 * @param {boolean} own Whether it must not be shared.
 * @returns {Alarm}
 */
export function setAlarm(sleeper, ms, own) {
  if (!own && open?.ms === ms && open.sleepers.length < MOST_TOGETHER) return open.join(sleeper);
  const alarm = new Alarm(ms, new AbortController()).join(sleeper);
  if (!own) {
    open = alarm;
    // What was called together begins one right after the other.
    now.then(close);
  }
  return alarm;
}

function close() {
  open = undefined;
}
