// The promise that a call returns: of the parsed answer, or on demand of its `Response`.

import { limitsOf } from './call.js';
import { wasmSoon } from './wasm.js';

/** @typedef {import('./call.js').Call} Call */

// The ends of the promise that was made last: to hand them over in a closure would be one for each.
/** @type {(data: any) => void} */
let resolve;
/** @type {(error: unknown) => void} */
let reject;
/** @type {(resolves: typeof resolve, rejects: typeof reject) => void} */
const keep = (resolves, rejects) => {
  resolve = resolves;
  reject = rejects;
};

/**
 * The request goes out at once; what is wanted of the answer (its data, its `Response`, or both)
 * is told by the method that is called, and asked for when the answer's head arrives.
 *
 * @template T
 * @extends {Promise<T>}
 */
export class APIPromise extends Promise {
  // What `then` makes is a plain promise.
  static get [Symbol.species]() {
    return Promise;
  }

  #call;

  /** @param {Call} call Which settles it. */
  constructor(call) {
    super(keep);
    call.resolve = resolve;
    call.reject = reject;
    this.#call = call;
  }

  /** @returns {Promise<Response>} */
  asResponse() {
    return this.#call.wantWhole();
  }

  async withResponse() {
    // Both are wanted before either is there.
    const whole = this.#call.wantWhole();
    const [data, response] = await Promise.all([this.then((data) => data), whole]);
    return { data, response, ...limitsOf(response) };
  }

  // What `await`, `catch` and `finally` call.
  /** @type {Promise<T>['then']} */
  then(onFulfilled, onRejected) {
    this.#call.want();
    return super.then(onFulfilled, onRejected);
  }
}

/**
 * An `APIPromise` of one page, whose `for await` goes over the entries of this and all further
 * pages.
 *
 * @template T
 * @template Item
 * @extends {APIPromise<T>}
 */
export class PagePromise extends APIPromise {
  #pageNo;
  #page;

  /**
   * @param {Call} call
   * @param {() => unknown} pageNo The number this page was asked for by, if any.
   * @param {(pageNo: number) => PromiseLike<T>} page Asks for another page.
   */
  constructor(call, pageNo, page) {
    super(call);
    this.#pageNo = pageNo;
    this.#page = page;
  }

  /** @returns {AsyncGenerator<Item, void, undefined>} */
  async *[Symbol.asyncIterator]() {
    const body = await this;
    for await (const fresh of pages(body, this.#page, Number(this.#pageNo() ?? 0) || 0)) {
      yield* fresh;
    }
  }
}

/**
 * Follows a list from page to page: gives of each the entries that no page before it had.
 *
 * @param {any} body The first page.
 * @param {(pageNo: number) => PromiseLike<any>} page Asks for another page.
 * @param {number} pageNo The number of the first.
 * @returns {AsyncGenerator<any[], void, undefined>}
 */
export async function* pages(body, page, pageNo) {
  const wasm = await wasmSoon();
  const seen = new Set();
  let stale = false;
  for (;;) {
    const { participants, paging } = body?.data ?? {};
    /** @type {any[]} */
    const all = Array.isArray(participants) ? participants : [];
    const fresh = all.filter(
      (one) => typeof one?.id !== 'string' || (!seen.has(one.id) && seen.add(one.id)),
    );
    yield fresh;
    const [total, end] = [paging?.total_count, paging?.end_offset].map((value) =>
      typeof value === 'number' ? value : NaN,
    );
    const next = wasm.pageAfter(pageNo, all.length, fresh.length, stale, total, end);
    if (Number.isNaN(next)) return;
    stale = !fresh.length;
    pageNo = next;
    body = await page(pageNo);
  }
}
