// The activity panel's state: the entries, which of them are shown, the chart's line, and the files.

import { attendanceCSV, toCSV, toJSON } from '../model/export.js';
import { actionEntries, attendanceEntries, merged, namesOf, removals } from '../model/history.js';
import { timeOf } from '../model/participants.js';
import { presence } from '../model/presence.js';
import { afterPaint } from '../views/after-paint.js';
import { Controller } from './controller.js';

/** @import { Entry } from '../types.js' */

export const PAGE = 50;
/** The number of chart updates without changes. More would not be visible. */
const STEPS = 600;

export class TimelineController extends Controller {
  /** @type {'all' | 'participants' | 'actions'} */
  show = 'all';
  most = PAGE;
  /** @type {unknown[]} What the action entries were made of. */
  #source = [];
  /** @type {unknown} The participants of the attendance entries. */
  #participants;
  /** @type {{ attendance: Entry[], actions: Entry[], all: Entry[] }} */
  #made = { attendance: [], actions: [], all: [] };
  /** @type {Entry[]} */
  #actions = [];
  /** @type {TimelineController['entries'] | undefined} */
  #followed;
  #follows = false;
  /** @type {{ made: unknown, now: number, line: [number[], number[]] } | undefined} */
  #drawn;
  /** @type {{ entries: unknown, participants: unknown, found: Map<string, Entry> }} */
  #removals = { entries: null, participants: null, found: new Map() };

  /** All entries, newest first. Cached until something changes. */
  get entries() {
    const { participants } = this.host.state;
    const actions = this.actionEntries();
    if (participants !== this.#participants || actions !== this.#made.actions) {
      const attendance =
        participants === this.#participants
          ? this.#made.attendance
          : attendanceEntries(participants);
      this.#made = { attendance, actions, all: merged(actions, attendance) };
      this.#participants = participants;
    }
    return this.#made;
  }

  /** The actions of moderators. Cached until an action or a name is new. */
  actionEntries() {
    const { state, audit, moderation, claims: grant, t } = this.host;
    const { list } = moderation.actions;
    const { participants, session } = state;
    const settled = list.filter(({ running }) => !running).length;
    const source = [audit.log.version, list, settled, participants.length, session?.id, t];
    if (!source.some((part, i) => part !== this.#source[i])) return this.#actions;
    this.#source = source;
    const started = timeOf(session?.started_at);
    const self = grant.name ?? grant.sub ?? t.you;
    const own = list.filter((action) => !(action.at + state.ahead < started));
    // The audit log covers the whole meeting. Keep the records of this session.
    const records = audit.log.records.filter(({ time }) => !(timeOf(time) < started));
    this.#actions = actionEntries(
      ...[records, own, namesOf(participants), self, grant.sub, state.ahead],
    );
    return this.#actions;
  }

  /** The removals of participants who are not in the session, by key. */
  get removals() {
    const { participants } = this.host.state;
    const entries = this.actionEntries();
    if (entries !== this.#removals.entries || participants !== this.#removals.participants)
      this.#removals = { entries, participants, found: removals(entries, participants) };
    return this.#removals.found;
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
    const now = live ? Math.ceil(host.now / step) * step : 0;
    if (this.#drawn?.made !== made || this.#drawn.now !== now)
      this.#drawn = { made, now, line: presence(host.state.participants, now) };
    return this.#drawn.line;
  }
}
