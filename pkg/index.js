// The entry for pages and bundlers: fetches the wasm module that lies beside it.

import init, * as wasm from './dist/realtimekit_moderator.js';
import { loadWith } from './lib/wasm.js';

loadWith(async () => {
  const url = new URL('./dist/realtimekit_moderator_bg.wasm', import.meta.url);
  await init({ module_or_path: url });
  return wasm;
});

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
