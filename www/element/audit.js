// Reads the gateway's audit log of the meeting, page by page, until it reaches known records. The API
// itself has no audit log.

/** @import { AuditRecord } from './types.js' */

const PER_PAGE = 100;
/** The most pages to read. A meeting that is used for years has a long audit log. */
const MOST_PAGES = 20;
/** The timeout of a page in ms. Nothing newer is read meanwhile. */
const PATIENCE = 30_000;

export class Audit {
  /** @type {Map<string, AuditRecord>} */
  #records = new Map();
  /** @type {Promise<void> | null} */
  #reading = null;
  /** Whether the stored records have no gap. A read can fail halfway. */
  #whole = true;
  /** A version number, for caches. */
  version = 0;
  /** The error of the last read. */
  trouble = '';
  /** Whether there is no audit log, or no permission. */
  refused = false;

  /**
   * @param {object} given
   * @param {() => { base: string, account: string, app: string, meeting: string, token: string, timeout?: number }} given.place
   * @param {() => void} given.changed
   * @param {typeof fetch} [given.send]
   */
  constructor({ place, changed, send = (...all) => fetch(...all) }) {
    this.place = place;
    this.changed = changed;
    this.send = send;
  }

  /** Newest first. */
  get records() {
    if (this.#sorted.version !== this.version || this.#sorted.size !== this.#records.size) {
      const list = [...this.#records.values()].sort((a, b) => (a.time < b.time ? 1 : -1));
      this.#sorted = { version: this.version, size: this.#records.size, list };
    }
    return this.#sorted.list;
  }
  /** @type {{ version: number, size: number, list: AuditRecord[] }} */
  #sorted = { version: -1, size: 0, list: [] };

  /** Reads new records. One read at a time. */
  read() {
    if (this.refused) return Promise.resolve();
    this.#reading ??= this.#pages().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #pages() {
    const { base, account, app, meeting, token, timeout = PATIENCE } = this.place();
    // A dot segment, also an encoded one, would change the path.
    if ([account, app, meeting].some((id) => /^\.{0,2}$/.test(id))) {
      this.refused = true;
      return;
    }
    const part = [account, app, meeting].map(encodeURIComponent);
    const url = `${base.replace(/\/+$/, '')}/accounts/${part[0]}/realtime/kit/${part[1]}/meetings/${part[2]}/audit`;
    const whole = this.#whole;
    let before = '';
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const response = await this.send(`${url}?per_page=${PER_PAGE}${before}`, {
          headers: { accept: 'application/json', authorization: `Bearer ${token}` },
          credentials: 'omit',
          redirect: 'error',
          referrerPolicy: 'no-referrer',
          signal: AbortSignal.timeout(timeout),
        });
        if (!response.ok) {
          // No permission, or a server without an audit log. Do not try again.
          this.refused = [403, 404, 405, 501].includes(response.status);
          throw new Error(String(response.status));
        }
        const { data } = await response.json();
        const records = Array.isArray(data?.records) ? data.records : [];
        // Open records may have an outcome now. Stop only at a known record with an outcome.
        const known =
          whole &&
          records.some(
            (/** @type {AuditRecord} */ { id }) =>
              (this.#records.get(id)?.outcome ?? 'unknown') !== 'unknown',
          );
        for (const record of records)
          if (typeof record?.id === 'string') this.#records.set(record.id, record);
        const next = data?.paging?.next;
        this.#whole = known || !next || !records.length;
        if (this.#whole) break;
        before = `&before=${encodeURIComponent(next)}`;
      }
      this.#whole = true;
      this.trouble = '';
    } catch (/** @type {any} */ error) {
      this.trouble = String(error?.message ?? error);
    }
    this.version += 1;
    this.changed();
  }
}
