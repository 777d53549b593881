// The entry for bundlers that leave files behind, and for unknown tools: the wasm
// module is in the JavaScript.

import module from './dist/inline.js';
import { fromBase64 } from './lib/base64.js';
import { loadWith } from './lib/wasm.js';

loadWith(() => fromBase64(module));

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
