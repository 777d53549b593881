// The promise that a call returns: of the parsed answer, or on demand of its `Response`.

import { wasmSoon } from './wasm.js';

/**
 * What is wanted of an answer, and what was sent for it.
 *
 * @typedef {object} Wants
 * @property {boolean} data
 * @property {boolean} response
 * @property {{ wasm: import('./wasm.js').Wasm, given: any[] }} [sent]
 */

/** @typedef {ReturnType<typeof import('./host.js').answer>} Answer */

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
    const [data, { response }] = await Promise.all([this.#parsed(), this.#answer]);
    return { data, response, ...this.#wants.sent?.wasm.limits(response) };
  }

  #parsed() {
    this.#wants.data = true;
    return (this.#data ??= this.#answer.then((answer) =>
      answer.read ? answer.data : this.#late(answer),
    ));
  }

  /**
   * Of an answer of which only the `Response` was wanted at first, the body is read now.
   *
   * @param {Answer} answer
   */
  async #late({ response, attempts }) {
    const { wasm, given } = /** @type {NonNullable<Wants['sent']>} */ (this.#wants.sent);
    return (await wasm.call([...given, response, attempts])).data;
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
