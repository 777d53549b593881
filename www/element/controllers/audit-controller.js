// The gateway's audit log of the meeting: takes pushed records, and else reads it through the client when something
// may have changed.

import { Audit } from '../model/audit.js';
import { pausedUntil } from '../model/meeting.js';
import { Controller } from './controller.js';

/** @import { AuditRecord } from '../types.js' */

/** How often to read it while it is shown, and at most, in ms. */
const [EVERY, LEAST] = [15_000, 3000];

export class AuditController extends Controller {
  #readAt = 0;
  #due = false;
  log = this.#newLog();

  tick() {
    const { clock, navigation } = this.host;
    const shown = navigation.panel === 'timeline' || navigation.panel === 'polls';
    if (document.visibilityState === 'hidden' || this.#isCurrent) return;
    const wait = this.#due ? LEAST : shown ? EVERY : Infinity;
    if (clock.deviceNow - this.#readAt >= wait) this.read();
  }

  #newLog() {
    return new Audit({
      page: async (query) => {
        const { place, watch } = this.host;
        const { meetings } = watch.connect().realtimeKit;
        return (await meetings.getAudit(place.app, place.meeting, query, { maxRetries: 0 })).data;
      },
      changed: () => this.set({}),
    });
  }

  /** Forgets the records, for another meeting. */
  reset() {
    this.log = this.#newLog();
  }

  /** Whether the gateway pushes new records, and the earlier ones are there. */
  get #isCurrent() {
    return this.host.state.pushed && !this.log.problem;
  }

  /**
   * Takes the records of a snapshot, and returns them.
   *
   * @param {import('../types.js').Snapshot} snapshot
   * @param {import('../model/meeting.js').State} before
   */
  take({ actions = [] }, before) {
    const records = /** @type {AuditRecord[]} */ (
      actions.filter(({ id }) => typeof id === 'string')
    );
    this.log.add(records);
    // Records from before the connection were not pushed, and a read that is under way may lack the last ones.
    if (this.host.state.pushed && !before.pushed) this.read(true);
    return records;
  }

  /** Reads soon: something happened that another moderator may have done. */
  readSoon() {
    this.#due = true;
  }

  /** Reads, unless new records are pushed. */
  readIfNeeded() {
    if (!this.#isCurrent) this.read();
  }

  /** @param {boolean} [anew] */
  read(anew) {
    const { host } = this;
    this.#readAt = Date.now();
    this.#due = false;
    const paused = pausedUntil(host.state) > this.#readAt;
    if (host.configured && host.can('audit') && !paused) this.log.read(anew);
  }
}
