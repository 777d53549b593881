// Participants as the roster shows them: who they are, when they were in, and which of them are wanted
// in which order. Pure; what did not change is not computed again.

/**
 * @import { Peer, Person, Watched } from './types.js'
 *
 * @typedef {'name' | 'role' | 'time' | 'joined' | 'joins'} SortKey
 * @typedef {object} Wish What of the roster is wanted, and in which order.
 * @property {string} query
 * @property {string} role '' is every role.
 * @property {'in' | 'left' | 'all'} show
 * @property {SortKey} sort
 * @property {boolean} down
 */

/** @type {WeakMap<Watched, Person>} */
const known = new WeakMap();

/**
 * A time of the API's, in ms since 1970, or NaN: some of its own examples end with a stray quotation mark.
 *
 * @param {unknown} value
 */
export function timeOf(value) {
  return typeof value === 'string' ? Date.parse(value.replaceAll('"', '')) : NaN;
}

/** Text as it is compared: without case, accents and the like. @param {string} text */
export const folded = (text) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/**
 * Text of strangers as it is shown: without what one cannot see, but for the joiners and tags that
 * emoji and scripts are written with. Nothing visible is nothing.
 *
 * @param {string} text
 */
export function visible(text) {
  const shown = text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/(?![\u200C\u200D\u{E0020}-\u{E007F}])\p{Cf}/gu, '')
    .trim();
  // (A blank of Braille is a letter to Unicode.)
  return /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(shown) ? shown : '';
}

/** A name within a sentence, which it cannot turn round then. @param {string} name */
export const isolated = (name) => `\u2068${visible(name)}\u2069`;

/**
 * @param {Watched} watched
 * @returns {Person}
 */
export function personOf(watched) {
  const before = known.get(watched);
  if (before) return before;
  const { key, present } = watched;
  /** @type {Peer[]} */
  const peers = watched.peers;
  const userId = watched.user_id || null;
  const custom = watched.custom_participant_id ?? '';
  const name = visible(watched.display_name ?? '');
  const role = watched.preset_name ?? '';
  /** @type {Person} */
  const person = {
    key,
    // A kick takes the participant's ID, never the peer's.
    id: userId ?? (custom || null),
    field: userId ? 'participant_ids' : custom ? 'custom_participant_ids' : null,
    userId,
    custom,
    name,
    role,
    picture: pictureOf(peers.at(-1)?.picture),
    present,
    joins: peers.length,
    stays: staysOf(peers, present),
    text: folded(`${name}\n${custom}\n${role}\n${userId ?? ''}`),
  };
  known.set(watched, person);
  return person;
}

/** Only what a browser can ask for safely. @param {unknown} url */
function pictureOf(url) {
  try {
    const { protocol, href } = new URL(/** @type {string} */ (url));
    return protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}

/**
 * When somebody was in, with however many devices: their peers' times, overlaps made one.
 *
 * @param {Peer[]} peers
 * @param {boolean} present
 * @returns {Person['stays']}
 */
function staysOf(peers, present) {
  const times = peers
    .map(({ joined_at, left_at }) => {
      const left = timeOf(left_at);
      return [timeOf(joined_at), Number.isNaN(left) ? Infinity : left];
    })
    .filter(([from]) => !Number.isNaN(from))
    .sort(([a], [b]) => a - b);
  /** @type {number[][]} */
  const merged = [];
  for (const [from, to] of times) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  // Who is gone has no open stay, whatever one of their peers says.
  return merged.map(([from, to]) => [from, to === Infinity ? (present ? null : from) : to]);
}

/** How long they were in, in ms. @param {Person} person @param {number} now */
export function timeIn({ stays }, now) {
  let sum = 0;
  for (const [from, to] of stays) sum += Math.max(0, (to ?? now) - from);
  return sum;
}

/** Up to two letters that stand for somebody. @param {string} name */
export function initials(name) {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''];
  return letters.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('');
}

/** A colour's angle that stays with somebody. @param {string} key */
export function hue(key) {
  let hash = 7;
  for (let i = 0; i < key.length; i += 1) hash = (hash * 31 + key.charCodeAt(i)) >>> 0;
  return hash % 360;
}

/**
 * The roles that there are, with how many have each.
 *
 * @param {Person[]} people
 * @param {Intl.Collator} collator
 */
export function rolesOf(people, collator) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { role } of people) if (role) counts.set(role, (counts.get(role) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => collator.compare(a, b));
}

/** @type {(person: Person) => number} */
const firstJoin = ({ stays }) => stays[0]?.[0] ?? Infinity;

/**
 * Who is wanted, in order. `before` is what this gave last: a list that is nearly sorted is sorted
 * in no time.
 *
 * @param {Person[]} people
 * @param {Wish} wish
 * @param {number} now
 * @param {Intl.Collator} collator
 * @param {Person[]} [before]
 */
export function arrange(people, wish, now, collator, before = []) {
  const words = folded(wish.query).split(/\s+/).filter(Boolean);
  const wanted = people.filter(
    (person) =>
      (wish.show === 'all' || person.present === (wish.show === 'in')) &&
      (!wish.role || person.role === wish.role) &&
      words.every((word) => person.text.includes(word)),
  );
  const places = new Map(before.map(({ key }, place) => [key, place]));
  const place = (/** @type {Person} */ { key }) => places.get(key) ?? before.length;
  if (before.length) wanted.sort((a, b) => place(a) - place(b));
  const byName = (/** @type {Person} */ a, /** @type {Person} */ b) =>
    // Who has no name comes last.
    Number(!a.name) - Number(!b.name) ||
    collator.compare(a.name, b.name) ||
    (a.key < b.key ? -1 : 1);
  /** @type {Record<SortKey, (a: Person, b: Person) => number>} */
  const orders = {
    name: () => 0,
    role: (a, b) => collator.compare(a.role, b.role),
    time: (a, b) => timeIn(a, now) - timeIn(b, now),
    joined: (a, b) => firstJoin(a) - firstJoin(b) || 0,
    joins: (a, b) => a.joins - b.joins,
  };
  const order = orders[wish.sort];
  const sign = wish.down ? -1 : 1;
  const down = wish.sort === 'name' ? sign : 1;
  return wanted.sort(
    (a, b) => Number(b.present) - Number(a.present) || sign * order(a, b) || down * byName(a, b),
  );
}
