// The number of participants in the session over time. Pure.

/** @import { Participant } from '../types.js' */

/**
 * The number of participants in the session, at each change.
 *
 * @param {Participant[]} participants
 * @param {number} now
 * @returns {[times: number[], counts: number[]]} Times in seconds since 1970.
 */
export function presence(participants, now) {
  /** @type {Map<number, number>} */
  const changes = new Map();
  const change = (/** @type {number} */ at, /** @type {number} */ by) =>
    changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { visits } of participants) {
    for (const [from, to] of visits) {
      change(from, 1);
      if (to !== null) change(to, -1);
    }
  }
  const times = [...changes.keys()].sort((a, b) => a - b);
  let count = 0;
  const counts = times.map((at) => (count += changes.get(at) ?? 0));
  const last = times.at(-1);
  if (last !== undefined && now > last) {
    times.push(now);
    counts.push(count);
  }
  return [times.map((at) => at / 1000), counts];
}

/** The largest of some counts. @param {number[]} counts */
export const peak = (counts) => counts.reduce((most, count) => Math.max(most, count), 0);

/** The most participants at once. @param {Participant[]} participants */
export const peakOf = (participants) => peak(presence(participants, 0)[1]);
