// The list of participants: search, filters, order, and only the visible rows. The focus stays on the list,
// which names the active row, so that it is not lost when rows disappear.

import { arrange, rolesOf } from './people.js';
import { list } from './roster-view.js';

/**
 * @import { Person } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 * @import { SortKey, Wish } from './people.js'
 */

const [ROW, ROW_NARROW, HEAD] = [44, 60, 36];
/** Extra rows above and below the visible ones. */
const OVERSCAN = 8;
/** How often to sort by time again, even without joins and leaves. */
const TIME_ORDER_MS = 10_000;

export class Roster {
  /** @type {Wish} */
  wish = { query: '', role: '', show: 'in', sort: 'name', down: false };
  /** @type {Person[]} Who is shown, in order. */
  shown = [];
  /** @type {string | null} Which row the keys act on. */
  active = null;
  place = 0;
  /** @type {unknown[]} What `shown` was made of. */
  #madeOf = [];
  /** @type {unknown} Whose roles they are. */
  #rolesOf;
  /** @type {[string, number][]} */
  #roles = [];
  /** The range of rendered rows. */
  from = 0;
  to = 0;

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  get rowHeight() {
    return this.host.narrow ? ROW_NARROW : ROW;
  }

  get headHeight() {
    return this.host.narrow ? 0 : HEAD;
  }

  /** The roles, with counts. */
  get roles() {
    const { state, fmt } = this.host;
    if (this.#rolesOf !== state.people)
      [this.#rolesOf, this.#roles] = [state.people, rolesOf(state.people, fmt.collator)];
    return this.#roles;
  }

  /** @returns {HTMLElement | null} */
  get grid() {
    return this.host.renderRoot?.querySelector('.grid') ?? null;
  }

  /** Finds the visible rows, after each render, scroll and resize. */
  measure = () => {
    const { grid, rowHeight } = this;
    if (!grid) return;
    const first = Math.floor(grid.scrollTop / rowHeight);
    const rows = Math.ceil(grid.clientHeight / rowHeight);
    // In steps, so that most scrolls change nothing.
    const from = Math.max(0, first - OVERSCAN - (first % OVERSCAN));
    const to = first + rows + 2 * OVERSCAN - (first % OVERSCAN);
    if (from === this.from && to === this.to) return;
    [this.from, this.to] = [from, to];
    this.host.requestUpdate();
  };

  /** Finds the participants to show, before each render. */
  arrange() {
    const { host, wish } = this;
    const { people } = host.state;
    const turn = wish.sort === 'time' ? Math.floor(host.now / TIME_ORDER_MS) : 0;
    const madeOf = [people, wish, turn, host.fmt.collator];
    if (!madeOf.some((part, i) => part !== this.#madeOf[i])) return;
    // The last result only helps with the same order.
    const before = wish === this.#madeOf[1] ? this.shown : [];
    this.#madeOf = madeOf;
    this.shown = arrange(people, wish, host.now, host.fmt.collator, before);
    const place = this.shown.findIndex(({ key }) => key === this.active);
    if (place >= 0) this.place = place;
    else this.#activate(Math.min(this.place, this.shown.length - 1));
  }

  /** @param {Partial<Wish>} change */
  want(change) {
    this.wish = { ...this.wish, ...change };
    this.grid?.scrollTo({ top: 0 });
    this.host.requestUpdate();
  }

  /** @param {SortKey} sort */
  order(sort) {
    // The useful direction first: the longest attendance, the latest join.
    const first = sort === 'time' || sort === 'joins';
    this.want({ sort, down: this.wish.sort === sort ? !this.wish.down : first });
  }

  /** @param {number} place */
  #activate(place) {
    this.place = Math.max(0, place);
    this.active = this.shown[this.place]?.key ?? null;
  }

  get activePerson() {
    return this.shown[this.place];
  }

  /** Moves to another row, and extends the range if wanted. @param {number} to @param {boolean} [range] */
  go(to, range = false) {
    if (!this.shown.length) return;
    const extend = range && this.host.verbs.length > 0;
    const { selection } = this.host;
    if (extend && selection.anchor === null && this.active) selection.toggle(this.active, true);
    this.#activate(Math.min(Math.max(0, to), this.shown.length - 1));
    if (extend && this.active) selection.extend(this.active, this.shown);
    this.#reveal();
    this.host.selectionChanged(extend);
  }

  /** Scrolls just enough to show the active row. */
  #reveal() {
    const { grid, rowHeight, headHeight } = this;
    if (!grid) return;
    const top = this.place * rowHeight;
    const room = grid.clientHeight - headHeight - rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top > grid.scrollTop + room) grid.scrollTop = top - room;
  }

  /** Handles a key. Returns whether it did something. @param {KeyboardEvent} event */
  key(event) {
    const page = Math.max(1, Math.floor((this.grid?.clientHeight ?? 0) / this.rowHeight) - 1);
    const { key, shiftKey } = event;
    /** @type {Record<string, number>} */
    const moves = {
      ...{ ArrowDown: this.place + 1, ArrowUp: this.place - 1, j: this.place + 1 },
      ...{ k: this.place - 1, J: this.place + 1, K: this.place - 1, Home: 0 },
      ...{ End: this.shown.length - 1, PageDown: this.place + page, PageUp: this.place - page },
    };
    if (key in moves) {
      this.go(moves[key], shiftKey);
      if (this.host.focusInside !== this.grid) this.focus();
      return true;
    }
    return false;
  }

  focus() {
    this.grid?.focus({ preventScroll: true });
  }

  /** @param {Person} person @param {boolean} [range] */
  toggle(person, range = false) {
    const { selection } = this.host;
    if (range) selection.extend(person.key, this.shown);
    else selection.toggle(person.key);
    this.#activate(this.shown.indexOf(person));
    this.host.selectionChanged(true);
  }

  /** Selects all shown participants, or none. */
  toggleAll() {
    const { selection } = this.host;
    if (this.shown.every(({ key }) => selection.has(key))) selection.clear();
    else selection.add(this.shown);
    this.host.selectionChanged(true);
  }

  render() {
    return list(this);
  }

  /** Keeps the focus on the list for every click in it. @param {MouseEvent} event */
  press = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('.row') && !target.closest('.head')) {
      event.preventDefault();
      this.focus();
    }
  };

  /** @param {MouseEvent} event @param {Person} person */
  click(event, person) {
    const target = /** @type {HTMLElement} */ (event.target);
    const held = event.shiftKey || event.ctrlKey || event.metaKey;
    if (target.closest(held ? 'button, input' : 'button, input, label')) return;
    if (held) {
      // With a modifier key, Firefox does not toggle a checkbox by its label, but others do. Prevent both.
      event.preventDefault();
      if (this.host.verbs.length) this.toggle(person, event.shiftKey);
    } else {
      this.#activate(this.shown.indexOf(person));
      this.host.requestUpdate();
    }
  }

  /** Whether the active row is rendered. */
  get inSight() {
    return this.place >= this.from && this.place < Math.min(this.to, this.shown.length);
  }
}
