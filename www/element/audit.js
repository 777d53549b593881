// The gateway's audit of the meeting, read page by page until what is known already. Only the gateway
// has one; the API does not.

/** @import { AuditRecord } from './types.js' */

const PER_PAGE = 100;
/** Far more than a session sees: a meeting that goes on for years has an audit as long. */
const MOST_PAGES = 20;
/** How long a page of it is waited for, in ms: while one is, nothing newer is read. */
const PATIENCE = 30_000;

export class Audit {
  /** @type {Map<string, AuditRecord>} */
  #records = new Map();
  /** @type {Promise<void> | null} */
  #reading = null;
  /** Whether nothing is missing between what is known: a read may have failed midway. */
  #whole = true;
  /** Which state of it this is. */
  version = 0;
  /** Why it could not be read last. */
  trouble = '';
  /** Whether there is none here, or none for this grant. */
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

  /** Reads what is new, never twice at once. */
  read() {
    if (this.refused) return Promise.resolve();
    this.#reading ??= this.#pages().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #pages() {
    const { base, account, app, meeting, token, timeout = PATIENCE } = this.place();
    // A dot segment would be another path, however it is written.
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
          // Not allowed, or a server that has no audit: it will not have one later.
          this.refused = [403, 404, 405, 501].includes(response.status);
          throw new Error(String(response.status));
        }
        const { data } = await response.json();
        const records = Array.isArray(data?.records) ? data.records : [];
        // What was not settled may be now: only a record that is both known and settled ends it.
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
