// One call: what is wanted of its response, and what became of it.

import { CloudflareError } from './errors.js';
import { enter } from './host.js';
import { wasmNow, wasmSoon } from './wasm.js';

/** @typedef {import('../dist/realtimekit_moderator.js').CallResult} CallResult */
/** @typedef {import('./wasm.js').Wasm} Wasm */

/**
 * Has the module send a request. In place of the module's frames, its error has those of the functions that await it, as with the
 * official SDK. (Frames kept from the time of the call would cost each call a fifth of its CPU time.)
 *
 * @param {(wasm: Wasm) => Promise<CallResult>} start Called at once, if the module is loaded.
 */
export async function request(start) {
  try {
    const wasm = wasmNow() ?? (await wasmSoon());
    return await enter(() => start(wasm));
  } catch (error) {
    // If it failed at once, the caller awaits it only one turn later.
    await undefined;
    if (error instanceof CloudflareError) {
      error.stack = new Error().stack?.replace(/^Error/, () => `${error}`);
    }
    throw error;
  }
}

const noop = () => {};

export class Call {
  // Read by the module when the head of the response arrives.
  wantsData = false;
  wantsResponse = false;

  // Neither the token nor headers are kept here: a debugger shows a promise's private fields.
  timeout = 0;
  /** @type {AbortSignal | undefined} */
  signal;

  /** @type {(data: any) => void} */
  resolve = noop;
  /** @type {(error: unknown) => void} */
  reject = noop;
  /** @type {Promise<CallResult> | undefined} If no caller awaits it, its error is an unhandled rejection. */
  result;
  /** @type {Promise<Response> | undefined} */
  response;

  /** The data is wanted. */
  wantData() {
    if (this.wantsData) return;
    this.wantsData = true;
    this.#data().then(this.resolve, this.reject);
  }

  /** The `Response` is wanted. */
  wantResponse() {
    this.wantsResponse = true;
    return (this.response ??= this.#response());
  }

  async #data() {
    const result = /** @type {CallResult} */ (await this.result);
    if (result.isRead) return result.data;
    // The response was left to the caller.
    const { response, attempts, maybeApplied } = result;
    const { data } = await request((wasm) =>
      wasm.readLate(response, attempts, maybeApplied, this.timeout, this.signal),
    );
    return data;
  }

  async #response() {
    const { response } = /** @type {CallResult} */ (await this.result);
    return response;
  }
}
