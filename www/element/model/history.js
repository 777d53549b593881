// The history: joins, leaves and actions in order, and what happened to a participant. Pure.

import { operationOf, recordsOf } from './audit-match.js';
import { timeOf } from './participants.js';

/** @import { Action, AuditRecord, Entry, Participant } from '../types.js' */

/** Requests of one moderator that are closer than this belong to one ban or freeze, in ms. */
const ONE_ACTION_MS = 10_000;

/** Entries of participants who have not changed, cached. @type {WeakMap<Participant, Entry[]>} */
const known = new WeakMap();

/** @param {Participant} participant */
function visitEntries(participant) {
  let entries = known.get(participant);
  if (!entries) {
    entries = participant.visits.flatMap(([from, to], place) => {
      /** @type {Entry} */
      const came = { at: from, kind: place ? 'return' : 'join', participant };
      return to === null ? [came] : [came, { at: to, kind: 'leave', participant }];
    });
    known.set(participant, entries);
  }
  return entries;
}

/** Joins and leaves, newest first. @param {Participant[]} participants @returns {Entry[]} */
export function attendanceEntries(participants) {
  return participants.flatMap(visitEntries).sort(newestFirst);
}

/** @type {(a: Entry, b: Entry) => number} */
const newestFirst = (a, b) => b.at - a.at;

/** Names by every ID that the audit log may contain. @param {Participant[]} participants */
export function namesOf(participants) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const { userId, custom, name } of participants) {
    if (custom) names.set(custom, name || custom);
    if (userId) names.set(userId, name || custom || userId);
  }
  return names;
}

/**
 * All actions, newest first: the audit records, and local actions that the audit log does not have (yet).
 *
 * @param {AuditRecord[]} records
 * @param {Action[]} actions
 * @param {Map<string, string>} names
 * @param {string} self The name of this moderator.
 * @param {string | null} [sub]
 * @param {number} [ahead]
 * @returns {Entry[]}
 */
export function actionEntries(records, actions, names, self, sub = null, ahead = 0) {
  const written = recordsOf(records, actions, sub, ahead);
  const entries = combined(records.map((record) => entryOfRecord(record, names)));
  for (const action of actions) {
    if (action.running || written.has(action)) continue;
    // No target was in the session any more, so nothing was sent.
    if (action.targets.length && action.targets.every(({ result }) => result === 'gone')) continue;
    entries.push(entryOfAction(action, self, ahead));
  }
  return entries.sort(newestFirst);
}

/** @param {AuditRecord} record @param {Map<string, string>} names @returns {Entry} */
function entryOfRecord(record, names) {
  const failed = new Set(record.failed);
  const targetIds = (record.targets ?? []).filter((id) => !failed.has(id));
  return {
    at: timeOf(record.time),
    kind: 'action',
    operation: operationOf(record),
    by: record.name || record.moderator,
    moderator: record.moderator,
    targets: targetIds.map((id) => names.get(id) ?? id),
    targetIds,
    outcome: record.outcome,
    detail: record.question ?? record.reason ?? '',
    reason: record.moderator_reason ?? '',
    requests: [record.id],
  };
}

/** @param {Action} action @param {string} self @param {number} ahead @returns {Entry} */
function entryOfAction(action, self, ahead) {
  const reached = action.targets.filter(({ result }) => result === 'done' || result === 'unknown');
  return {
    at: action.at + ahead,
    kind: 'action',
    operation: action.operation,
    by: self,
    targets: [
      ...reached.map(({ participant: { name, custom, key } }) => name || custom || key),
      // The names are no longer stored.
      ...(action.more ? [`(${action.more})`] : []),
    ],
    targetIds: reached.map(({ participant }) => participant.id ?? participant.key),
    outcome: outcomeOf(action),
    detail: action.poll?.question ?? '',
    why: action.why,
    reason: action.reason ?? '',
    requests: action.requests,
  };
}

/** As in the audit log. Half of an action on the meeting is not the action. @param {Action} action */
function outcomeOf({ outcome, targets, more }) {
  if (outcome === 'failed') return 'refused';
  const half = outcome === 'partly' && !targets.length && !more;
  return half || outcome === 'unknown' ? 'unknown' : 'done';
}

/**
 * Combines the requests of one action into one entry: the parts of a long action, the deletion and the kick of a
 * ban, the mute and the lock of a freeze.
 *
 * @param {Entry[]} entries
 */
function combined(entries) {
  /** @type {Map<string, Entry>} */
  const open = new Map();
  /** @type {Entry[]} */
  const all = [];
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const key = `${entry.moderator}\n${entry.outcome}\n${entry.reason}`;
    const last = open.get(key);
    const near = last && entry.at - (last.endedAt ?? last.at) < ONE_ACTION_MS;
    const operation = near ? operationOfBoth(last, entry) : null;
    if (last && operation) {
      const ids = new Set(last.targetIds);
      entry.targetIds?.forEach((id, place) => {
        if (ids.has(id)) return;
        last.targetIds?.push(id);
        last.targets?.push(entry.targets?.[place] ?? id);
      });
      const requests = [...(last.requests ?? []), ...(entry.requests ?? [])];
      Object.assign(last, { operation, requests, endedAt: entry.at });
    } else {
      all.push(entry);
      open.set(key, entry);
    }
  }
  return all;
}

/**
 * The operation that two requests in a row make together, or null if they are two actions.
 *
 * @param {Entry} first
 * @param {Entry} next
 */
function operationOfBoth({ operation, targetIds = [] }, next) {
  if (operation === 'ban') {
    if (next.operation === 'ban') return 'ban';
    const banned = new Set(targetIds);
    const same = next.targetIds?.length && next.targetIds.every((id) => banned.has(id));
    return next.operation === 'kick' && same ? 'ban' : null;
  }
  if (operation === 'muteAll' && next.operation === 'lock') return 'freeze';
  if (operation === 'unlock' && next.operation === 'muteAll') return 'unfreeze';
  return null;
}

/**
 * The last removal of each participant who is not in the session, by key.
 *
 * @param {Entry[]} entries Actions, newest first.
 * @param {Participant[]} participants
 * @returns {Map<string, Entry>}
 */
export function removals(entries, participants) {
  /** @type {Map<string, Entry>} */
  const byId = new Map();
  /** @type {Entry | undefined} */
  let all;
  for (const entry of entries) {
    if (entry.outcome !== 'done') continue;
    if (entry.operation === 'kickAll') all ??= entry;
    if (entry.operation !== 'kick' && entry.operation !== 'ban') continue;
    for (const id of entry.targetIds ?? []) {
      const known = byId.get(id);
      // A ban explains more than a kick.
      if (!known || (known.operation === 'kick' && entry.operation === 'ban')) byId.set(id, entry);
    }
  }
  /** @type {Map<string, Entry>} */
  const found = new Map();
  for (const { key, userId, custom, present, visits } of participants) {
    if (present) continue;
    const [from, to] = visits.at(-1) ?? [0, null];
    const own = (userId && byId.get(userId)) || byId.get(custom) || byId.get(key);
    // A removal before the last visit did not end it.
    const entry = [own, all].find(
      (one) => one && one.at >= from && (one === own || Math.abs(one.at - (to ?? one.at)) < 60_000),
    );
    if (entry) found.set(key, entry);
  }
  return found;
}

/** The actions on a participant. @param {Participant} participant @param {Entry[]} actions */
export function actionsOn({ userId, custom, key }, actions) {
  const ids = new Set([userId, custom, key]);
  return actions.filter(({ targetIds = [] }) => targetIds.some((id) => ids.has(id)));
}

/** Two lists as one, newest first. @param {Entry[]} a @param {Entry[]} b */
export const merged = (a, b) => [...a, ...b].sort(newestFirst);
