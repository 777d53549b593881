// The files of the activity panel: the history as CSV and JSON, and the attendance as CSV. Pure.

import { attendance } from './participants.js';

/**
 * @import { Entry, Participant } from '../types.js'
 * @typedef {{ meeting: string, session: string }} Place The IDs of the meeting and its session.
 */

/** An RFC 3339 time. @param {number | null | undefined} at */
const time = (at) =>
  Number.isFinite(at) ? new Date(/** @type {number} */ (at)).toISOString() : '';

/** The entries as rows for a file. @param {Entry[]} entries @param {Place} place */
function rows(entries, { meeting, session }) {
  return entries.map(({ at, kind, participant, operation, by, targets, ...more }) => ({
    time: time(at),
    event: kind,
    name: participant?.name ?? '',
    user_id: participant?.userId ?? '',
    custom_participant_id: participant?.custom ?? '',
    role: participant?.role ?? '',
    action: operation ?? '',
    moderator: by ?? '',
    targets: targets ?? [],
    // Names can be copied. IDs cannot.
    target_ids: more.targetIds ?? [],
    outcome: more.outcome ?? '',
    reason: more.reason ?? '',
    detail: more.detail || (more.why?.message ?? ''),
    request_id: more.requests ?? [],
    meeting_id: meeting,
    session_id: session,
  }));
}

/** The file starts with the oldest. @param {Entry[]} entries Newest first. @param {Place} place */
export function toJSON(entries, place) {
  return `${JSON.stringify(rows(entries, place).reverse(), null, 2)}\n`;
}

/** The file starts with the oldest. @param {Entry[]} entries Newest first. @param {Place} place */
export function toCSV(entries, place) {
  const [head] = rows([{ at: 0, kind: 'join' }], place);
  return csv(Object.keys(head), rows(entries, place).reverse());
}

/**
 * A line for each participant: first join, last leave, and the time in between.
 *
 * @param {Participant[]} participants
 * @param {number} now
 * @param {Place} place
 */
export function attendanceCSV(participants, now, { meeting, session }) {
  const lines = participants.map((participant) => ({
    name: participant.name,
    user_id: participant.userId ?? '',
    custom_participant_id: participant.custom,
    role: participant.role,
    first_joined: time(participant.visits[0]?.[0]),
    last_left: time(participant.visits.at(-1)?.[1]),
    minutes: String(Math.round(attendance(participant, now) / 6000) / 10),
    times_joined: String(participant.joins),
    meeting_id: meeting,
    session_id: session,
  }));
  const head = ['name', 'user_id', 'custom_participant_id', 'role', 'first_joined', 'last_left'];
  return csv([...head, 'minutes', 'times_joined', 'meeting_id', 'session_id'], lines);
}

/** @param {string[]} head @param {Record<string, string | string[]>[]} lines */
function csv(head, lines) {
  const text = [head, ...lines.map((line) => Object.values(line))].map((line) =>
    line.map((value) => cell([value].flat().join('; '))).join(','),
  );
  // A byte order mark, so that Excel detects UTF-8.
  return `\uFEFF${text.join('\r\n')}\r\n`;
}

/**
 * Quotes text that a spreadsheet would run as a formula, because these texts come from strangers. Where a
 * semicolon or a tab separates cells, as in German, text after one also starts a cell.
 *
 * @param {string} text
 */
function cell(text) {
  const tame = text
    .replace(/(^|[;,\t\r\n])([\s"]*)(?=[=+\-@])/g, "$1$2'")
    .replace(/^(?=[\t\r])/, "'");
  return `"${tame.replaceAll('"', '""')}"`;
}
