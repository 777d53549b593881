// Reads one value of a caller's: whatever its getters, proxies and `toJSON` do, the result is plain data or an
// `InvalidArgumentError`.

import { InvalidArgumentError } from './errors.js';

/** @typedef {Record<string, any>} Fields */

/**
 * @param {string} argument
 * @param {string} reason
 * @returns {never}
 */
export function reject(argument, reason) {
  throw new InvalidArgumentError(argument, `${argument} ${reason}`);
}

/**
 * Runs `read`, which may run a caller's code.
 *
 * @template T
 * @param {string} argument
 * @param {() => T} read
 * @returns {T}
 */
export function tryRead(argument, read, reason = 'cannot be read') {
  try {
    return read();
  } catch {
    return reject(argument, reason);
  }
}

/** @type {(argument: string, value: unknown) => boolean} Whether it has fields, and is no list. */
export function isRecord(argument, value) {
  try {
    // A revoked proxy throws.
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return reject(argument, 'cannot be read');
  }
}

/**
 * The value as the JSON that would be sent. Nothing becomes an empty object.
 *
 * @param {string} argument
 * @param {unknown} value
 * @param {(key: string, value: any) => unknown} [replacer]
 * @returns {Fields}
 */
export function toPlainJson(argument, value, replacer) {
  if (value == null) return {};
  if (!isRecord(argument, value)) reject(argument, 'must be an object');
  const reason = 'cannot be written as JSON';
  const copy = tryRead(argument, () => JSON.parse(JSON.stringify(value, replacer)), reason);
  return isRecord(argument, copy) ? copy : reject(argument, reason);
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {number}
 */
export function positiveInteger(name, value) {
  if (!Number.isInteger(value)) reject(name, 'must be an integer');
  const number = /** @type {number} */ (value);
  return number < 0 ? reject(name, 'must be a positive integer') : number;
}
