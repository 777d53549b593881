// Reads a caller's headers.

import { reject, tryRead } from './read.js';

/** @typedef {(string | null)[]} Pairs Names and values by turns. */

/**
 * The names and values of headers: of an object, a `Headers`, or pairs. `null` removes one. The values of a list, and
 * those of a name that is repeated among pairs, are joined.
 *
 * @param {string} argument
 * @param {any} headers
 * @returns {Pairs}
 */
export function readHeaders(argument, headers) {
  if (headers == null) return [];
  if (typeof headers !== 'object') reject(argument, 'must be an object');
  const list = (/** @type {any} */ value) => (Array.isArray(value) ? [...value] : [value]);
  /** @type {[boolean, any[][]]} */
  const [repeats, pairs] = tryRead(argument, () => {
    const repeats = Symbol.iterator in headers;
    // A pair may be anything that yields a name and a value.
    const pairs = repeats
      ? Array.from(headers, (pair) => [...object(pair)])
      : Object.entries(headers);
    return [repeats, pairs.map(([name, value]) => [name, ...list(value)])];
  });
  /** @type {Map<string, string | null>} */
  const read = new Map();
  for (const [name, ...values] of pairs) {
    if (typeof name !== 'string') reject(argument, 'must hold names and strings');
    const key = name.toLowerCase();
    /** @type {string | null | undefined} */
    let joined = repeats ? read.get(key) : undefined;
    for (const value of values) {
      if (value != null && !/^(string|number|boolean)$/.test(typeof value)) {
        reject(argument, 'must hold names and strings');
      }
      if (value === undefined) continue;
      joined = value === null ? null : joined == null ? `${value}` : `${joined}, ${value}`;
    }
    if (joined !== undefined) read.set(key, joined);
  }
  return [...read].flat();
}

/** @param {any} value */
function object(value) {
  if (typeof value !== 'object') throw value;
  return value;
}
