// The promise that a call returns: of the parsed answer, or on demand of its `Response`.

import { begin } from './awaiting.js';
import { wasmSoon } from './wasm.js';

/**
 * What is wanted of an answer, and how its body is read if that is wanted only later. (Not what was
 * sent: whoever prints the promise, or looks into it, finds no token.)
 *
 * @typedef {object} Wants
 * @property {boolean} data
 * @property {boolean} response
 * @property {import('./wasm.js').Wasm} [wasm]
 * @property {any[]} [late]
 */

/**
 * If nobody but for its `Response` asked for it, its body has not been `read`.
 *
 * @typedef {{ response: Response, attempts: number, read: boolean, data: any }} Answer
 */

/** What is wanted of an answer whose body is read late. */
const DATA = { data: true, response: true };

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
    return { data, response, ...this.#wants.wasm?.limits(response) };
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
  #late({ response, attempts }) {
    const { wasm, late = [] } = this.#wants;
    return new Promise((resolve, reject) => {
      begin(DATA, resolve, reject, (call) => wasm?.readLate(call, [...late, response, attempts]));
    }).then((answer) => answer.data);
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
