// What worker-build generates, for a build by wasm-bindgen alone: starts the module, and hands requests to it.

import { fetch, initSync } from './app.js';
import module from './app_bg.wasm';

initSync({ module });

export default { fetch };
