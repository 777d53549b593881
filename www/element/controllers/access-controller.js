// The grant: what it allows, and the warning before it ends. It is sent only to the gateway.

import { readGrant } from '../model/grant.js';
import { Controller } from './controller.js';

/** The time before a grant's end that shows a warning, and that shows the time left, in ms. */
export const [ENDS_SOON, SHOWN] = [10 * 60_000, 15 * 60_000];

/** The tokens, where no script of the page around can read them. @type {WeakMap<AccessController, string>} */
const tokens = new WeakMap();

/** @param {AccessController} access */
export const tokenOf = (access) => tokens.get(access) ?? '';

export class AccessController extends Controller {
  #warnedOf = 0;
  grant = readGrant('');

  /** @param {import('../moderator.js').RtkModerator} host */
  constructor(host) {
    super(host);
    host.clock.onTick(() => this.#warn());
  }

  /** @param {string} token */
  change(token) {
    tokens.set(this, token);
    this.#warnedOf = 0;
    this.set({ grant: readGrant(token) });
  }

  /** The time left in ms, or null without an end. */
  get left() {
    const { exp } = this.grant;
    return exp === null ? null : exp - this.host.now;
  }

  // Also in a hidden page, because the app may have to fetch another grant.
  #warn() {
    const { exp } = this.grant;
    const { left } = this;
    if (exp === null || left === null || left >= ENDS_SOON || this.#warnedOf === exp) return;
    this.#warnedOf = exp;
    const { host } = this;
    host.dispatch('grant-expiring', { expires: exp });
    host.announce(left > 0 ? host.t.grantEndsSoon(left) : host.t.grantEndedLong);
  }
}
