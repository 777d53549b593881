// `watch()` as an async generator. What it does is in the wasm module (`src/watch/`); here it starts and ends.

import { HAS_FETCH, readIds, readWatch } from './arguments.js';
import { InvalidArgumentError } from './errors.js';
import { enter, host, sockets } from './host.js';
import { listen } from './signals.js';
import { wasmSoon } from './wasm.js';

/** @typedef {Record<string, any>} Fields */
/** @typedef {() => import('../dist/realtimekit_moderator.js').ClientSettings} Settings */

/** How long to wait before the module is tried again. */
const RELOAD_MS = 10_000;

/**
 * @param {Settings} settings Returns what the client's settings are now.
 * @param {unknown[]} args
 */
export function watch(settings, args) {
  // Read now, as for every call. The first `next()` reports what is wrong.
  const given = (async () => readWatch(args))();
  given.catch(() => {});
  const stop = new AbortController();
  const snapshots = poll(settings, given, stop);
  const { return: end } = snapshots;
  // A generator's own would wait, possibly for minutes, for a pending `next()`.
  snapshots.return = (value) => {
    stop.abort();
    return end.call(snapshots, value);
  };
  return snapshots;
}

/**
 * @param {Settings} settings
 * @param {Promise<ReturnType<typeof readWatch>>} given
 * @param {AbortController} stop
 * @returns {AsyncGenerator<Fields, void, undefined>}
 */
async function* poll(settings, given, stop) {
  const { ids, account, interval, perPage, timeout, signal, push, WebSocket } = await given;
  const abort = () => {
    stop.abort();
    unlisten?.();
    close(next);
  };
  /** @type {(() => void) | undefined} */
  let unlisten;
  /** @type {((client: any) => Promise<any>) | undefined} */
  let next;
  /** @type {Fields | undefined} The last snapshot, if there was no module for it. */
  let trouble;
  /** @type {(client: any) => any} The options for the module. A custom `fetch` may lead where a WebSocket does not. */
  const own = (client) => {
    const socket = WebSocket ?? (client[HAS_FETCH] ? undefined : globalThis.WebSocket);
    return [account, interval, perPage, timeout, stop.signal, push ? socket : undefined];
  };
  try {
    for (;;) {
      let snapshot;
      if (signal) unlisten = listen(signal, 'abort', abort);
      try {
        if (signal?.aborted) abort();
        if (trouble) await delay(trouble.nextAt - Date.now(), stop.signal);
        if (stop.signal.aborted) return;
        const wasm = await wasmSoon();
        const client = settings();
        next ??= wasm.watch(ids, own(client));
        readIds({ account_id: account ?? client[0] });
        const step = next;
        snapshot = await enter(() => step(client));
      } catch (error) {
        if (error instanceof InvalidArgumentError) throw error;
        // The module could not be loaded, or trapped.
        next = undefined;
        snapshot = trouble = unavailable(error, interval, trouble?.trouble);
      } finally {
        // Between two steps there is nothing to end but a connection.
        if (!sockets.size) unlisten?.();
      }
      if (!snapshot) return;
      if (next) trouble = undefined;
      yield snapshot;
    }
  } finally {
    abort();
  }
}

/**
 * Closes the connection of a watch whose signal is aborted: it notices that at its next step.
 *
 * @param {((client: any) => Promise<any>) | undefined} next
 */
async function close(next) {
  try {
    await enter(() => next?.([]));
  } catch {
    // It has ended in any case.
  }
}

/**
 * A snapshot without the module.
 *
 * @param {unknown} error
 * @param {number} interval
 * @param {{ since: number, failures: number }} [before]
 * @returns {Fields}
 */
function unavailable(error, interval, before) {
  const { since, failures } = before ?? { since: Date.now(), failures: 0 };
  const nextAt = Date.now() + Math.max(interval, RELOAD_MS);
  const none = [[], [], [], []];
  return host.snapshot(NaN, NaN, nextAt, null, none, error, since, failures + 1, {}, [], null);
}

/** @type {(ms: number, signal: AbortSignal) => Promise<void>} */
function delay(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
