// The list of people: search, filters and order above it, and of its rows only those in sight. The focus
// stays on the list itself, which says which row is meant: rows come and go, and it is not lost.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from './icons.js';
import { arrange, hue, initials, rolesOf, timeIn } from './people.js';

/**
 * @import { Person } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 * @import { SortKey, Wish } from './people.js'
 */

const [ROW, ROW_NARROW, HEAD] = [44, 60, 36];
/** Rows above and below those in sight. */
const OVERSCAN = 8;
/** How often an order by time is made anew, though nobody came or went. */
const TIME_ORDER_MS = 10_000;

export class Roster {
  /** @type {Wish} */
  wish = { query: '', role: '', show: 'in', sort: 'name', down: false };
  /** @type {Person[]} Who is shown, in order. */
  shown = [];
  /** @type {string | null} Which row the keys act on. */
  active = null;
  #place = 0;
  /** @type {unknown[]} What `shown` was made of. */
  #madeOf = [];
  /** @type {unknown} Whose roles they are. */
  #rolesOf;
  /** @type {[string, number][]} */
  #roles = [];
  /** Which rows are there: those in sight, and some around them. */
  #from = 0;
  #to = 0;

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

  /** @returns {HTMLElement | null} */
  get grid() {
    return this.host.renderRoot?.querySelector('.grid') ?? null;
  }

  /** After each render, each scroll and each change of size: which rows are in sight now. */
  measure = () => {
    const { grid, rowHeight } = this;
    if (!grid) return;
    const first = Math.floor(grid.scrollTop / rowHeight);
    const rows = Math.ceil(grid.clientHeight / rowHeight);
    // By steps, so that most scrolls change nothing.
    const from = Math.max(0, first - OVERSCAN - (first % OVERSCAN));
    const to = first + rows + 2 * OVERSCAN - (first % OVERSCAN);
    if (from === this.#from && to === this.#to) return;
    [this.#from, this.#to] = [from, to];
    this.host.requestUpdate();
  };

  /** Before each render: who is shown now. */
  arrange() {
    const { host, wish } = this;
    const { people } = host.state;
    const turn = wish.sort === 'time' ? Math.floor(host.now / TIME_ORDER_MS) : 0;
    const madeOf = [people, wish, turn, host.fmt.collator];
    if (!madeOf.some((part, i) => part !== this.#madeOf[i])) return;
    // Of another order, what was before is no start.
    const before = wish === this.#madeOf[1] ? this.shown : [];
    this.#madeOf = madeOf;
    this.shown = arrange(people, wish, host.now, host.fmt.collator, before);
    const place = this.shown.findIndex(({ key }) => key === this.active);
    if (place >= 0) this.#place = place;
    else this.#activate(Math.min(this.#place, this.shown.length - 1));
  }

  /** @param {Partial<Wish>} change */
  want(change) {
    this.wish = { ...this.wish, ...change };
    this.grid?.scrollTo({ top: 0 });
    this.host.requestUpdate();
  }

  /** @param {SortKey} sort */
  #order(sort) {
    // First what one looks for: who has been in longest, who came in last.
    const first = sort === 'time' || sort === 'joins';
    this.want({ sort, down: this.wish.sort === sort ? !this.wish.down : first });
  }

  /** @param {number} place */
  #activate(place) {
    this.#place = Math.max(0, place);
    this.active = this.shown[this.#place]?.key ?? null;
  }

  get activePerson() {
    return this.shown[this.#place];
  }

  /** Goes to another row; a range grows by it. @param {number} to @param {boolean} [range] */
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

  /** Scrolls as little as it takes to see the row that the keys act on. */
  #reveal() {
    const { grid, rowHeight, headHeight } = this;
    if (!grid) return;
    const top = this.#place * rowHeight;
    const room = grid.clientHeight - headHeight - rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top > grid.scrollTop + room) grid.scrollTop = top - room;
  }

  /** What a key does here; whether it did something. @param {KeyboardEvent} event */
  key(event) {
    const page = Math.max(1, Math.floor((this.grid?.clientHeight ?? 0) / this.rowHeight) - 1);
    const { key, shiftKey } = event;
    /** @type {Record<string, number>} */
    const moves = {
      ...{ ArrowDown: this.#place + 1, ArrowUp: this.#place - 1, j: this.#place + 1 },
      ...{ k: this.#place - 1, J: this.#place + 1, K: this.#place - 1, Home: 0 },
      ...{ End: this.shown.length - 1, PageDown: this.#place + page, PageUp: this.#place - page },
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

  /** Selects all who are shown, or none. */
  toggleAll() {
    const { selection } = this.host;
    if (this.shown.every(({ key }) => selection.has(key))) selection.clear();
    else selection.add(this.shown);
    this.host.selectionChanged(true);
  }

  render() {
    const { host, wish } = this;
    const { t } = host;
    return html`
      <section class="people" aria-label=${t.people} part="people">
        ${this.#tools()}
        <div
          class="grid"
          role="grid"
          tabindex="0"
          aria-label=${t.people}
          aria-multiselectable="true"
          aria-rowcount=${this.shown.length + 1}
          aria-activedescendant=${this.#inSight() ? rowId(this.#place) : nothing}
          @mousedown=${this.#press}
          @scroll=${this.measure}
        >
          ${this.#head()} ${this.shown.length ? this.#body() : this.#empty(wish)}
        </div>
        ${host.selection.size ? this.#bar() : nothing}
      </section>
    `;
  }

  /** The focus stays on the list, whatever of it is pressed. @param {MouseEvent} event */
  #press = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('.row') && !target.closest('.head')) {
      event.preventDefault();
      this.focus();
    }
  };

  #tools() {
    const { host, wish } = this;
    const { t, fmt, state } = host;
    if (this.#rolesOf !== state.people)
      [this.#rolesOf, this.#roles] = [state.people, rolesOf(state.people, fmt.collator)];
    const roles = this.#roles;
    const left = state.people.length - state.present;
    const shows = /** @type {const} */ ([
      ['in', t.showIn, state.present],
      ['left', t.showLeft, left],
      ['all', t.showAll, state.people.length],
    ]);
    return html`
      <div class="tools">
        <label class="search">
          ${icons.search}
          <span class="sr">${t.search}</span>
          <input
            type="search"
            name="search"
            autocomplete="off"
            spellcheck="false"
            placeholder=${t.search}
            .value=${live(wish.query)}
            @input=${(/** @type {any} */ event) => this.want({ query: event.target.value })}
          />
        </label>
        <fieldset class="segments">
          <legend class="sr">${t.show}</legend>
          ${shows.map(
            ([show, text, count]) => html`
              <label>
                <input
                  type="radio"
                  name="show"
                  value=${show}
                  .checked=${live(wish.show === show)}
                  @change=${() => this.want({ show })}
                />
                <span>${text} <b>${fmt.n(count)}</b></span>
              </label>
            `,
          )}
        </fieldset>
        <div class="pick">
          <select
            aria-label=${t.role}
            @change=${(/** @type {any} */ event) => this.want({ role: event.target.value })}
          >
            <option value="" ?selected=${!wish.role}>${t.everyRole}</option>
            ${roles.map(
              ([role, count]) =>
                html`<option value=${role} ?selected=${wish.role === role}>
                  ${role} (${fmt.n(count)})
                </option>`,
            )}
          </select>
        </div>
        ${host.narrow
          ? html`<div class="pick">
              <select
                aria-label=${t.order}
                @change=${(/** @type {any} */ event) => this.#order(event.target.value)}
              >
                ${this.#columns().map(
                  ([sort, text]) =>
                    html`<option value=${sort} ?selected=${wish.sort === sort}>${text}</option>`,
                )}
              </select>
            </div>`
          : nothing}
      </div>
    `;
  }

  /** @returns {[SortKey, string, string][]} */
  #columns() {
    const { t } = this.host;
    return [
      ['name', t.name, 'name'],
      ['role', t.role, 'role'],
      ['joined', t.joined, 'number wide'],
      ['time', t.timeIn, 'number'],
      ['joins', t.joins, 'number joins'],
    ];
  }

  #head() {
    const { host, wish } = this;
    if (host.narrow) return nothing;
    const { t, selection } = host;
    const all = this.shown.length > 0 && this.shown.every(({ key }) => selection.has(key));
    const some = !all && selection.size > 0 && this.shown.some(({ key }) => selection.has(key));
    const direction = wish.down ? 'descending' : 'ascending';
    return html`
      <div role="rowgroup" class="heads">
        <div role="row" class="row head" aria-rowindex="1">
          <div role="columnheader" class="check">
            <label>
              <input
                type="checkbox"
                aria-label=${t.selectAll(this.shown.length)}
                .checked=${live(all)}
                .indeterminate=${live(some)}
                ?disabled=${!this.shown.length}
                @change=${() => this.toggleAll()}
              />
            </label>
          </div>
          ${this.#columns().map(
            ([sort, text, kind]) => html`
              <div
                role="columnheader"
                class=${kind}
                aria-sort=${wish.sort === sort ? direction : 'none'}
              >
                <button type="button" @click=${() => this.#order(sort)}>
                  ${text} ${wish.sort === sort ? (wish.down ? icons.down : icons.up) : nothing}
                </button>
              </div>
            `,
          )}
          <div role="columnheader" class="deeds"><span class="sr">${t.actions}</span></div>
        </div>
      </div>
    `;
  }

  /** Whether the row that the keys act on is there to be pointed at. */
  #inSight() {
    return this.#place >= this.#from && this.#place < Math.min(this.#to, this.shown.length);
  }

  #body() {
    const { rowHeight } = this;
    return html`
      <div role="rowgroup" class="rows" .style=${`block-size:${this.shown.length * rowHeight}px`}>
        ${repeat(
          this.shown.slice(this.#from, this.#to),
          ({ key }) => key,
          (person, place) => {
            const index = this.#from + place;
            return this.#row(person, index, index * rowHeight);
          },
        )}
      </div>
    `;
  }

  /** @param {Person} person @param {number} index @param {number} top */
  #row(person, index, top) {
    const { host } = this;
    const { t, fmt, selection } = host;
    const { key, present, role, joins, stays } = person;
    const selected = selection.has(key);
    const name = host.nameOf(person);
    const time = fmt.span(timeIn(person, host.now));
    const first = stays[0]?.[0] ?? NaN;
    const mark = present && host.marks.of(key);
    const gone = mark
      ? html`<span class="mark ${mark}">${t.mark[mark]}</span>`
      : present
        ? nothing
        : html`<span class="gone">${t.leftAt(stays.at(-1)?.[1] ?? NaN)}</span>`;
    const named = html`
      ${avatar(person)}
      <span class="who">
        <button type="button" class="plain" tabindex="-1" @click=${() => host.open(person)}>
          <bdi>${name}</bdi>
        </button>
        ${host.narrow
          ? html`<span class="sub">
              ${present && !mark ? time : gone}
              ${joins > 1 ? html` · ${t.joinedTimes(joins)}` : nothing}
              ${role ? html` · <bdi>${role}</bdi>` : nothing}
            </span>`
          : gone}
      </span>
    `;
    return html`
      <div
        role="row"
        id=${rowId(index)}
        class="row ${selected ? 'selected' : ''} ${key === this.active ? 'active' : ''} ${present &&
        !host.marks.removed(key)
          ? ''
          : 'absent'}"
        aria-rowindex=${index + 2}
        aria-selected=${selected}
        .style=${`transform:translateY(${top}px)`}
        @click=${(/** @type {MouseEvent} */ event) => this.#click(event, person)}
      >
        <div role="gridcell" class="check">
          <label>
            <input
              type="checkbox"
              tabindex="-1"
              aria-label=${t.select(name)}
              .checked=${live(selected)}
              @click=${(/** @type {MouseEvent} */ event) => this.toggle(person, event.shiftKey)}
            />
          </label>
        </div>
        <div role="gridcell" class="name">${named}</div>
        ${host.narrow
          ? nothing
          : html`
              <div role="gridcell" class="role"><bdi>${role || '–'}</bdi></div>
              <div role="gridcell" class="number wide">${fmt.time(first)}</div>
              <div role="gridcell" class="number">${time}</div>
              <div role="gridcell" class="number joins">${fmt.n(joins)}</div>
            `}
        <div role="gridcell" class="deeds">${this.#deeds(person, name)}</div>
      </div>
    `;
  }

  /** @param {MouseEvent} event @param {Person} person */
  #click(event, person) {
    const target = /** @type {HTMLElement} */ (event.target);
    const held = event.shiftKey || event.ctrlKey || event.metaKey;
    if (target.closest(held ? 'button, input' : 'button, input, label')) return;
    if (held) {
      // With a key held Firefox presses no box by its label, others do: neither is to.
      event.preventDefault();
      if (this.host.verbs.length) this.toggle(person, event.shiftKey);
    } else {
      this.#activate(this.shown.indexOf(person));
      this.host.requestUpdate();
    }
  }

  /** What may be done to somebody. @param {Person} person @param {string} name */
  #deeds(person, name) {
    const { host } = this;
    const { t } = host;
    if (host.narrow)
      return html`<button
        type="button"
        class="quiet icon-only"
        tabindex="-1"
        aria-label=${t.about(name)}
        @click=${() => host.open(person)}
      >
        ${icons.more}
      </button>`;
    return host.verbs.map((verb) =>
      host.possible(verb, person)
        ? html`<button
            type="button"
            class="quiet icon-only ${verb === 'mute' ? '' : 'danger'}"
            tabindex="-1"
            title=${t.verb[verb]}
            aria-label=${t.verbWhom[verb](name)}
            @click=${() => host.askAbout(verb, [person])}
          >
            ${icons[verb]}
          </button>`
        : html`<span class="icon-only"></span>`,
    );
  }

  /** @param {Wish} wish */
  #empty(wish) {
    const { host } = this;
    const { t, state } = host;
    const filtered = wish.query || wish.role;
    const over = state.phase === 'ended' && wish.show === 'in';
    const text =
      state.phase === 'loading'
        ? t.loading
        : filtered
          ? t.nobodyMatches
          : over
            ? t.phaseSaid.ended
            : wish.show === 'left'
              ? t.nobodyLeft
              : t.nobodyIn;
    return html`
      <div role="rowgroup">
        <div role="row" class="nobody">
          <div role="gridcell">
            <p>${text}</p>
            ${(filtered || over) && state.people.length
              ? html`<button
                  type="button"
                  @click=${() => this.want({ query: '', role: '', show: 'all' })}
                >
                  ${over ? t.whoWasIn : t.clearFilters}
                </button>`
              : nothing}
          </div>
        </div>
      </div>
    `;
  }

  #bar() {
    const { host } = this;
    const { t } = host;
    const chosen = host.chosen;
    const gone = chosen.filter(({ present }) => !present).length;
    return html`
      <div class="bar" part="selection">
        <p>
          <b>${t.selected(chosen.length)}</b>
          ${gone ? html`<span class="muted">${t.ofThemLeft(gone)}</span>` : nothing}
        </p>
        ${host.verbs.map(
          (verb) =>
            html`<button
              type="button"
              class=${verb === 'mute' ? '' : 'danger'}
              ?disabled=${!chosen.some((person) => host.possible(verb, person))}
              @click=${() => host.askAbout(verb, chosen)}
            >
              ${icons[verb]} ${t.verb[verb]}
            </button>`,
        )}
        <button type="button" class="quiet" @click=${() => host.clearSelection()}>
          ${icons.close} <span class="word">${t.clear}</span>
        </button>
      </div>
    `;
  }
}

/** Not of the key, which may be any text. @param {number} place */
const rowId = (place) => `row-${place}`;

/** Initials, and over them the picture, unless it cannot be had. @param {Person} person */
export function avatar({ picture, name, key }) {
  return html`<span class="avatar" aria-hidden="true" .style=${`--hue:${hue(key)}`}
    >${initials(name) || '?'}${picture
      ? html`<img
          src=${picture}
          alt=""
          loading="lazy"
          referrerpolicy="no-referrer"
          decoding="async"
          @load=${shown}
          @error=${shown}
        />`
      : nothing}</span
  >`;
}

/** A picture that failed is gone, until another one in its place is there. @param {Event} event */
function shown({ type, target }) {
  /** @type {HTMLElement} */ (target).hidden = type === 'error';
}
