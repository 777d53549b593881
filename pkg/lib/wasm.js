// Starts the wasm module: once, when it is first needed, and again if that failed. Nothing else imports the glue of
// wasm-bindgen. The entries say where the module comes from.

import { functions, imports, start as startGlue } from '../dist/realtimekit_moderator.js';
import { ModuleLoadError } from './errors.js';
import { deliverBy, host } from './host.js';

/** @typedef {Omit<typeof functions, 'install' | 'deliver'>} Wasm */
/** @typedef {WebAssembly.Instance | WebAssembly.Module | BufferSource | Response} Given */
/** @typedef {() => Given | PromiseLike<Given>} Source Called again at each try. */

/** @type {Source[]} */
let sources = [];
/** @type {Wasm | undefined} */
let loaded;
/** @type {Promise<Wasm> | undefined} */
let loading;

/**
 * Sets where the module comes from. The first caller wins: of two entries in one program either will do, and the
 * source given to `initialize` takes precedence.
 *
 * @param {Source} source
 * @param {Source} [fallback] Tried if `source` fails.
 */
export function loadWith(source, fallback) {
  if (sources.length === 0) sources = fallback ? [source, fallback] : [source];
}

/**
 * Loads the module from the caller's source, unless it is loaded already.
 *
 * @param {Source} source
 * @returns {Promise<Wasm>}
 */
export function initialize(source) {
  const before = loading;
  // No race with a load in progress: two instances would not know each other's objects.
  if (before) loading = whenReady(before.catch(() => begin([source])));
  sources = [source];
  const ready = wasmSoon();
  // It may go unawaited: every call reports the same error.
  ready.catch(() => {});
  return ready;
}

/**
 * The module, if it is loaded or can be loaded synchronously.
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
 * The module, once it is loaded.
 *
 * @returns {Promise<Wasm>}
 */
export async function wasmSoon() {
  const wasm = wasmNow() ?? loading;
  if (wasm) return wasm;
  throw failed(new Error('call initialize() first, with the module or where to get it'));
}

/** Starts to load in pages and their workers, so that the first call waits less. */
export function wasmEarly() {
  const { document, WorkerGlobalScope } = /** @type {any} */ (globalThis);
  if (document === undefined && WorkerGlobalScope === undefined) return;
  try {
    wasmNow();
  } catch {
    // The first call reports it.
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
      // The next call tries again, unless another try is in progress.
      if (loading === ready) loading = undefined;
      throw failed(cause);
    },
  );
  // Callers await it themselves; an earlier warning would help no one.
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
      // The first error says more.
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
  // A page must not block while bytes are compiled, and may not be allowed to. Only WebAssembly.instantiate() accepts
  // a module of another realm.
  const foreign = Object.prototype.toString.call(given) === '[object WebAssembly.Module]';
  const bytes = /** @type {BufferSource} */ (given);
  if (foreign || 'document' in globalThis) return instantiated(bytes).then(started);
  return started(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
}

/**
 * An instance of a fetched module, compiled while it streams. (The promise is passed on as it is: waiting for the head
 * of the response here would cost a turn of the event loop.)
 *
 * @param {Response | Promise<Response>} fetching
 * @returns {Promise<WebAssembly.Instance>}
 */
export async function fetched(fetching) {
  try {
    return (await WebAssembly.instantiateStreaming(fetching, imports)).instance;
  } catch (cause) {
    const response = await fetching;
    if (!response.ok) throw new Error(`status ${response.status} ${response.url}`);
    // Some servers serve the app's page for every unknown path.
    if (/^text\/html/.test(response.headers.get('content-type') ?? '')) {
      throw new Error(`a web page was served: ${response.url}`);
    }
    if (response.bodyUsed) throw cause;
    // The media type is wrong, or the platform cannot compile a stream.
    return instantiated(await response.arrayBuffer());
  }
}

/** @param {BufferSource} given */
async function instantiated(given) {
  const made = await WebAssembly.instantiate(given, imports);
  // For a module it returns the instance, for bytes both.
  return made.instance ?? made;
}

/** @param {WebAssembly.Instance} instance */
function started(instance) {
  startGlue(instance);
  functions.install(host);
  deliverBy(functions.deliver);
  return functions;
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
