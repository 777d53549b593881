// Matches actions of this page with records of the gateway's audit log. Pure.

import { timeOf } from './participants.js';

/** @import { Action, AuditRecord } from '../types.js' */

const OPERATIONS = /** @type {Record<string, string>} */ ({
  ...{ KickParticipants: 'kick', KickAllParticipants: 'kickAll', MuteParticipants: 'mute' },
  ...{ MuteAllParticipants: 'muteAll', CreatePoll: 'poll', DeleteMeetingParticipant: 'ban' },
});

/** @param {AuditRecord} record */
export const operationOf = ({ operation, set }) =>
  operation === 'UpdateMeeting'
    ? set === 'INACTIVE'
      ? 'lock'
      : 'unlock'
    : (OPERATIONS[operation] ?? operation);

/** The largest difference in time between an action and its audit record. */
const NEAR_MS = 60_000;

/**
 * Matches actions with audit records: by the request's ID, or, if the response with the ID was lost, by
 * operation, moderator and time. A record belongs to one action only.
 *
 * @param {AuditRecord[]} records
 * @param {Action[]} actions
 * @param {string | null} sub The moderator's ID in the audit log.
 * @param {number} ahead How far the audit log's clock is ahead, in ms.
 * @returns {Map<Action, AuditRecord>}
 */
export function recordsOf(records, actions, sub, ahead) {
  /** @type {Map<Action, AuditRecord>} */
  const found = new Map();
  const over = actions.filter(({ running }) => !running);
  const ids = new Map(over.flatMap((action) => action.requests.map((id) => [id, action])));
  const others = [];
  for (const record of records) {
    const action = ids.get(record.id);
    if (!action) others.push(record);
    // The newest record has the outcome.
    else if (!found.has(action)) found.set(action, record);
  }
  const free = new Set(others.filter(({ moderator }) => moderator === sub));
  for (const action of over) {
    const lost =
      action.outcome === 'unknown' || action.targets.some(({ result }) => result === 'unknown');
    if (!lost || found.has(action)) continue;
    const from = action.at + ahead - NEAR_MS;
    const to = (action.endedAt ?? action.at) + ahead + NEAR_MS;
    for (const record of free) {
      const at = timeOf(record.time);
      if (at < from || at > to || !isOf(record, action)) continue;
      if (!found.has(action)) found.set(action, record);
      free.delete(record);
      // An action on many participants has several requests.
      if (!action.targets.length) break;
    }
  }
  return found;
}

/** Whether a record can belong to an action. @param {AuditRecord} record @param {Action} action */
function isOf(record, { operation, targets, poll }) {
  const kind = operationOf(record);
  if (!targets.length)
    return kind === operation && (operation !== 'poll' || record.question === poll?.question);
  // A ban also sends a kick.
  if (kind !== operation && !(operation === 'ban' && kind === 'kick')) return false;
  const ids = new Set(targets.map(({ participant }) => participant.id));
  return !!record.targets?.length && record.targets.every((id) => ids.has(id));
}
