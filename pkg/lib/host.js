// What the wasm module is given at its start: timers and listeners, error classes, and the objects that a caller gets.
// If the module traps, its memory is in an unknown state: what is in flight fails, and what it has set up is undone.

import { env } from './environment.js';
import { createError, InvalidArgumentError } from './errors.js';
import { abortController, handOver, listen } from './signals.js';

/** @typedef {[Promise<any>, resolve: (value: any) => void, reject: (error: unknown) => void]} Task */

/** @type {Map<number, Task>} What the module is at work on. */
const tasks = new Map();
/** @type {Set<() => void>} What ends the timers and listeners that are set up. */
const sources = new Set();
/** @type {Set<WebSocket>} */
export const sockets = new Set();

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
  for (const end of sources) host.end(end);
  for (const socket of sockets) host.disconnect(socket);
  for (const [promise, , reject] of tasks.values()) {
    // It has no owner yet if the module trapped at its first step.
    promise.catch(() => {});
    reject(error);
  }
  tasks.clear();
}

/** @type {typeof deliver} */
function dispatch(slot, tag, event, value) {
  try {
    deliver(slot, tag, event, value);
  } catch (error) {
    trapped(error);
  }
}

/** @param {() => void} end */
function source(end) {
  sources.add(end);
  return end;
}

export const host = {
  /** @type {(own: typeof fetch | undefined, url: string, json: string, body?: string, controller?: AbortController) => any} */
  fetch(own, url, json, body, controller) {
    const init = JSON.parse(json);
    if (body !== undefined) init.body = body;
    init.signal = controller?.signal;
    return (own ?? fetch)(url, init);
  },

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
    return source(() => clearTimeout(timer));
  },

  /** @type {(target: EventTarget, name: string, slot: number, tag: number, event: number) => any} */
  listen(target, name, slot, tag, event) {
    return source(listen(target, name, dispatch.bind(undefined, slot, tag, event)));
  },

  /** @param {() => void} source */
  end(source) {
    sources.delete(source);
    source();
  },

  /** @type {(Socket: typeof WebSocket, url: string, token: string, slot: number, tag: number, event: number) => WebSocket} */
  connect(Socket, url, token, slot, tag, event) {
    // The socket is beside the session.
    const place = url.replace(/^http([^?]*)active-session/, 'ws$1watch');
    const socket = new Socket(place, ['realtimekit-moderator.v1', token]);
    const deliver = dispatch.bind(undefined, slot, tag, event);
    socket.onmessage = ({ data }) => deliver(data);
    // The code of a connection that is lost.
    socket.onclose = () => deliver(1006);
    // The end follows. (The one of npm's ws throws if nothing listens.)
    socket.onerror = () => {};
    sockets.add(socket);
    return socket;
  },

  /** @type {(socket: WebSocket, token: string) => void} */
  sendGrant(socket, token) {
    try {
      if (socket.readyState === 1) socket.send(JSON.stringify({ type: 'grant', token }));
    } catch {
      // The end follows.
    }
  },

  /** @param {WebSocket} socket */
  disconnect(socket) {
    socket.onmessage = socket.onclose = null;
    sockets.delete(socket);
    try {
      socket.close();
    } catch {
      // The caller's class may be anything.
    }
  },

  abortController,

  handOver,

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
