// A moderator's actions: on one participant, on many, on the whole meeting. Each is sent in parts, reports
// progress and the result per participant, and can be retried for those who failed. No DOM.

import { listed, pointless, reason, remembered, settle } from './outcomes.js';

/**
 * @import { Action, Operation, Person, Poll, Target } from './types.js'
 *
 * @typedef {{ kit: any, ids: readonly [app: string, meeting: string] }} Api
 */

/** Participants per request. More would make progress jump, and a lost response costly. */
const CHUNK = 25;
/** The number of stored actions, and of participants in them. */
const [MOST_ACTIONS, MOST_PEOPLE] = [500, 10_000];
/** The number of bans in flight. Each is a request. */
const ABREAST = 4;

export class Actions {
  /** @type {Action[]} Newest first. */
  list = [];
  #ids = 0;
  /** Banned participants who were not in the session then, so that no kick was possible. @type {Set<string>} */
  #banned = new Set();
  /** The API of each action, so that a retry goes to the same meeting. @type {WeakMap<Action, Api>} */
  #apis = new WeakMap();

  /**
   * @param {object} given
   * @param {() => Api} given.api
   * @param {() => boolean} given.mayKick Whether a ban ends with a kick: only if the grant allows it.
   * @param {() => void} given.changed
   * @param {(action: Action, targets: Target[]) => void} given.ended Called with the targets of this attempt.
   * @param {() => number} [given.now]
   */
  constructor({ now = Date.now, ...given }) {
    this.given = given;
    this.now = now;
  }

  /**
   * @param {Operation} operation
   * @param {Target[]} targets
   * @param {Partial<Action>} [more]
   */
  #begin(operation, targets, more = {}) {
    /** @type {Action} */
    const action = {
      id: (this.#ids += 1),
      ...{ operation, targets, at: this.now(), running: true, outcome: null, why: '' },
      ...{ requests: [], hidden: false, ...more },
    };
    this.#apis.set(action, this.given.api());
    this.list = [action, ...this.list];
    this.given.changed();
    return action;
  }

  /** @param {Action} action */
  #api(action) {
    return /** @type {Api} */ (this.#apis.get(action));
  }

  /** @param {Action} action @param {Target[]} [now] The targets of this attempt. */
  #end(action, now = []) {
    action.running = false;
    const { targets } = action;
    if (targets.length) {
      const all = new Set(targets.map(({ result }) => result));
      if (all.size === 1 && all.has('done')) action.outcome = 'done';
      else if (all.has('done')) action.outcome = 'partly';
      else action.outcome = all.has('unknown') ? 'unknown' : 'failed';
    }
    this.given.changed();
    this.given.ended(action, now);
    for (const target of targets) target.person = remembered(target.person);
    this.#bound();
    return action;
  }

  /** Trims finished actions, which the timeline needs only in part. */
  #bound() {
    let people = 0;
    this.list = this.list.filter((action, place) => {
      const { targets } = action;
      people += targets.length;
      if (action.running || !place) return true;
      // Still needed for a question, or to match the audit log.
      const open =
        action.outcome === 'unknown' || targets.some(({ result }) => result === 'unknown');
      if (open) return true;
      if (people > MOST_PEOPLE && targets.length)
        Object.assign(action, { more: targets.length, targets: [], hidden: true });
      return place < MOST_ACTIONS;
    });
  }

  /** Sends a request, and stores its ID in the gateway's audit log. @type {<T>(action: Action, call: any) => Promise<T>} */
  async #send(action, call) {
    const note = (/** @type {any} */ headers) => {
      const id = headers?.get?.('x-request-id') ?? headers?.['x-request-id'];
      if (id) action.requests.push(id);
    };
    try {
      const { data, response } = await call.withResponse();
      note(response.headers);
      return data;
    } catch (/** @type {any} */ error) {
      note(error?.headers);
      throw error;
    }
  }

  /**
   * Kicks, mutes or bans participants.
   *
   * @param {'kick' | 'mute' | 'ban'} operation
   * @param {Person[]} people
   * @param {(person: Person) => boolean} [stillIn]
   */
  async onPeople(operation, people, stillIn = (person) => person.present) {
    /** @type {Target[]} */
    const targets = people.map((person) => ({
      key: person.key,
      person,
      result: 'waiting',
      why: '',
    }));
    return this.#carryOut(this.#begin(operation, targets), targets, stillIn);
  }

  /** Retries the participants for whom it failed, or may have failed. @param {Action} action @param {(person: Person) => boolean} stillIn */
  async retry(action, stillIn) {
    const rest = action.targets.filter(({ result }) => result === 'failed' || result === 'unknown');
    if (action.running || !rest.length) return action;
    for (const target of rest) Object.assign(target, { result: 'waiting', why: '' });
    Object.assign(action, { running: true, outcome: null, hidden: false });
    this.given.changed();
    return this.#carryOut(action, rest, stillIn);
  }

  /** @param {Action} action @param {Target[]} targets @param {(person: Person) => boolean} stillIn */
  async #carryOut(action, targets, stillIn) {
    const { operation } = action;
    if (operation === 'ban') {
      await this.#remove(action, targets);
      // Their links no longer work. Kick those in the session, if the grant allows it.
      const inside = targets.filter(({ removed, person }) => removed && stillIn(person));
      for (const { key, removed, person } of targets)
        if (removed && !stillIn(person)) this.#banned.add(key);
      if (this.given.mayKick()) await this.#byLists(action, 'kick', inside);
      for (const target of targets) {
        // A participant who had left by then is banned too.
        if (target.removed && ['waiting', 'gone'].includes(target.result))
          Object.assign(target, { result: 'done', why: '' });
      }
    } else {
      for (const target of targets) if (!stillIn(target.person)) target.result = 'gone';
      const inside = targets.filter(({ result }) => result === 'waiting');
      await this.#byLists(action, /** @type {'kick' | 'mute'} */ (operation), inside);
    }
    return this.#end(action, targets);
  }

  /** Deletes participants from the meeting, a few at a time. @param {Action} action @param {Target[]} targets */
  async #remove(action, targets) {
    const queue = targets.filter(({ removed }) => !removed);
    /** @type {any} */
    let stopped;
    const work = async () => {
      for (let target = queue.shift(); target; target = queue.shift()) {
        const { userId } = target.person;
        if (stopped || !userId) {
          Object.assign(target, { result: 'failed', why: stopped ? reason(stopped) : '' });
          continue;
        }
        try {
          const { kit, ids } = this.#api(action);
          await this.#send(action, kit.meetings.deleteMeetingParticipant(...ids, userId));
          target.removed = true;
        } catch (/** @type {any} */ error) {
          // A participant who does not exist any more is already banned.
          if (error?.status === 404) target.removed = true;
          else {
            const result = error?.maybeApplied ? 'unknown' : 'failed';
            Object.assign(target, { result, why: reason(error) });
            if (pointless(error)) stopped = error;
          }
        }
        this.given.changed();
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
  }

  /**
   * Kicks or mutes participants, one list at a time.
   *
   * @param {Action} action
   * @param {'kick' | 'mute'} verb
   * @param {Target[]} targets
   */
  async #byLists(action, verb, targets) {
    const lists = [];
    for (let at = 0; at < targets.length; at += CHUNK) lists.push(targets.slice(at, at + CHUNK));
    for (let list = lists.shift(); list; list = lists.shift()) {
      try {
        const { kit, ids } = this.#api(action);
        const method = verb === 'kick' ? 'kickParticipants' : 'muteParticipants';
        const body = listed(list);
        const answer = await this.#send(action, kit.activeSession[method](...ids, body));
        settle(list, answer);
      } catch (/** @type {any} */ error) {
        const unknown = error?.maybeApplied;
        // The gateway has tried each of them, and returns the results.
        if (Array.isArray(error?.error?.failed)) {
          settle(list, error.error, unknown);
          this.given.changed();
          continue;
        }
        // Without a gateway, the API refuses the whole list if one has left. Try its halves.
        if (error?.status === 404 && !unknown && list.length > 1) {
          const half = Math.ceil(list.length / 2);
          lists.unshift(list.slice(0, half), list.slice(half));
          continue;
        }
        const result = unknown ? 'unknown' : error?.status === 404 ? 'gone' : 'failed';
        for (const target of list) Object.assign(target, { result, why: reason(error) });
        if (pointless(error)) {
          for (const target of lists.flat())
            Object.assign(target, { result: 'failed', why: reason(error) });
          lists.length = 0;
        }
      }
      this.given.changed();
    }
  }

  /**
   * Actions without targets: on the whole meeting, the lock, a poll.
   *
   * @param {Exclude<Operation, 'kick' | 'mute' | 'ban'>} operation
   * @param {{ allowUnmute?: boolean, poll?: Poll, before?: 'kickAll' }} [more]
   */
  async onRoom(operation, more = {}) {
    const action = this.#begin(operation, [], more);
    const { kit, ids } = this.#api(action);
    const calls = {
      kickAll: () => kit.activeSession.kickAllParticipants(...ids),
      muteAll: () =>
        kit.activeSession.muteAllParticipants(...ids, { allow_unmute: !!more.allowUnmute }),
      lock: () => kit.meetings.updateMeetingById(...ids, { status: 'INACTIVE' }),
      unlock: () => kit.meetings.updateMeetingById(...ids, { status: 'ACTIVE' }),
      poll: () => kit.activeSession.createPoll(...ids, more.poll),
    };
    try {
      await this.#send(action, calls[operation]());
      action.outcome = 'done';
    } catch (/** @type {any} */ error) {
      action.outcome = error?.maybeApplied ? 'unknown' : 'failed';
      action.why = reason(error);
    }
    return this.#end(action);
  }

  /**
   * Participants who joined just before their ban, so that they are still in the session. Reports each
   * once.
   *
   * @param {Map<string, Person>} byKey
   */
  slippedIn(byKey) {
    const inside = [...this.#banned].flatMap((key) => byKey.get(key) ?? []);
    const slipped = inside.filter(({ present }) => present);
    for (const { key } of slipped) this.#banned.delete(key);
    return slipped;
  }

  /**
   * Participants who were reported as removed but are still in the session. Shows the action again.
   *
   * @param {Person[]} people
   */
  stillIn(people) {
    for (const { key } of people) {
      const action = this.list.find(
        ({ operation, targets }) =>
          operation === 'kickAll' ||
          ((operation === 'kick' || operation === 'ban') && targets.some((one) => one.key === key)),
      );
      if (action) Object.assign(action, { still: (action.still ?? 0) + 1, hidden: false });
    }
    return people;
  }

  /** Forgets everything, for another meeting. */
  forget() {
    this.list = [];
    this.#banned.clear();
  }

  /** Whether an action of this kind is running. @param {Operation[]} operations */
  running(...operations) {
    return this.list.some(({ operation, running }) => running && operations.includes(operation));
  }

  /** Dismisses a finished action. @param {Action} action */
  dismiss(action) {
    action.hidden = true;
    this.given.changed();
  }
}
