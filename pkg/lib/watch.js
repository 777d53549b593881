// Keeps an eye on a session: looks again and again, and tells who is in, who came and who went. How
// long it waits between two looks is said in the wasm (`src/watch/pace.rs`). Between two snapshots,
// while nobody asks for the next, there is no timer, no listener and no request.

import { pages } from './api-promise.js';
import { readWatch } from './arguments.js';
import { timer } from './alarm.js';
import { APIConnectionError, InvalidArgumentError, NotFoundError } from './errors.js';
import { compare, nobody } from './roster.js';
import { wasmSoon } from './wasm.js';

/** @typedef {import('./api-promise.js').APIPromise<any>} Call */
/** @typedef {Record<string, any>} Fields */
/** @typedef {ReturnType<typeof readWatch>} Given */

/**
 * Asks for the session, or for those who were in one.
 *
 * @typedef {(params: Fields, options: Fields, session?: string) => Call} Ask
 */

/** How long to wait for another try where the module, which says how long, could not be had. */
const RELOAD_MS = 10_000;

/**
 * @param {Ask} ask
 * @param {Fields} [params]
 * @param {Fields} [options]
 */
export function watch(ask, params, options) {
  // Read now, as of every call; what is wrong is said by the first `next()`.
  const given = (async () => readWatch(params, options))();
  given.catch(() => {});
  const stop = new AbortController();
  const snapshots = looks(ask, given, stop);
  const { return: end } = snapshots;
  // A generator's own would wait for a `next()` under way, and that for minutes.
  snapshots.return = (value) => {
    stop.abort();
    return end.call(snapshots, value);
  };
  return snapshots;
}

/**
 * @param {Ask} call
 * @param {Promise<Given>} given
 * @param {AbortController} stop
 * @returns {AsyncGenerator<Fields, void, undefined>}
 */
async function* looks(call, given, stop) {
  const { account_id, interval, perPage, timeout, signal } = await given;
  const options = { timeout, maxRetries: 0, signal: stop.signal };
  const abort = () => stop.abort();
  let [wasm, roster, wait] = /** @type {any[]} */ ([]);
  /** @type {Fields} What holds until a look says otherwise. */
  const shown = { at: null, session: null, trouble: null, rateLimit: null };
  for (;;) {
    let changes = nobody();
    let requests = 0;
    // What the look's answers say of limits.
    let [limit, retryAfter] = /** @type {any[]} */ ([]);
    // How old the oldest of them is, in seconds: somebody between may have kept it.
    let old = 0;
    /** @type {(params: Fields, session?: string) => Promise<any>} */
    const ask = async (params, session) => {
      /** @type {any} */
      let said;
      requests += 1;
      try {
        said = await call({ account_id, ...params }, options, session).withResponse();
        old = Math.max(old, said.response.headers?.get('age') | 0);
        return said.data;
      } catch (error) {
        said = error;
        throw error;
      } finally {
        limit = said.rateLimit ?? limit;
        retryAfter = said.retryAfter;
      }
    };
    signal?.addEventListener('abort', abort);
    try {
      if (signal?.aborted) abort();
      await wait?.();
      if (stop.signal.aborted) return;
      wasm ??= await wasmSoon();
      const session = await liveSession(ask({}));
      const peers = [];
      if (session) {
        const list = { per_page: perPage, sort_by: 'joinedAt', sort_order: 'ASC' };
        /** @param {number} [page_no] */
        const page = async (page_no) => described(await ask({ ...list, page_no }, session.id));
        for await (const fresh of pages(await page(), page, 0)) peers.push(...fresh);
      }
      if (stop.signal.aborted) return;
      ({ roster, changes } = compare(roster, session?.id, peers.filter(Boolean)));
      Object.assign(shown, { at: Date.now() - old * 1e3, session, trouble: null });
    } catch (error) {
      if (stop.signal.aborted) return;
      // (The session's ID is the server's.)
      if (error instanceof InvalidArgumentError && error.argument !== 'session_id') throw error;
      const { since = Date.now(), failures = 0 } = shown.trouble ?? {};
      shown.trouble = { error, since, failures: failures + 1 };
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    const ended = Date.now();
    const random = Math.random();
    let failures = shown.trouble?.failures ?? 0;
    // What is not known is NaN in the wasm.
    const due = () =>
      ended +
      (wasm?.watchWait(
        interval,
        failures,
        retryAfter,
        requests,
        limit?.remaining,
        limit?.reset,
        random,
        globalThis.document?.visibilityState === 'hidden',
      ) ?? Math.max(interval, RELOAD_MS));
    const nextAt = due();
    shown.rateLimit = limit ?? shown.rateLimit;
    wait = () =>
      waiting(nextAt, nextAt - ended, stop.signal, (online) => {
        if (online) failures = 0;
        return due();
      });
    yield {
      ...shown,
      // A clock may be set back.
      age: shown.at === null ? null : Math.max(0, ended - shown.at),
      participants: Array.from(roster?.known.values() ?? [], ({ participant }) => participant),
      ...changes,
      nextAt,
    };
  }
}

/**
 * The session, if one is live.
 *
 * @param {Promise<any>} asked
 */
async function liveSession(asked) {
  try {
    const { data } = described(await asked);
    return data.status === 'ENDED' ? null : data.id ? data : described(undefined);
  } catch (error) {
    // A 404 means that none is live in RealtimeKit's own envelope: another one is that of a path
    // that leads nowhere.
    if (error instanceof NotFoundError && error.error?.error) return null;
    throw error;
  }
}

/** @param {any} body What would look as if everybody had left, were it taken for an answer. */
function described(body) {
  if (body?.data && typeof body.data === 'object') return body;
  throw new APIConnectionError({
    message: 'The answer is not of the form described.',
    cause: body,
  });
}

/**
 * Waits until it is time, which may come earlier than was told: the page that is shown again, or
 * has its network again, is not kept waiting as one that was not.
 *
 * @param {number} time
 * @param {number} longest A clock may be set back.
 * @param {AbortSignal} signal
 * @param {(online: boolean) => number} due
 */
function waiting(time, longest, signal, due) {
  /** @type {[any, string][]} */
  const heard = [
    [globalThis.document, 'visibilitychange'],
    [globalThis, 'online'],
    [signal, 'abort'],
  ];
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      /** @type {any} */
      let timeout;
      const end = () => {
        clearTimeout(timeout);
        for (const [place, event] of heard) place?.removeEventListener?.(event, hear);
        resolve();
      };
      /** @param {Event} [event] */
      const hear = (event) => {
        clearTimeout(timeout);
        time = Math.min(time, due(event?.type === 'online'));
        const left = Math.min(time - Date.now(), longest);
        if (signal.aborted || left <= 0) end();
        else timeout = timer(end, left);
      };
      for (const [place, event] of heard) place?.addEventListener?.(event, hear);
      hear();
    })
  );
}
