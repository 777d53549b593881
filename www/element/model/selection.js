// The selection: a set of keys, and the anchor of a range. Pure.

export class Selection {
  /** @type {Set<string>} */
  keys = new Set();
  /** @type {string | null} Where a range begins. */
  anchor = null;

  get size() {
    return this.keys.size;
  }

  /** @param {string} key */
  has(key) {
    return this.keys.has(key);
  }

  /** @param {string} key @param {boolean} [on] */
  toggle(key, on = !this.keys.has(key)) {
    if (on) this.keys.add(key);
    else this.keys.delete(key);
    this.anchor = key;
  }

  /**
   * Selects everyone from the anchor to a participant, in the shown order.
   *
   * @param {string} key
   * @param {{ key: string }[]} shown
   */
  extend(key, shown) {
    const to = shown.findIndex((one) => one.key === key);
    const anchor = shown.findIndex((one) => one.key === this.anchor);
    const from = anchor < 0 ? to : anchor;
    for (const one of shown.slice(Math.min(from, to), Math.max(from, to) + 1))
      this.keys.add(one.key);
    this.anchor ??= key;
  }

  /** @param {{ key: string }[]} shown */
  add(shown) {
    for (const { key } of shown) this.keys.add(key);
  }

  clear() {
    this.keys.clear();
    this.anchor = null;
  }

  /** Drops participants who are not there any more. @param {Map<string, unknown>} there */
  prune(there) {
    for (const key of this.keys) if (!there.has(key)) this.keys.delete(key);
  }
}
