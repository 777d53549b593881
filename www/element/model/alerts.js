// What a moderator may miss in a large meeting: a copied name, a removed participant who is back, a surge of joins.
// Pure.

import { isHostRole, normalized } from './participants.js';

/**
 * @import { Alert, Entry, Participant } from '../types.js'
 */

/** The kinds, in the order of the settings. */
export const ALERTS = /** @type {const} */ (['copy', 'back', 'surge']);
/** A surge: so many joins, and so many times more than before, within a minute. */
const [SURGE, TIMES, MINUTE] = [20, 3, 60_000];
/** Looks the same as a name: without case, accents, spaces and signs. @param {string} name */
const skeleton = (name) => normalized(name).replace(/[^\p{L}\p{N}]/gu, '');

export class Alerts {
  /** The alerts so far, by kind and participant. @type {Set<string>} */
  #known = new Set();
  #quietUntil = 0;
  /** @type {Participant[] | null} */
  #before = null;

  /**
   * The new alerts of a refresh.
   *
   * @param {Participant[]} participants
   * @param {Entry[]} actions Newest first.
   * @param {number} now
   * @returns {Alert[]}
   */
  refresh(participants, actions, now) {
    const first = this.#before === null;
    const unchanged = this.#before === participants;
    this.#before = participants;
    if (unchanged) return [];
    return [
      ...this.#copies(participants),
      ...this.#returns(participants, actions),
      // Everyone has joined since this page was opened.
      ...this.#surge(participants, now, first),
    ];
  }

  /** @param {Alert['kind']} kind @param {Participant} participant @returns {Alert[]} */
  #once(kind, participant) {
    const key = `${kind} ${participant.key} ${participant.joins}`;
    if (this.#known.has(key)) return [];
    this.#known.add(key);
    return [{ kind, participant }];
  }

  /** Present participants with the name of a host. @param {Participant[]} participants */
  #copies(participants) {
    const hosts = new Set();
    for (const { name, role } of participants) if (isHostRole(role)) hosts.add(skeleton(name));
    hosts.delete('');
    if (!hosts.size) return [];
    return participants.flatMap((one) =>
      one.present && !isHostRole(one.role) && hosts.has(skeleton(one.name))
        ? this.#once('copy', one)
        : [],
    );
  }

  /** Participants who joined after a kick or ban. @param {Participant[]} participants @param {Entry[]} actions */
  #returns(participants, actions) {
    /** @type {Map<string, number>} */
    const removed = new Map();
    for (const { operation, outcome, targetIds = [], at } of actions)
      if (outcome === 'done' && (operation === 'kick' || operation === 'ban'))
        for (const id of targetIds) removed.set(id, Math.max(at, removed.get(id) ?? 0));
    if (!removed.size) return [];
    return participants.flatMap((one) => {
      const at = removed.get(one.userId ?? '') ?? removed.get(one.custom) ?? Infinity;
      return one.present && (one.visits.at(-1)?.[0] ?? 0) > at ? this.#once('back', one) : [];
    });
  }

  /** @param {Participant[]} participants @param {number} now @param {boolean} first @returns {Alert[]} */
  #surge(participants, now, first) {
    let [recent, before] = [0, 0];
    for (const { visits } of participants) {
      const from = visits.at(-1)?.[0] ?? 0;
      if (from > now - MINUTE) recent += 1;
      else if (from > now - 2 * MINUTE) before += 1;
    }
    if (now < this.#quietUntil || recent < SURGE || recent < before * TIMES) return [];
    this.#quietUntil = now + 5 * MINUTE;
    // A meeting that has just begun fills up.
    const began = participants.reduce(
      (least, { visits }) => Math.min(least, visits[0]?.[0] ?? least),
      Infinity,
    );
    return first || now - began < 5 * MINUTE ? [] : [{ kind: 'surge', count: recent }];
  }
}
