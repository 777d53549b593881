// Reads the gateway's audit log of the meeting, page by page, until it reaches known records. The API
// itself has no audit log.

import { problemOf } from './outcomes.js';

/** @import { AuditRecord, Problem } from '../types.js' */

const PER_PAGE = 100;
/** The most pages to read. A meeting that is used for years has a long audit log. */
const MOST_PAGES = 20;
export class Audit {
  /** @type {Map<string, AuditRecord>} */
  #byId = new Map();
  /** Newest first. @type {AuditRecord[]} */
  records = [];
  /** @type {Promise<void> | null} */
  #reading = null;
  /** Whether the stored records have no gap. A read can fail halfway. */
  #whole = true;
  /** The problem of the last read. @type {Problem | null} */
  problem = null;
  /** Whether there is no audit log, or no permission. */
  refused = false;

  /**
   * @param {object} given
   * @param {(query: { per_page: number, before?: string }) => Promise<any>} given.page Reads a page through the client.
   * @param {() => void} given.changed
   */
  constructor({ page, changed }) {
    this.page = page;
    this.changed = changed;
  }

  /** Adds records. Pushed ones leave a gap if one was missed, which the next read fills. @param {AuditRecord[]} records */
  add(records) {
    if (!records.length) return;
    for (const record of records) this.#byId.set(record.id, record);
    this.records = [...this.#byId.values()].sort((a, b) => (a.time < b.time ? 1 : -1));
  }

  /**
   * Reads new records. One read at a time.
   *
   * @param {boolean} [anew] Whether one that is under way may be too old: then another one follows it.
   * @returns {Promise<void>}
   */
  read(anew) {
    if (this.refused) return Promise.resolve();
    if (anew && this.#reading) return this.#reading.then(() => this.read());
    this.#reading ??= this.#pages().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #pages() {
    const whole = this.#whole;
    let before;
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const data = await this.page({ per_page: PER_PAGE, ...(before && { before }) });
        /** @type {AuditRecord[]} */
        const records = Array.isArray(data?.records) ? data.records : [];
        // Open records may have an outcome now. Stop only at a known record with an outcome.
        const known =
          whole &&
          records.some(({ id }) => (this.#byId.get(id)?.outcome ?? 'unknown') !== 'unknown');
        this.add(records.filter(({ id }) => typeof id === 'string'));
        const next = data?.paging?.next;
        this.#whole = known || !next || !records.length;
        if (this.#whole) break;
        before = String(next);
      }
      this.#whole = true;
      this.problem = null;
    } catch (/** @type {any} */ error) {
      // No permission, an invalid ID, or a server without an audit log. Do not try again.
      this.refused = [403, 404, 405, 501].includes(error?.status) || !!error?.isInvalid;
      this.problem = problemOf(error);
    }
    this.changed();
  }
}
