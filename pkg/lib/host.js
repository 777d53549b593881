// What the wasm module asks of JavaScript: to look at a caller's values, to make the objects that a
// caller gets, to do what a call of that number is to do next.

import { Alarm, setAlarm } from './alarm.js';
import { ABORTED, ANSWERED, UNREAD, underWay } from './call.js';
import { InvalidArgumentError, failure, refusal } from './errors.js';

/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./errors.js').Limits} Limits */

/**
 * What a field of a body is: -4 absent, -3 a boolean, -2 a string, -1 anything else; of a list
 * twice its length, and one more if all of its items are strings that are not empty.
 *
 * @param {Record<string, any> | undefined} fields
 * @param {string} name
 */
export function shape(fields, name) {
  const value = fields?.[name];
  if (value === undefined) return -4;
  if (Array.isArray(value)) {
    const texts = value.every((item) => item && typeof item === 'string');
    return value.length * 2 + Number(texts);
  }
  return typeof value === 'boolean' ? -3 : typeof value === 'string' ? -2 : -1;
}

/**
 * Limits as a caller gets them; what is not known is NaN.
 *
 * @param {string} policy
 * @param {number} remaining
 * @param {number} reset
 * @param {number} retryAfter
 * @returns {Limits}
 */
export function limits(policy, remaining, reset, retryAfter) {
  return {
    ...(remaining === remaining && { rateLimit: { policy, remaining, reset } }),
    ...(retryAfter === retryAfter && { retryAfter }),
  };
}

/**
 * @param {string} argument
 * @param {string} message
 */
export function invalid(argument, message) {
  return new InvalidArgumentError(argument, message);
}

/** @type {(call: number) => boolean} Whether the caller has aborted, who may. */
export function aborted(call) {
  // What was made before it goes out first, and may abort it. It is not kept back itself: aborted
  // unsent, it would count as sent.
  sendKept();
  return underWay[call].why === ABORTED;
}

/** @type {(call: number, ms: number) => void} An attempt begins, which ends after `ms`. */
export function attempt(call, ms) {
  const one = underWay[call];
  one.next();
  setAlarm(one, ms);
}

/** @type {(call: number, ms: number) => void} Waits for a time. */
export function pause(call, ms) {
  const one = underWay[call];
  one.next();
  new Alarm(ms).join(one);
  one.wait();
}

/** @type {RequestInit} The options of the last request, of whatever call. */
let last;
/** @type {any[] | undefined} Requests that are kept back: a call, its URL, its options, by turns. */
let kept;

/**
 * Keeps requests back, until they are sent one right after the other: a processor does a thousand of
 * one thing, then of another, sooner than both by turns, and the other end of the connections does
 * not go to sleep between two of them.
 */
export function keepBack() {
  kept = [];
}

/** Sends what was kept back. */
export function sendKept() {
  const all = kept ?? [];
  kept = undefined;
  for (let at = 0; at < all.length; at += 3) {
    const one = all[at];
    // Its wasm may have broken meanwhile.
    if (underWay[one.number] === one) send(one, all[at + 1], all[at + 2]);
  }
}

/**
 * Sends a request, and waits for the head of its answer.
 *
 * @param {number} call
 * @param {string} url
 * @param {string} [options] In JSON; without it, those of the last request.
 */
export function request(call, url, options) {
  const one = underWay[call];
  // With room for what is not in JSON: what is added to an object later is kept apart from it.
  if (options) last = { signal: undefined, ...JSON.parse(options) };
  if (kept) kept.push(one, url, last);
  else send(one, url, last);
}

/**
 * @param {Call} one
 * @param {string} url
 * @param {RequestInit} options
 */
function send(one, url, options) {
  one.head = undefined;
  // What instruments `fetch` writes into them.
  /** @type {RequestInit} */
  const init = { ...options, headers: { ...options.headers } };
  if (one.body !== undefined) init.body = one.body;
  init.signal = one.alarm?.controller?.signal;
  try {
    // Whatever a caller's `fetch` calls a promise.
    one.follow(Promise.resolve((one.fetch ?? fetch)(url, init)));
  } catch (thrown) {
    one.follow(Promise.reject(thrown));
  }
}

/**
 * Waits for the body of an answer: 0 there is none, 1 as text, 2 as JSON; 4 more for that of a
 * copy, so that the answer's own stays unread.
 *
 * @param {number} call
 * @param {number} how
 */
export function read(call, how) {
  const one = underWay[call];
  const head = /** @type {Response} */ (one.head);
  try {
    const whole = how & 4 ? head.clone() : head;
    one.follow(Promise.resolve(how & 2 ? whole.json() : how & 1 ? whole.text() : null));
  } catch (thrown) {
    one.follow(Promise.reject(thrown));
  }
}

/** @type {(call: number) => any} What a wait gave. */
export function value(call) {
  return underWay[call].value;
}

/**
 * A header of the answer, which may be a caller's own and have none.
 *
 * @param {number} call
 * @param {string} name
 * @returns {string | undefined}
 */
export function header(call, name) {
  try {
    const text = underWay[call].head?.headers.get(name);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** @type {(call: number) => void} An attempt ends of which nothing more is wanted. */
export function letGo(call) {
  const one = underWay[call];
  one.alarm?.off(one);
  one.drop();
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
 * A call ends with an answer, whose body is unread (0), what a wait gave last (1), or nothing (2).
 *
 * @param {number} call
 * @param {number} attempts
 * @param {number} content
 */
export function answered(call, attempts, content) {
  const one = underWay[call];
  one.finish(content ? ANSWERED : UNREAD);
  one.attempts = attempts;
  one.tellWhole?.[0](one.head);
  if (content) one.resolve(content === 1 ? one.value : undefined);
  one.value = undefined;
}

/**
 * A call ends with an error: a refusal (0), or one of another kind.
 *
 * @param {number} call
 * @param {number} kind
 * @param {number} status
 * @param {string} message
 * @param {number} attempts
 * @param {boolean} maybeApplied
 * @param {any} detail The body of a refusal, the cause of a connection's failure.
 * @param {Limits} [limits]
 */
export function failed(call, kind, status, message, attempts, maybeApplied, detail, limits) {
  const one = underWay[call];
  const trail = { attempts, maybeApplied, ...limits };
  const head = /** @type {Response} */ (one.head);
  one.failed(kind ? failure(kind, trail, detail) : refusal(status, message, trail, detail, head));
}
