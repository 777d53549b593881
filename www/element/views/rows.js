// The rows of the list: the head, the visible rows, and the actions of each.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { attendance, idEnd, sharedNames } from '../model/participants.js';
import { avatar } from './avatar.js';
import { icons } from './icons.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { SortKey } from '../model/arrange.js' */
/** @import { Participant } from '../types.js' */

/** A row's ID. The participant's key may be any text, so it is not used. @param {number} place */
export const rowId = (place) => `row-${place}`;

/** @returns {[SortKey, string, string][]} @param {RtkModerator['t']} t */
export const columns = (t) => [
  ['name', t.name, 'name'],
  ['role', t.role, 'role'],
  ['joined', t.joined, 'number wide'],
  ['time', t.timeIn, 'number'],
  ['joins', t.joins, 'number joins'],
];

/** @param {RtkModerator} host */
export function head(host) {
  const { t, list, selection, size } = host;
  if (size.narrow) return nothing;
  const { options, shown } = list;
  const all = list.allSelected;
  const some = !all && selection.size > 0 && shown.some(({ key }) => selection.has(key));
  const direction = options.down ? 'descending' : 'ascending';
  return html`
    <div role="rowgroup" class="heads">
      <div role="row" class="row head" aria-rowindex="1">
        <div role="columnheader" class="check">
          <label>
            <input
              type="checkbox"
              aria-label=${t.selectAll(shown.length)}
              .checked=${live(all)}
              .indeterminate=${live(some)}
              ?disabled=${!shown.length}
              @change=${() => list.toggleAll()}
            />
          </label>
        </div>
        ${columns(t).map(
          ([sort, text, kind]) => html`
            <div
              role="columnheader"
              class=${kind}
              aria-sort=${options.sort === sort ? direction : 'none'}
            >
              <button type="button" @click=${() => list.order(sort)}>
                ${text} ${options.sort === sort ? (options.down ? icons.down : icons.up) : nothing}
              </button>
            </div>
          `,
        )}
        <div role="columnheader" class="actions"><span class="sr">${t.actions}</span></div>
      </div>
    </div>
  `;
}

/** @param {RtkModerator} host */
export function body(host) {
  const { list } = host;
  const { rowHeight } = list;
  return html`
    <div role="rowgroup" class="rows" .style=${`block-size:${list.shown.length * rowHeight}px`}>
      ${repeat(
        list.shown.slice(list.from, list.to),
        ({ key }) => key,
        (participant, place) => row(host, participant, list.from + place),
      )}
    </div>
  `;
}

/** Why and when a participant is not in the session. @param {RtkModerator} host @param {Participant} participant */
export function absence(host, participant) {
  const { t } = host;
  const removal = host.participants.removalOf(participant);
  const at = participant.visits.at(-1)?.[1] ?? NaN;
  if (!removal) return t.leftAt(at);
  const { operation, by = '', at: removed } = removal;
  return operation === 'ban' ? t.bannedAt(removed, by) : t.removedAt(removed, by);
}

/** @param {RtkModerator} host @param {Participant} participant @param {number} index */
function row(host, participant, index) {
  const { t, fmt, selection, list, optimistic, size } = host;
  const { key, present, role, joins, visits, text } = participant;
  const selected = selection.has(key);
  const name = host.participants.nameOf(participant);
  const time = fmt.span(attendance(participant, host.now));
  const mark = present && optimistic.of(key);
  const by = optimistic.by(key);
  const marked = mark && (by ? t.markBy(t.mark[mark], by) : t.mark[mark]);
  const gone = mark
    ? html`<span class="mark ${mark}" title=${marked}>${marked}</span>`
    : present
      ? nothing
      : html`<span
          class="gone ${host.participants.removalOf(participant)?.operation ?? ''}"
          title=${absence(host, participant)}
        >
          ${absence(host, participant)}
        </span>`;
  const shield = host.claims.protects(participant)
    ? html`<span class="shield" role="img" aria-label=${t.protected} title=${t.protected}
        >${icons.shield}</span
      >`
    : nothing;
  // Participants of the same name need more.
  const end = sharedNames(host.state.participants).has(text)
    ? html`<span class="id" title=${t.sameName}>${idEnd(participant)}</span>`
    : nothing;
  const roleName = host.participants.roleName(role);
  const { narrow } = size;
  return html`
    <div
      role="row"
      id=${rowId(index)}
      class="row ${selected ? 'selected' : ''} ${key === list.active ? 'active' : ''} ${
        present && !optimistic.removed(key) ? '' : 'absent'
      }"
      aria-rowindex=${index + 2}
      aria-selected=${selected}
      aria-labelledby=${`name-${index} about-${index}`}
      .style=${`transform:translateY(${index * list.rowHeight}px)`}
      @click=${(/** @type {MouseEvent} */ event) => list.click(event, participant)}
    >
      <div role="gridcell" class="check">
        <label>
          <input
            type="checkbox"
            tabindex="-1"
            aria-label=${t.select(name)}
            .checked=${live(selected)}
            @click=${(/** @type {MouseEvent} */ event) => list.toggle(participant, event.shiftKey)}
          />
        </label>
      </div>
      <div role="gridcell" class="name">
        ${avatar(participant)}
        <span class="who">
          <span class="label">
            <button
              type="button"
              class="plain"
              tabindex="-1"
              @click=${() => host.panels.openDetails(participant)}
            >
              <bdi id=${`name-${index}`}>${name}</bdi>
            </button>
            ${shield} ${narrow ? nothing : end}
          </span>
          ${narrow ? nothing : gone}
          ${
            narrow
              ? html`<span class="sub" id=${`about-${index}`}>
                  ${present && !mark ? time : gone}${end === nothing ? nothing : html` · ${end}`}
                  ${joins > 1 ? html` · ${t.joinedTimes(joins)}` : nothing}
                  ${role ? html` · <bdi>${roleName}</bdi>` : nothing}
                </span>`
              : nothing
          }
        </span>
      </div>
      ${
        narrow
          ? nothing
          : html`
              <div role="gridcell" class="role" id=${`about-${index}`}>
                <bdi>${roleName || '–'}</bdi>
              </div>
              <div role="gridcell" class="number wide">${fmt.time(visits[0]?.[0] ?? NaN)}</div>
              <div role="gridcell" class="number">${time}</div>
              <div role="gridcell" class="number joins">${fmt.n(joins)}</div>
            `
      }
      <div role="gridcell" class="actions">${buttons(host, participant, name)}</div>
    </div>
  `;
}

/** The action buttons of a participant. @param {RtkModerator} host @param {Participant} participant @param {string} name */
function buttons(host, participant, name) {
  const { t } = host;
  if (host.size.narrow)
    return html`<button
      type="button"
      class="quiet icon-only"
      tabindex="-1"
      aria-label=${t.about(name)}
      @click=${() => host.panels.openDetails(participant)}
    >
      ${icons.more}
    </button>`;
  return host.participants.verbs.map((verb) =>
    host.participants.possible(verb, participant)
      ? html`<button
          type="button"
          class="quiet icon-only ${verb === 'mute' ? '' : 'danger'}"
          tabindex="-1"
          title=${t.verb[verb]}
          aria-label=${t.verbWhom[verb](name)}
          @click=${() => host.panels.ask(verb, [participant])}
        >
          ${icons[verb]}
        </button>`
      : html`<span class="icon-only"></span>`,
  );
}
