// The view of the list: search, filters, order, rows, the text for an empty list, and the bar for selected
// participants.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { icons } from './icons.js';
import { body, columns, head, rowId } from './rows.js';

/**
 * @import { Wish } from './people.js'
 * @import { Roster } from './roster.js'
 */

/** @param {Roster} roster */
export function list(roster) {
  const { host, wish } = roster;
  const { t } = host;
  return html`
    <section class="people" aria-label=${t.people} part="people">
      ${tools(roster)}
      <div
        class="grid"
        role="grid"
        tabindex="0"
        aria-label=${t.people}
        aria-multiselectable="true"
        aria-rowcount=${roster.shown.length + 1}
        aria-activedescendant=${roster.inSight ? rowId(roster.place) : nothing}
        @mousedown=${roster.press}
        @scroll=${roster.measure}
      >
        ${head(roster)} ${roster.shown.length ? body(roster) : empty(roster, wish)}
      </div>
      ${host.selection.size ? bar(roster) : nothing}
    </section>
  `;
}

/** @param {Roster} roster */
function tools(roster) {
  const { host, wish } = roster;
  const { t, fmt, state } = host;
  const { roles } = roster;
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
          @input=${(/** @type {any} */ event) => roster.want({ query: event.target.value })}
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
                @change=${() => roster.want({ show })}
              />
              <span>${text} <b>${fmt.n(count)}</b></span>
            </label>
          `,
        )}
      </fieldset>
      <div class="pick">
        <select
          aria-label=${t.role}
          @change=${(/** @type {any} */ event) => roster.want({ role: event.target.value })}
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
              @change=${(/** @type {any} */ event) => roster.order(event.target.value)}
            >
              ${columns(roster).map(
                ([sort, text]) =>
                  html`<option value=${sort} ?selected=${wish.sort === sort}>${text}</option>`,
              )}
            </select>
          </div>`
        : nothing}
    </div>
  `;
}

/** @param {Roster} roster @param {Wish} wish */
function empty(roster, wish) {
  const { host } = roster;
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
                @click=${() => roster.want({ query: '', role: '', show: 'all' })}
              >
                ${over ? t.whoWasIn : t.clearFilters}
              </button>`
            : nothing}
        </div>
      </div>
    </div>
  `;
}

/** @param {Roster} roster */
function bar(roster) {
  const { host } = roster;
  const { t } = host;
  const chosen = host.chosen;
  const gone = chosen.filter(({ present }) => !present).length;
  // Not disabled, because a disabled button loses the focus.
  const able = (/** @type {import('./moderator.js').Verb} */ verb) =>
    chosen.some((person) => host.possible(verb, person));
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
            aria-disabled=${!able(verb)}
            @click=${() => able(verb) && host.conduct.askAbout(verb, chosen)}
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
