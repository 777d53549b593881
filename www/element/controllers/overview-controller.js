// The live meetings of the app: reads them again and again while the overview is shown.

import { problemOf } from '../model/outcomes.js';
import { timeOf } from '../model/participants.js';
import { Controller } from './controller.js';

/**
 * @import { Problem } from '../types.js'
 *
 * @typedef {{ id: string, title: string, present: number, started: number }} LiveMeeting
 */

/** How often to read, in ms, and the most sessions to show. */
const [EVERY, MOST] = [10_000, 500];
const PER_PAGE = 100;

export class OverviewController extends Controller {
  /** The meeting with the most participants first; null before the first response. @type {LiveMeeting[] | null} */
  meetings = null;
  /** @type {Problem | null} */
  problem = null;
  #readAt = 0;
  #reading = false;

  hostUpdate() {
    const { host } = this;
    if (!host.navigation.choosing || document.visibilityState === 'hidden') return;
    // The clock updates the element each second.
    const { deviceNow, limitedUntil } = host.clock;
    if (deviceNow - this.#readAt >= EVERY && limitedUntil < deviceNow) this.#read();
  }

  async #read() {
    if (this.#reading) return;
    this.#reading = true;
    this.#readAt = Date.now();
    try {
      const { sessions } = this.host.watch.connect().realtimeKit;
      /** @type {Map<string, any>} */
      const all = new Map();
      for (let page = 0; page * PER_PAGE < MOST; page += 1) {
        // The first page may have the number 0 or 1, and so come twice.
        const query = { status: 'LIVE', per_page: PER_PAGE, ...(page && { page_no: page }) };
        const { data } = await sessions.getSessions(this.host.place.app, query, { maxRetries: 0 });
        const found = data?.sessions ?? [];
        for (const session of found) all.set(session.id, session);
        if (found.length < PER_PAGE) break;
      }
      const meetings = [...all.values()].map(
        ({ associated_id, meeting_display_name, ...session }) => ({
          id: String(associated_id),
          title: meeting_display_name ?? '',
          present: session.live_participants ?? 0,
          started: timeOf(session.started_at),
        }),
      );
      meetings.sort((a, b) => b.present - a.present);
      this.set({ meetings, problem: null });
    } catch (error) {
      this.set({ problem: problemOf(error) });
    }
    this.#reading = false;
  }
}
