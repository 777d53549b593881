// The activity panel's state: the entries, which of them are shown, the chart's line, and the files.

import { attendanceCSV, toCSV, toJSON } from '../model/export.js';
import { actionEntries, attendanceEntries, merged, namesOf, removals } from '../model/history.js';
import { memo } from '../model/memo.js';
import { timeOf } from '../model/participants.js';
import { presence } from '../model/presence.js';
import { afterPaint } from '../views/after-paint.js';
import { Controller } from './controller.js';

/**
 * @import { Action, AuditRecord, Entry } from '../types.js'
 */

export const PAGE = 50;
/** The number of chart updates without changes. More would not be visible. */
const STEPS = 600;

export class TimelineController extends Controller {
  /** @type {'all' | 'participants' | 'actions'} */
  show = 'all';
  most = PAGE;
  #attendance = memo(attendanceEntries);
  #all = memo((/** @type {Entry[]} */ actions, /** @type {Entry[]} */ attendance) => ({
    ...{ attendance, actions, all: merged(actions, attendance) },
  }));
  #removals = memo(removals);
  /** @type {TimelineController['entries'] | undefined} */
  #followed;
  #follows = false;
  // The chart needs no more than the entries and the time.
  #line = memo((/** @type {object} */ made, /** @type {number} */ now) =>
    presence(this.host.state.participants, now),
  );

  /** All entries, newest first. */
  get entries() {
    return this.#all(this.actionEntries(), this.#attendance(this.host.state.participants));
  }

  #actions = memo((/** @type {[AuditRecord[], Action[], ...unknown[]]} */ ...[log, list]) => {
    const { state, claims: grant, t } = this.host;
    const started = timeOf(state.session?.started_at);
    const self = grant.name ?? grant.sub ?? t.you;
    const own = list.filter((action) => !(action.at + state.ahead < started));
    // The audit log covers the whole meeting. Keep the records of this session.
    const records = log.filter(({ time }) => !(timeOf(time) < started));
    return actionEntries(
      ...[records, own, namesOf(state.participants), self, grant.sub, state.ahead],
    );
  });

  /** The actions of moderators. Made again when an action or a name is new. */
  actionEntries() {
    const { state, audit, moderation, t } = this.host;
    const { list } = moderation.actions;
    const settled = list.filter(({ running }) => !running).length;
    const { participants, session } = state;
    return this.#actions(audit.log.records, list, settled, participants.length, session?.id, t);
  }

  /** The removals of participants who are not in the session, by key. */
  get removals() {
    return this.#removals(this.actionEntries(), this.host.state.participants);
  }

  /** @param {'timeline' | 'attendance'} name @param {'csv' | 'json'} kind */
  save(name, kind) {
    const { host } = this;
    const { state, now } = host;
    const place = { meeting: host.place.meeting, session: state.session?.id ?? '' };
    const text =
      name === 'attendance'
        ? attendanceCSV(state.participants, now, place)
        : (kind === 'json' ? toJSON : toCSV)(this.entries.all, place);
    const type = kind === 'json' ? 'application/json' : 'text/csv;charset=utf-8';
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    const stamp = new Date(now).toISOString().slice(0, 16).replaceAll(':', '');
    link.download = `${name}-${stamp}.${kind}`;
    link.click();
    // The download has started by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  /** The entries to render: joins and leaves come one frame after the list. */
  get shown() {
    const { entries } = this;
    if (entries.actions !== this.#followed?.actions) this.#followed = entries;
    else if (entries !== this.#followed && !this.#follows) {
      this.#follows = true;
      afterPaint(() => {
        this.#follows = false;
        this.#followed = this.entries;
        this.set();
      });
    }
    return this.#followed;
  }

  /** The number of participants over time. @returns {[number[], number[]]} */
  get line() {
    const { host } = this;
    const made = this.#followed ?? this.entries;
    const live = host.state.phase === 'live';
    const step = Math.max(1000, (host.now - (made.attendance.at(-1)?.at ?? 0)) / STEPS);
    return this.#line(made, live ? Math.ceil(host.now / step) * step : 0);
  }
}
