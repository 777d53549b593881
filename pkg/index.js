// The entry for pages, and for bundlers that carry a file along when they see its URL: fetches
// the wasm module that lies beside it. If that fails, there is a copy of it in JavaScript.

import { fromBase64 } from './lib/base64.js';
import { fetched, loadWith, wasmEarly } from './lib/wasm.js';

loadWith(
  () => {
    const url = new URL('./dist/realtimekit_moderator_bg.wasm', import.meta.url);
    // A rule of webpack may have made a module of the file: there is nothing to fetch.
    if (url.href.includes('[object')) throw new Error('the wasm file has no address');
    return fetched(fetch(url));
  },
  async () => fromBase64((await import('./dist/inline.js')).default),
);
wasmEarly();

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
