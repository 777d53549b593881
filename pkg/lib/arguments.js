// Reads the arguments of a call, or of a watch, once and at once. The wasm module decides what they mean.

import { readHeaders } from './headers.js';
import { encodeQuery, inQuery, mergeQuery } from './query.js';
import { isRecord, positiveInteger, reject, toPlainJson, tryRead } from './read.js';

/** @typedef {import('../dist/realtimekit_moderator.js').CallOptions} CallOptions */
/** @typedef {import('./headers.js').Pairs} Pairs */
/** @typedef {import('./read.js').Fields} Fields */
/** @typedef {'query' | 'body' | undefined} Payload Where an operation puts its parameters. */

/** Where a client's own `fetch` is in `ClientSettings`. */
export const FETCH = 5;
/** Where `ClientSettings` says whether the caller gave a `fetch`: the module also gets one for a log. */
export const HAS_FETCH = 6;

/** Options of the official SDK, of a client or a call, that would be lost here, and what to do instead. */
const UNSUPPORTED = {
  apiKey: 'use apiToken',
  apiEmail: 'use apiToken',
  userServiceKey: 'use apiToken',
  apiVersion: 'use a header',
  httpAgent: 'use fetch or fetchOptions',
  defaultBaseURL: 'use the baseURL of a client',
  body: 'use params',
  method: 'use another operation',
  path: 'use another operation',
  stream: 'use asResponse()',
};

/** @param {any} options */
export function rejectUnsupported(options) {
  for (const [name, advice] of Object.entries(UNSUPPORTED)) {
    if (tryRead(name, () => options[name]) != null) reject(name, `is not supported: ${advice}`);
  }
}

/**
 * The IDs, params and options of a call: `(appId, …, params, options)` as in version 6 of the official SDK, or
 * `(id, { app_id, … }, options)` as in version 7.
 *
 * @param {string[]} names The names of the IDs.
 * @param {any[]} args
 * @returns {{ ids: Fields, params: any, options: any, taken: string[] }} `taken` are the fields that hold IDs.
 */
function readForm(names, args) {
  const form7 = isRecord('params', args[1]);
  const count = form7 ? 1 : names.length;
  const [params, options] = args.slice(count);
  const taken = names.slice(0, names.length - count);
  /** @type {Fields} */
  const ids = {};
  for (const name of taken) ids[name] = tryRead(name, () => params[name]);
  names.slice(taken.length).forEach((name, at) => (ids[name] = args[at]));
  return { ids, params, options, taken };
}

/**
 * The arguments of a call. The options lack their first entry, `wanted`.
 *
 * @param {{ accountId: unknown, defaultQuery?: any }} client
 * @param {Payload} payload
 * @param {string[]} names The names of the IDs.
 * @param {any[]} args
 */
export function readCall({ accountId, defaultQuery }, payload, names, args) {
  const { ids, params, options, taken } = readForm(names, args);
  if (params != null && !isRecord('params', params)) reject('params', 'must be an object');
  // Not through JSON, which would turn an object with a `toJSON` into a string.
  const account = tryRead('account_id', () => params?.account_id) ?? accountId;
  const replacer = payload === 'query' ? inQuery : undefined;
  const fields = payload && toPlainJson('params', params, replacer);
  if (fields) {
    for (const name of ['account_id', ...taken]) delete fields[name];
    for (const name of ['participant_ids', 'custom_participant_ids']) {
      if (JSON.stringify(fields[name]) === '[]') delete fields[name];
    }
  }
  const read = readOptions(options);
  // `null` is an empty query.
  const own = read.query === undefined && payload === 'query' ? fields : read.query;
  const query = own != null || defaultQuery != null ? mergeQuery(defaultQuery, own) : undefined;
  return { ids: readIds({ account_id: account, ...ids }), fields, query, options: read };
}

/**
 * What the module gets of the options of a call.
 *
 * @param {Pick<ReturnType<typeof readCall>, 'query' | 'options'>} read
 * @param {CallOptions[0]} [wanted]
 * @returns {CallOptions}
 */
export function callOptions({ query, options }, wanted) {
  const { timeout, maxRetries, signal, idempotencyKey, headers } = options;
  const text = query && encodeQuery(query);
  // Nearly always there are none.
  if (!headers && !text) return [wanted];
  return [wanted, text, timeout, maxRetries, signal, idempotencyKey, ...(headers ?? [])];
}

/** Half a surrogate pair, which has no UTF-8. */
const HALF = /[\ud800-\udfff]/u;

/**
 * IDs, by their names.
 *
 * @param {Fields} ids
 * @returns {any} As many strings as there are names.
 */
export function readIds(ids) {
  return Object.entries(ids).map(([name, id]) => {
    if (id == null && name === 'account_id') {
      reject(name, 'is missing: give it in params, or to the client as accountId');
    }
    if (typeof id !== 'string') reject(name, 'must be a string');
    return HALF.test(id) ? reject(name, 'must not hold half a character') : id;
  });
}

/**
 * @typedef {object} Options
 * @property {any} [query]
 * @property {number} [timeout]
 * @property {number} [maxRetries]
 * @property {AbortSignal} [signal]
 * @property {string} [idempotencyKey]
 * @property {Pairs} [headers]
 * @property {Fields} [fetchOptions]
 */

/**
 * @param {any} options
 * @returns {Options}
 */
function readOptions(options) {
  if (options == null) return {};
  if (!isRecord('options', options)) reject('options', 'must be an object');
  rejectUnsupported(options);
  const { headers, query, timeout, maxRetries, signal, idempotencyKey, fetchOptions } = tryRead(
    'options',
    () => {
      const { headers, query, timeout, maxRetries, signal, idempotencyKey, fetchOptions } = options;
      return { headers, query, timeout, maxRetries, signal, idempotencyKey, fetchOptions };
    },
  );
  if (signal != null && typeof signal !== 'object') reject('signal', 'must be an AbortSignal');
  if (idempotencyKey != null && typeof idempotencyKey !== 'string') {
    reject('idempotencyKey', 'must be a string');
  }
  return {
    query,
    timeout: timeout == null ? undefined : positiveInteger('timeout', timeout),
    maxRetries: maxRetries == null ? undefined : positiveInteger('maxRetries', maxRetries),
    signal: signal ?? undefined,
    idempotencyKey: idempotencyKey ?? undefined,
    headers: readHeaders('headers', headers),
    fetchOptions: fetchOptions == null ? undefined : readFetchOptions(fetchOptions),
  };
}

/**
 * @param {any} fetchOptions
 * @returns {Fields}
 */
export function readFetchOptions(fetchOptions) {
  if (!isRecord('fetchOptions', fetchOptions)) reject('fetchOptions', 'must be an object');
  return tryRead('fetchOptions', () => ({ ...fetchOptions }));
}

/**
 * The arguments of a watch.
 *
 * @param {any[]} args
 */
export function readWatch(args) {
  const { ids, params, options, taken } = readForm(['app_id', 'meeting_id'], args);
  const { account_id } = readOnly('params', params, ['account_id', ...taken]);
  const names = ['interval', 'perPage', 'signal', 'timeout', 'push', 'WebSocket'];
  const own = readOnly('options', options, names);
  const { timeout, signal } = readOptions(own);
  const listens = tryRead('signal', () => !signal || 'addEventListener' in signal);
  if (!listens) reject('signal', 'must be an AbortSignal');
  const { push, WebSocket } = own;
  if (push != null && typeof push !== 'boolean') reject('push', 'must be a boolean');
  if (WebSocket != null && typeof WebSocket !== 'function') reject('WebSocket', 'must be a class');
  return {
    push: push ?? true,
    WebSocket,
    ids: readIds(ids),
    account: account_id == null ? undefined : readIds({ account_id })[0],
    interval: positiveInteger('interval', own.interval ?? 2000),
    perPage: positiveInteger('perPage', own.perPage ?? 200),
    timeout,
    signal,
  };
}

/**
 * These fields of an object that may have no others.
 *
 * @param {string} argument
 * @param {any} value
 * @param {string[]} names
 * @returns {Fields}
 */
function readOnly(argument, value, names) {
  if (value == null) return {};
  if (!isRecord(argument, value)) reject(argument, 'must be an object');
  const other = tryRead(argument, () =>
    Object.keys(value).find((name) => !names.includes(name) && value[name] != null),
  );
  if (other !== undefined) reject(other, 'is not for watch()');
  return tryRead(argument, () => Object.fromEntries(names.map((name) => [name, value[name]])));
}
