// The types of the slim entry.

export * from './index.js';
export { default } from './index.js';

/** A compiled module, its bytes, a response with them, or the address to fetch. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | URL | string;

/**
 * Loads the WebAssembly module. Its file is `realtimekit-moderator/wasm`.
 *
 * A compiled module is ready when this returns. So are bytes, except in a page, where the browser
 * compiles them in the background. Calls wait for everything else: await the promise only to see a
 * `ModuleLoadError` early. The module is loaded once; later calls of this function do nothing.
 *
 * @param source What to load, or a function that returns it. If loading fails, the next call runs the
 *   function again.
 */
export declare function initialize(
  source:
    ModuleSource | PromiseLike<ModuleSource> | (() => ModuleSource | PromiseLike<ModuleSource>),
): Promise<void>;
