// The entry for Vite, and for Rollup, whose conditions are the same: only a build of Vite carries
// the wasm file along, and only there is this replaced by a constant, so that the copy in the
// JavaScript falls out of the bundle. Vite's dev server is given that copy, since it moves the
// package's code to where the file is not.

import module from './dist/inline.js';
import { fromBase64 } from './lib/base64.js';
import { fetched, loadWith, wasmEarly } from './lib/wasm.js';

// @ts-ignore: it is Vite's
const BUILT_BY_VITE = import.meta.env?.PROD;

if (BUILT_BY_VITE) {
  loadWith(() => fetched(fetch(new URL('./dist/realtimekit_moderator_bg.wasm', import.meta.url))));
  wasmEarly();
} else {
  loadWith(() => fromBase64(module));
}

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
