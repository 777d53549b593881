// The alerts: finds them after each refresh, announces them, and keeps those that are not dismissed. Each kind can be
// switched off.

import { Alerts } from '../model/alerts.js';
import { enable, isEnabled } from '../model/local-storage.js';
import { Controller } from './controller.js';

/** @import { Alert } from '../types.js' */

/** How many alerts are kept, and how many are announced at once. */
const [MOST, SPOKEN] = [20, 3];

export class AlertsController extends Controller {
  /** @type {Alert[]} Newest first. */
  list = [];
  /** Whether all are shown, and not only the newest. */
  open = false;
  #alerts = new Alerts();

  reset() {
    this.#alerts = new Alerts();
    Object.assign(this, { list: [], open: false });
  }

  hostUpdate() {
    const { host } = this;
    const { state } = host;
    if (state.phase !== 'live' || state.trouble) return;
    const actions = host.timeline.actionEntries();
    const found = this.#alerts.refresh(state.participants, actions, host.now);
    const wanted = found.filter(({ kind }) => this.isEnabled(kind));
    // Nothing is left to do about a participant who is gone.
    this.list = [...wanted, ...this.list]
      .filter(({ participant: one }) => !one || state.byKey.get(one.key)?.present)
      .slice(0, MOST);
    if (this.list.length < 2) this.open = false;
    if (!wanted.length) return;
    const texts = wanted.slice(0, SPOKEN).map((alert) => host.t.alert(alert));
    host.announce(texts.join(' '));
  }

  /** @param {Alert[]} alerts */
  dismiss(...alerts) {
    this.set({ list: this.list.filter((alert) => !alerts.includes(alert)) });
  }

  /** @param {Alert['kind']} kind */
  isEnabled(kind) {
    return isEnabled(`alert-${kind}`);
  }

  /** @param {Alert['kind']} kind @param {boolean} on */
  enable(kind, on) {
    enable(`alert-${kind}`, on);
    this.set({ list: this.list.filter((alert) => on || alert.kind !== kind) });
  }
}
