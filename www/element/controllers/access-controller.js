// The grant: what it allows, and the warning before it ends. It is sent only to the gateway.

import { readGrant } from '../model/grant.js';
import { Controller } from './controller.js';

/** The time before a grant's end that shows the time left, and that is soon, in ms; also soon is a part of its lifetime. */
const [SHOWN, SOON, PART] = [15 * 60_000, 10 * 60_000, 0.2];

/** The tokens, where no script of the page around can read them. @type {WeakMap<AccessController, string>} */
const tokens = new WeakMap();

/** @param {AccessController} access */
export const tokenOf = (access) => tokens.get(access) ?? '';

export class AccessController extends Controller {
  #warnedOf = 0;
  #setAt = 0;
  grant = readGrant('');

  /** Also in a hidden page, because the app may have to fetch another grant. */
  tick() {
    if (!this.host.getGrant) this.warn();
  }

  /** @param {string} token */
  change(token) {
    tokens.set(this, token);
    this.#warnedOf = 0;
    this.#setAt = this.host.now;
    this.set({ grant: readGrant(token) });
  }

  /** The time left in ms, or null without an end. */
  get left() {
    const { exp } = this.grant;
    return exp === null ? null : exp - this.host.now;
  }

  /** Whether it is time for another grant. */
  get endsSoon() {
    const { exp, iat } = this.grant;
    if (exp === null) return false;
    return exp - this.host.now < Math.min(SOON, (exp - (iat ?? this.#setAt)) * PART);
  }

  /** Whether to show the time left. If the app renews grants, it matters only when that fails. */
  get isShown() {
    const { left } = this;
    return left !== null && (this.host.getGrant ? this.endsSoon : left < SHOWN);
  }

  /** Reports once for each grant that it ends soon. */
  warn() {
    const { exp } = this.grant;
    const { host, left } = this;
    if (exp === null || left === null || !this.endsSoon || this.#warnedOf === exp) return;
    this.#warnedOf = exp;
    host.dispatch('grant-expiring', { expires: exp });
    host.announce(left > 0 ? host.t.grantEndsSoon(left) : host.t.grantEndedLong);
  }
}
