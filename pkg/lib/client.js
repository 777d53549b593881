// The client class: the official SDK's construction. What its calls do is in the wasm module.

import {
  BODY,
  joined,
  QUERY,
  guarded,
  optionalText,
  positiveInteger,
  readHeaders,
  readOptions,
  readParams,
  readQuery,
  refuse,
} from './arguments.js';
import { InvalidArgumentError, classes } from './errors.js';
import { keepBack, sendKept } from './host.js';
import { RealtimeKit } from './resources.js';
import { wasmEarly, wasmNow, wasmSoon } from './wasm.js';

/** @typedef {import('./wasm.js').Wasm} Wasm */
/** @typedef {import('./call.js').Call} Call */

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
 * A call whose arguments have been read. (Not in the call itself: its promise would hold headers.)
 *
 * @typedef {object} Asked
 * @property {Call} call
 * @property {Inside} found
 * @property {string} texts
 * @property {Record<string, any>} [fields]
 * @property {number} maxRetries
 */

/**
 * What a client is made of, kept where neither `console.log`, nor a debugger's view of private
 * fields, nor `JSON.stringify` comes by: it holds the token.
 *
 * @typedef {{ settings: Settings, checked?: string }} Inside
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
    this.realtimeKit = new RealtimeKit((call, operation, sends, ids, params, options) =>
      send(this, call, operation, sends, ids, params, options),
    );
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
 * @param {string} operation
 * @param {number} sends
 * @param {unknown[]} ids
 * @param {Record<string, any>} [params]
 * @param {Record<string, any>} [options]
 */
function send(client, call, operation, sends, ids, params, options) {
  try {
    const found = inside(client);
    const { settings } = found;
    const { account, fields } = readParams(params, sends);
    const own = readOptions(options);
    // `null` is a query of nothing.
    const query = own.query === undefined && sends === QUERY ? fields : own.query;
    call.operation = operation;
    call.timeout = own.timeout ?? settings.timeout;
    call.signal = own.signal;
    if (sends === BODY) call.body = JSON.stringify(fields);
    // In the order in which `call` of `src/bindings.rs` takes them.
    const texts = joined([
      operation,
      account ?? settings.accountId,
      ...ids,
      own.idempotencyKey,
      readQuery(settings.defaultQuery, query),
      ...(own.headers ?? []),
    ]);
    /** @type {Asked} */
    const asked = {
      call,
      found,
      texts,
      fields,
      maxRetries: own.maxRetries ?? settings.maxRetries,
    };
    const wasm = wasmNow();
    if (wasm) soon(wasm, asked);
    else wasmSoon().then((wasm) => go(wasm, asked), call.failed.bind(call));
  } catch (thrown) {
    call.failed(thrown);
  }
}

/** @type {Asked[] | undefined} Calls made in this turn. */
let made;

/**
 * Sends a call a moment later, when an `await` of it has said that its data are wanted; with it all
 * that are made in the same turn.
 *
 * @param {Wasm} wasm
 * @param {Asked} asked
 */
function soon(wasm, asked) {
  if (!made) {
    /** @type {Asked[]} */
    const all = (made = []);
    now
      .then(() => (made = undefined))
      .then(() => {
        keepBack();
        for (const asked of all) go(wasm, asked);
        sendKept();
      });
  }
  made.push(asked);
}

/** @type {Inside | undefined} The client that the wasm was told of last. */
let current;

/**
 * @param {Wasm} wasm
 * @param {Asked} asked
 */
function go(wasm, { call, found, texts, fields, maxRetries }) {
  const { settings } = found;
  try {
    call.begin();
    if (current !== found) {
      current = undefined;
      found.checked ??= check(settings);
      const refused = wasm.client(found.checked, settings.fetch != null);
      if (refused) throw refused;
      current = found;
    }
    call.fetch = settings.fetch;
    call.send(texts, fields, false, maxRetries);
  } catch (thrown) {
    call.broke(thrown);
  }
}

/**
 * What of a client's settings is checked at its first call; gives what the wasm is told of it, in
 * the order in which `client` of `src/bindings.rs` takes it.
 *
 * @param {Settings} settings
 */
function check({ accountId, apiToken, baseURL, defaultHeaders, fetch }) {
  optionalText('accountId', accountId);
  optionalText('apiToken', apiToken);
  optionalText('baseURL', baseURL);
  if (fetch != null && typeof fetch !== 'function') refuse('fetch', 'must be a function');
  const { protocol, username, password, search, hash, href } = guarded(
    'baseURL',
    () => absolute(baseURL),
    'is no URL',
  );
  const headers = readHeaders('defaultHeaders', defaultHeaders);
  return joined([protocol, username + password, search + hash, href, apiToken, ...headers]);
}

/** @param {string} url In a page it may be relative to it. */
function absolute(url) {
  return new URL(url, globalThis.location?.href);
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
    host = absolute(baseURL).hostname;
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
