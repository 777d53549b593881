// The entry without a wasm module: the caller brings it.

import { initialize as load } from './lib/wasm.js';

/** @typedef {import('./lib/wasm.js').Given | URL | string} Given */

/**
 * Loads the module from what is given, once: what is there already stays.
 *
 * @param {Given | PromiseLike<Given> | (() => Given | PromiseLike<Given>)} source A function is
 *   called again when a call comes after a failure.
 * @returns {Promise<void>}
 */
export function initialize(source) {
  const ready = load(() => given(typeof source === 'function' ? source() : source)).then(() => {});
  ready.catch(() => {});
  return ready;
}

/**
 * @param {Given | PromiseLike<Given>} source
 * @returns {import('./lib/wasm.js').Given | PromiseLike<import('./lib/wasm.js').Given>}
 */
function given(source) {
  if (typeof source === 'string' || source instanceof URL) return fetch(source);
  if ('then' in source) return source.then((one) => given(one));
  return source;
}

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
