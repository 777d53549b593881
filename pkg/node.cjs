// The entry for Node by `require`: the class itself, as `require('cloudflare')` is. The wasm
// module is in the JavaScript, so that a bundled server has nothing to carry along, and Deno
// nothing to permit.

'use strict';

const api = /** @type {any} */ (require('./dist/api.cjs'));
const { default: Cloudflare, initialize, loadWith, fromBase64, ...named } = api;

loadWith(() => fromBase64(require('./dist/inline.cjs')));

module.exports = Object.assign(Cloudflare, named);
// TypeScript and Babel make `.default` of `import Cloudflare from`.
module.exports.default = Cloudflare;
Object.defineProperty(module.exports, '__esModule', { value: true });
