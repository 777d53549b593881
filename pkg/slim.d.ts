// The types of the slim entry.

export * from './index.js';
export { default } from './index.js';

/** A compiled module, its bytes, an answer that brings them, or the address to fetch it from. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | URL | string;

/**
 * Loads the WebAssembly module, which `realtimekit-moderator/wasm` is the file of.
 *
 * A compiled module is in use when this returns, bytes too except in a page, where they are
 * compiled aside. Everything else is waited for by the calls themselves: awaiting the promise is
 * needed only to see a `ModuleLoadError` early. The module is loaded once; after that, this does
 * nothing.
 *
 * @param source What to load, or a function that gives it: that is called again by the next call
 *   when loading has failed.
 */
export declare function initialize(
  source:
    | ModuleSource
    | PromiseLike<ModuleSource>
    | (() => ModuleSource | PromiseLike<ModuleSource>),
): Promise<void>;
