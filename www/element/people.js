// The participants for the list: identity, attendance, search, filter and order. Pure. Caches what has not
// changed.

/**
 * @import { Peer, Person, Watched } from './types.js'
 *
 * @typedef {'name' | 'role' | 'time' | 'joined' | 'joins'} SortKey
 * @typedef {object} Wish The search, filters and order of the list.
 * @property {string} query
 * @property {string} role '' means all roles.
 * @property {'in' | 'left' | 'all'} show
 * @property {SortKey} sort
 * @property {boolean} down
 */

/** @type {WeakMap<Watched, Person>} */
const known = new WeakMap();

/**
 * A time from the API, in ms since 1970, or NaN. Some of its own examples end with a stray quotation mark.
 *
 * @param {unknown} value
 */
export function timeOf(value) {
  return typeof value === 'string' ? Date.parse(value.replaceAll('"', '')) : NaN;
}

/** Normalizes text for comparison: no case, no accents. @param {string} text */
export const folded = (text) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/**
 * Cleans text from strangers for display: removes invisible characters, except the joiners and tags that emoji
 * and scripts need. Text without a visible character becomes empty.
 *
 * @param {string} text
 */
export function visible(text) {
  const shown = text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/(?![\u200C\u200D\u{E0020}-\u{E007F}])\p{Cf}/gu, '')
    .trim();
  // (Unicode counts the Braille blank as a letter.)
  return /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(shown) ? shown : '';
}

/** Isolates a name in a sentence, so that right-to-left text does not reorder it. @param {string} name */
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
    // A kick needs the participant's ID, never the peer's.
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

/** Accepts only safe URLs of pictures. @param {unknown} url */
function pictureOf(url) {
  try {
    const { protocol, href } = new URL(/** @type {string} */ (url));
    return protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}

/**
 * The attendance of a participant: the times of all peers, with overlaps merged.
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
  // A participant who has left has no open stay, even if a peer has no end.
  return merged.map(([from, to]) => [from, to === Infinity ? (present ? null : from) : to]);
}

/** The total attendance in ms. @param {Person} person @param {number} now */
export function timeIn({ stays }, now) {
  let sum = 0;
  for (const [from, to] of stays) sum += Math.max(0, (to ?? now) - from);
  return sum;
}

/** Up to two initials. @param {string} name */
export function initials(name) {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''];
  return letters.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('');
}

/** A stable colour angle for a participant. @param {string} key */
export function hue(key) {
  let hash = 7;
  for (let i = 0; i < key.length; i += 1) hash = (hash * 31 + key.charCodeAt(i)) >>> 0;
  return hash % 360;
}

/**
 * The roles, with the number of participants in each.
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
 * The participants to show, in order. `before` is the last result: sorting a nearly sorted list is fast.
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
    // Participants without a name come last.
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
