// The time: a tick each second, and the server's clock from the headers of its responses. A device's clock may be
// hours off.

import { tokenOf } from './access-controller.js';
import { Controller } from './controller.js';

/** A smaller difference comes from the network and from whole seconds in headers, in ms. */
const TOLERANCE = 5000;

export class ClockController extends Controller {
  /** This device's time at the last update. */
  deviceNow = Date.now();
  /** How far the server's clock is ahead of this device, in ms; null if it is not known. @type {number | null} */
  offset = null;
  /** The end of the newest rate limit, in this device's time. */
  limitedUntil = 0;
  /** The controllers that tick each second. @type {Controller[]} */
  controllers = [];
  #timer = 0;

  hostConnected() {
    this.#timer = window.setInterval(() => {
      this.deviceNow = Date.now();
      for (const controller of this.controllers) controller.tick();
      if (document.visibilityState !== 'hidden') this.set();
    }, 1000);
  }

  hostDisconnected() {
    clearInterval(this.#timer);
  }

  hostUpdate() {
    this.deviceNow = Date.now();
  }

  /** The server's time of a time of this device. @param {number} at */
  server(at) {
    return at + this.host.state.ahead;
  }

  /** `fetch`, which also reads the clock and the rate limit from each response. @type {typeof fetch} */
  fetch = async (...given) => {
    const { access, renewal } = this.host;
    const token = tokenOf(access);
    const response = await fetch(...given);
    const now = Date.now();
    const { headers, status } = response;
    const date = Date.parse(headers.get('date') ?? '');
    if (date) {
      const offset = date + (Number(headers.get('age')) || 0) * 1000 - now;
      this.offset = Math.abs(offset) > TOLERANCE ? offset : 0;
    }
    renewal.responded(token, status);
    if (status === 429) {
      const wait = Number(headers.get('retry-after'));
      this.set({ limitedUntil: now + (wait > 0 ? wait * 1000 : TOLERANCE) });
    }
    return response;
  };
}
