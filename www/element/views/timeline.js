// The activity panel: joins, leaves and actions as a list, a chart and files.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { PAGE } from '../controllers/timeline-controller.js';
import { memo } from '../model/memo.js';
import { peak } from '../model/presence.js';
import { chart } from './chart.js';
import { icons } from './icons.js';
import { button, muted, note, segments } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Entry } from '../types.js' */

const NAMES = 3;

/** @param {RtkModerator} host */
export function timelineView(host) {
  const { t, timeline } = host;
  const entries = timeline.shown ?? timeline.entries;
  const { show, most } = timeline;
  const shown = { all: entries.all, participants: entries.attendance, actions: entries.actions }[
    show
  ];
  const shows = /** @type {const} */ ([
    ['all', t.everything],
    ['participants', t.joinsAndLeaves],
    ['actions', t.moderatorActions],
  ]);
  const { audit } = host;
  return html`
    <div class="stack">
      ${figure(host)}
      <div class="tools">
        ${segments(t.show, 'timeline', shows, show, (value) => timeline.set({ show: value, most: PAGE }))}
        <span class="buttons">
          ${file(host, 'timeline', 'csv', 'CSV')} ${file(host, 'timeline', 'json', 'JSON')}
          ${file(host, 'attendance', 'csv', t.stays)}
        </span>
      </div>
      ${
        !host.can('audit') || audit.log.refused
          ? muted(t.noAudit)
          : audit.log.problem
            ? note(icons.warning, t.auditTrouble(audit.log.problem))
            : nothing
      }
      ${
        shown.length
          ? html`<ol class="events">
              ${repeat(
                lines(host, shown, most, t),
                ({ entry }) => entry,
                ({ text }) => text,
              )}
            </ol>`
          : muted(t.nothingYet)
      }
      ${
        shown.length > most
          ? button(t.older(Math.min(PAGE, shown.length - most)), () =>
              timeline.set({ most: most + PAGE }),
            )
          : nothing
      }
    </div>
  `;
}

/** @param {RtkModerator} host @param {'timeline' | 'attendance'} name @param {'csv' | 'json'} kind @param {string} text */
const file = ({ timeline }, name, kind, text) => {
  const empty = !timeline.entries.all.length;
  const save = () => empty || timeline.save(name, kind);
  return button([icons.download, text], save, '', empty);
};

/** The shown entries, with their texts in the language of `_t`. */
const lines = memo(
  (
    /** @type {RtkModerator} */ host,
    /** @type {Entry[]} */ shown,
    /** @type {number} */ most,
    /** @type {RtkModerator['t']} */ _t,
  ) => shown.slice(0, most).map((entry) => ({ entry, text: line(host, entry) })),
);

/** @param {RtkModerator} host @param {Entry} entry */
function line(host, entry) {
  const { t, fmt } = host;
  const { at, kind, participant, outcome, detail, why, reason } = entry;
  if (kind !== 'action' && participant)
    return html`<li class=${kind}>
      <time>${fmt.exact(at)}</time>
      <p title=${host.participants.nameOf(participant)}>
        <bdi>${host.participants.nameOf(participant)}</bdi> ${t.event[kind]}
      </p>
    </li>`;
  const more = detail || (why ? t.problem(why) : '');
  return html`<li class="action ${outcome}">
    <time>${fmt.exact(at)}</time>
    <p>
      <span>${actionText(host, entry)}</span>
      ${more ? html`<span class="detail" title=${more}><bdi>${more}</bdi></span>` : nothing}
      ${reason ? html`<span class="muted">${t.reasonIs} <bdi>${reason}</bdi></span>` : nothing}
    </p>
  </li>`;
}

/** What an action as a sentence consists of. @param {RtkModerator} host @param {Entry} entry */
function wordsOf({ t }, { operation = '', targets = [] }) {
  const more = targets.length > NAMES ? ` ${t.andMore(targets.length - NAMES)}` : '';
  // The languages differ in the order of the words.
  return {
    names: targets.slice(0, NAMES),
    more,
    words: t.actionWords(operation, !!targets.length),
  };
}

/** An action as a sentence: "Ann removed Ada". @param {RtkModerator} host @param {Entry} entry */
export function actionText(host, entry) {
  const { by = '', targets = [], outcome } = entry;
  const { names, more, words } = wordsOf(host, entry);
  const all = names.map((name, i) => html`${i ? ', ' : ''}<bdi>${name}</bdi>`);
  const whom = html`<span title=${targets.slice(0, 30).join(', ')}>${all}${more}</span>`;
  const failed =
    outcome && outcome !== 'done' ? html` <em>(${host.t.outcome(outcome)})</em>` : nothing;
  const [before, between, after] = words;
  return html`${before}<bdi class="by">${by}</bdi> ${between} ${targets.length ? whom : nothing}
    ${after}${failed}`;
}

/** The same as a text. @param {RtkModerator} host @param {Entry} entry */
export function actionSentence(host, entry) {
  const { isolated } = host.fmt;
  const { names, more, words } = wordsOf(host, entry);
  const [before, between, after] = words;
  const all = [before + isolated(entry.by ?? ''), between, names.map(isolated).join(', ') + more];
  return `${[...all, after].filter(Boolean).join(' ')}.`;
}

/** The chart, drawn again only when something in it has changed. */
const drawn = memo(chart);

/** @param {RtkModerator} host */
function figure({ t, fmt, timeline, size, clientWidth }) {
  const { line, entries } = timeline;
  const [times, counts] = line;
  const most = peak(counts);
  const label = times.length ? t.chart(counts.at(-1) ?? 0, most) : t.chartEmpty;
  // The panel beside the list is never narrower.
  const width = (size.wide ? 340 : Math.min(640, clientWidth)) - 96;
  return html`<figure class="chart">
    <figcaption>
      ${t.participantsOverTime}
      <span class="muted">${times.length ? t.mostAtOnce(most) : nothing}</span>
    </figcaption>
    <div class="plot" role="img" aria-label=${label}>
      ${times.length ? drawn(line, most, entries.actions, fmt, width) : nothing}
    </div>
  </figure>`;
}
