// One call: what is wanted of it, what it waits for (`fetch`, the body of an answer, a time), and what
// stops it, its timeout and its caller's signal. (For Rust's callers `src/stop.rs` does the same.)
//
// A call is a number for `src/awaiting.rs`, which says what to wait for next and hears how that ended.
// What was given and what was got stays here: each value that crosses would cost a call more than
// all else that is done with it there. What it asks of a call is in `host.js`.

import { refuse } from './arguments.js';

/** @typedef {import('./wasm.js').Wasm} Wasm */
/** @typedef {import('./alarm.js').Alarm} Alarm */
/** @typedef {import('./errors.js').Limits} Limits */

// How a wait ends, as `src/awaiting.rs` knows it.
const FULFILLED = 0;
const REJECTED = 1;
export const ABORTED = 2;
export const TIMED_OUT = 3;

// What has become of a call.
export const ANSWERED = 1;
const FAILED = 2;
/** Answered, and the body is the caller's to read. */
export const UNREAD = 3;

/** @type {Call[]} The calls under way, by their numbers. */
export const underWay = [];
/** @type {number[]} Numbers of calls that have ended. */
const free = [];
const now = Promise.resolve();
const NOBODY = () => {};
/** @type {Wasm} */
let wasm;

/** @param {Wasm} started Where is heard how a wait ended. */
export function tellTo(started) {
  wasm = started;
}

export class Call {
  /** Whether its data are wanted. */
  data = false;

  // What was given. (Not the token, nor headers: whoever prints the promise, or looks into it, finds
  // none.)
  operation = '';
  timeout = 0;
  /** @type {AbortSignal | undefined} */
  signal;
  /** @type {Function | undefined} The caller's own `fetch`. */
  fetch;
  /** @type {string | undefined} */
  body;

  /** How it ended, if it has. */
  end = 0;
  attempts = 0;
  /** @type {Response | undefined} The answer to the attempt. */
  head;
  /** @type {any} What the last wait gave, then the data, or the error. */
  value;

  // Its promises: that of the data, and that of the `Response` once that is wanted.
  /** @type {(data: any) => void} */
  resolve = NOBODY;
  /** @type {(error: unknown) => void} */
  reject = NOBODY;
  /** @type {Promise<Response> | undefined} */
  whole;
  /** @type {[(response: any) => void, (error: unknown) => void] | undefined} */
  tellWhole;

  // What it waits for.
  number = 0;
  waiting = false;
  /** Tells a wait from those before a stop, whose promises may still settle. */
  turn = 0;
  /** Why it was stopped. */
  why = 0;
  /** @type {Alarm | undefined} */
  alarm;
  /** Whether that still runs for it. */
  timed = false;
  /** @type {(() => void) | undefined} */
  listener;
  /** @type {((value: any) => void) | undefined} */
  fulfilled;
  /** @type {((cause: any) => void) | undefined} */
  rejected;

  /** The data are wanted. */
  want() {
    this.data = true;
    if (this.end === FAILED) this.reject(this.value);
    else if (this.end === UNREAD) this.readLate();
  }

  /** The `Response` is wanted. */
  wantWhole() {
    return (this.whole ??= new Promise((resolve, reject) => {
      if (this.end === FAILED) reject(this.value);
      else if (this.end) resolve(/** @type {Response} */ (this.head));
      else this.tellWhole = [resolve, reject];
    }));
  }

  /** It begins. */
  begin() {
    this.number = free.pop() ?? underWay.length;
    underWay[this.number] = this;
    if (this.signal) this.listen(this.signal);
  }

  /**
   * The wasm does what there is to be done first.
   *
   * @param {string} texts
   * @param {Record<string, any> | undefined} fields
   * @param {boolean} late
   * @param {number} retries
   */
  send(texts, fields, late, retries) {
    const { signal, timeout } = this;
    const refused = wasm.call(this.number, texts, fields, !!signal, late, timeout, retries);
    if (refused) throw refused;
  }

  /** @param {AbortSignal} signal Lets it stop the call. */
  listen(signal) {
    const listener = () => {
      this.stop(ABORTED);
      this.drop();
    };
    try {
      signal.addEventListener('abort', listener);
    } catch {
      refuse('signal', 'must be an AbortSignal');
    }
    this.listener = listener;
    try {
      if (signal.aborted) listener();
    } catch {
      // A caller's signal may be anything.
    }
  }

  /**
   * Of an answer of which only the `Response` was wanted at first, the body is read now.
   */
  readLate() {
    this.end = this.why = 0;
    try {
      this.begin();
      this.send(this.operation, undefined, true, this.attempts - 1);
      this.tellHead();
    } catch (thrown) {
      this.broke(thrown);
    }
  }

  /** @param {number} why */
  stop(why) {
    if (this.why === ABORTED) return;
    this.why = why;
    if (this.waiting) this.wait();
  }

  /** @type {(how: number, value: any) => void} The wait has ended: the call goes on. */
  heard(how, value) {
    this.waiting = false;
    this.value = value;
    try {
      if (how !== FULFILLED || this.head) return wasm.settled(this.number, how);
      if (typeof value === 'object' && value !== null) {
        this.head = value;
        return this.tellHead();
      }
      this.value = new TypeError('fetch answered with no Response');
      wasm.settled(this.number, REJECTED);
    } catch (thrown) {
      this.broke(thrown);
    }
  }

  /** Tells of the head of the answer, which may be a caller's own and lack anything. */
  tellHead() {
    const head = /** @type {Response} */ (this.head);
    let status = 0;
    let type = '';
    try {
      status = +head.status || (head.type === 'opaqueredirect' ? -1 : 0);
      type = `${head.headers.get('content-type') ?? ''}`;
    } catch {
      // It has no more to say.
    }
    wasm.headed(this.number, status, (this.data ? 1 : 0) + (this.whole ? 2 : 0), type);
  }

  /** @param {unknown} thrown By a wasm that has no more memory, say. Whoever waits must hear of it. */
  broke(thrown) {
    if (underWay[this.number] === this) this.failed(thrown);
  }

  /** A wait begins, or goes on: a stop ends it. */
  wait() {
    this.waiting = !this.why;
    if (this.waiting) return;
    this.turn += 1;
    this.fulfilled = this.rejected = undefined;
    // Not at once: a caller's code may be under way, which aborted the signal.
    now.then(() => this.heard(this.why, undefined));
  }

  /**
   * @param {Promise<any>} promise What it waits for: the head of an answer, if there is none yet.
   */
  follow(promise) {
    // A stop comes first, also one that came already: an aborted `fetch` rejects, and that is not
    // what happened.
    this.fulfilled ??= this.settled.bind(this, this.turn, FULFILLED);
    this.rejected ??= this.settled.bind(this, this.turn, REJECTED);
    promise.then(this.fulfilled, this.rejected);
    this.wait();
  }

  /**
   * What it waits for has settled, or what it waited for before a stop.
   *
   * @param {number} turn
   * @param {number} how
   * @param {any} value
   */
  settled(turn, how, value) {
    if (turn === this.turn) this.heard(how, value);
  }

  /** The time of what came before is over. */
  next() {
    this.alarm?.off(this);
    if (this.why !== ABORTED) this.why = 0;
  }

  /** Nothing more is wanted of the attempt: its request is let go. */
  drop() {
    this.alarm?.drop(this.head);
  }

  /** @param {number} end */
  finish(end) {
    this.alarm?.off(this);
    try {
      if (this.listener) this.signal?.removeEventListener('abort', this.listener);
    } catch {
      // A caller's signal may be anything.
    }
    underWay[this.number] = FREE;
    free.push(this.number);
    this.end = end;
    this.alarm = this.listener = this.fulfilled = this.rejected = this.body = undefined;
  }

  /** @param {unknown} error */
  failed(error) {
    if (underWay[this.number] === this) this.finish(FAILED);
    this.end = FAILED;
    this.value = error;
    this.tellWhole?.[1](error);
    // Somebody who has just made it may be about to say that they want the `Response` alone, and
    // would hear of the error twice.
    if (this.data) this.reject(error);
    else now.then(() => (this.data || !this.whole) && this.reject(error));
  }
}

/** What stands in the place of a call that has ended. */
const FREE = /** @type {Call} */ (/** @type {unknown} */ (undefined));

/**
 * What an answer's headers say of limits.
 *
 * @param {Response} head
 * @returns {Limits}
 */
export function limitsOf(head) {
  const call = new Call();
  call.head = head;
  try {
    call.begin();
    return wasm.limits(call.number);
  } finally {
    call.finish(ANSWERED);
  }
}
