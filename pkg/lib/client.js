// The client class: the official SDK's construction.

import { FETCH, callOptions, readCall, readFetchOptions, rejectUnsupported } from './arguments.js';
import { rejectInBrowser } from './browser.js';
import { request } from './call.js';
import { customHeaders, env } from './environment.js';
import { classes } from './errors.js';
import { fetchOf } from './fetch.js';
import { readHeaders } from './headers.js';
import { readLevel } from './log.js';
import { positiveInteger, reject } from './read.js';
import { RealtimeKit } from './resources.js';
import { wasmEarly } from './wasm.js';

/** @typedef {import('./wasm.js').Wasm} Wasm */
/** @typedef {import('./call.js').Call} Call */
/** @typedef {import('./arguments.js').Payload} Payload */
/** @typedef {import('../dist/realtimekit_moderator.js').ClientSettings} ClientSettings */
/** @typedef {Exclude<keyof Wasm, 'limitsOf' | 'participantPages' | 'readLate' | 'watch'>} Method An operation. */

/**
 * @typedef {object} Settings
 * @property {string | null} apiToken
 * @property {string | null} accountId
 * @property {string} baseURL
 * @property {number} timeout
 * @property {number} maxRetries
 * @property {Record<string, any>} [defaultHeaders]
 * @property {Record<string, any>} [defaultQuery]
 * @property {Function} [fetch]
 * @property {Record<string, any>} [fetchOptions]
 * @property {any} logger
 * @property {import('./log.js').Level} logLevel
 * @property {string[]} customHeaders Those of the environment, names and values by turns.
 * @property {boolean} [dangerouslyAllowBrowser]
 */

/**
 * The settings of clients, and what the module gets of them at the first call. Kept where neither `console.log`, nor
 * a debugger's view of private fields, nor `JSON.stringify` sees them: they hold the token.
 *
 * @type {WeakMap<Cloudflare, { settings: Settings, shared?: ClientSettings }>}
 */
const insides = new WeakMap();

const DEFAULT_BASE_URL = 'https://api.cloudflare.com/client/v4';
const DEFAULT_TIMEOUT = 60_000;

/** @type {Record<string, (value: any) => unknown>} What can be read and changed, and what becomes of a new value. */
const PROPERTIES = {
  accountId: (id) => id,
  baseURL: (url) => url || DEFAULT_BASE_URL,
  fetchOptions: (options) => options && readFetchOptions(options),
  logger: (logger) => logger ?? console,
  logLevel: (level) => level,
  maxRetries: (retries) => positiveInteger('maxRetries', retries ?? 2),
  timeout: (timeout) => positiveInteger('timeout', timeout ?? DEFAULT_TIMEOUT),
};

export class Cloudflare {
  /** @param {Partial<Settings> & Record<string, any>} [options] */
  constructor(options = {}) {
    rejectUnsupported(options);
    const {
      apiToken = env('CLOUDFLARE_API_TOKEN') ?? null,
      accountId = env('CLOUDFLARE_ACCOUNT_ID') ?? null,
      baseURL = env('CLOUDFLARE_BASE_URL'),
      logger = console,
      ...others
    } = options;
    const logLevel =
      readLevel(others.logLevel, 'ClientOptions.logLevel', logger) ??
      readLevel(env('CLOUDFLARE_LOG'), "process.env['CLOUDFLARE_LOG']", logger) ??
      'warn';
    /** @type {any} */
    const settings = { ...others, apiToken, accountId, baseURL, logger, logLevel };
    for (const [name, read] of Object.entries(PROPERTIES)) settings[name] = read(settings[name]);
    settings.customHeaders = customHeaders();
    change(this, settings);
    this.realtimeKit = new RealtimeKit({
      settings: (fetchOptions) => shared(this, fetchOptions),
      send: (...call) => send(this, ...call),
    });
    // Loaded by the time of a page's first call.
    wasmEarly();
  }

  /** @param {Record<string, any>} [options] */
  withOptions(options) {
    const Class = /** @type {typeof Cloudflare} */ (this.constructor);
    return new Class({ ...inside(this).settings, ...options });
  }

  // No getter: the token goes to the API only.
  /** @param {string | null} apiToken */
  set apiToken(apiToken) {
    change(this, { apiToken });
  }

  static Cloudflare = this;
  static DEFAULT_TIMEOUT = DEFAULT_TIMEOUT;
}

for (const [name, read] of Object.entries(PROPERTIES)) {
  Object.defineProperty(Cloudflare.prototype, name, {
    configurable: true,
    /** @this {Cloudflare} */
    get() {
      return /** @type {any} */ (inside(this).settings)[name];
    },
    /** @this {Cloudflare} @param {unknown} value */
    set(value) {
      change(this, { [name]: read(value) });
    },
  });
}

Object.assign(Cloudflare, classes);

/** @param {Cloudflare} client */
function inside(client) {
  const found = insides.get(client);
  if (!found) throw new TypeError('Not a Cloudflare client');
  return found;
}

/**
 * @param {Cloudflare} client
 * @param {Partial<Settings>} changes
 */
function change(client, changes) {
  const settings = /** @type {Settings} */ ({ ...insides.get(client)?.settings, ...changes });
  rejectInBrowser(settings);
  insides.set(client, { settings });
}

/**
 * What the module gets of a client: the same array as long as no setting changes.
 *
 * @param {Cloudflare} client
 * @param {Record<string, any>} [fetchOptions] Those of one call.
 * @returns {ClientSettings}
 */
function shared(client, fetchOptions) {
  const found = inside(client);
  const { settings } = found;
  let { shared } = found;
  if (!shared) {
    const { apiToken, accountId, baseURL, timeout, maxRetries, fetch } = settings;
    for (const [name, text] of Object.entries({ accountId, apiToken, baseURL })) {
      if (text != null && typeof text !== 'string') reject(name, 'must be a string');
    }
    if (fetch != null && typeof fetch !== 'function') reject('fetch', 'must be a function');
    const own = readHeaders('defaultHeaders', settings.defaultHeaders);
    /** @type {ClientSettings} */
    const all = [
      accountId,
      apiToken,
      baseURL,
      timeout,
      maxRetries,
      fetchOf(settings),
      fetch != null,
      ...settings.customHeaders,
      ...own,
    ];
    found.shared = shared = all;
  }
  if (!fetchOptions) return shared;
  /** @type {ClientSettings} */
  const copy = [...shared];
  copy[FETCH] = fetchOf(settings, fetchOptions);
  return copy;
}

/**
 * Sends a call. Its arguments are read now, even if the module is not loaded yet: what the caller does to them later
 * changes nothing.
 *
 * @param {Cloudflare} client
 * @param {Call} call
 * @param {Method} method
 * @param {Payload} payload
 * @param {string[]} ids Their names.
 * @param {unknown[]} args
 */
function send(client, call, method, payload, ids, args) {
  try {
    const { settings } = inside(client);
    // A wrong setting is reported first.
    shared(client);
    const read = readCall(settings, payload, ids, args);
    const own = shared(client, read.options.fetchOptions);
    call.timeout = read.options.timeout ?? settings.timeout;
    call.signal = read.options.signal;
    const given = [own, read.ids, read.fields, callOptions(read, call)];
    call.result = request((wasm) => /** @type {any} */ (wasm[method])(...given));
    return read;
  } catch (error) {
    call.result = Promise.reject(error);
    return undefined;
  }
}
