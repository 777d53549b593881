// The entry for pages, and for bundlers that carry a file along when they see its URL: fetches
// the wasm module that lies beside it. If that fails, there is a copy of it in JavaScript.

import { fromBase64 } from './lib/base64.js';
import { fetched, loadWith, wasmEarly } from './lib/wasm.js';

loadWith(
  () => fetched(fetch(new URL('./dist/realtimekit_moderator_bg.wasm', import.meta.url))),
  async () => fromBase64((await import('./dist/inline.js')).default),
);
wasmEarly();

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
