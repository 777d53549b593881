// The state of the meeting for the views: the snapshots of watch(), and the meeting's own status. No DOM.

import { Polling } from './polling.js';
import { toParticipant, timeOf } from './participants.js';

/**
 * @import { Participant, Session, Snapshot } from '../types.js'
 *
 * @typedef {'loading' | 'failing' | 'waiting' | 'live' | 'ended'} Phase `failing`: no read has succeeded.
 *
 * @typedef {object} State
 * @property {Phase} phase
 * @property {Session | null} session The live session, or the last one.
 * @property {Participant[]} participants Everyone who was in it, in order of their first join.
 * @property {Map<string, Participant>} byKey
 * @property {number} present
 * @property {Snapshot['trouble']} trouble
 * @property {number | null} at The time of the newest good refresh.
 * @property {number} nextAt
 * @property {boolean | null} locked null if unknown.
 * @property {string} title
 * @property {number} ahead How far the API's clock is ahead of this one, in ms.
 * @property {boolean} missing Whether there is no such meeting.
 * @property {boolean} pushed Whether the gateway pushes changes.
 * @property {number} freshUntil As long as the gateway pushes, the data is current until then.
 * @property {Snapshot['moderators']} moderators Who else watches; null if unknown.
 */

/** How often to read the meeting's own status. Others may lock it too. */
const STATUS_EVERY = 20_000;

/** A pushed message comes every 20 s, and may be late, in ms. */
const SILENCE_MS = 25_000;

/** @type {State} */
export const EMPTY_STATE = {
  ...{ phase: 'loading', session: null, participants: [], byKey: new Map(), present: 0 },
  ...{ trouble: null, at: null, nextAt: 0, locked: null, title: '', ahead: 0, missing: false },
  ...{ pushed: false, freshUntil: 0, moderators: null },
};

export class Meeting {
  #stop = new AbortController();
  #statusAt = -Infinity;
  /** Counts requests for the status, so that an old response is ignored. */
  #turn = 0;
  #looks;

  /**
   * @param {object} given
   * @param {any} given.client
   * @param {string} given.app
   * @param {string} given.meeting
   * @param {number} [given.interval]
   * @param {State} [given.state] An earlier state of the same meeting.
   * @param {() => number} [given.now]
   * @param {() => number | null} [given.offset] How far the server's clock is ahead, if it is known.
   * @param {(snapshot: Snapshot, began: number) => void} given.changed
   * @param {() => void} [given.statusChanged]
   * @param {(error: unknown) => void} [given.failed] Called when the watch cannot continue.
   */
  constructor({
    client,
    app,
    meeting,
    interval,
    state = EMPTY_STATE,
    now = Date.now,
    offset = () => null,
    ...listeners
  }) {
    this.state = state;
    this.client = client;
    this.ids = /** @type {const} */ ([app, meeting]);
    this.now = now;
    this.offset = offset;
    this.listeners = listeners;
    const { signal } = this.#stop;
    this.#looks = new Polling({
      watch: (options) => client.realtimeKit.activeSession.watch(app, meeting, {}, options),
      // A pause that the server asked for survives a restart.
      ...{ signal, now, notBefore: pausedUntil(state), ...(interval ? { interval } : {}) },
    });
  }

  /** Watches until `stop`. */
  async start() {
    const { signal } = this.#stop;
    try {
      for await (const { snapshot, began, pushed } of this.#looks) {
        const state = next(this.state, snapshot, this.offset());
        this.state = { ...state, ...freshness(snapshot, pushed, this.now()) };
        this.#readStatusOf(snapshot.actions);
        this.listeners.changed(snapshot, began);
        if (!snapshot.trouble && this.now() - this.#statusAt >= STATUS_EVERY) this.readStatus();
      }
    } catch (error) {
      if (!signal.aborted) this.listeners.failed?.(error);
    }
  }

  stop() {
    this.#stop.abort();
  }

  /** Refreshes soon, after an action. */
  refreshSoon() {
    this.#looks.soon();
  }

  /** Takes the status that another moderator has set. @param {Snapshot['actions']} [actions] */
  #readStatusOf(actions = []) {
    for (const { operation, outcome, set } of actions) {
      if (operation === 'UpdateMeeting' && outcome === 'done') this.setStatus(set);
      // Without the permission `audit` an action has no content.
      else if (!operation) this.#statusAt = -Infinity;
    }
  }

  /** Reads whether the meeting is locked. A failure does not affect the list. */
  async readStatus() {
    this.#statusAt = this.now();
    const turn = (this.#turn += 1);
    const { signal } = this.#stop;
    let data;
    let missing = false;
    try {
      const options = { signal, maxRetries: 0 };
      ({ data } = await this.client.realtimeKit.meetings.getMeetingById(...this.ids, {}, options));
    } catch (/** @type {any} */ error) {
      // The old status may be wrong now.
      missing = error?.status === 404;
    }
    if (turn === this.#turn) this.setStatus(data?.status, data?.title, missing);
  }

  /** @param {unknown} status @param {unknown} [title] @param {boolean} [missing] */
  setStatus(status, title, missing = false) {
    if (this.#stop.signal.aborted) return;
    this.#turn += 1;
    const locked = status === 'INACTIVE' ? true : status === 'ACTIVE' ? false : null;
    const named = typeof title === 'string' && title ? title : this.state.title;
    const before = this.state;
    if (locked === before.locked && named === before.title && missing === before.missing) return;
    this.state = { ...before, locked, title: named, missing };
    this.listeners.statusChanged?.();
  }
}

/**
 * How the data came, and until when it is current. The gateway reads often, and pushes only what has changed.
 *
 * @param {Snapshot} snapshot
 * @param {boolean} pushed
 * @param {number} now
 */
function freshness({ at, trouble, moderators }, pushed, now) {
  const current = pushed && !trouble && at !== null && now - at < SILENCE_MS;
  return { pushed, freshUntil: current ? now + SILENCE_MS : 0, moderators: moderators ?? null };
}

/** The age of the data in ms, or null. @param {State} state @param {number} now */
export const ageOf = ({ at, freshUntil }, now) =>
  at === null ? null : now < freshUntil ? 0 : Math.max(0, now - at);

/** The end of a pause that the server asked for, or 0. @param {State} state */
export const pausedUntil = ({ trouble, nextAt }) =>
  /** @type {any} */ (trouble?.error)?.status === 429 ? nextAt : 0;

/**
 * The state after a snapshot.
 *
 * @param {State} state
 * @param {Snapshot} snapshot
 * @param {number | null} [offset] How far the server's clock is ahead, if it is known.
 * @returns {State}
 */
export function next(state, snapshot, offset = null) {
  const { session, trouble, at, nextAt } = snapshot;
  const seen = { ...state, trouble, at: at ?? state.at, nextAt, ahead: offset ?? state.ahead };
  // A failed refresh has no new participants. A pause is no failure: the first read is still to come.
  if (trouble) return seen.at === null && !pausedUntil(seen) ? { ...seen, phase: 'failing' } : seen;
  if (!session) {
    const phase = state.session ? 'ended' : 'waiting';
    return { ...seen, phase, ...(state.session ? afterEnd(state) : {}) };
  }
  const participants = snapshot.participants.map(toParticipant);
  return {
    ...seen,
    phase: 'live',
    session,
    ...crowd(participants),
    title: session.meeting_display_name || state.title,
    missing: false,
    // Keep the larger difference: a clock that was behind still is.
    ahead: Math.max(
      ahead(participants, session, at),
      offset ?? (state.session?.id === session.id ? state.ahead : 0),
    ),
  };
}

/**
 * The state after the session ended: everyone has left. The time is unknown. It lies between the last good
 * refresh and this one, which may be hours later.
 *
 * @param {State} state
 */
function afterEnd(state) {
  if (!state.present) return { session: state.session };
  const seen = (state.at ?? 0) + state.ahead;
  const participants = state.participants.map((participant) =>
    participant.present
      ? {
          ...participant,
          present: false,
          visits: participant.visits.map(
            ([from, to]) => /** @type {[number, number]} */ ([from, to ?? Math.max(from, seen)]),
          ),
        }
      : participant,
  );
  return crowd(participants);
}

/** The participants, and what is known by them. @param {Participant[]} participants */
const crowd = (participants) => ({
  participants,
  byKey: new Map(participants.map((participant) => [participant.key, participant])),
  present: participants.filter(({ present }) => present).length,
});

/**
 * How far this clock is behind, from the newest time in a response. Else durations could be negative.
 *
 * @param {Participant[]} participants
 * @param {Session} session
 * @param {number | null} at
 */
function ahead(participants, session, at) {
  if (at === null) return -Infinity;
  let newest = timeOf(session.updated_at) || 0;
  for (const { visits } of participants) {
    const [from, to] = visits.at(-1) ?? [0, 0];
    newest = Math.max(newest, to ?? from);
  }
  return newest - at;
}
