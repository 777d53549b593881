// The gateway's audit log of the meeting: reads it through the client when something may have changed.

import { Audit } from '../model/audit.js';
import { pausedUntil } from '../model/meeting.js';
import { Controller } from './controller.js';

/** How often to read it while it is shown, and at most, in ms. */
const [EVERY, LEAST] = [15_000, 3000];

export class AuditController extends Controller {
  #readAt = 0;
  #due = false;
  log = this.#newLog();

  /** @param {import('../moderator.js').RtkModerator} host */
  constructor(host) {
    super(host);
    host.clock.onTick(() => {
      const { deviceNow } = host.clock;
      const shown = host.panel === 'timeline' || host.panel === 'polls';
      if (document.visibilityState === 'hidden') return;
      if (deviceNow - this.#readAt >= (this.#due ? LEAST : shown ? EVERY : Infinity)) this.read();
    });
  }

  #newLog() {
    return new Audit({
      page: async (query) => {
        const { appId, meetingId, watch } = this.host;
        const { meetings } = watch.connect().realtimeKit;
        return (await meetings.getAudit(appId, meetingId, query, { maxRetries: 0 })).data;
      },
      changed: () => this.set({}),
    });
  }

  /** Forgets the records, for another meeting. */
  reset() {
    this.log = this.#newLog();
  }

  /** Reads soon: something happened that another moderator may have done. */
  readSoon() {
    this.#due = true;
  }

  read() {
    const { host } = this;
    this.#readAt = Date.now();
    this.#due = false;
    const paused = pausedUntil(host.state) > this.#readAt;
    if (host.configured && host.can('audit') && !paused) this.log.read();
  }
}
