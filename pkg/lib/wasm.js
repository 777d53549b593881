// The start of the wasm module: once, at the first need, and again if it failed. Nothing else
// touches the glue that wasm-bindgen made; where the module comes from, an entry says.

import {
  call,
  client,
  headed,
  imports,
  limits,
  pageAfter,
  settled,
  start as startGlue,
  watchWait,
} from '../dist/realtimekit_moderator.js';
import { ModuleLoadError } from './errors.js';
import { tellTo } from './call.js';

/** What is asked of the module once it is there. (The glue as a whole would be an object of getters.) */
const wasm = {
  call,
  client,
  headed,
  limits,
  pageAfter,
  settled,
  watchWait,
};

/** @typedef {typeof wasm} Wasm */
/** @typedef {WebAssembly.Instance | WebAssembly.Module | BufferSource | Response} Given */
/** @typedef {() => Given | PromiseLike<Given>} Source Gives the module anew at each try. */

/** @type {Source[]} */
let sources = [];
/** @type {Wasm | undefined} */
let loaded;
/** @type {Promise<Wasm> | undefined} */
let loading;

/**
 * Says how the module is had here. The first one who says it counts: of two entries in one
 * program either will do, and what the caller gave to `initialize` goes before.
 *
 * @param {Source} source
 * @param {Source} [fallback] What is tried when that failed.
 */
export function loadWith(source, fallback) {
  if (sources.length === 0) sources = fallback ? [source, fallback] : [source];
}

/**
 * Loads the module from what the caller gives, unless it is there already.
 *
 * @param {Source} source
 * @returns {Promise<Wasm>}
 */
export function initialize(source) {
  const before = loading;
  // What is under way is not raced: two instances would know nothing of each other's objects.
  if (before) loading = whenReady(before.catch(() => begin([source])));
  sources = [source];
  const ready = wasmSoon();
  // It may go unawaited: every call will say the same.
  ready.catch(() => {});
  return ready;
}

/**
 * The module, if it is there or can be had at once.
 *
 * @returns {Wasm | undefined}
 */
export function wasmNow() {
  if (loaded || loading || sources.length === 0) return loaded;
  try {
    const started = begin(sources);
    if (!isThenable(started)) return (loaded = started);
    loading = whenReady(started);
    return undefined;
  } catch (cause) {
    throw failed(cause);
  }
}

/**
 * The module, when it is there.
 *
 * @returns {Promise<Wasm>}
 */
export async function wasmSoon() {
  const wasm = wasmNow() ?? loading;
  if (wasm) return wasm;
  throw failed(new Error('call initialize() first, with the module or where to get it'));
}

/** Begins to load if this is a page or a worker of one, so that the first call waits less. */
export function wasmEarly() {
  const { document, WorkerGlobalScope } = /** @type {any} */ (globalThis);
  if (document === undefined && WorkerGlobalScope === undefined) return;
  try {
    wasmNow();
  } catch {
    // The first call will say it.
  }
}

/**
 * @param {PromiseLike<Wasm>} started
 * @returns {Promise<Wasm>}
 */
function whenReady(started) {
  /** @type {Promise<Wasm>} */
  const ready = Promise.resolve(started).then(
    (wasm) => (loaded = wasm),
    (cause) => {
      // The next call tries again, unless something else is tried already.
      if (loading === ready) loading = undefined;
      throw failed(cause);
    },
  );
  // Whoever needs it waits for it; nobody needs a warning before that.
  ready.catch(() => {});
  return ready;
}

/**
 * @param {Source[]} sources
 * @returns {Wasm | Promise<Wasm>}
 */
function begin([source, fallback]) {
  /** @type {Given | PromiseLike<Given>} */
  let given;
  try {
    given = source();
  } catch (cause) {
    if (!fallback) throw cause;
    given = Promise.reject(cause);
  }
  const started = isThenable(given) ? Promise.resolve(given).then(start) : start(given);
  if (!fallback || !isThenable(started)) return started;
  return started.catch(async (cause) => {
    try {
      return await start(await fallback());
    } catch {
      // Why the file could not be had says more.
      throw cause;
    }
  });
}

/**
 * @param {Given} given
 * @returns {Wasm | Promise<Wasm>}
 */
function start(given) {
  if (typeof Response === 'function' && given instanceof Response) {
    return fetched(given).then(started);
  }
  if (given instanceof WebAssembly.Instance) return started(given);
  if (given instanceof WebAssembly.Module) {
    return started(new WebAssembly.Instance(given, imports));
  }
  // A page must not stand still while bytes are compiled, and may not be allowed to. A module of
  // another realm, as in a sandbox, is known to nothing but WebAssembly.instantiate().
  const foreign = Object.prototype.toString.call(given) === '[object WebAssembly.Module]';
  const bytes = /** @type {BufferSource} */ (given);
  if (foreign || 'document' in globalThis) return instantiated(bytes).then(started);
  return started(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
}

/**
 * An instance of what is fetched, which is compiled while it comes. (The promise is handed on as
 * it is: to wait here for the answer's head would cost a page a turn of its event loop.)
 *
 * @param {Response | Promise<Response>} answer
 * @returns {Promise<WebAssembly.Instance>}
 */
export async function fetched(answer) {
  try {
    return (await WebAssembly.instantiateStreaming(answer, imports)).instance;
  } catch (cause) {
    const response = await answer;
    if (!response.ok) throw new Error(`status ${response.status} ${response.url}`);
    // What a server answers that gives every unknown path the app's page.
    if (/^text\/html/.test(response.headers.get('content-type') ?? '')) {
      throw new Error(`a web page was served: ${response.url}`);
    }
    if (response.bodyUsed) throw cause;
    // Of a type that is not wasm's, or where nothing is compiled as it comes.
    return instantiated(await response.arrayBuffer());
  }
}

/** @param {BufferSource} given */
async function instantiated(given) {
  const made = await WebAssembly.instantiate(given, imports);
  // Of a module it makes an instance, of bytes that and the module.
  return made.instance ?? made;
}

/** @param {WebAssembly.Instance} instance */
function started(instance) {
  startGlue(instance);
  tellTo(wasm);
  return wasm;
}

/** @param {unknown} cause */
function failed(cause) {
  if (cause instanceof ModuleLoadError) return cause;
  const error = new ModuleLoadError(cause);
  const why = /** @type {any} */ (cause)?.message;
  if (why) error.message = `${error.message.replace(/\.$/, '')}: ${why}`;
  return error;
}

/**
 * @template T
 * @param {T | PromiseLike<T>} value
 * @returns {value is PromiseLike<T>}
 */
function isThenable(value) {
  return typeof (/** @type {any} */ (value)?.then) === 'function';
}
