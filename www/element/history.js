// What happened: who came and went when, and what moderators did, in order; as a list, as CSV and JSON,
// and as how many were in over time. Pure.

import { timeOf } from './people.js';

/** @import { Action, AuditRecord, Entry, Person } from './types.js' */

/** Of a person who did not change the entries are the same. @type {WeakMap<Person, Entry[]>} */
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

/** Comings and goings, newest first. @param {Person[]} people @returns {Entry[]} */
export function comings(people) {
  return people.flatMap(comingsOf).sort(newestFirst);
}

/** @type {(a: Entry, b: Entry) => number} */
const newestFirst = (a, b) => b.at - a.at;

const OPERATIONS = /** @type {Record<string, string>} */ ({
  ...{ KickParticipants: 'kick', KickAllParticipants: 'kickAll', MuteParticipants: 'mute' },
  ...{ MuteAllParticipants: 'muteAll', CreatePoll: 'poll', DeleteMeetingParticipant: 'ban' },
});

/** Somebody's name by any ID that the audit may call them by. @param {Person[]} people */
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

/** How far the time of an action here and that of its record may be apart. */
const NEAR_MS = 60_000;

/**
 * The audit's record of each action here that it has: known by a request's ID, or, where the answer
 * with the ID was lost, by what was asked for, by whom and when. A record is of one action only.
 *
 * @param {AuditRecord[]} records
 * @param {Action[]} actions
 * @param {string | null} sub By which the audit knows the moderator here.
 * @param {number} ahead How far the audit's clock is ahead of that of the actions.
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
    // The newest tells what came of it.
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
      // Of many people there are many requests.
      if (!action.targets.length) break;
    }
  }
  return found;
}

/** Whether a record is of what an action asked for. @param {AuditRecord} record @param {Action} action */
function isOf(record, { operation, targets, poll }) {
  const kind = operationOf(record);
  if (!targets.length)
    return kind === operation && (operation !== 'poll' || record.question === poll?.question);
  // A ban ends with a kick.
  if (kind !== operation && !(operation === 'ban' && kind === 'kick')) return false;
  const ids = new Set(targets.map(({ person }) => person.id));
  return !!record.targets?.length && record.targets.every((id) => ids.has(id));
}

/**
 * What moderators did: the audit's records, and of what was done here that which the audit does not
 * have (yet), newest first.
 *
 * @param {AuditRecord[]} records
 * @param {Action[]} actions
 * @param {Map<string, string>} names
 * @param {string} self What the moderator here is called.
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
    // Nobody was in any more: nothing was sent.
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
        // Their names are no longer kept.
        ...(action.more ? [`(${action.more})`] : []),
      ],
      outcome:
        action.outcome === 'failed' ? 'refused' : action.outcome === 'unknown' ? 'unknown' : 'done',
      detail: action.poll?.question ?? action.why,
    });
  }
  return entries.sort(newestFirst);
}

/** Two lists that are newest first, as one. @param {Entry[]} a @param {Entry[]} b */
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
 * How many people were in, at each moment at which that changed.
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

/** The entries as plain rows, for files: times as RFC 3339. @param {Entry[]} entries */
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

/** @param {Entry[]} entries Newest first; the file is oldest first. */
export function toJSON(entries) {
  return `${JSON.stringify(rows(entries).reverse(), null, 2)}\n`;
}

/** @param {Entry[]} entries Newest first; the file is oldest first. */
export function toCSV(entries) {
  const all = rows(entries).reverse();
  const [head] = rows([{ at: 0, kind: 'join' }]);
  const lines = [Object.keys(head), ...all.map((row) => Object.values(row))];
  const text = lines.map((line) => line.map((value) => cell([value].flat().join('; '))).join(','));
  // The mark by which Excel knows UTF-8.
  return `\uFEFF${text.join('\r\n')}\r\n`;
}

/**
 * A spreadsheet runs what begins like a formula, and these texts are strangers'. Where a semicolon or a
 * tab separates cells, as in German, also what follows one in the midst of a text begins a cell.
 *
 * @param {string} text
 */
function cell(text) {
  const tame = text
    .replace(/(^|[;,\t\r\n])([\s"]*)(?=[=+\-@])/g, "$1$2'")
    .replace(/^(?=[\t\r])/, "'");
  return `"${tame.replaceAll('"', '""')}"`;
}
