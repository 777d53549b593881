// The slim entry for Node by `require`.

'use strict';

const api = /** @type {any} */ (require('./dist/api.cjs'));
const { default: Cloudflare, loadWith, fromBase64, ...named } = api;

module.exports = named;
module.exports.default = Cloudflare;
Object.defineProperty(module.exports, '__esModule', { value: true });
