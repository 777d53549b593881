// The state of the meeting for the views: the snapshots of watch(), and the meeting's own status. No DOM.

import { Looks } from './looks.js';
import { personOf, timeOf } from './people.js';

/**
 * @import { Person, Session, Snapshot } from './types.js'
 *
 * @typedef {'loading' | 'failing' | 'waiting' | 'live' | 'ended'} Phase `failing`: no read has succeeded.
 *
 * @typedef {object} State
 * @property {Phase} phase
 * @property {Session | null} session The live session, or the last one.
 * @property {Person[]} people Everyone who was in it, in order of their first join.
 * @property {Map<string, Person>} byKey
 * @property {number} present
 * @property {Snapshot['trouble']} trouble
 * @property {number | null} at The time of the newest good refresh.
 * @property {number} nextAt
 * @property {boolean | null} locked null if unknown.
 * @property {string} title
 * @property {number} ahead How far the API's clock is ahead of this one, in ms.
 */

/** How often to read the meeting's own status. Others may lock it too. */
const STATUS_EVERY = 20_000;

/** @type {State} */
export const NOTHING = {
  ...{ phase: 'loading', session: null, people: [], byKey: new Map(), present: 0 },
  ...{ trouble: null, at: null, nextAt: 0, locked: null, title: '', ahead: 0 },
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
   * @param {(snapshot: Snapshot, began: number) => void} given.changed
   * @param {() => void} [given.statusChanged]
   * @param {(error: unknown) => void} [given.failed] Called when the watch cannot continue.
   */
  constructor({ client, app, meeting, interval, state = NOTHING, now = Date.now, ...told }) {
    this.state = state;
    this.client = client;
    this.ids = /** @type {const} */ ([app, meeting]);
    this.now = now;
    this.told = told;
    const { signal } = this.#stop;
    this.#looks = new Looks({
      watch: (options) => client.realtimeKit.activeSession.watch(app, meeting, {}, options),
      // A pause that the server asked for survives a restart.
      ...{ signal, now, notBefore: pausedUntil(state), ...(interval ? { interval } : {}) },
    });
  }

  /** Watches until `stop`. */
  async start() {
    const { signal } = this.#stop;
    try {
      for await (const { snapshot, began } of this.#looks) {
        this.state = next(this.state, snapshot);
        this.told.changed(snapshot, began);
        if (!snapshot.trouble && this.now() - this.#statusAt >= STATUS_EVERY) this.readStatus();
      }
    } catch (error) {
      if (!signal.aborted) this.told.failed?.(error);
    }
  }

  stop() {
    this.#stop.abort();
  }

  /** Refreshes soon, after an action. */
  lookSoon() {
    this.#looks.soon();
  }

  /** Reads whether the meeting is locked. A failure does not affect the list. */
  async readStatus() {
    this.#statusAt = this.now();
    const turn = (this.#turn += 1);
    const { signal } = this.#stop;
    let data;
    try {
      const options = { signal, maxRetries: 0 };
      ({ data } = await this.client.realtimeKit.meetings.getMeetingById(...this.ids, {}, options));
    } catch {
      // The old status may be wrong now.
    }
    if (turn === this.#turn) this.setStatus(data?.status, data?.title);
  }

  /** @param {unknown} status @param {unknown} [title] */
  setStatus(status, title) {
    if (this.#stop.signal.aborted) return;
    this.#turn += 1;
    const locked = status === 'INACTIVE' ? true : status === 'ACTIVE' ? false : null;
    const named = typeof title === 'string' && title ? title : this.state.title;
    if (locked === this.state.locked && named === this.state.title) return;
    this.state = { ...this.state, locked, title: named };
    this.told.statusChanged?.();
  }
}

/** The end of a pause that the server asked for, or 0. @param {State} state */
export const pausedUntil = ({ trouble, nextAt }) =>
  /** @type {any} */ (trouble?.error)?.status === 429 ? nextAt : 0;

/**
 * The state after a snapshot.
 *
 * @param {State} state
 * @param {Snapshot} snapshot
 * @returns {State}
 */
export function next(state, snapshot) {
  const { session, trouble, at, nextAt } = snapshot;
  const seen = { ...state, trouble, at: at ?? state.at, nextAt };
  // A failed refresh has no new participants.
  if (trouble) return seen.at === null ? { ...seen, phase: 'failing' } : seen;
  if (!session) {
    const phase = state.session ? 'ended' : 'waiting';
    return { ...seen, phase, ...(state.session ? everybodyLeft(state) : {}) };
  }
  const people = snapshot.participants.map(personOf);
  return {
    ...seen,
    phase: 'live',
    session,
    people,
    byKey: new Map(people.map((person) => [person.key, person])),
    present: people.reduce((count, person) => count + Number(person.present), 0),
    title: session.meeting_display_name || state.title,
    // Keep the larger difference: a clock that was behind still is.
    ahead: Math.max(ahead(people, session, at), state.session?.id === session.id ? state.ahead : 0),
  };
}

/**
 * The state after the session ended: everyone has left. The time is unknown. It lies between the last good
 * refresh and this one, which may be hours later.
 *
 * @param {State} state
 */
function everybodyLeft(state) {
  if (!state.present) return { session: state.session };
  const seen = (state.at ?? 0) + state.ahead;
  const people = state.people.map((person) =>
    person.present
      ? {
          ...person,
          present: false,
          stays: person.stays.map(
            ([from, to]) => /** @type {[number, number]} */ ([from, to ?? Math.max(from, seen)]),
          ),
        }
      : person,
  );
  return { people, byKey: new Map(people.map((person) => [person.key, person])), present: 0 };
}

/**
 * How far this clock is behind, from the newest time in a response. Else durations could be negative.
 *
 * @param {Person[]} people
 * @param {Session} session
 * @param {number | null} at
 */
function ahead(people, session, at) {
  if (at === null) return 0;
  let newest = timeOf(session.updated_at) || 0;
  for (const { stays } of people) {
    const [from, to] = stays.at(-1) ?? [0, 0];
    newest = Math.max(newest, to ?? from);
  }
  return Math.max(0, newest - at);
}
