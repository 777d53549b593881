// The client class: the official SDK's construction. What its calls do is in the wasm module.

import { InvalidArgumentError, asError, classes } from './errors.js';
import { RealtimeKit } from './resources.js';
import { wasmNow, wasmSoon } from './wasm.js';

/** @typedef {import('./wasm.js').Wasm} Wasm */

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
 * What a client is made of, kept where neither `console.log`, nor a debugger's view of private
 * fields, nor `JSON.stringify` comes by: it holds the token.
 *
 * @type {WeakMap<Cloudflare, { settings: Settings, core?: InstanceType<Wasm['Core']> }>}
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
      if (options[name] != null) {
        throw new InvalidArgumentError(name, `${name} is not supported: ${advice}`);
      }
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
    refuseInBrowser(settings);
    insides.set(this, { settings });
    this.realtimeKit = new RealtimeKit((operation, ids, params, options) => {
      return (wants) => send(this, operation, ids, params, options, wants);
    });
    // A page has its module by the time of its first call.
    if (isBrowser()) wasmNow();
  }

  /** @returns {string} */
  get baseURL() {
    return inside(this).settings.baseURL;
  }

  set baseURL(baseURL) {
    refuseInBrowser({ ...inside(this).settings, baseURL });
    change(this, { baseURL });
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

  // No getter: a token goes in, and only to the API does it come out.
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
 * @param {Cloudflare} client
 * @param {string} operation
 * @param {unknown[]} ids
 * @param {unknown} params
 * @param {unknown} options
 * @param {import('./api-promise.js').Wants} wants
 * @returns {Promise<import('./api-promise.js').Answer>}
 */
async function send(client, operation, ids, params, options, wants) {
  try {
    const wasm = wasmNow() ?? (await wasmSoon());
    const found = inside(client);
    const core = (found.core ??= new wasm.Core(found.settings));
    const [response, data, unread] = await core.call(operation, ids, params, options, wants);
    return {
      response,
      data: () => (unread ? readLate(unread) : data),
      limits: () => wasm.limits(response),
    };
  } catch (thrown) {
    throw asError(thrown);
  }
}

/**
 * Reads the body of an answer of which only the `Response` was wanted at first.
 *
 * @param {{ read: () => Promise<any> }} unread
 */
async function readLate(unread) {
  try {
    return await unread.read();
  } catch (thrown) {
    throw asError(thrown);
  }
}

/**
 * The constructor must say this at once, and the wasm module may not be there yet; it looks
 * again.
 *
 * @param {Settings} settings
 */
function refuseInBrowser({ baseURL, dangerouslyAllowBrowser }) {
  if (dangerouslyAllowBrowser || !isBrowser()) return;
  let host;
  try {
    host = new URL(baseURL, globalThis.location?.href).hostname;
  } catch {
    return;
  }
  if (host.replace(/\.+$/, '') !== 'api.cloudflare.com') return;
  throw new InvalidArgumentError(
    'baseURL',
    'baseURL must not be api.cloudflare.com in a browser: it sends no CORS headers, and every ' +
      'visitor could read the API token. Use a gateway that keeps the token as baseURL, with a ' +
      'short-lived grant as apiToken, or set dangerouslyAllowBrowser',
  );
}

/** Whether this is a page, or a worker of one. */
function isBrowser() {
  const { window, document, navigator, WorkerGlobalScope } = /** @type {any} */ (globalThis);
  if (window !== undefined && document !== undefined) return true;
  return WorkerGlobalScope !== undefined && /^Mozilla\//.test(navigator?.userAgent);
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
function env(name) {
  const { process, Deno } = /** @type {any} */ (globalThis);
  return (process?.env?.[name] ?? Deno?.env?.get?.(name))?.trim() || undefined;
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {number}
 */
function positiveInteger(name, value) {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new InvalidArgumentError(name, `${name} must be an integer`);
  }
  if (value < 0) throw new InvalidArgumentError(name, `${name} must be a positive integer`);
  return value;
}
