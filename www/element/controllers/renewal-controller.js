// Gets grants from the app's `getGrant`: at the start, before a grant ends, after the gateway refused one, and for another
// meeting.

import { tokenOf } from './access-controller.js';
import { Controller } from './controller.js';

/** The characters of a bearer token. */
const TOKEN = /^[\w.~+/-]+=*$/;
/** The pause after the first failure, which doubles; the longest pause, which is also the longest call, in ms. */
const [FIRST, LONGEST] = [1000, 60_000];

export class RenewalController extends Controller {
  /** Whether the last call brought no usable grant. */
  failed = false;
  /** The calls since the gateway last accepted a grant. */
  #calls = 0;
  #notBefore = 0;
  /** When the call in flight began, or 0. */
  #began = 0;
  /** Whether the gateway refused the current grant. */
  #refused = false;

  /** Also in a hidden page. */
  tick() {
    this.#check();
  }

  hostUpdate() {
    this.#check();
  }

  get #isDue() {
    const { host } = this;
    if (!host.getGrant || !host.isConnected) return false;
    const { meeting } = host.claims;
    // The app has gone to another meeting.
    const isOther = !!host.meetingId && !!meeting && ![host.meetingId, '*'].includes(meeting);
    return !tokenOf(host.access) || this.#refused || host.access.endsSoon || isOther;
  }

  /** A grant was set, by the app or from here. */
  changed() {
    this.#refused = false;
  }

  /** The gateway responded to a request with this token. @param {string} token @param {number} status */
  responded(token, status) {
    if (token !== tokenOf(this.host.access)) return;
    this.#refused = status === 401;
    if (this.#refused) this.#check();
    else if (!this.#isDue) this.#calls = 0;
  }

  #check() {
    const now = Date.now();
    if (!this.#isDue || now < this.#notBefore || now - this.#began < LONGEST) return;
    // A refused or ending grant counts as a failure, too.
    this.#notBefore = now + Math.min(FIRST * 2 ** this.#calls, LONGEST);
    this.#calls += 1;
    this.#began = now;
    this.#renew(now, tokenOf(this.host.access));
  }

  /** @param {number} began @param {string} before The token that the app may replace meanwhile. */
  async #renew(began, before) {
    const { host } = this;
    /** @type {string | undefined} */
    let grant;
    let error;
    try {
      grant = String((await host.getGrant?.()) ?? '').trim();
      // Not an error page, either.
      if (!TOKEN.test(grant)) error = new TypeError('getGrant must return a grant');
    } catch (thrown) {
      error = thrown;
    }
    // It took too long, and another call began.
    if (began !== this.#began) return;
    this.#began = 0;
    if (!host.getGrant || before !== tokenOf(host.access)) return;
    if (!error) {
      this.failed = false;
      host.grant = grant;
      return;
    }
    this.set({ failed: true });
    host.dispatch('error', { error });
    host.access.warn();
  }
}
