// The client class: the official SDK's construction.

import { positiveInteger, readCall, readHeaders, reject } from './arguments.js';
import { rejectInBrowser } from './browser.js';
import { env } from './environment.js';
import { classes } from './errors.js';
import { RealtimeKit } from './resources.js';
import { wasmEarly, wasmNow, wasmSoon } from './wasm.js';

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

/** Options of the official SDK that would be silently lost here, and what to do instead. */
const UNSUPPORTED = {
  apiKey: 'use apiToken',
  apiEmail: 'use apiToken',
  userServiceKey: 'use apiToken',
  apiVersion: 'set the api-version header in defaultHeaders',
  httpAgent: 'pass a fetch that uses it',
};

export class Cloudflare {
  /** @param {Partial<Settings> & Record<string, any>} [options] */
  constructor(options = {}) {
    const {
      apiToken = env('CLOUDFLARE_API_TOKEN') ?? null,
      accountId = env('CLOUDFLARE_ACCOUNT_ID') ?? null,
      baseURL = env('CLOUDFLARE_BASE_URL'),
      timeout,
      maxRetries,
      defaultHeaders,
      defaultQuery,
      fetch,
      dangerouslyAllowBrowser,
    } = options;
    for (const [name, advice] of Object.entries(UNSUPPORTED)) {
      if (options[name] != null) reject(name, `is not supported: ${advice}`);
    }
    const settings = {
      apiToken,
      accountId,
      baseURL: baseURL || DEFAULT_BASE_URL,
      timeout: positiveInteger('timeout', timeout ?? DEFAULT_TIMEOUT),
      maxRetries: positiveInteger('maxRetries', maxRetries ?? 2),
      defaultHeaders,
      defaultQuery,
      fetch,
      dangerouslyAllowBrowser,
    };
    rejectInBrowser(settings);
    insides.set(this, { settings });
    this.realtimeKit = new RealtimeKit({
      settings: () => shared(this),
      send: (...call) => send(this, ...call),
    });
    // Loaded by the time of a page's first call.
    wasmEarly();
  }

  /** @returns {string} */
  get baseURL() {
    return inside(this).settings.baseURL;
  }

  set baseURL(baseURL) {
    const given = baseURL || DEFAULT_BASE_URL;
    rejectInBrowser({ ...inside(this).settings, baseURL: given });
    change(this, { baseURL: given });
  }

  /** @returns {number} */
  get timeout() {
    return inside(this).settings.timeout;
  }

  set timeout(timeout) {
    change(this, { timeout: positiveInteger('timeout', timeout) });
  }

  /** @returns {number} */
  get maxRetries() {
    return inside(this).settings.maxRetries;
  }

  set maxRetries(maxRetries) {
    change(this, { maxRetries: positiveInteger('maxRetries', maxRetries) });
  }

  /** @returns {string | null} */
  get accountId() {
    return inside(this).settings.accountId;
  }

  set accountId(accountId) {
    change(this, { accountId });
  }

  // No getter: the token goes to the API only.
  /** @param {string | null} apiToken */
  set apiToken(apiToken) {
    change(this, { apiToken });
  }

  static Cloudflare = this;
  static DEFAULT_TIMEOUT = DEFAULT_TIMEOUT;
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
 * @param {Partial<Settings>} settings
 */
function change(client, settings) {
  const found = inside(client);
  insides.set(client, { settings: { ...found.settings, ...settings } });
}

/**
 * What the module gets of a client: the same object as long as no setting changes.
 *
 * @param {Cloudflare} client
 */
function shared(client) {
  const found = inside(client);
  const { apiToken, accountId, baseURL, timeout, maxRetries, defaultHeaders, fetch } =
    found.settings;
  if (!found.shared) {
    for (const [name, text] of Object.entries({ accountId, apiToken, baseURL })) {
      if (text != null && typeof text !== 'string') reject(name, 'must be a string');
    }
    if (fetch != null && typeof fetch !== 'function') reject('fetch', 'must be a function');
    const headers = readHeaders('defaultHeaders', defaultHeaders);
    found.shared = { apiToken, accountId, baseURL, timeout, maxRetries, fetch, headers };
  }
  return found.shared;
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
    const read = readCall(settings, payload, ids, args);
    const own = read.options;
    own.wanted = call;
    call.timeout = own.timeout ?? settings.timeout;
    call.signal = own.signal;
    const given = [shared(client), ...read.ids, read.fields, own];
    /** @param {Wasm} wasm */
    const start = (wasm) => call.start(wasm, () => /** @type {any} */ (wasm[method])(...given));
    const wasm = wasmNow();
    if (wasm) start(wasm);
    else wasmSoon().then(start, (error) => call.fail(error));
    return read;
  } catch (error) {
    call.fail(error);
    return undefined;
  }
}
