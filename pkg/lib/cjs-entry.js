// What Node's entries are made from: scripts/build bundles it into dist/api.cjs.

import './other-resources.js';

export * from '../slim.js';
export { default } from '../slim.js';
export { fromBase64 } from './base64.js';
export { loadWith } from './wasm.js';
