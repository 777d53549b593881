// One call: what is wanted of its response, and what became of it.

import { CloudflareError } from './errors.js';
import { enter } from './host.js';

/** @typedef {import('../dist/realtimekit_moderator.js').CallResult} CallResult */
/** @typedef {import('./wasm.js').Wasm} Wasm */

/**
 * The error with the frames of the call in place of the module's: with the caller's own function.
 *
 * @param {any} error
 * @param {Error} made When the call was made.
 */
export function withCaller(error, { stack }) {
  if (error instanceof CloudflareError) error.stack = stack?.replace(/^Error/, () => `${error}`);
  return error;
}

const now = Promise.resolve();
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
  /** @type {Promise<Response> | undefined} */
  response;
  /** @type {[(response: Response) => void, (error: unknown) => void] | undefined} */
  settleResponse;

  made = new Error();
  /** @type {Wasm | undefined} */
  wasm;
  /** @type {CallResult | undefined} */
  result;
  hasFailed = false;
  /** @type {unknown} */
  error;

  /**
   * @param {Wasm} wasm
   * @param {() => Promise<CallResult>} start
   */
  async start(wasm, start) {
    this.wasm = wasm;
    try {
      this.succeed(await enter(start));
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {CallResult} result */
  succeed(result) {
    this.result = result;
    this.settleResponse?.[0](result.response);
    if (result.isRead) this.resolve(result.data);
    else if (this.wantsData) this.readLate(result);
  }

  /** @param {unknown} error */
  fail(error) {
    this.hasFailed = true;
    this.error = withCaller(error, this.made);
    this.settleResponse?.[1](error);
    // Someone who has just made the call may be about to ask for the `Response` alone, and would get the error twice.
    if (this.wantsData) this.reject(error);
    else now.then(() => (this.wantsData || !this.wantsResponse) && this.reject(error));
  }

  /** The data is wanted. */
  wantData() {
    if (this.wantsData) return;
    this.wantsData = true;
    if (this.hasFailed) this.reject(this.error);
    else if (this.result && !this.result.isRead) this.readLate(this.result);
  }

  /** The `Response` is wanted. */
  wantResponse() {
    this.wantsResponse = true;
    return (this.response ??= new Promise((resolve, reject) => {
      if (this.hasFailed) reject(this.error);
      else if (this.result) resolve(this.result.response);
      else this.settleResponse = [resolve, reject];
    }));
  }

  /**
   * Reads the body of a response that was left to the caller.
   *
   * @param {CallResult} result
   */
  readLate({ response, attempts, maybeApplied }) {
    const wasm = /** @type {Wasm} */ (this.wasm);
    this.start(wasm, () =>
      wasm.readLate(response, attempts, maybeApplied, this.timeout, this.signal),
    );
  }
}
