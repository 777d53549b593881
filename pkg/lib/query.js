// Reads a caller's query, and writes it into a URL.

import { isRecord, reject, toPlainJson, tryRead } from './read.js';

/** @typedef {import('./read.js').Fields} Fields */

/**
 * A query has what JSON has not: numbers that are not finite, and big ones. An undefined item of a list is left out.
 *
 * @param {string} _
 * @param {any} value
 */
export function inQuery(_, value) {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined);
  return /^(number|bigint)$/.test(typeof value) ? `${value}` : value;
}

/**
 * The client's query and the call's own, as one plain object.
 *
 * @param {any} defaults
 * @param {any} own
 * @returns {Fields}
 */
export function mergeQuery(defaults, own) {
  for (const [name, query] of [
    ['defaultQuery', defaults],
    ['query', own],
  ]) {
    // What yields its pairs (a `URLSearchParams`, a `Map`) has no fields, and would be lost.
    if (
      query != null &&
      (!isRecord(name, query) || tryRead(name, () => Symbol.iterator in query))
    ) {
      reject(name, 'must be an object');
    }
  }
  const both = defaults != null && own != null;
  const all = both ? tryRead('query', () => ({ ...defaults, ...own })) : (own ?? defaults);
  return toPlainJson('query', all, inQuery);
}

/**
 * A query, escaped, with its question mark: a list repeats its name, a field of an object is named `object.field`.
 *
 * @param {Fields} query
 */
export function encodeQuery(query) {
  let text = '';
  // A stack instead of recursion: an object may be deep.
  const left = [['', query]];
  for (let next; (next = left.pop());) {
    const [name, value] = /** @type {[string, any]} */ (next);
    if (typeof value !== 'object' || value === null) {
      const escaped = [name, value ?? ''].map(escape).join('=');
      text += (text ? '&' : '?') + escaped;
      continue;
    }
    const fields = Object.entries(value).reverse();
    for (const [field, item] of fields) {
      left.push([Array.isArray(value) ? name : name ? `${name}.${field}` : field, item]);
    }
  }
  return text;
}

/** @param {any} value */
function escape(value) {
  const text = tryRead('query', () => encodeURIComponent(value), 'must not hold half a character');
  return text.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`.toUpperCase());
}
