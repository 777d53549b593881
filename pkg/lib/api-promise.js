// The promises that calls return: of the parsed body, or on demand of the `Response`.

import { wasmNow } from './wasm.js';

/** @typedef {import('./call.js').Call} Call */

/**
 * The request goes out at once. What is wanted of the response (its data, the `Response`, or both) follows from the
 * methods called until its head arrives.
 *
 * @template T
 * @extends {Promise<T>}
 */
export class APIPromise extends Promise {
  // `then` returns a plain promise.
  static get [Symbol.species]() {
    return Promise;
  }

  #call;

  /** @param {Call} call Which settles the promise. */
  constructor(call) {
    super((resolve, reject) => {
      call.resolve = resolve;
      call.reject = reject;
    });
    this.#call = call;
  }

  /** @returns {Promise<Response>} */
  asResponse() {
    return this.#call.wantResponse();
  }

  async withResponse() {
    const call = this.#call;
    // Both are wanted before either is there.
    const whole = call.wantResponse();
    const [data, response] = await Promise.all([this.then(), whole]);
    return { data, response, ...wasmNow()?.limitsOf(response) };
  }

  // `await`, `catch` and `finally` call it.
  /** @type {Promise<T>['then']} */
  then(onFulfilled, onRejected) {
    this.#call.wantData();
    return super.then(onFulfilled, onRejected);
  }
}

/**
 * An `APIPromise` of one page. `for await` goes over the entries of this and all further pages.
 *
 * @template T
 * @template Item
 * @extends {APIPromise<T>}
 */
export class PagePromise extends APIPromise {
  #pages;

  /**
   * @param {Call} call
   * @param {() => Promise<{ take: (body: any) => [Item[], number | undefined], page: (page_no: number) => Promise<any> }>} pages
   *   `take` takes the body of a page, and returns its new entries and the number of the next. `page` requests that.
   */
  constructor(call, pages) {
    super(call);
    this.#pages = pages;
  }

  /** @returns {AsyncGenerator<Item, void, undefined>} */
  async *[Symbol.asyncIterator]() {
    /** @type {any} */
    let body = await this;
    const { take, page } = await this.#pages();
    for (;;) {
      const [entries, pageNo] = take(body);
      yield* entries;
      if (pageNo === undefined) return;
      body = await page(pageNo);
    }
  }
}
