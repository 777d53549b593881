// The list of participants: search, filters, order, the active row, and which rows are visible. The focus stays on
// the list, which names the active row, so that it is not lost when rows disappear.

import { arrange, held } from '../model/arrange.js';
import { memo } from '../model/memo.js';
import { rolesOf } from '../model/participants.js';
import { peakOf } from '../model/presence.js';
import { Controller } from './controller.js';

/**
 * @import { Participant } from '../types.js'
 * @import { ListOptions, SortKey } from '../model/arrange.js'
 */

const [ROW, ROW_NARROW, HEAD] = [44, 60, 36];
/** Extra rows above and below the visible ones. */
const OVERSCAN = 8;
/** How often to sort by time again, even without joins and leaves. */
const TIME_ORDER_MS = 10_000;
/** How long a pointer that does not move keeps the rows in place, and how long a pause in typing is, in ms. */
const [HOLD_MS, TYPING_MS] = [10_000, 700];

export class ListController extends Controller {
  /** @type {ListOptions} */
  options = { query: '', role: '', show: 'in', sort: 'name', down: false };
  /** @type {Participant[]} Who is shown, in order. */
  shown = [];
  /** @type {string | null} Which row the keys act on. */
  active = null;
  place = 0;
  /** @type {unknown[]} What `shown` was made of. */
  #source = [];
  /** @type {Set<string> | null} */
  #visible = null;
  #pointerUntil = 0;
  #typing = 0;
  #printing = false;
  #roles = memo(rolesOf);
  #peak = memo(peakOf);
  /** The range of rendered rows. */
  from = 0;
  to = 0;

  get rowHeight() {
    return this.host.size.narrow ? ROW_NARROW : ROW;
  }

  get headHeight() {
    return this.host.size.narrow ? 0 : HEAD;
  }

  /** The roles, with counts. */
  get roles() {
    return this.#roles(this.host.state.participants, this.host.fmt.collator);
  }

  /** The most participants at once, as in the chart. */
  get peak() {
    return this.#peak(this.host.state.participants);
  }

  /** @returns {HTMLElement | null} */
  get grid() {
    return this.host.renderRoot?.querySelector('.grid') ?? null;
  }

  /** Finds the visible rows, after each render, scroll and resize. */
  measure = () => {
    const { grid, rowHeight } = this;
    if (!grid || this.#printing) return;
    const first = Math.floor(grid.scrollTop / rowHeight);
    const rows = Math.ceil(grid.clientHeight / rowHeight);
    // In steps, so that most scrolls change nothing.
    const from = Math.max(0, first - OVERSCAN - (first % OVERSCAN));
    const to = first + rows + 2 * OVERSCAN - (first % OVERSCAN);
    if (from === this.from && to === this.to) return;
    [this.from, this.to] = [from, to];
    this.set();
  };

  /** Renders all rows, for a printer. @param {boolean} on */
  print(on) {
    this.#printing = on;
    this.set(on ? { from: 0, to: Infinity } : {});
  }

  /** Finds the participants to show, before each render. */
  hostUpdate() {
    const { host, options } = this;
    const { participants, byKey } = host.state;
    const turn = options.sort === 'time' ? Math.floor(host.now / TIME_ORDER_MS) : 0;
    const hold = this.#pointerUntil > Date.now();
    const source = [participants, options, turn, host.fmt.collator, hold];
    if (!source.some((part, i) => part !== this.#source[i])) return;
    // The last result only helps with the same order.
    const before = options === this.#source[1] ? this.shown : [];
    this.#source = source;
    const arranged = arrange(participants, options, host.now, host.fmt.collator, before);
    this.shown = hold && before.length ? held(before, arranged, byKey) : arranged;
    this.#visible = null;
    const place = this.shown.findIndex(({ key }) => key === this.active);
    if (place >= 0) this.place = place;
    else this.#activate(Math.min(this.place, this.shown.length - 1));
  }

  hostUpdated() {
    this.measure();
  }

  /** Keeps the rows in place while a pointer is over them, so that a press cannot hit another row. */
  point = () => {
    this.#pointerUntil = Date.now() + HOLD_MS;
  };

  release = () => {
    if (!this.#pointerUntil) return;
    this.#pointerUntil = 0;
    this.set();
  };

  /** The keys of the shown rows. */
  get visible() {
    this.#visible ??= new Set(this.shown.map(({ key }) => key));
    return this.#visible;
  }

  /** @param {Partial<ListOptions>} change */
  setOptions(change) {
    this.#pointerUntil = 0;
    this.grid?.scrollTo({ top: 0 });
    this.set({ options: { ...this.options, ...change } });
    if (change.query === undefined) return;
    // The number of matches is announced when the typing pauses.
    const { host } = this;
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      if (this.options.query) host.announce(host.t.matches(this.shown.length, this.total));
    }, TYPING_MS);
  }

  /** The number of participants without a search. */
  get total() {
    const { show } = this.options;
    const { participants, present } = this.host.state;
    return { in: present, left: participants.length - present, all: participants.length }[show];
  }

  /** @param {SortKey} sort */
  order(sort) {
    // The useful direction first: the longest attendance, the latest join.
    const first = sort === 'time' || sort === 'joins';
    this.setOptions({ sort, down: this.options.sort === sort ? !this.options.down : first });
  }

  /** @param {number} place */
  #activate(place) {
    this.place = Math.max(0, place);
    this.active = this.shown[this.place]?.key ?? null;
  }

  get activeParticipant() {
    return this.shown[this.place];
  }

  /** Moves to another row, and extends the range if wanted. @param {number} to @param {boolean} [range] */
  go(to, range = false) {
    if (!this.shown.length) return;
    const extend = range && this.host.participants.verbs.length > 0;
    const { selection } = this.host;
    if (extend && selection.anchor === null && this.active) selection.toggle(this.active, true);
    this.#activate(Math.min(Math.max(0, to), this.shown.length - 1));
    if (extend && this.active) selection.extend(this.active, this.shown);
    this.#reveal();
    this.host.participants.selectionChanged(extend);
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

  /** Handles a key. Returns whether it did something. @param {string} key @param {boolean} shiftKey */
  key(key, shiftKey) {
    const page = Math.max(1, Math.floor((this.grid?.clientHeight ?? 0) / this.rowHeight) - 1);
    /** @type {Record<string, number>} */
    const moves = {
      ...{ ArrowDown: this.place + 1, ArrowUp: this.place - 1, j: this.place + 1 },
      ...{ k: this.place - 1, J: this.place + 1, K: this.place - 1, Home: 0 },
      ...{ End: this.shown.length - 1, PageDown: this.place + page, PageUp: this.place - page },
    };
    if (!(key in moves)) return false;
    this.go(moves[key], shiftKey);
    if (this.host.focusInside !== this.grid) this.focus();
    return true;
  }

  focus() {
    this.grid?.focus({ preventScroll: true });
  }

  /** @param {Participant} person @param {boolean} [range] */
  toggle(person, range = false) {
    const { selection } = this.host;
    if (range) selection.extend(person.key, this.shown);
    else selection.toggle(person.key);
    this.#activate(this.shown.indexOf(person));
    this.host.participants.selectionChanged(true);
  }

  /** Whether all shown participants are selected. */
  get allSelected() {
    return this.shown.length > 0 && this.shown.every(({ key }) => this.host.selection.has(key));
  }

  /** Selects all shown participants, or none. */
  toggleAll() {
    const { selection } = this.host;
    if (this.allSelected) selection.clear();
    else selection.add(this.shown);
    this.host.participants.selectionChanged(true);
  }

  /** Keeps the focus on the list for every click in it. @param {MouseEvent} event */
  press = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('.row') && !target.closest('.head')) {
      event.preventDefault();
      this.focus();
    }
  };

  /** @param {MouseEvent} event @param {Participant} person */
  click(event, person) {
    const target = /** @type {HTMLElement} */ (event.target);
    const held = event.shiftKey || event.ctrlKey || event.metaKey;
    if (target.closest(held ? 'button, input' : 'button, input, label')) return;
    if (held) {
      // With a modifier key, Firefox does not toggle a checkbox by its label, but others do. Prevent both.
      event.preventDefault();
      if (this.host.participants.verbs.length) this.toggle(person, event.shiftKey);
    } else {
      this.#activate(this.shown.indexOf(person));
      this.set();
    }
  }

  /** Whether the active row is rendered. */
  get inSight() {
    return this.place >= this.from && this.place < Math.min(this.to, this.shown.length);
  }
}
