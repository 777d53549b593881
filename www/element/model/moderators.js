// The other moderators who watch the meeting. Pure.

/** @import { Snapshot } from '../types.js' */

/**
 * The names of the others, and how many they are: the gateway names only the first fifty.
 *
 * @param {Snapshot['moderators']} watching
 * @param {string | null} sub The moderator of this page.
 * @returns {{ moderators: string[], count: number }}
 */
export function others(watching, sub) {
  const { moderators = [], count = 0 } = watching ?? {};
  const rest = moderators.filter((one) => one.sub !== sub);
  // This page's moderator may be beyond those who are named.
  const own = rest.length < moderators.length || count > moderators.length ? 1 : 0;
  const names = rest.map(({ sub, name }) => name || sub);
  return { moderators: names, count: Math.max(names.length, count - own) };
}
