// What a call in the wasm waits for: `fetch`, the body of an answer, a time; each against what stops
// the call, its timeout and its caller's signal. (For Rust's callers `src/stop.rs` does the same.)
//
// A call is a number here and in `src/awaiting.rs`: what it waits for is told by one function and
// that number, where a closure for each end of each promise would cost more than all else of a call.

/** @typedef {import('./api-promise.js').Wants} Wants */

// How a wait ends, as `src/awaiting.rs` knows it.
const FULFILLED = 0;
const REJECTED = 1;
const ABORTED = 2;
const TIMED_OUT = 3;

/** The longest time that `setTimeout` can wait: it takes 31 bits, and at once beyond that. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @type {Awaiting[]} */
const underWay = [];
const now = Promise.resolve();
/** @type {(call: number, how: number, value: unknown) => void} */
let tell;

/** @param {typeof tell} settled Where the wasm hears how a wait ended. */
export function tellTo(settled) {
  tell = settled;
}

/** @type {(run: () => void, ms: number) => any} */
export function timer(run, ms) {
  return setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
}

/**
 * What stops an attempt under way.
 *
 * @typedef {object} Alarm
 * @property {AbortController} [controller]
 * @property {() => void} off Its time no longer runs.
 * @property {() => void} drop What it sent is let go.
 */

/**
 * An attempt's own timer and controller.
 *
 * @param {Awaiting} awaiting
 * @param {number} ms
 * @returns {Alarm}
 */
function alarm(awaiting, ms) {
  /** @type {AbortController | undefined} */
  let controller;
  try {
    controller = new AbortController();
  } catch {
    // Where there is none, `fetch` goes on unheeded when an attempt ends.
  }
  const timeout = timer(() => awaiting.stop(TIMED_OUT), ms);
  return {
    controller,
    off: () => clearTimeout(timeout),
    // With no reason of the caller's: `fetch` then rejects with an `Error` of its own.
    drop: () => controller?.abort(),
  };
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
    this.alarm?.drop();
    if (this.waiting) this.interrupt();
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
      // A wasm that has no more memory, say. Whoever waits must hear of it.
      if (underWay[this.call] === this) fail(this.call, thrown);
    }
  }

  /** A wait begins, which only a stop ends so far. */
  wait() {
    const turn = (this.turn += 1);
    this.waiting = true;
    if (this.why) this.interrupt();
    return turn;
  }

  /** @param {Promise<any>} promise What it waits for. */
  follow(promise) {
    const turn = this.wait();
    /** @type {(how: number, value: any) => void} */
    const end = (how, value) => {
      // A stop comes first: an aborted `fetch` rejects, and that is not what happened.
      if (turn !== this.turn) return;
      this.waiting = false;
      this.tell(how, value);
    };
    promise.then(
      (value) => end(FULFILLED, value),
      (cause) => end(REJECTED, cause),
    );
  }

  /** The time of what came before is over. */
  begin() {
    this.alarm?.off();
    if (this.why !== ABORTED) this.why = 0;
  }

  finish() {
    this.alarm?.off();
    try {
      if (this.listener) this.signal?.removeEventListener('abort', this.listener);
    } catch {
      // A caller's signal may be anything.
    }
    delete underWay[this.call];
  }
}

/** @type {(call: number, wants: Wants) => Promise<any>} The promise of a call that begins. */
export function promised(call, wants) {
  return new Promise((resolve, reject) => {
    underWay[call] = new Awaiting(call, wants, resolve, reject);
  });
}

/**
 * Begins a call; what it throws leaves nothing behind.
 *
 * @template T
 * @param {Wants} wants
 * @param {() => T} begin
 * @returns {T}
 */
export function begun(wants, begin) {
  try {
    return begin();
  } catch (thrown) {
    underWay.find((awaiting) => awaiting?.wants === wants)?.finish();
    throw thrown;
  }
}

/** @type {(call: number, signal: AbortSignal) => void} Lets `signal` stop a call. */
export function listen(call, signal) {
  const awaiting = underWay[call];
  const listener = () => awaiting.stop(ABORTED);
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

/** @type {(call: number, ms: number) => void} An attempt begins, which ends after `ms`. */
export function attempt(call, ms) {
  const awaiting = underWay[call];
  awaiting.begin();
  awaiting.alarm = alarm(awaiting, ms);
}

/** @type {(call: number, ms: number) => void} Waits for a time. */
export function pause(call, ms) {
  const awaiting = underWay[call];
  awaiting.begin();
  const timeout = timer(() => awaiting.stop(TIMED_OUT), ms);
  awaiting.alarm = { off: () => clearTimeout(timeout), drop() {} };
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
  awaiting.follow(answer);
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
  awaiting.follow(body);
}

/** @type {(call: number) => number} What is wanted of the answer: 1 data, 2 its `Response`. */
export function wanted(call) {
  const { data, response } = underWay[call].wants;
  return Number(data) + 2 * Number(response);
}

/** @type {(call: number) => void} An attempt ends of which nothing more is wanted. */
export function letGo(call) {
  const awaiting = underWay[call];
  awaiting.alarm?.off();
  awaiting.alarm?.drop();
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
