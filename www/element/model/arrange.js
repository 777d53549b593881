// Which participants the list shows, and in which order: search, filter and sorting. Pure.

import { attendance, normalized } from './participants.js';

/**
 * @import { Participant } from '../types.js'
 *
 * @typedef {'name' | 'role' | 'time' | 'joined' | 'joins'} SortKey
 * @typedef {object} ListOptions The search, filters and order of the list.
 * @property {string} query
 * @property {string} role '' means all roles.
 * @property {'in' | 'left' | 'all'} show
 * @property {SortKey} sort
 * @property {boolean} down
 */

/** A search matches IDs from this length on. Shorter text would match random IDs. */
const ID_LENGTH = 6;

/** @type {(participant: Participant) => number} */
const firstJoin = ({ visits }) => visits[0]?.[0] ?? Infinity;

/**
 * Whether a participant is listed, for a search in words.
 *
 * @param {ListOptions} options
 * @returns {(participant: Participant) => boolean}
 */
export function filterOf({ query, show, role }) {
  const words = normalized(query).split(/\s+/).filter(Boolean);
  const id = query.trim().toLowerCase();
  const byId = id.length >= ID_LENGTH;
  return (one) =>
    (show === 'all' || one.present === (show === 'in')) &&
    (!role || one.role === role) &&
    (words.every((word) => one.text.includes(word)) ||
      (byId &&
        (!!one.userId?.toLowerCase().includes(id) || one.custom.toLowerCase().includes(id))));
}

/**
 * The participants to show, in order. `before` is the last result: sorting a nearly sorted list is fast.
 *
 * @param {Participant[]} participants
 * @param {ListOptions} options
 * @param {number} now
 * @param {Intl.Collator} collator
 * @param {Participant[]} [before]
 */
export function arrange(participants, options, now, collator, before = []) {
  const wanted = participants.filter(filterOf(options));
  const places = new Map(before.map(({ key }, place) => [key, place]));
  const place = (/** @type {Participant} */ { key }) => places.get(key) ?? before.length;
  if (before.length) wanted.sort((a, b) => place(a) - place(b));
  const byName = (/** @type {Participant} */ a, /** @type {Participant} */ b) =>
    // Participants without a name come last.
    Number(!a.name) - Number(!b.name) ||
    collator.compare(a.name, b.name) ||
    (a.key < b.key ? -1 : 1);
  /** @type {Record<SortKey, (a: Participant, b: Participant) => number>} */
  const orders = {
    name: () => 0,
    role: (a, b) => collator.compare(a.role, b.role),
    time: (a, b) => attendance(a, now) - attendance(b, now),
    joined: (a, b) => firstJoin(a) - firstJoin(b) || 0,
    joins: (a, b) => a.joins - b.joins,
  };
  const order = orders[options.sort];
  const sign = options.down ? -1 : 1;
  const down = options.sort === 'name' ? sign : 1;
  return wanted.sort(
    (a, b) => Number(b.present) - Number(a.present) || sign * order(a, b) || down * byName(a, b),
  );
}

/**
 * The same rows in the same places, with new participants at the end: nothing moves under a pointer.
 *
 * @param {Participant[]} before
 * @param {Participant[]} arranged
 * @param {Map<string, Participant>} byKey
 */
export function held(before, arranged, byKey) {
  const keys = new Set(before.map(({ key }) => key));
  const rows = before.map((one) => byKey.get(one.key) ?? { ...one, present: false });
  return [...rows, ...arranged.filter(({ key }) => !keys.has(key))];
}
