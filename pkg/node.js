// The entry for Node: reads the wasm module from the disk.

import { readFileSync } from 'node:fs';
import * as wasm from './dist/realtimekit_moderator.js';
import { loadWith } from './lib/wasm.js';

loadWith(() => {
  const url = new URL('./dist/realtimekit_moderator_bg.wasm', import.meta.url);
  wasm.initSync({ module: readFileSync(url) });
  return wasm;
});

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
