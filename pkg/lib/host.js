// What the wasm module asks of JavaScript: to look at a caller's values, and to make the objects
// that a caller gets.

import { InvalidArgumentError } from './errors.js';

export {
  aborted,
  answered,
  attempt,
  failed,
  handOver,
  header,
  letGo,
  pause,
  read,
  request,
  value,
} from './call.js';

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
 * @returns {import('./errors.js').Limits}
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
