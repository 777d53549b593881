// What the wasm module asks of JavaScript: to look at a caller's values, to make the objects that a
// caller gets, to do what a call of that number is to do next.

import { Alarm, setAlarm } from './alarm.js';
import { ABORTED, ANSWERED, UNREAD, underWay } from './call.js';
import { InvalidArgumentError, failure, refusal } from './errors.js';

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

/** @type {(call: number) => boolean} Whether the caller has aborted. */
export function aborted(call) {
  return underWay[call].why === ABORTED;
}

/** @type {(call: number, ms: number) => void} An attempt begins, which ends after `ms`. */
export function attempt(call, ms) {
  const one = underWay[call];
  one.next();
  // A `fetch` of the caller's may warn of many that listen to one signal, and a caller who has not
  // asked for the data may read the answer when all else has ended.
  one.alarm = setAlarm(one, ms, !!(one.signal || one.fetch) || !one.data);
}

/** @type {(call: number, ms: number) => void} Waits for a time. */
export function pause(call, ms) {
  const one = underWay[call];
  one.next();
  one.alarm = new Alarm(ms).join(one);
  one.wait();
}

/** @type {RequestInit} The options of the last request, of whatever call. */
let last;

/**
 * Sends a request, and waits for the head of its answer.
 *
 * @param {number} call
 * @param {string} url
 * @param {string} [options] In JSON; without it, those of the last request.
 */
export function request(call, url, options) {
  const one = underWay[call];
  const send = one.fetch;
  one.head = undefined;
  // With room for what is not in JSON: what is added to an object later is kept apart from it.
  if (options) last = { signal: undefined, ...JSON.parse(options) };
  // What instruments `fetch` writes into them.
  /** @type {RequestInit} */
  const init = { ...last, headers: { ...last.headers } };
  if (one.body !== undefined) init.body = one.body;
  init.signal = one.alarm?.controller?.signal;
  let answer;
  try {
    // Whatever a caller's `fetch` calls a promise.
    answer = Promise.resolve(send ? send(url, init) : fetch(url, init));
  } catch (thrown) {
    answer = Promise.reject(thrown);
  }
  one.follow(answer, true);
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
  let body;
  try {
    const whole = how & 4 ? head.clone() : head;
    body = Promise.resolve(how & 2 ? whole.json() : how & 1 ? whole.text() : null);
  } catch (thrown) {
    body = Promise.reject(thrown);
  }
  one.follow(body, false);
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
