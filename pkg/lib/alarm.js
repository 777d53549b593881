// What ends an attempt: its time, and the controller that lets its request go.
//
// Attempts that begin together, and have the same time, share both: an `AbortController` and its
// signal are the dearest things that a call makes beside its request. An alarm counts those whose
// it is, and keeps no list of them: the calls under way know theirs.

import { TIMED_OUT, underWay } from './call.js';

/** @typedef {import('./call.js').Call} Call */

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
  /** How many it was set for. */
  all = 0;
  /** Of how many the time still runs. */
  left = 0;

  /**
   * @param {number} ms
   * @param {AbortController} [controller] None in a pause, in which nothing is sent.
   */
  constructor(ms, controller) {
    this.ms = ms;
    this.controller = controller;
    this.timeout = timer(() => {
      for (const call of underWay) if (call?.alarm === this && call.timed) call.stop(TIMED_OUT);
      this.abort();
    }, ms);
  }

  /** @param {Call} call Whose it is, too, from now on. */
  join(call) {
    this.all += 1;
    this.left += 1;
    call.timed = true;
    call.alarm = this;
  }

  // With no reason of the caller's: `fetch` then rejects with an `Error` of its own.
  abort() {
    this.controller?.abort();
  }

  /** @param {Call} call Its time no longer runs. */
  off(call) {
    if (call.timed && !(this.left -= 1)) clearTimeout(this.timeout);
    call.timed = false;
  }

  /**
   * Lets one's request go, and nobody else's.
   *
   * @param {Response} [head] That of its answer, if it has come.
   */
  drop(head) {
    if (this.all === 1) return this.abort();
    try {
      // Of a body that broke off there is nothing to cancel, and it says so.
      head?.body?.cancel().catch(() => {});
    } catch {
      // Whatever stands in the place of `fetch` may answer with anything.
    }
  }
}

/** @type {Alarm} The one that was set last. (Were none left when garbage is collected, V8 would forget
 * what they are like, and all code that was compiled for them.) */
let last;
/** Whether that may be shared: in the turn in which it was set. */
let open = false;

/**
 * Sets an alarm for an attempt that begins.
 *
 * @param {Call} call
 * @param {number} ms
 */
export function setAlarm(call, ms) {
  // A `fetch` of the caller's may warn of many that listen to one signal, and a caller who has not
  // asked for the data may read the answer when all else has ended.
  const shared = !call.signal && !call.fetch && call.data;
  if (shared && open && last.left && last.ms === ms && last.all < MOST_TOGETHER) {
    return last.join(call);
  }
  const alarm = new Alarm(ms, new AbortController());
  alarm.join(call);
  if (shared) {
    last = alarm;
    open = true;
    // What was called together begins one right after the other.
    now.then(close);
  }
}

function close() {
  open = false;
}
