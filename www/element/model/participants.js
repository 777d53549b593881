// The participants: identity, attendance, names and roles. Pure. Caches what has not changed.

import { memo } from './memo.js';

/**
 * @import { Participant, Peer, Watched } from '../types.js'
 */

/** @type {WeakMap<Watched, Participant>} */
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
export const normalized = (text) =>
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
 * @returns {Participant}
 */
export function toParticipant(watched) {
  const before = known.get(watched);
  if (before) return before;
  const { key, present } = watched;
  /** @type {Peer[]} */
  const peers = watched.peers;
  const userId = watched.user_id || null;
  const custom = watched.custom_participant_id ?? '';
  const name = visible(watched.display_name ?? '');
  /** @type {Participant} */
  const participant = {
    key,
    // A kick needs the participant's ID, never the peer's.
    id: userId ?? (custom || null),
    field: userId ? 'participant_ids' : custom ? 'custom_participant_ids' : null,
    userId,
    custom,
    name,
    role: watched.preset_name ?? '',
    picture: pictureOf(peers.at(-1)?.picture),
    present,
    joins: peers.length,
    visits: visitsOf(peers, present),
    // The name in the list is the custom ID if there is no name.
    text: normalized(name || custom),
  };
  known.set(watched, participant);
  return participant;
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
 * @returns {Participant['visits']}
 */
function visitsOf(peers, present) {
  const times = peers
    .map(({ joined_at, left_at }) => {
      const [joined, left] = [timeOf(joined_at), timeOf(left_at)];
      // A participant who has left has no open visit, even if a peer has no end.
      return [joined, Number.isNaN(left) ? (present ? Infinity : joined) : left];
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
  return merged.map(([from, to]) => [from, to === Infinity ? null : to]);
}

/** The total attendance in ms. @param {Participant} participant @param {number} now */
export function attendance({ visits }, now) {
  let sum = 0;
  for (const [from, to] of visits) sum += Math.max(0, (to ?? now) - from);
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
 * @param {Participant[]} participants
 * @param {Intl.Collator} collator
 */
export function rolesOf(participants, collator) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { role } of participants) if (role) counts.set(role, (counts.get(role) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => collator.compare(a, b));
}

/** Whether a preset is one of hosts or presenters. @param {string} role */
export const isHostRole = (role) => /host|moderat|present|speak|admin/i.test(role);

/** The names that several participants have, normalized. Such participants need more than a name. */
export const sharedNames = memo((/** @type {Participant[]} */ participants) => {
  /** @type {Set<string>} */
  const found = new Set();
  const seen = new Set();
  for (const { text } of participants) {
    if (seen.has(text)) found.add(text);
    seen.add(text);
  }
  return found;
});

/** The end of an ID, to tell participants of one name apart. @param {Pick<Participant, 'userId' | 'custom' | 'key'>} participant */
export const idEnd = ({ userId, custom, key }) => `…${(userId ?? (custom || key)).slice(-4)}`;
