// Timeouts that end when a test says so, for tests of the client's timeout on machines of any speed.

import { eventually } from './eventually.mjs';

/**
 * Replaces `setTimeout` for the delays that `next` returns: such a timer fires only by `expire`. `restore`
 * puts `setTimeout` back.
 */
export function manualTimeouts() {
  const { setTimeout: start, clearTimeout: clear } = globalThis;
  // Far longer than any test takes, and different from each other.
  let delay = 10_000_000;
  const running = new Map();
  globalThis.setTimeout = (run, ms, ...rest) => {
    const timer = start(run, ms, ...rest);
    if (running.has(ms)) running.get(ms).set(timer, run);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    for (const timers of running.values()) timers.delete(timer);
    clear(timer);
  };
  return {
    /** A delay that nothing else uses. */
    next: () => {
      delay += 1;
      running.set(delay, new Map());
      return delay;
    },
    /** Fires the timers of a delay, when there is one. */
    expire: async (ms) => {
      await eventually(() => running.get(ms).size > 0, true);
      for (const [timer, run] of running.get(ms)) {
        globalThis.clearTimeout(timer);
        run();
      }
    },
    restore: () => Object.assign(globalThis, { setTimeout: start, clearTimeout: clear }),
  };
}
