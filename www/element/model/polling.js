// The timing of refreshes: that of watch(), and sooner after an action. Pushed snapshots come at once. No DOM.

/** @import { Snapshot } from '../types.js' */

/** The usual and the shortest time between two refreshes, in ms. */
const [INTERVAL, SOON] = [2000, 500];
/** The gateway reads after an action. Data that is only this much newer may not show it yet, in ms. */
const SETTLED_MS = 500;

/** The class of WebSockets for `watch()`, which keeps the newest one in `kept`. @param {{ socket?: WebSocket }} kept */
function socketClass(kept) {
  const { WebSocket } = globalThis;
  if (!WebSocket) return undefined;
  return class extends WebSocket {
    /** @param {string} url @param {string[]} protocols */
    constructor(url, protocols) {
      super(url, protocols);
      kept.socket = this;
    }
  };
}

export class Polling {
  #soon = false;
  #wake = () => {};
  /** @type {{ socket?: WebSocket }} */
  #kept = {};

  /**
   * @param {object} given
   * @param {(options: { signal: AbortSignal, interval: number, WebSocket?: any }) => AsyncIterable<Snapshot>} given.watch
   * @param {AbortSignal} given.signal
   * @param {number} [given.interval]
   * @param {number} [given.notBefore] No request before this time.
   * @param {() => number} given.now
   */
  constructor({ watch, signal, interval = INTERVAL, notBefore = 0, now }) {
    this.watch = watch;
    this.signal = signal;
    this.interval = interval;
    this.notBefore = notBefore;
    this.now = now;
  }

  /**
   * Snapshots, each with the earliest start of its refresh: it may not include later actions. Of polls, `watch()`
   * runs at the shortest interval, and this adds the rest of the wait. After a failure, under a limit and in
   * a hidden page `watch()` decides.
   *
   * @returns {AsyncGenerator<{ snapshot: Snapshot, began: number, pushed: boolean }, void, undefined>}
   */
  async *[Symbol.asyncIterator]() {
    const { watch, signal, interval, now } = this;
    if (this.notBefore > now()) await this.#pause(this.notBefore - now(), true);
    if (signal.aborted) return;
    this.#soon = false;
    let began = now();
    const WebSocket = socketClass(this.#kept);
    const options = { signal, interval: Math.min(interval, SOON), WebSocket };
    for await (const snapshot of watch(options)) {
      if (signal.aborted) return;
      const due = now() + interval;
      const { trouble } = snapshot;
      // There is no poll beside an open connection.
      const pushed = this.#kept.socket?.readyState === 1;
      if (pushed) {
        yield { snapshot, began: (snapshot.at ?? 0) - SETTLED_MS, pushed };
        began = now();
        continue;
      }
      if (!trouble) snapshot.nextAt = Math.max(snapshot.nextAt, due);
      yield { snapshot, began, pushed };
      if (signal.aborted) return;
      if (!trouble) await this.#pause(due - now());
      if (signal.aborted) return;
      this.#soon = false;
      began = now();
    }
  }

  /** Asks for an early refresh. One in flight is followed by another. */
  soon() {
    this.#soon = true;
    this.#wake();
  }

  /** @param {number} ms @param {boolean} [strictly] Whether `refreshSoon` must not shorten it. */
  #pause(ms, strictly = false) {
    if (ms <= 0 || (this.#soon && !strictly)) return undefined;
    const { signal } = this;
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          this.#wake = () => {};
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener('abort', end);
        if (!strictly) this.#wake = end;
      })
    );
  }
}
