// Node without WebAssembly, as some hosts are.

/** The flags. Node 24 has no `--no-expose-wasm`. */
export const WITHOUT_WASM = ['--import', 'data:text/javascript,delete globalThis.WebAssembly'];
