// Reads what a caller hands over, once and at once: whatever its getters, proxies and `toJSON` do,
// what comes out is plain data, or an `InvalidArgumentError`. What it means is judged in the wasm.

import { InvalidArgumentError } from './errors.js';

/** @typedef {(string | null)[]} Pairs Names and values by turns. */
/** @typedef {Record<string, any>} Fields */

/** What an operation takes besides the IDs in its path. */
export const NOTHING = 0;
export const QUERY = 1;
export const BODY = 2;

/**
 * @typedef {object} Options
 * @property {Pairs} [headers]
 * @property {any} [query]
 * @property {number} [timeout]
 * @property {number} [maxRetries]
 * @property {AbortSignal} [signal]
 * @property {string} [idempotencyKey]
 */

/** @type {Options} */
const NO_OPTIONS = {};
/** @type {Pairs} */
const NONE = [];

/**
 * @param {string} argument
 * @param {string} reason
 * @returns {never}
 */
export function refuse(argument, reason) {
  throw new InvalidArgumentError(argument, `${argument} ${reason}`);
}

/**
 * What `read` gives, which may run a caller's code.
 *
 * @template T
 * @param {string} argument
 * @param {() => T} read
 * @returns {T}
 */
export function guarded(argument, read, reason = 'cannot be read') {
  try {
    return read();
  } catch {
    return refuse(argument, reason);
  }
}

/** @type {(argument: string, value: unknown) => boolean} Whether it has fields: no list. */
function isRecord(argument, value) {
  return guarded(
    argument,
    () => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
}

/**
 * The value as the JSON it would be sent as. What has no fields is an empty object.
 *
 * @param {string} argument
 * @param {unknown} value
 * @returns {Fields}
 */
function plain(argument, value) {
  if (value == null) return {};
  if (!isRecord(argument, value)) refuse(argument, 'must be an object');
  const reason = 'cannot be written as JSON';
  const copy = guarded(argument, () => JSON.parse(JSON.stringify(value)), reason);
  return isRecord(argument, copy) ? copy : refuse(argument, reason);
}

/** @type {(name: string, value: any) => string | undefined} */
export function optionalText(name, value) {
  if (value == null) return undefined;
  return typeof value === 'string' ? value : refuse(name, 'must be a string');
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {number}
 */
export function positiveInteger(name, value) {
  if (!Number.isInteger(value)) refuse(name, 'must be an integer');
  return /** @type {number} */ (value) < 0
    ? refuse(name, 'must be a positive integer')
    : /** @type {number} */ (value);
}

/**
 * The names and values of headers: of an object, a `Headers`, or pairs. `null` leaves one out.
 *
 * @param {string} argument
 * @param {any} headers
 * @returns {Pairs}
 */
export function readHeaders(argument, headers) {
  if (headers == null) return NONE;
  if (typeof headers !== 'object') refuse(argument, 'must be an object');
  // A pair may be anything that yields a name and a value.
  /** @type {any[][]} */
  const pairs = guarded(argument, () =>
    Symbol.iterator in headers
      ? Array.from(headers, (pair) => [...object(pair)])
      : Object.entries(headers),
  );
  return pairs.flatMap(([name, value]) => {
    const kind = typeof value;
    const writes = value == null || kind === 'string' || kind === 'number' || kind === 'boolean';
    if (typeof name !== 'string' || !writes) refuse(argument, 'must hold names and strings');
    return value === undefined ? [] : [name, value === null ? null : `${value}`];
  });
}

/** @param {any} value */
function object(value) {
  if (typeof value !== 'object') throw value;
  return value;
}

/**
 * A query, escaped, with its question mark: a list repeats its name, a field of an object is named
 * `object.field`.
 *
 * @param {any} defaults
 * @param {any} own
 * @returns {string}
 */
export function readQuery(defaults, own) {
  let text = '';
  if (defaults == null && own == null) return text;
  for (const [name, query] of [
    ['defaultQuery', defaults],
    ['query', own],
  ]) {
    // What yields its pairs (a `URLSearchParams`, a `Map`) has no fields, and would be lost.
    if (
      query != null &&
      (!isRecord(name, query) || guarded(name, () => Symbol.iterator in query))
    ) {
      refuse(name, 'must be an object');
    }
  }
  const both = defaults != null && own != null;
  const all = both ? guarded('query', () => ({ ...defaults, ...own })) : (own ?? defaults);
  // A list of what is left, not calls within calls: an object may be deep.
  const left = [['', plain('query', all)]];
  for (let next; (next = left.pop()); ) {
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
  const text = guarded('query', () => encodeURIComponent(value), 'must not hold half a character');
  return text.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`.toUpperCase());
}

// Made once: V8 would make them anew for each text.
const ODD = /[\x01-\x04]|\p{Surrogate}/u;
/** @param {string} odd */
const instead = (odd) => (odd < ' ' ? '\0' : '\x04');

/**
 * Texts as they are told to the wasm, in one (`src/texts.rs`): what is no string has a mark, and half
 * a character, which UTF-8 cannot hold. What would be a mark in a caller's text is another control
 * character, which is refused all the same.
 *
 * @param {unknown[]} texts
 */
export function joined(texts) {
  return texts.map(marked).join('\x03');
}

/** @param {unknown} text */
function marked(text) {
  if (typeof text !== 'string') return text == null ? '\x01' : '\x02';
  // Nearly none is odd, and to look takes less than to replace nothing.
  return ODD.test(text) ? text.replace(RegExp(ODD, 'gu'), instead) : text;
}

/**
 * The parameters of a call: the account that they name, and what else is sent.
 *
 * @param {any} params
 * @param {number} sends
 * @returns {{ account: unknown, fields?: Fields }}
 */
export function readParams(params, sends) {
  if (params != null && !isRecord('params', params)) refuse('params', 'must be an object');
  // Read as it is: written as JSON, what is no string could become one.
  const account = guarded('account_id', () => params?.account_id);
  // The other fields of what sends nothing go nowhere, so nobody need read them.
  if (sends === NOTHING) return { account };
  const fields = plain('params', params);
  delete fields.account_id;
  return { account, fields };
}

/**
 * The options of a call.
 *
 * @param {any} options
 * @returns {Options}
 */
export function readOptions(options) {
  if (options == null) return NO_OPTIONS;
  if (!isRecord('options', options)) refuse('options', 'must be an object');
  const { headers, query, timeout, maxRetries, signal, idempotencyKey } = guarded('options', () => {
    const { headers, query, timeout, maxRetries, signal, idempotencyKey } = options;
    return { headers, query, timeout, maxRetries, signal, idempotencyKey };
  });
  if (signal != null && typeof signal !== 'object') refuse('signal', 'must be an AbortSignal');
  return {
    headers: readHeaders('headers', headers),
    query,
    timeout: timeout == null ? undefined : positiveInteger('timeout', timeout),
    maxRetries: maxRetries == null ? undefined : positiveInteger('maxRetries', maxRetries),
    signal,
    idempotencyKey: optionalText('idempotencyKey', idempotencyKey),
  };
}

/**
 * What a watch is asked for.
 *
 * @param {any} params
 * @param {any} options
 */
export function readWatch(params, options) {
  const { account_id } = readOnly('params', params, ['account_id']);
  const own = readOnly('options', options, ['interval', 'perPage', 'signal', 'timeout']);
  const { timeout, signal } = readOptions(own);
  const listens = guarded('signal', () => !signal || 'addEventListener' in signal);
  if (!listens) refuse('signal', 'must be an AbortSignal');
  return {
    account_id,
    // What a timer can wait, and what the API puts on a page.
    interval: oneTo(2 ** 31 - 1, 'interval', own.interval ?? 2000),
    perPage: oneTo(200, 'perPage', own.perPage ?? 200),
    timeout,
    signal,
  };
}

/** @type {(most: number, name: string, value: unknown) => number} */
function oneTo(most, name, value) {
  const number = positiveInteger(name, value);
  return number && number <= most ? number : refuse(name, `must be from 1 to ${most}`);
}

/**
 * These fields, of what may have no others.
 *
 * @param {string} argument
 * @param {any} value
 * @param {string[]} names
 * @returns {Fields}
 */
function readOnly(argument, value, names) {
  if (value == null) return {};
  if (!isRecord(argument, value)) refuse(argument, 'must be an object');
  const other = guarded(argument, () =>
    Object.keys(value).find((name) => !names.includes(name) && value[name] != null),
  );
  if (other !== undefined) refuse(other, 'is not for watch()');
  return guarded(argument, () => Object.fromEntries(names.map((name) => [name, value[name]])));
}
