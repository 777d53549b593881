// Who is selected: a set of keys, and where a range begins. Pure.

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
   * Selects all from the anchor to somebody, in the order shown.
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

  /** Forgets who is no longer there at all. @param {Map<string, unknown>} there */
  prune(there) {
    for (const key of this.keys) if (!there.has(key)) this.keys.delete(key);
  }
}
