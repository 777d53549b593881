// The entry for Cloudflare Workers, where an imported wasm file is a compiled module: Nitro needs the `?module` for that,
// and wrangler knows it.

// @ts-ignore: TypeScript knows no such imports
import module from './dist/realtimekit_moderator_bg.wasm?module';
import './lib/other-resources.js';
import { loadWith } from './lib/wasm.js';

loadWith(() => module);

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
