// The promise that a call returns: of the parsed answer, or on demand of its `Response`.

import { wasmSoon } from './wasm.js';

/** @typedef {{ data: boolean, response: boolean }} Wants */

/**
 * @typedef {object} Answer
 * @property {Response} response
 * @property {() => any} data Its body.
 * @property {() => object} limits
 */

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

  /** @type {Wants} */
  #wants = { data: false, response: false };
  /** @type {Promise<Answer>} */
  #answer;
  /** @type {Promise<T> | undefined} */
  #data;

  /** @param {(wants: Wants) => Promise<Answer>} send */
  constructor(send) {
    // Never seen: `then` and its like go to the answer.
    super((resolve) => resolve(/** @type {any} */ (null)));
    this.#answer = send(this.#wants);
  }

  /** @returns {Promise<Response>} */
  asResponse() {
    this.#wants.response = true;
    return this.#answer.then((answer) => answer.response);
  }

  async withResponse() {
    this.#wants.response = true;
    const [data, answer] = await Promise.all([this.#parsed(), this.#answer]);
    return { data, response: answer.response, ...answer.limits() };
  }

  #parsed() {
    this.#wants.data = true;
    return (this.#data ??= this.#answer.then((answer) => answer.data()));
  }

  /** @type {Promise<T>['then']} */
  then(onFulfilled, onRejected) {
    return this.#parsed().then(onFulfilled, onRejected);
  }

  /** @type {Promise<T>['catch']} */
  catch(onRejected) {
    return this.#parsed().catch(onRejected);
  }

  /** @type {Promise<T>['finally']} */
  finally(onFinally) {
    return this.#parsed().finally(onFinally);
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
   * @param {(wants: Wants) => Promise<Answer>} send
   * @param {() => unknown} pageNo The number this page was asked for by, if any.
   * @param {(pageNo: number) => PromiseLike<T>} page Asks for another page.
   */
  constructor(send, pageNo, page) {
    super(send);
    this.#pageNo = pageNo;
    this.#page = page;
  }

  /** @returns {AsyncGenerator<Item, void, undefined>} */
  async *[Symbol.asyncIterator]() {
    /** @type {any} */
    let body = await this;
    const wasm = await wasmSoon();
    const seen = new Set();
    let stale = false;
    let pageNo = Number(this.#pageNo() ?? 0) || 0;
    for (;;) {
      const { participants, paging } = body?.data ?? {};
      /** @type {any[]} */
      const all = Array.isArray(participants) ? participants : [];
      const fresh = all.filter((one) => !seen.has(one?.id));
      for (const one of fresh) if (typeof one?.id === 'string') seen.add(one.id);
      yield* fresh;
      const { total_count = NaN, end_offset = NaN } = paging ?? {};
      const next = wasm.pageAfter(pageNo, all.length, fresh.length, stale, total_count, end_offset);
      if (Number.isNaN(next)) return;
      stale = !fresh.length;
      pageNo = next;
      body = await this.#page(pageNo);
    }
  }
}
