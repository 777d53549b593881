// When the page looks: as watch() does, at an interval, and sooner after something was done. Knows no DOM.

/** @import { Snapshot } from './types.js' */

/** How long between two looks, and how soon after a look the next may come, in ms. */
const [INTERVAL, SOON] = [2000, 500];

export class Looks {
  #soon = false;
  #wake = () => {};

  /**
   * @param {object} given
   * @param {(options: { signal: AbortSignal, interval: number }) => AsyncIterable<Snapshot>} given.watch
   * @param {AbortSignal} given.signal
   * @param {number} [given.interval]
   * @param {number} [given.notBefore] Until when nothing may be asked.
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
   * Snapshots, each with when its look began at the earliest: what was done after that it need not
   * know. The watch could look every half second, and is not asked to: of a failure, a limit and a page
   * that nobody sees it knows itself how long to wait.
   *
   * @returns {AsyncGenerator<{ snapshot: Snapshot, began: number }, void, undefined>}
   */
  async *[Symbol.asyncIterator]() {
    const { watch, signal, interval, now } = this;
    if (this.notBefore > now()) await this.#pause(this.notBefore - now(), true);
    if (signal.aborted) return;
    this.#soon = false;
    let began = now();
    for await (const snapshot of watch({ signal, interval: Math.min(interval, SOON) })) {
      if (signal.aborted) return;
      const due = now() + interval;
      const { trouble } = snapshot;
      if (!trouble) snapshot.nextAt = Math.max(snapshot.nextAt, due);
      yield { snapshot, began };
      if (!trouble) await this.#pause(due - now());
      if (signal.aborted) return;
      this.#soon = false;
      began = now();
    }
  }

  /** The next look is to be soon; one that is under way is followed by another. */
  soon() {
    this.#soon = true;
    this.#wake();
  }

  /** @param {number} ms @param {boolean} [strictly] Whether nobody may cut it short. */
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
