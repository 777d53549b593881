// The alerts: finds them after each refresh, announces them, and keeps those that are not dismissed. Each kind can be
// switched off.

import { ALERTS, Alerts } from '../model/alerts.js';
import { enable, isEnabled } from '../model/local-storage.js';
import { Controller } from './controller.js';

/** @import { Alert } from '../types.js' */

/** The number of alerts on the screen. */
const MOST = 3;

export class AlertsController extends Controller {
  /** @type {Alert[]} Newest first. */
  list = [];
  /** @type {Record<string, boolean>} */
  enabled = Object.fromEntries(ALERTS.map((kind) => [kind, isEnabled(`alert-${kind}`)]));
  #alerts = new Alerts();

  reset() {
    this.#alerts = new Alerts();
    this.list = [];
  }

  hostUpdate() {
    const { host } = this;
    const { state } = host;
    if (state.phase !== 'live' || state.trouble) return;
    const actions = host.timeline.actionEntries();
    const found = this.#alerts.refresh(state.participants, actions, host.now);
    const wanted = found.filter(({ kind }) => this.enabled[kind]);
    if (!wanted.length) return;
    this.list = [...wanted, ...this.list].slice(0, MOST);
    const texts = wanted.slice(0, MOST).map((alert) => host.t.alert(alert));
    host.announce(texts.join(' '));
  }

  /** @param {Alert} alert */
  dismiss(alert) {
    this.set({ list: this.list.filter((other) => other !== alert) });
  }

  /** @param {Alert['kind']} kind @param {boolean} on */
  enable(kind, on) {
    enable(`alert-${kind}`, on);
    const list = this.list.filter((alert) => on || alert.kind !== kind);
    this.set({ list, enabled: { ...this.enabled, [kind]: on } });
  }
}
