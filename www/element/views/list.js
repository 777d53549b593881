// The view of the list: search, filters, order, rows, the text for an empty list, and the bar for selected
// participants.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { icons } from './icons.js';
import { button, segments, typed } from './parts.js';
import { body, columns, head, rowId } from './rows.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { SortKey } from '../model/arrange.js' */
/** @import { Verb } from '../types.js' */

/** @param {RtkModerator} host */
export function list(host) {
  const { t, list } = host;
  return html`
    <section class="participants" aria-label=${t.participants} part="participants">
      ${tools(host)}
      <div
        class="grid"
        role="grid"
        tabindex="0"
        aria-label=${t.participants}
        aria-multiselectable="true"
        aria-rowcount=${list.shown.length + 1}
        aria-activedescendant=${list.inSight ? rowId(list.place) : nothing}
        @mousedown=${list.press}
        @pointermove=${list.point}
        @pointerdown=${list.point}
        @pointerleave=${list.release}
        @scroll=${list.measure}
      >
        ${head(host)} ${list.shown.length ? body(host) : empty(host)}
      </div>
      ${host.selection.size ? bar(host) : nothing}
    </section>
  `;
}

/** @param {RtkModerator} host */
function tools(host) {
  const { t, fmt, state, list, size } = host;
  const { options, roles } = list;
  const left = state.participants.length - state.present;
  const counted = (/** @type {string} */ text, /** @type {number} */ count) =>
    html`${text} <b>${fmt.n(count)}</b>`;
  const shows = /** @type {const} */ ([
    ['in', counted(t.showIn, state.present)],
    ['left', counted(t.showLeft, left)],
    ['all', counted(t.showAll, state.participants.length)],
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
          .value=${live(options.query)}
          @input=${typed((query) => list.setOptions({ query }))}
        />
        ${
          options.query
            ? html`<span class="matches">${t.matches(list.shown.length, list.total)}</span>`
            : nothing
        }
      </label>
      ${segments(t.show, 'show', shows, options.show, (show) => list.setOptions({ show }))}
      <div class="pick">
        <select aria-label=${t.role} @change=${typed((role) => list.setOptions({ role }))}>
          <option value="" ?selected=${!options.role}>${t.everyRole}</option>
          ${roles.map(
            ([role, count]) =>
              html`<option value=${role} ?selected=${options.role === role}>
                ${host.participants.roleName(role)} (${fmt.n(count)})
              </option>`,
          )}
        </select>
      </div>
      ${size.narrow ? order(host) : nothing}
    </div>
  `;
}

/** The order and the selection of all, where there are no column heads. @param {RtkModerator} host */
function order(host) {
  const { t, list } = host;
  const { verbs } = host.participants;
  const { options, shown } = list;
  const pick = typed((sort) => list.setOptions({ sort: /** @type {SortKey} */ (sort) }));
  return html`<div class="pick order">
    <select aria-label=${t.order} @change=${pick}>
      ${columns(t).map(
        ([sort, text]) =>
          html`<option value=${sort} ?selected=${options.sort === sort}>${text}</option>`,
      )}
    </select>
    <button
      type="button"
      class="icon-only"
      aria-label=${options.down ? t.descending : t.ascending}
      @click=${() => list.setOptions({ down: !options.down })}
    >
      ${options.down ? icons.down : icons.up}
    </button>
    ${
      verbs.length
        ? html`<label class="icon-only all-box">
            <input
              type="checkbox"
              aria-label=${t.selectAll(shown.length)}
              .checked=${live(list.allSelected)}
              ?disabled=${!shown.length}
              @change=${() => list.toggleAll()}
            />
          </label>`
        : nothing
    }
  </div>`;
}

/** @param {RtkModerator} host */
function empty({ t, state, list }) {
  const { options } = list;
  const filtered = options.query || options.role;
  const over = state.phase === 'ended' && options.show === 'in';
  const text = filtered
    ? t.nobodyMatches
    : over
      ? t.phaseAnnounced.ended
      : options.show === 'left'
        ? t.nobodyLeft
        : t.nobodyIn;
  const clear = () => list.setOptions({ query: '', role: '', show: 'all' });
  return html`
    <div role="rowgroup">
      <div role="row" class="empty">
        <div role="gridcell">
          <p>${text}</p>
          ${
            (filtered || over) && state.participants.length
              ? button(over ? t.whoWasIn : t.clearFilters, clear)
              : nothing
          }
        </div>
      </div>
    </div>
  `;
}

/** @param {RtkModerator} host */
function bar(host) {
  const { t } = host;
  const { chosen } = host.participants;
  const gone = chosen.filter(({ present }) => !present).length;
  // Not disabled, because a disabled button loses the focus.
  const able = (/** @type {Verb} */ verb) =>
    chosen.some((one) => host.participants.possible(verb, one));
  return html`
    <div class="bar" part="selection">
      <p>
        <b>${host.participants.selectedText}</b>
        ${gone ? html`<span class="muted">${t.ofThemLeft(gone)}</span>` : nothing}
      </p>
      ${host.participants.verbs.map((verb) =>
        button(
          [icons[verb], t.verb[verb]],
          () => able(verb) && host.panels.ask(verb, chosen),
          verb === 'mute' ? '' : 'danger',
          !able(verb),
        ),
      )}
      ${button(
        [icons.close, html`<span class="word">${t.clear}</span>`],
        () => host.participants.clearSelection(),
        'quiet',
      )}
    </div>
  `;
}
