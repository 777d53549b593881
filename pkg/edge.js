// The entry for the edge runtime of Next.js and Vercel, where a wasm file imported so is a compiled
// module.

// @ts-ignore: TypeScript knows no such imports
import module from './dist/realtimekit_moderator_bg.wasm?module';
import './lib/other-resources.js';
import { loadWith } from './lib/wasm.js';

loadWith(() => module);

export * from './lib/exports.js';
export { Cloudflare as default } from './lib/exports.js';
