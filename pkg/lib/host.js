// What the wasm module is given at its start: timers and listeners, error classes, and the objects that a caller gets.
// If the module traps, its memory is in an unknown state: what is in flight fails, and what it has set up is undone.

import { env } from './environment.js';
import { createError, InvalidArgumentError } from './errors.js';

/** @typedef {[Promise<any>, resolve: (value: any) => void, reject: (error: unknown) => void]} Task */

/** @type {Map<number, Task>} What the module is at work on. */
const tasks = new Map();
const timers = new Set();
/** @type {Set<WebSocket>} */
const sockets = new Set();
/** @type {Map<EventListener, [EventTarget, string]>} */
const listeners = new Map();

/** @type {(slot: number, tag: number, event: number, value: any) => void} */
let deliver;

/** @param {typeof deliver} delivers The module's function of that name. */
export function deliverBy(delivers) {
  deliver = delivers;
}

/**
 * Enters the module, which may trap at once.
 *
 * @template T
 * @param {() => T} start
 * @returns {T}
 */
export function enter(start) {
  try {
    return start();
  } catch (error) {
    trapped(error);
    throw error;
  }
}

/** @param {unknown} error */
function trapped(error) {
  for (const timer of timers) clearTimeout(timer);
  for (const [listener, [target, name]] of listeners) unlisten(target, name, listener);
  timers.clear();
  for (const socket of sockets) host.disconnect(socket);
  for (const [promise, , reject] of tasks.values()) {
    // It has no owner yet if the module trapped at its first step.
    promise.catch(() => {});
    reject(error);
  }
  tasks.clear();
}

/**
 * Who listens to an event of a target. A signal may be that of very many calls, and Node warns of more than ten
 * listeners: all share one.
 *
 * @type {WeakMap<EventTarget, Record<string, [Set<EventListener>, EventListener]>>}
 */
const shared = new WeakMap();

/** @type {(target: EventTarget, name: string, listener: EventListener) => void} */
export function listen(target, name, listener) {
  const events = shared.get(target) ?? {};
  shared.set(target, events);
  if (!events[name]) {
    /** @type {Set<EventListener>} */
    const all = new Set();
    /** @type {EventListener} */
    const relay = (event) => all.forEach((one) => one(event));
    target.addEventListener(name, relay);
    events[name] = [all, relay];
  }
  events[name][0].add(listener);
  listeners.set(listener, [target, name]);
}

/** @type {(target: EventTarget, name: string, listener: EventListener) => void} */
export function unlisten(target, name, listener) {
  listeners.delete(listener);
  const events = shared.get(target);
  const [all, relay] = events?.[name] ?? [];
  all?.delete(listener);
  if (!events || !relay || all?.size) return;
  delete events[name];
  try {
    target.removeEventListener(name, relay);
  } catch {
    // The caller's signal may be anything.
  }
}

/** @type {boolean | undefined} */
let refusesSignals;

/**
 * Whether `fetch` refuses the signals of this realm, as in jsdom.
 *
 * @param {AbortSignal} signal
 */
function isRefused(signal) {
  if (typeof Request !== 'function') return false;
  try {
    new Request('http://a', { signal });
    return false;
  } catch {
    return true;
  }
}

/** Ends what was set up for a body that was dropped unread. */
const dropped = new FinalizationRegistry((/** @type {() => void} */ end) => end());

/** @type {typeof deliver} */
function dispatch(slot, tag, event, value) {
  try {
    deliver(slot, tag, event, value);
  } catch (error) {
    trapped(error);
  }
}

export const host = {
  /** @type {(promise: any, slot: number, tag: number, fulfilled: number, rejected: number) => void} */
  awaitPromise(promise, slot, tag, fulfilled, rejected) {
    Promise.resolve(promise).then(
      dispatch.bind(undefined, slot, tag, fulfilled),
      dispatch.bind(undefined, slot, tag, rejected),
    );
  },

  /** @type {(ms: number, slot: number, tag: number, event: number) => any} */
  startTimer(ms, slot, tag, event) {
    const timer = setTimeout(dispatch.bind(undefined, slot, tag, event), ms);
    timers.add(timer);
    return timer;
  },

  /** @param {any} timer */
  stopTimer(timer) {
    timers.delete(timer);
    clearTimeout(timer);
  },

  /** @type {(target: EventTarget, name: string, slot: number, tag: number, event: number) => EventListener} */
  listen(target, name, slot, tag, event) {
    const listener = dispatch.bind(undefined, slot, tag, event);
    listen(target, name, listener);
    return listener;
  },

  unlisten,

  /** @type {(Socket: typeof WebSocket, url: string, protocols: string[], slot: number, tag: number, event: number) => WebSocket} */
  connect(Socket, url, protocols, slot, tag, event) {
    const socket = new Socket(url, protocols);
    const deliver = dispatch.bind(undefined, slot, tag, event);
    socket.onmessage = ({ data }) => deliver(data);
    socket.onclose = ({ code }) => deliver(code);
    // The end follows. (The one of npm's ws throws if nothing listens.)
    socket.onerror = () => {};
    sockets.add(socket);
    return socket;
  },

  /** @type {(socket: WebSocket, text: string) => void} */
  sendText(socket, text) {
    if (socket.readyState === 1) socket.send(text);
  },

  /** @param {WebSocket} socket */
  disconnect(socket) {
    socket.onmessage = socket.onclose = null;
    sockets.delete(socket);
    socket.close();
  },

  abortController() {
    const own = new AbortController();
    refusesSignals ??= isRefused(own.signal);
    return refusesSignals ? undefined : own;
  },

  /** @type {(response: Response, signal: AbortSignal, controller: AbortController) => Response} */
  handOver(response, signal, controller) {
    const { body: source } = response;
    if (!source) return response;
    const abort = () => controller.abort();
    const end = () => unlisten(signal, 'abort', abort);
    listen(signal, 'abort', abort);
    // A custom `fetch` may return anything.
    const reader = source.getReader?.();
    if (!reader) {
      dropped.register(response, end);
      return response;
    }
    const body = new ReadableStream(
      {
        async pull(to) {
          try {
            const { done, value } = await reader.read();
            if (!done) return to.enqueue(value);
            to.close();
          } catch (error) {
            to.error(error);
          }
          end();
        },
        cancel(reason) {
          end();
          return reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
    dropped.register(body, () => {
      end();
      abort();
    });
    const copy = new Response(body, response);
    return Object.defineProperty(copy, 'url', { value: response.url });
  },

  /** @param {number} task */
  promise(task) {
    /** @type {any} */
    let settlers;
    const promise = new Promise((...functions) => (settlers = functions));
    tasks.set(task, [promise, settlers[0], settlers[1]]);
    return promise;
  },

  /** @type {(task: number, isOk: boolean, value: any) => void} */
  settle(task, isOk, value) {
    // After a trap it is gone.
    const [, resolve, reject] = tasks.get(task) ?? [];
    tasks.delete(task);
    (isOk ? resolve : reject)?.(value);
  },

  error: createError,

  /** @type {(argument: string, reason: string) => Error} */
  invalidArgument(argument, reason) {
    const keys = argument === 'apiToken' && ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_EMAIL'].filter(env);
    const set = keys && keys.length ? ` (${keys.join(' and ')} are not supported)` : '';
    return new InvalidArgumentError(argument, `${argument} ${reason}${set}`);
  },

  /** @type {(policy: string, remaining: number, reset: number, retryAfter: number) => import('./errors.js').Limits} */
  limits(policy, remaining, reset, retryAfter) {
    return {
      ...(!isNaN(remaining) && { rateLimit: { policy, remaining, reset } }),
      ...(!isNaN(retryAfter) && { retryAfter }),
    };
  },

  /** @type {(data: any, response: Response, attempts: number, maybeApplied: boolean, isRead: boolean) => any} */
  result(data, response, attempts, maybeApplied, isRead) {
    return { data, response, attempts, maybeApplied, isRead };
  },

  /**
   * @param {string} key
   * @param {boolean} present
   * @param {Record<string, any>[]} peers The oldest first. The newest names the participant.
   */
  participant(key, present, peers) {
    const newest = peers[peers.length - 1];
    const names = ['user_id', 'custom_participant_id', 'display_name', 'preset_name'];
    const shown = names.filter((name) => newest[name] != null).map((name) => [name, newest[name]]);
    return { key, ...Object.fromEntries(shown), present, peers };
  },

  /**
   * @param {number} at
   * @param {number} age
   * @param {number} nextAt
   * @param {any} session
   * @param {any[][]} lists
   * @param {any} error
   * @param {number} since
   * @param {number} failures
   * @param {import('./errors.js').Limits} limits
   * @param {any[]} actions
   * @param {any} moderators
   */
  snapshot(at, age, nextAt, session, lists, error, since, failures, limits, actions, moderators) {
    const [participants, joined, left, cameBack] = lists;
    return {
      at: isNaN(at) ? null : at,
      age: isNaN(age) ? null : age,
      ...{ session, participants, joined, left, cameBack },
      trouble: error ? { error, since, failures } : null,
      rateLimit: limits.rateLimit ?? null,
      nextAt,
      actions,
      moderators,
    };
  },
};
