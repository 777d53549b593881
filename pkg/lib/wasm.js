// The lazy start of the wasm module: once, at the first need, and again if it failed.

import { ModuleLoadError } from './errors.js';

/** @typedef {typeof import('../dist/realtimekit_moderator.js')} Wasm */

/** @type {() => Wasm | Promise<Wasm>} */
let load;
/** @type {Wasm | undefined} */
let loaded;
/** @type {Promise<Wasm> | undefined} */
let loading;

/**
 * Says how the module is had here.
 *
 * @param {typeof load} how
 */
export function loadWith(how) {
  load = how;
}

/**
 * The module, if it is there or can be had at once.
 *
 * @returns {Wasm | undefined}
 */
export function wasmNow() {
  if (loaded || loading) return loaded;
  try {
    const started = load();
    if (!(started instanceof Promise)) return (loaded = started);
    loading = started.then(
      (wasm) => (loaded = wasm),
      (cause) => {
        // The next call tries again.
        loading = undefined;
        throw new ModuleLoadError(cause);
      },
    );
    // Whoever needs it waits for it; nobody needs a warning before that.
    loading.catch(() => {});
    return undefined;
  } catch (cause) {
    throw new ModuleLoadError(cause);
  }
}

/**
 * The module, when it is there.
 *
 * @returns {Promise<Wasm>}
 */
export async function wasmSoon() {
  return wasmNow() ?? /** @type {Promise<Wasm>} */ (loading);
}
