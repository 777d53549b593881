// What other moderators do, as the gateway pushes it: marks the rows, announces who did it, and shows it for a while.

import { operationOf } from '../model/audit-match.js';
import { actionSentence } from '../views/timeline.js';
import { Controller } from './controller.js';

/** @import { AuditRecord, Entry } from '../types.js' */

/** How long an action is shown, and how many are. */
const [SHOWN_MS, MOST] = [8000, 3];
const MARKS = /** @type {const} */ (['kick', 'mute', 'kickAll', 'muteAll']);

export class OtherModeratorsController extends Controller {
  /** The actions that are shown, newest first: the ID of the first record, and when it was first visible. */
  #shown = /** @type {{ id: string, text: string, seenAt?: number }[]} */ ([]);

  reset() {
    this.#shown = [];
  }

  /** @returns {Entry[]} The entries that are shown, newest first. */
  get list() {
    if (!this.#shown.length) return [];
    const byId = this.#entries();
    return this.#shown.flatMap(({ id }) => byId.get(id) ?? []);
  }

  /** The entries of actions, by the IDs of their requests. */
  #entries() {
    const entries = this.host.timeline.actionEntries();
    return new Map(entries.flatMap((entry) => (entry.requests ?? []).map((id) => [id, entry])));
  }

  /** Takes pushed records. Returns texts to announce. @param {AuditRecord[]} records */
  acted(records) {
    const { host } = this;
    const { sub } = host.claims;
    const news = records.filter(
      ({ moderator, outcome }) => moderator !== sub && outcome === 'done',
    );
    if (!news.length) return [];
    news.forEach((record) => this.#mark(record));
    const byId = this.#entries();
    const texts = [];
    for (const { id } of news) {
      const entry = byId.get(id);
      if (!entry) continue;
      const first = entry.requests?.[0] ?? id;
      const text = actionSentence(host, entry);
      const known = this.#shown.find((one) => one.id === first);
      // The second request of a ban is no news.
      if (known?.text === text) continue;
      texts.push(text);
      this.#shown = [{ id: first, text }, ...this.#shown.filter((one) => one !== known)].slice(
        0,
        MOST,
      );
    }
    return texts;
  }

  /** Marks the rows of a mute or a removal. @param {AuditRecord} record */
  #mark(record) {
    const { state, optimistic } = this.host;
    const operation = MARKS.find((one) => one === operationOf(record));
    if (!operation) return;
    const failed = new Set(record.failed);
    const ids = new Set((record.targets ?? []).filter((id) => !failed.has(id)));
    const all = operation === 'kickAll' || operation === 'muteAll';
    const concerned = state.participants.filter(
      ({ userId, custom, key }) => all || ids.has(userId ?? '') || ids.has(custom) || ids.has(key),
    );
    const word = operation === 'kick' || operation === 'kickAll' ? 'kick' : 'mute';
    optimistic.note(word, concerned, Date.now(), record.name || record.moderator);
  }

  /** @param {Entry} entry */
  dismiss({ requests = [] }) {
    this.#shown = this.#shown.filter(({ id }) => !requests.includes(id));
    this.set();
  }

  /** Hides those that were visible long enough. @param {number} now */
  passed(now) {
    for (const one of this.#shown) one.seenAt ??= now;
    this.#shown = this.#shown.filter(({ seenAt = 0 }) => now - seenAt <= SHOWN_MS);
  }
}
