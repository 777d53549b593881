// The size of the element, which decides its layout.

import { Controller } from './controller.js';

/** The width from which the panel is beside the list, and the width up to which rows have two lines. */
const [WIDE, NARROW] = [1000, 640];
/** The height up to which the whole element scrolls: a small window, or a large zoom. */
const SHORT = 420;

export class SizeController extends Controller {
  wide = false;
  narrow = false;
  short = false;
  /** @type {ResizeObserver | undefined} */
  #observer;

  hostConnected() {
    // jsdom has none.
    if (!globalThis.ResizeObserver) return;
    this.#observer = new ResizeObserver(
      ([
        {
          contentRect: { width, height },
        },
      ]) => {
        this.set({ wide: width >= WIDE, narrow: width < NARROW, short: height < SHORT });
      },
    );
    this.#observer.observe(this.host);
  }

  hostDisconnected() {
    this.#observer?.disconnect();
  }
}
