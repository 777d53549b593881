// The client class: the official SDK's construction. What its calls do is in the wasm module.

import {
  BODY,
  QUERY,
  optionalText,
  positiveInteger,
  readHeaders,
  readOptions,
  readParams,
  readQuery,
  refuse,
} from './arguments.js';
import { InvalidArgumentError, classes } from './errors.js';
import { begin } from './awaiting.js';
import { RealtimeKit } from './resources.js';
import { wasmEarly, wasmNow, wasmSoon } from './wasm.js';

/** @typedef {import('./wasm.js').Wasm} Wasm */
/** @typedef {import('./arguments.js').Pairs} Pairs */
/** @typedef {import('./resources.js').Call} Call */
/** @typedef {import('./api-promise.js').Wants} Wants */
/** @typedef {import('./api-promise.js').Answer} Answer */

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
 * @typedef {{ settings: Settings, checked?: { base: string, headers: Pairs } }} Inside
 * @type {WeakMap<Cloudflare, Inside>}
 */
const insides = new WeakMap();

const DEFAULT_BASE_URL = 'https://api.cloudflare.com/client/v4';
const DEFAULT_TIMEOUT = 60_000;

const now = Promise.resolve();

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
      if (options[name] != null) refuse(name, `is not supported: ${advice}`);
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
    this.realtimeKit = new RealtimeKit((call, wants) => send(this, call, wants));
    // A page has its module by the time of its first call.
    wasmEarly();
  }

  /** @returns {string} */
  get baseURL() {
    return inside(this).settings.baseURL;
  }

  set baseURL(baseURL) {
    const given = baseURL || DEFAULT_BASE_URL;
    refuseInBrowser({ ...inside(this).settings, baseURL: given });
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
 * Sends a call. Its arguments are read now, whenever the wasm module is there: what the caller
 * does to them later changes nothing.
 *
 * @param {Cloudflare} client
 * @param {Call} call
 * @param {Wants} wants
 * @returns {Promise<Answer>}
 */
function send(client, { operation, sends, ids, params, options }, wants) {
  // What is thrown while the arguments are read rejects it.
  return new Promise((resolve, reject) => {
    const found = inside(client);
    const { settings } = found;
    const { account, fields } = readParams(params, sends);
    const own = readOptions(options);
    // `null` is a query of nothing.
    const query = own.query === undefined && sends === QUERY ? fields : own.query;
    const timeout = own.timeout ?? settings.timeout;
    // In the order in which `src/bindings.rs` takes them.
    const given = [
      operation,
      settings.apiToken ?? undefined,
      settings.fetch ?? undefined,
      [account ?? settings.accountId, ...ids],
      readQuery(settings.defaultQuery, query),
      fields,
      sends === BODY ? JSON.stringify(fields) : undefined,
      own.idempotencyKey,
      timeout,
      own.maxRetries ?? settings.maxRetries,
      own.signal,
    ];
    /** @type {(wasm: Wasm) => void} */
    const go = (wasm) =>
      begin(wants, resolve, reject, (call) => {
        const { base, headers } = (found.checked ??= check(wasm, settings));
        given.push(base, own.headers ? headers.concat(own.headers) : headers);
        wants.wasm = wasm;
        wants.late = [operation, timeout, own.signal];
        wasm.call(call, given);
      });
    const wasm = wasmNow();
    if (wasm) soon(() => go(wasm));
    else wasmSoon().then(go).catch(reject);
  });
}

/** @type {(() => void)[] | undefined} Calls made in this turn. */
let made;

/**
 * Sends a call a moment later, when an `await` of it has said that its data are wanted; with it all
 * that are made in the same turn.
 *
 * @param {() => void} go
 */
function soon(go) {
  if (!made) {
    /** @type {(() => void)[]} */
    const all = (made = []);
    now
      .then(() => (made = undefined))
      .then(() => {
        for (const go of all) go();
      });
  }
  made.push(go);
}

/**
 * What of a client's settings is checked at its first call.
 *
 * @param {Wasm} wasm
 * @param {Settings} settings
 */
function check(wasm, { accountId, apiToken, baseURL, defaultHeaders, fetch }) {
  optionalText('accountId', accountId);
  optionalText('apiToken', apiToken);
  if (fetch != null && typeof fetch !== 'function') refuse('fetch', 'must be a function');
  return {
    base: wasm.baseURL(optionalText('baseURL', baseURL), globalThis.location?.href),
    headers: readHeaders('defaultHeaders', defaultHeaders),
  };
}

/**
 * The constructor must say this at once, and the wasm module may not be there yet. (For Rust,
 * `src/base_url.rs` says it.)
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
  try {
    return (process?.env?.[name] ?? Deno?.env?.get?.(name))?.trim() || undefined;
  } catch {
    // Deno without --allow-env: as good as not set.
    return undefined;
  }
}
