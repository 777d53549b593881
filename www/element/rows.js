// The rows of the list: the head, the visible rows, and the actions of each.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { avatar } from './avatar.js';
import { icons } from './icons.js';
import { timeIn } from './people.js';

/**
 * @import { Person } from './types.js'
 * @import { SortKey } from './people.js'
 * @import { Roster } from './roster.js'
 */

/** A row's ID. The participant's key may be any text, so it is not used. @param {number} place */
export const rowId = (place) => `row-${place}`;

/** @returns {[SortKey, string, string][]} @param {Roster} roster */
export function columns(roster) {
  const { t } = roster.host;
  return [
    ['name', t.name, 'name'],
    ['role', t.role, 'role'],
    ['joined', t.joined, 'number wide'],
    ['time', t.timeIn, 'number'],
    ['joins', t.joins, 'number joins'],
  ];
}

/** @param {Roster} roster */
export function head(roster) {
  const { host, wish } = roster;
  if (host.narrow) return nothing;
  const { t, selection } = host;
  const all = roster.shown.length > 0 && roster.shown.every(({ key }) => selection.has(key));
  const some = !all && selection.size > 0 && roster.shown.some(({ key }) => selection.has(key));
  const direction = wish.down ? 'descending' : 'ascending';
  return html`
    <div role="rowgroup" class="heads">
      <div role="row" class="row head" aria-rowindex="1">
        <div role="columnheader" class="check">
          <label>
            <input
              type="checkbox"
              aria-label=${t.selectAll(roster.shown.length)}
              .checked=${live(all)}
              .indeterminate=${live(some)}
              ?disabled=${!roster.shown.length}
              @change=${() => roster.toggleAll()}
            />
          </label>
        </div>
        ${columns(roster).map(
          ([sort, text, kind]) => html`
            <div
              role="columnheader"
              class=${kind}
              aria-sort=${wish.sort === sort ? direction : 'none'}
            >
              <button type="button" @click=${() => roster.order(sort)}>
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

/** @param {Roster} roster */
export function body(roster) {
  const { rowHeight } = roster;
  return html`
    <div role="rowgroup" class="rows" .style=${`block-size:${roster.shown.length * rowHeight}px`}>
      ${repeat(
        roster.shown.slice(roster.from, roster.to),
        ({ key }) => key,
        (person, place) => {
          const index = roster.from + place;
          return row(roster, person, index, index * rowHeight);
        },
      )}
    </div>
  `;
}

/** @param {Roster} roster @param {Person} person @param {number} index @param {number} top */
function row(roster, person, index, top) {
  const { host } = roster;
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
      class="row ${selected ? 'selected' : ''} ${key === roster.active ? 'active' : ''} ${present &&
      !host.marks.removed(key)
        ? ''
        : 'absent'}"
      aria-rowindex=${index + 2}
      aria-selected=${selected}
      .style=${`transform:translateY(${top}px)`}
      @click=${(/** @type {MouseEvent} */ event) => roster.click(event, person)}
    >
      <div role="gridcell" class="check">
        <label>
          <input
            type="checkbox"
            tabindex="-1"
            aria-label=${t.select(name)}
            .checked=${live(selected)}
            @click=${(/** @type {MouseEvent} */ event) => roster.toggle(person, event.shiftKey)}
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
      <div role="gridcell" class="deeds">${deeds(roster, person, name)}</div>
    </div>
  `;
}

/** The action buttons of a participant. @param {Roster} roster @param {Person} person @param {string} name */
function deeds(roster, person, name) {
  const { host } = roster;
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
          @click=${() => host.conduct.askAbout(verb, [person])}
        >
          ${icons[verb]}
        </button>`
      : html`<span class="icon-only"></span>`,
  );
}
