// What a call in the wasm waits for: `fetch`, the body of an answer, a time; each against what stops
// the call, its timeout and its caller's signal. (For Rust's callers `src/stop.rs` does the same.)
//
// A call is a number here and in `src/awaiting.rs`: what it waits for is told by one function and
// that number, where a closure for each end of each promise would cost more than all else of a call.

import { Alarm, setAlarm } from './alarm.js';

/** @typedef {import('./api-promise.js').Wants} Wants */

// How a wait ends, as `src/awaiting.rs` knows it.
const FULFILLED = 0;
const REJECTED = 1;
const ABORTED = 2;
const TIMED_OUT = 3;

/** @type {Awaiting[]} The calls under way, by their numbers. */
const underWay = [];
/** @type {number[]} Numbers of calls that have ended. */
const free = [];
const now = Promise.resolve();
/** @type {(call: number, how: number, value: unknown) => void} */
let tell;

/** @param {typeof tell} settled Where the wasm hears how a wait ended. */
export function tellTo(settled) {
  tell = settled;
}

/** A call under way. */
class Awaiting {
  /** Why it was stopped. */
  why = 0;
  /** Tells a wait from those before it, whose promises may still settle. */
  turn = 0;
  waiting = false;
  /** @type {AbortSignal | undefined} */
  signal;
  /** @type {(() => void) | undefined} */
  listener;
  /** @type {Alarm | undefined} */
  alarm;
  /** @type {Response | undefined} The head of the answer to the attempt. */
  head;

  /**
   * @param {number} call
   * @param {Wants} wants
   * @param {(answer: any) => void} resolve
   * @param {(error: unknown) => void} reject
   */
  constructor(call, wants, resolve, reject) {
    this.call = call;
    this.wants = wants;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** @param {number} why */
  stop(why) {
    if (this.why === ABORTED) return;
    this.why = why;
    if (this.waiting) this.interrupt();
  }

  timedOut() {
    this.stop(TIMED_OUT);
  }

  interrupt() {
    this.waiting = false;
    this.turn += 1;
    // Not at once: a caller's code may be under way, which aborted the signal.
    now.then(() => this.tell(this.why, undefined));
  }

  /** @type {(how: number, value: unknown) => void} The wait has ended: the call goes on. */
  tell(how, value) {
    try {
      tell(this.call, how, value);
    } catch (thrown) {
      this.broke(thrown);
    }
  }

  /** @param {unknown} thrown By a wasm that has no more memory, say. Whoever waits must hear of it. */
  broke(thrown) {
    if (underWay[this.call] === this) fail(this.call, thrown);
  }

  /** A wait begins, which only a stop ends so far. */
  wait() {
    const turn = (this.turn += 1);
    this.waiting = true;
    if (this.why) this.interrupt();
    return turn;
  }

  /**
   * @param {Promise<any>} promise What it waits for.
   * @param {boolean} isHead Whether that is the head of an answer.
   */
  follow(promise, isHead) {
    const turn = this.wait();
    /** @type {(how: number, value: any) => void} */
    const end = (how, value) => {
      // A stop comes first: an aborted `fetch` rejects, and that is not what happened.
      if (turn !== this.turn) return;
      this.waiting = false;
      if (isHead && how === FULFILLED) this.head = value;
      this.tell(how, value);
    };
    promise.then(
      (value) => end(FULFILLED, value),
      (cause) => end(REJECTED, cause),
    );
  }

  /** The time of what came before is over. */
  begin() {
    this.alarm?.off(this);
    this.head = undefined;
    if (this.why !== ABORTED) this.why = 0;
  }

  /** Nothing more is wanted of the attempt: its request is let go. */
  drop() {
    this.alarm?.drop(this.head);
  }

  finish() {
    this.alarm?.off(this);
    try {
      if (this.listener) this.signal?.removeEventListener('abort', this.listener);
    } catch {
      // A caller's signal may be anything.
    }
    underWay[this.call] = FREE;
    free.push(this.call);
  }
}

/** What stands in the place of a call that has ended. */
const FREE = /** @type {Awaiting} */ (/** @type {unknown} */ (undefined));

/**
 * Begins a call: `begin` is given its number. What it throws is what the call fails with.
 *
 * @param {Wants} wants
 * @param {(answer: any) => void} resolve
 * @param {(error: unknown) => void} reject
 * @param {(call: number) => void} begin
 */
export function begin(wants, resolve, reject, begin) {
  const call = free.pop() ?? underWay.length;
  const awaiting = (underWay[call] = new Awaiting(call, wants, resolve, reject));
  try {
    begin(call);
  } catch (thrown) {
    awaiting.broke(thrown);
  }
}

/** @type {(call: number, signal: AbortSignal) => void} Lets `signal` stop a call. */
export function listen(call, signal) {
  const awaiting = underWay[call];
  const listener = () => {
    awaiting.stop(ABORTED);
    awaiting.drop();
  };
  signal.addEventListener('abort', listener);
  awaiting.signal = signal;
  awaiting.listener = listener;
  try {
    if (signal.aborted) listener();
  } catch {
    // A caller's signal may be anything.
  }
}

/** @type {(call: number) => boolean} Whether the caller has aborted. */
export function aborted(call) {
  return underWay[call].why === ABORTED;
}

/**
 * An attempt begins, which ends after `ms`.
 *
 * @param {number} call
 * @param {number} ms
 * @param {boolean} own Whether what ends it must end nothing else.
 */
export function attempt(call, ms, own) {
  const awaiting = underWay[call];
  awaiting.begin();
  // A caller who has not asked for the data may read the answer when all else has ended.
  awaiting.alarm = setAlarm(awaiting, ms, own || !awaiting.wants.data);
}

/** @type {(call: number, ms: number) => void} Waits for a time. */
export function pause(call, ms) {
  const awaiting = underWay[call];
  awaiting.begin();
  awaiting.alarm = new Alarm(ms).join(awaiting);
  awaiting.wait();
}

/**
 * Sends a request, and waits for the head of its answer.
 *
 * @param {number} call
 * @param {string} url
 * @param {string} options In JSON.
 * @param {string} [body]
 * @param {Function} [send] The caller's own `fetch`.
 */
export function request(call, url, options, body, send) {
  const awaiting = underWay[call];
  const init = JSON.parse(options);
  if (body !== undefined) init.body = body;
  init.signal = awaiting.alarm?.controller?.signal;
  let answer;
  try {
    // Whatever a caller's `fetch` calls a promise.
    answer = Promise.resolve(send ? send(url, init) : fetch(url, init));
  } catch (thrown) {
    answer = Promise.reject(thrown);
  }
  awaiting.follow(answer, true);
}

/**
 * Waits for the body of an answer: 0 there is none, 1 as text, 2 as JSON; 4 more for that of a
 * copy, so that the answer's own stays unread.
 *
 * @param {number} call
 * @param {Response} response
 * @param {number} how
 */
export function read(call, response, how) {
  const awaiting = underWay[call];
  let body;
  try {
    const whole = how & 4 ? response.clone() : response;
    body = Promise.resolve(how & 2 ? whole.json() : how & 1 ? whole.text() : null);
  } catch (thrown) {
    body = Promise.reject(thrown);
  }
  awaiting.follow(body, false);
}

/** @type {(call: number) => number} What is wanted of the answer: 1 data, 2 its `Response`. */
export function wanted(call) {
  const { data, response } = underWay[call].wants;
  return Number(data) + 2 * Number(response);
}

/** @type {(call: number) => void} An attempt ends of which nothing more is wanted. */
export function letGo(call) {
  const awaiting = underWay[call];
  awaiting.alarm?.off(awaiting);
  awaiting.drop();
}

/**
 * Lets the caller's signal go on to abort a body that the caller reads. What listens is a function
 * that keeps nothing of ours.
 *
 * @param {number} call
 */
export function handOver(call) {
  const { signal, alarm } = underWay[call];
  const controller = alarm?.controller;
  if (!signal || !controller) return;
  try {
    // Bound with no reason, else the event would be it.
    signal.addEventListener('abort', controller.abort.bind(controller, undefined));
  } catch {
    // A caller's signal may be anything.
  }
}

/**
 * A call ends with an answer. If nobody but for its `Response` asked for it, its body has not been
 * `read`.
 *
 * @param {number} call
 * @param {Response} response
 * @param {number} attempts
 * @param {boolean} read
 * @param {any} data
 */
export function answer(call, response, attempts, read, data) {
  const awaiting = underWay[call];
  awaiting.finish();
  awaiting.resolve({ response, attempts, read, data });
}

/** @type {(call: number, error: unknown) => void} A call ends with an error. */
export function fail(call, error) {
  const awaiting = underWay[call];
  awaiting.finish();
  awaiting.reject(error);
}
