// The history: joins, leaves and actions in order, as a list, as CSV and JSON, and as counts over time.
// Pure.

import { timeOf } from './people.js';

/** @import { Action, AuditRecord, Entry, Person } from './types.js' */

/** Entries of participants who have not changed, cached. @type {WeakMap<Person, Entry[]>} */
const told = new WeakMap();

/** @param {Person} person */
function comingsOf(person) {
  let entries = told.get(person);
  if (!entries) {
    entries = person.stays.flatMap(([from, to], place) => {
      /** @type {Entry} */
      const came = { at: from, kind: place ? 'return' : 'join', person };
      return to === null ? [came] : [came, { at: to, kind: 'leave', person }];
    });
    told.set(person, entries);
  }
  return entries;
}

/** Joins and leaves, newest first. @param {Person[]} people @returns {Entry[]} */
export function comings(people) {
  return people.flatMap(comingsOf).sort(newestFirst);
}

/** @type {(a: Entry, b: Entry) => number} */
const newestFirst = (a, b) => b.at - a.at;

const OPERATIONS = /** @type {Record<string, string>} */ ({
  ...{ KickParticipants: 'kick', KickAllParticipants: 'kickAll', MuteParticipants: 'mute' },
  ...{ MuteAllParticipants: 'muteAll', CreatePoll: 'poll', DeleteMeetingParticipant: 'ban' },
});

/** Names by every ID that the audit log may contain. @param {Person[]} people */
export function namesOf(people) {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const { userId, custom, name } of people) {
    if (custom) names.set(custom, name || custom);
    if (userId) names.set(userId, name || custom || userId);
  }
  return names;
}

/** @param {AuditRecord} record */
const operationOf = ({ operation, set }) =>
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
  const ids = new Set(targets.map(({ person }) => person.id));
  return !!record.targets?.length && record.targets.every((id) => ids.has(id));
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
export function deeds(records, actions, names, self, sub = null, ahead = 0) {
  const written = recordsOf(records, actions, sub, ahead);
  /** @type {Entry[]} */
  const entries = records.map((record) => {
    const failed = new Set(record.failed);
    return {
      at: timeOf(record.time),
      kind: 'action',
      operation: operationOf(record),
      by: record.name || record.moderator,
      whom: (record.targets ?? []).filter((id) => !failed.has(id)).map((id) => names.get(id) ?? id),
      outcome: record.outcome,
      detail: record.question ?? record.reason ?? '',
    };
  });
  for (const action of actions) {
    if (action.running || written.has(action)) continue;
    // No target was in the session any more, so nothing was sent.
    if (action.targets.length && action.targets.every(({ result }) => result === 'gone')) continue;
    entries.push({
      at: action.at,
      kind: 'action',
      operation: action.operation,
      by: self,
      whom: [
        ...action.targets
          .filter(({ result }) => result === 'done' || result === 'unknown')
          .map(({ person }) => person.name || person.custom || person.key),
        // The names are no longer stored.
        ...(action.more ? [`(${action.more})`] : []),
      ],
      outcome:
        action.outcome === 'failed' ? 'refused' : action.outcome === 'unknown' ? 'unknown' : 'done',
      detail: action.poll?.question ?? action.why,
    });
  }
  return entries.sort(newestFirst);
}

/** Merges two lists that are sorted newest first. @param {Entry[]} a @param {Entry[]} b */
export function merged(a, b) {
  /** @type {Entry[]} */
  const all = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const first = j >= b.length || (i < a.length && a[i].at >= b[j].at);
    all.push(first ? a[i++] : b[j++]);
  }
  return all;
}

/**
 * The number of participants in the session, at each change.
 *
 * @param {Person[]} people
 * @param {number} now
 * @returns {[times: number[], counts: number[]]} Times in seconds since 1970.
 */
export function presence(people, now) {
  /** @type {Map<number, number>} */
  const changes = new Map();
  const change = (/** @type {number} */ at, /** @type {number} */ by) =>
    changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { stays } of people) {
    for (const [from, to] of stays) {
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

/** The entries as rows for a file, with RFC 3339 times. @param {Entry[]} entries */
function rows(entries) {
  return entries.map(({ at, kind, person, operation, by, whom, outcome, detail }) => ({
    time: Number.isFinite(at) ? new Date(at).toISOString() : '',
    event: kind,
    name: person?.name ?? '',
    user_id: person?.userId ?? '',
    custom_participant_id: person?.custom ?? '',
    role: person?.role ?? '',
    action: operation ?? '',
    moderator: by ?? '',
    targets: whom ?? [],
    outcome: outcome ?? '',
    detail: detail ?? '',
  }));
}

/** The file starts with the oldest. @param {Entry[]} entries Newest first. */
export function toJSON(entries) {
  return `${JSON.stringify(rows(entries).reverse(), null, 2)}\n`;
}

/** The file starts with the oldest. @param {Entry[]} entries Newest first. */
export function toCSV(entries) {
  const all = rows(entries).reverse();
  const [head] = rows([{ at: 0, kind: 'join' }]);
  const lines = [Object.keys(head), ...all.map((row) => Object.values(row))];
  const text = lines.map((line) => line.map((value) => cell([value].flat().join('; '))).join(','));
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
