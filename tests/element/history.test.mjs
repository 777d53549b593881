// The element's logic without a view: the meeting's state after each snapshot, the timeline and its files, the
// audit, polls. In Node, from the sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Audit } from '../../www/element/model/audit.js';
import { attendanceCSV, toCSV, toJSON } from '../../www/element/model/export.js';
import {
  actionEntries,
  actionsOn,
  attendanceEntries,
  merged,
  namesOf,
  removals,
} from '../../www/element/model/history.js';
import { presence } from '../../www/element/model/presence.js';
import { formats } from '../../www/element/model/format.js';
import { Meeting, EMPTY_STATE, next } from '../../www/element/model/meeting.js';
import { toParticipant } from '../../www/element/model/participants.js';
import { checked } from '../../www/element/model/poll.js';
import { PollsController } from '../../www/element/controllers/polls-controller.js';
import en from '../../www/element/locales/en.js';
import { pollsView } from '../../www/element/views/polls.js';

const T = Date.parse('2026-11-24T10:00:00Z');
const at = (seconds) => new Date(T + seconds * 1000).toISOString();

function watched(key, ...visits) {
  const peers = visits.map(([from, to]) => ({
    joined_at: at(from),
    ...(to === undefined ? {} : { left_at: at(to) }),
  }));
  const present = visits.some(([, to]) => to === undefined);
  return { key, user_id: key, display_name: key, preset_name: 'guest', present, peers };
}
const SESSION = { id: 's', status: 'LIVE', started_at: at(0), meeting_display_name: 'All hands' };
const snapshot = (participants, more = {}) => ({
  ...{ at: T + 60_000, age: 0, session: SESSION, participants, joined: [], left: [] },
  ...{ cameBack: [], trouble: null, nextAt: T + 62_000, rateLimit: null, ...more },
});

test('the state follows the snapshots: live, troubled, ended, live again', () => {
  const live = next(EMPTY_STATE, snapshot([watched('a', [0]), watched('b', [0, 9])]));
  assert.deepEqual([live.phase, live.present, live.title], ['live', 1, 'All hands']);
  assert.equal(live.byKey.get('b').present, false);

  const trouble = { error: new Error('no'), since: T, failures: 1 };
  const troubled = next(live, snapshot([], { trouble, session: null }));
  assert.deepEqual([troubled.phase, troubled.participants], ['live', live.participants]);
  assert.equal(troubled.trouble, trouble);

  const later = { at: T + 3_600_000, session: null };
  const ended = next(troubled, snapshot([], later));
  assert.deepEqual([ended.phase, ended.present, ended.participants.length], ['ended', 0, 2]);
  // Participants who were in are taken to have left when they were last seen.
  assert.deepEqual(ended.byKey.get('a').visits, [[T, T + 60_000]]);
  assert.equal(ended.trouble, null);

  const other = { ...SESSION, id: 't' };
  const again = next(ended, snapshot([watched('c', [50])], { session: other }));
  assert.deepEqual([again.phase, again.participants.map(({ key }) => key)], ['live', ['c']]);
});

test('before the first good poll: not started, or not readable', () => {
  assert.equal(next(EMPTY_STATE, snapshot([], { session: null })).phase, 'waiting');
  const trouble = { error: new Error('no'), since: T, failures: 1 };
  const failing = next(EMPTY_STATE, snapshot([], { at: null, session: null, trouble }));
  assert.equal(failing.phase, 'failing');
  // A limit is no failure: the first read comes after it.
  const error = Object.assign(new Error('wait'), { status: 429 });
  const limited = { at: null, session: null, nextAt: T, trouble: { ...trouble, error } };
  assert.equal(next(EMPTY_STATE, snapshot([], limited)).phase, 'loading');
  assert.equal(next(failing, snapshot([], limited)).phase, 'failing');
});

test('a clock that is behind shows by the newest time in a response', () => {
  assert.equal(next(EMPTY_STATE, snapshot([watched('a', [0])])).ahead, 0);
  assert.equal(next(EMPTY_STATE, snapshot([watched('a', [0, 10], [90])])).ahead, 30_000);
});

test('a clock that was behind visits behind while nobody joins or leaves', () => {
  let state = next(EMPTY_STATE, snapshot([watched('a', [0, 10], [90])]));
  for (const seconds of [70, 90, 600]) {
    state = next(state, snapshot([watched('a', [0, 10], [90])], { at: T + seconds * 1000 }));
    assert.equal(state.ahead, 30_000);
  }
  state = next(state, snapshot([watched('b', [640])], { at: T + 600_000 }));
  assert.equal(state.ahead, 40_000);
  const session = { ...SESSION, id: 't' };
  assert.equal(next(state, snapshot([watched('b', [600])], { at: T + 601_000, session })).ahead, 0);
});

test('a meeting is polled until it is stopped, and its status is read', async () => {
  const looks = [snapshot([watched('a', [0])]), snapshot([], { session: null })];
  let ended;
  const client = {
    realtimeKit: {
      activeSession: {
        async *watch(app, meeting, _params, { signal, interval }) {
          // A long interval still allows an early poll.
          assert.deepEqual([app, meeting, interval], ['app', 'meeting', 500]);
          try {
            yield* looks;
            if (!signal.aborted)
              await new Promise((resolve) => signal.addEventListener('abort', resolve));
          } finally {
            ended = true;
          }
        },
      },
      meetings: { getMeetingById: async () => ({ data: { status: 'INACTIVE', title: 'T' } }) },
    },
  };
  const phases = [];
  let known;
  const status = new Promise((resolve) => (known = resolve));
  let last;
  const seen = new Promise((resolve) => (last = resolve));
  const meeting = new Meeting({
    ...{ client, app: 'app', meeting: 'meeting', interval: 700 },
    changed: () => {
      phases.push(meeting.state.phase);
      if (phases.length === looks.length) last();
    },
    statusChanged: known,
    failed: assert.fail,
  });
  const over = meeting.start();
  await Promise.all([seen, status]);
  meeting.stop();
  await over;
  assert.deepEqual(phases, ['live', 'ended']);
  assert.equal(meeting.state.locked, true);
  assert.equal(ended, true);
});

test('a status requested before a change does not override it', async () => {
  const pending = [];
  const getMeetingById = () => new Promise((...settle) => pending.push(settle));
  const client = { realtimeKit: { meetings: { getMeetingById } } };
  const meeting = new Meeting({ client, app: 'app', meeting: 'meeting', changed: () => {} });
  const active = { data: { status: 'ACTIVE' } };
  const first = meeting.readStatus();
  meeting.setStatus('INACTIVE');
  pending[0][0](active);
  await first;
  assert.equal(meeting.state.locked, true);
  // Nor does a failed read; of two reads the later one counts.
  const [second, third] = [meeting.readStatus(), meeting.readStatus()];
  pending[2][0](active);
  await third;
  pending[1][1](new Error('no'));
  await second;
  assert.equal(meeting.state.locked, false);
  const last = meeting.readStatus();
  pending[3][1](new Error('no'));
  await last;
  assert.equal(meeting.state.locked, null);
});

const PEOPLE = [watched('a', [0, 10], [20]), watched('=b', [5, 30])].map(toParticipant);

test('joins and leaves, newest first', () => {
  assert.deepEqual(
    attendanceEntries(PEOPLE).map((one) => [(one.at - T) / 1000, one.kind, one.participant.key]),
    [
      [30, 'leave', '=b'],
      [20, 'return', 'a'],
      [10, 'leave', 'a'],
      [5, 'join', '=b'],
      [0, 'join', 'a'],
    ],
  );
});

test('the number of participants at each moment at which it changed', () => {
  const [times, counts] = presence(PEOPLE, T + 40_000);
  assert.deepEqual(
    times.map((time) => time - T / 1000),
    [0, 5, 10, 20, 30, 40],
  );
  assert.deepEqual(counts, [1, 2, 1, 2, 1, 1]);
  assert.deepEqual(presence([], T), [[], []]);
});

const RECORD = {
  ...{ id: 'r1', time: at(15), moderator: 'bob', operation: 'KickParticipants' },
  ...{ targets: ['a', 'x'], failed: ['x'], outcome: 'done', moderator_reason: 'spam' },
};
const action = (more) => ({
  ...{ id: 1, operation: 'kick', at: T, targets: [], running: false, outcome: 'done', why: '' },
  ...{ requests: [], hidden: false, ...more },
});

test('an action is listed once: by the audit, or by this page until the audit has it', () => {
  const names = namesOf(PEOPLE);
  const own = action({ requests: ['r1'], operation: 'lock' });
  const [entry, ...more] = actionEntries([RECORD], [own], names, 'me');
  assert.deepEqual(more, []);
  assert.deepEqual(
    [entry.operation, entry.by, entry.targets, entry.outcome],
    ['kick', 'bob', ['a'], 'done'],
  );
  const fresh = action({ requests: ['r2'], operation: 'lock', at: T + 20_000 });
  const both = actionEntries([RECORD], [fresh, action({ running: true })], names, 'me');
  assert.deepEqual(
    both.map(({ operation, by }) => [operation, by]),
    [
      ['lock', 'me'],
      ['kick', 'bob'],
    ],
  );
});

test('half of a freeze is no freeze, but a removal of some is one', () => {
  const outcomes = (...actions) =>
    actionEntries([], actions, new Map(), 'Me').map(({ outcome }) => outcome);
  assert.deepEqual(outcomes(action({ operation: 'freeze', outcome: 'partly' })), ['unknown']);
  const some = { key: 'a', participant: toParticipant({ key: 'a', peers: [] }), result: 'done' };
  assert.deepEqual(outcomes(action({ outcome: 'partly', targets: [some] })), ['done']);
  assert.deepEqual(outcomes(action({ outcome: 'partly', more: 9000 })), ['done']);
});

test('an action whose response was lost is listed once too, with the audit’s outcome', () => {
  const participant = PEOPLE[0];
  const unknown = { outcome: 'unknown', at: T + 20_000, endedAt: T + 30_000 };
  const target = { key: 'a', participant, result: 'unknown', why: '' };
  const kick = action({ ...unknown, targets: [target] });
  const record = { ...RECORD, moderator: 'me', targets: ['a'], failed: [], time: at(80) };
  const listed = (records, actions, ahead = 0) =>
    actionEntries(records, actions, new Map(), 'Me', 'me', ahead).map(({ by, outcome }) => [
      by,
      outcome,
    ]);
  assert.deepEqual(listed([record], [kick]), [['me', 'done']]);
  // A record of another moderator, participant, operation or time is another action.
  for (const other of [
    ...[{ moderator: 'bob' }, { targets: ['x'] }, { targets: ['a', 'x'] }],
    ...[{ operation: 'MuteParticipants' }, { time: at(91) }, { time: at(-41) }],
  ])
    assert.equal(listed([{ ...record, ...other }], [kick]).length, 2, JSON.stringify(other));
  assert.equal(listed([{ ...record, time: at(91) }], [kick], 60_000).length, 1);
  // An action that is known to have failed is not the audit's.
  assert.equal(listed([record], [action({ ...kick, outcome: 'failed', targets: [] })]).length, 2);
  // A ban, whose two requests are one entry.
  const bans = ['DeleteMeetingParticipant', 'KickParticipants'].map((operation, i) => ({
    ...{ ...record, id: `b${i}`, operation },
  }));
  assert.equal(listed(bans, [action({ ...kick, operation: 'ban' })]).length, 1);
  // Two equal actions are two.
  const lock = action({ ...unknown, operation: 'lock' });
  const locked = { ...record, operation: 'UpdateMeeting', set: 'INACTIVE' };
  assert.equal(listed([locked], [lock, { ...lock }]).length, 2);
});

test('an action that sent nothing is not listed', () => {
  const gone = action({ targets: [{ key: 'a', participant: PEOPLE[0], result: 'gone', why: '' }] });
  assert.deepEqual(actionEntries([], [gone], new Map(), 'me'), []);
});

test('files contain every event, oldest first, and nothing that a spreadsheet would run', () => {
  const all = merged(actionEntries([RECORD], [], namesOf(PEOPLE), 'me'), attendanceEntries(PEOPLE));
  assert.deepEqual(
    all.map(({ at }) => (at - T) / 1000),
    [30, 20, 15, 10, 5, 0],
  );
  const place = { meeting: 'm', session: 's' };
  const lines = toCSV(all, place).split('\r\n');
  assert.equal(lines.length, 8);
  const read = (line) => line.slice(1, -1).split('","');
  assert.equal(lines[0][0], '\uFEFF');
  assert.deepEqual(read(lines[0].slice(1)), [
    ...['time', 'event', 'name', 'user_id', 'custom_participant_id', 'role', 'action'],
    ...['moderator', 'targets', 'target_ids', 'outcome', 'reason', 'detail', 'request_id'],
    ...['meeting_id', 'session_id'],
  ]);
  assert.equal(read(lines[1]).join(), `${at(0)},join,a,a,,guest,,,,,,,,,m,s`);
  assert.equal(read(lines[2]).join(), `${at(5)},join,'=b,'=b,,guest,,,,,,,,,m,s`);
  assert.equal(read(lines[4]).join(), `${at(15)},action,,,,,kick,bob,a,a,done,spam,,r1,m,s`);
  const events = JSON.parse(toJSON(all, place));
  assert.deepEqual(
    events.map(({ event }) => event),
    [...['join', 'join', 'leave', 'action', 'return', 'leave']],
  );
  const { target_ids, request_id, meeting_id, session_id } = events[3];
  assert.deepEqual([target_ids, request_id, meeting_id, session_id], [['a'], ['r1'], 'm', 's']);
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    const evil = toParticipant({
      ...{ ...watched('e', [0]), display_name: 'x', user_id: `${start}1"` },
    });
    const csv = toCSV(attendanceEntries([evil]), place);
    assert.ok(csv.includes(`"'${start}1"""`), JSON.stringify(start));
  }
});

const PLACE = { meeting: 'm', session: 's' };

test('files run nothing in a spreadsheet that separates by semicolons either', () => {
  const named = (display_name) =>
    toCSV(attendanceEntries([toParticipant({ ...watched('e', [0]), display_name })]), PLACE);
  assert.ok(named("x;=cmd|' /C calc'!A0;y").includes(`"x;'=cmd|' /C calc'!A0;y"`));
  assert.ok(named('x; "+1').includes(`"x; ""'+1"`));
  // Nor do targets, which are joined by semicolons.
  const targets = ['a', '=1', '@b'];
  const csv = toCSV([{ at: T, kind: 'action', operation: 'kick', targets }], PLACE);
  assert.ok(csv.includes(`"a; '=1; '@b"`), csv);
  // A formula after a comma.
  assert.ok(named('x,=1').includes(`"x,'=1"`));
  // A hyphen within a word is no formula.
  assert.ok(named('Ann-Lee, 3-4').includes('"Ann-Lee, 3-4"'));
});

/** An audit log over these records, newest first; `fault` may throw. */
function auditOver(recordsNow, fault = () => {}) {
  const pages = [];
  const audit = new Audit({
    changed: () => {},
    page: async (query) => {
      pages.push(query);
      fault(query);
      const all = recordsNow();
      const from = Number(query.before ?? 0);
      const next = from + query.per_page < all.length ? `${from + query.per_page}` : null;
      return { records: all.slice(from, from + query.per_page), paging: { next } };
    },
  });
  return { audit, pages };
}
const recorded = (count) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ id: `i${n}`, time: at(1000 - n), moderator: 'ann', operation: 'MuteParticipants' },
    outcome: 'done',
  }));

test('the audit is read page by page, up to the records that are known', async () => {
  let all = recorded(250);
  all[0].outcome = 'unknown';
  const { audit, pages } = auditOver(() => all);
  await Promise.all([audit.read(), audit.read()]);
  assert.deepEqual(pages, [
    { per_page: 100 },
    { per_page: 100, before: '100' },
    { per_page: 100, before: '200' },
  ]);
  assert.equal(audit.records.length, 250);
  all = [{ ...all[0], id: 'new' }, { ...all[0], outcome: 'done' }, ...all.slice(1)];
  await audit.read();
  assert.equal(pages.length, 4);
  assert.equal(audit.records.length, 251);
  assert.equal(audit.records.find(({ id }) => id === 'i0').outcome, 'done');
});

test('pages of the audit that were missed because of a failure are read the next time', async () => {
  let broken = true;
  const fault = ({ before }) => {
    if (before && broken) throw Object.assign(new Error('no'), { status: 503 });
  };
  const { audit, pages } = auditOver(() => recorded(250), fault);
  const state = () => [audit.problem?.status, audit.records.length, pages.length];
  await audit.read();
  assert.deepEqual(state(), [503, 100, 2]);
  await audit.read();
  assert.deepEqual(state(), [503, 100, 4]);
  broken = false;
  await audit.read();
  assert.deepEqual(state(), [undefined, 250, 7]);
  // A complete audit is not read again.
  await audit.read();
  assert.equal(pages.length, 8);
});

test('a refused audit is not requested again; a failed one is', async () => {
  let status = 500;
  const fault = () => {
    throw Object.assign(new Error('no'), { status });
  };
  const { audit, pages } = auditOver(() => [], fault);
  await audit.read();
  assert.deepEqual([audit.refused, audit.problem.status], [false, 500]);
  status = 403;
  await audit.read();
  await audit.read();
  assert.deepEqual([audit.refused, pages.length], [true, 2]);
});

test('the requests of one action of another moderator are one entry', () => {
  const record = (id, operation, seconds, targets = [], more = {}) => ({
    ...{ id, operation, targets, time: at(seconds), moderator: 'bob', outcome: 'done', ...more },
  });
  const ban = (id, seconds, target, more) =>
    record(id, 'DeleteMeetingParticipant', seconds, [target], more);
  const entries = (...records) =>
    actionEntries(records, [], new Map(), 'me').map(({ operation, targetIds, requests }) => [
      ...[operation, targetIds.join(), requests.join()],
    ]);
  const kick = record('k', 'KickParticipants', 2, ['a', 'b']);
  assert.deepEqual(entries(ban('1', 0, 'a'), ban('2', 1, 'b'), kick), [['ban', 'a,b', '1,2,k']]);
  // Another moderator, another reason, a long time after, and another kick are other actions.
  assert.equal(entries(ban('1', 0, 'a'), ban('2', 1, 'b', { moderator: 'ann' })).length, 2);
  assert.equal(entries(ban('1', 0, 'a'), ban('2', 1, 'b', { moderator_reason: 'x' })).length, 2);
  assert.equal(entries(ban('1', 0, 'a'), ban('2', 10, 'b')).length, 2);
  assert.equal(entries(ban('1', 0, 'a'), record('k', 'KickParticipants', 2, ['c'])).length, 2);
  const lock = (id, seconds, set) => record(id, 'UpdateMeeting', seconds, [], { set });
  const mute = (seconds) => record('m', 'MuteAllParticipants', seconds);
  assert.deepEqual(entries(mute(0), lock('l', 1, 'INACTIVE')), [['freeze', '', 'm,l']]);
  assert.deepEqual(entries(lock('l', 0, 'ACTIVE'), mute(1)), [['unfreeze', '', 'l,m']]);
  assert.equal(entries(lock('l', 0, 'INACTIVE'), mute(1)).length, 2);
});

test('two kick-alls with lost responses are two records, each of one action', () => {
  const lost = { operation: 'kickAll', outcome: 'unknown', endedAt: T };
  const record = { ...RECORD, operation: 'KickAllParticipants', moderator: 'me', targets: [] };
  const records = [
    { ...record, id: 'x', time: at(1), outcome: 'done' },
    { ...record, id: 'y', time: at(0), outcome: 'unknown' },
  ];
  const two = [action(lost), action({ ...lost, id: 2 })];
  const listed = (actions) => actionEntries(records, actions, new Map(), 'Me', 'me');
  assert.deepEqual(
    listed(two).map(({ outcome }) => outcome),
    ['done', 'unknown'],
  );
  assert.equal(listed([...two, action({ ...lost, id: 3 })]).length, 3);
});

test('a participant who is not there was removed, banned, or has left', () => {
  const entry = (operation, seconds, targetIds = [], more = {}) => ({
    ...{ at: T + seconds * 1000, kind: 'action', operation, targetIds, outcome: 'done', by: 'Ann' },
    ...more,
  });
  const [gone, back, inside] = [
    watched('gone', [0, 50]),
    watched('back', [0, 50], [60, 90]),
    watched('inside', [0]),
  ].map(toParticipant);
  const found = (...entries) =>
    [...removals(entries, [gone, back, inside])].map(([key, { operation }]) => [key, operation]);
  assert.deepEqual(found(), []);
  assert.deepEqual(found(entry('kick', 50, ['gone'])), [['gone', 'kick']]);
  // A ban explains more than the kick that came with it.
  assert.deepEqual(found(entry('kick', 51, ['gone']), entry('ban', 49, ['gone'])), [
    ['gone', 'ban'],
  ]);
  // The kick before the last visit did not end it. Nor did one that failed.
  assert.deepEqual(found(entry('kick', 50, ['back'])), []);
  assert.deepEqual(found(entry('kick', 90, ['back'], { outcome: 'refused' })), []);
  assert.deepEqual(found(entry('kickAll', 90)), [
    ['gone', 'kickAll'],
    ['back', 'kickAll'],
  ]);
  assert.deepEqual(found(entry('kickAll', 900)), []);
});

test('the actions on a participant are those with one of their IDs', () => {
  const one = toParticipant(watched('a', [0, 10], [20]));
  const actions = [{ at: T + 10_000, kind: 'action', operation: 'kick', targetIds: ['x', 'a'] }];
  actions.push({ ...actions[0], targetIds: ['b'] }, { ...actions[0], targetIds: undefined });
  assert.deepEqual(actionsOn(one, actions), [actions[0]]);
  assert.deepEqual(
    merged(attendanceEntries([one]), actionsOn(one, actions)).map(({ kind, at }) => [
      (at - T) / 1000,
      kind,
    ]),
    [
      [20, 'return'],
      [10, 'leave'],
      [10, 'action'],
      [0, 'join'],
    ],
  );
});

test('the attendance file has a line for each participant', () => {
  const all = [watched('a', [0, 60], [120]), watched('=b', [5, 35])].map(toParticipant);
  const lines = attendanceCSV(all, T + 180_000, PLACE)
    .slice(1)
    .split('\r\n');
  assert.deepEqual(lines, [
    '"name","user_id","custom_participant_id","role","first_joined","last_left","minutes","times_joined","meeting_id","session_id"',
    `"a","a","","guest","${at(0)}","","2","2","m","s"`,
    `"'=b","'=b","","guest","${at(5)}","${at(35)}","0.5","1","m","s"`,
    '',
  ]);
});

test('the clock of the server counts, if it is known', () => {
  const three = 3 * 3_600_000;
  const live = next(EMPTY_STATE, snapshot([watched('a', [0])], { at: T + three }), -three);
  assert.equal(live.ahead, -three);
  // Data from the future shows that the clock is still behind.
  const behind = next(EMPTY_STATE, snapshot([watched('a', [60])], { at: T }), 0);
  assert.equal(behind.ahead, 60_000);
});

test('a meeting that the API does not know is missing', async () => {
  let status = 404;
  const getMeetingById = async () => {
    if (status) throw Object.assign(new Error('no'), { status });
    return { data: { status: 'ACTIVE' } };
  };
  const client = { realtimeKit: { meetings: { getMeetingById } } };
  const meeting = new Meeting({ client, app: 'app', meeting: 'meeting', changed: () => {} });
  await meeting.readStatus();
  assert.equal(meeting.state.missing, true);
  status = 500;
  await meeting.readStatus();
  assert.equal(meeting.state.missing, false);
});

test('a poll has a question and 2 to 10 different options', () => {
  const poll = { question: ' Q ', options: [' a ', '', 'b'], anonymous: true, hide_votes: false };
  assert.deepEqual(checked(poll), {
    poll: { question: 'Q', options: ['a', 'b'], anonymous: true, hide_votes: false },
    wrong: null,
  });
  assert.equal(checked({ ...poll, question: ' ' }).wrong, 'question');
  assert.equal(checked({ ...poll, options: ['a', ' '] }).wrong, 'few');
  const eleven = Array.from({ length: 11 }, (_, n) => `${n}`);
  assert.equal(checked({ ...poll, options: eleven }).wrong, 'many');
  assert.equal(checked({ ...poll, options: ['a', 'a '] }).wrong, 'same');
});

/** A host for the polls of the element. */
function pollsHost({ list = [], records = [], onMeeting } = {}) {
  const texts = en(formats('en'));
  return {
    addController() {},
    requestUpdate() {},
    focusOn: async () => null,
    moderation: { actions: { list, running: () => false, onMeeting } },
    ...{ audit: { log: { records } }, claims: { sub: 'me' }, can: () => true },
    ...{ state: { ...EMPTY_STATE, phase: 'live', session: SESSION } },
    ...{ fmt: formats('en'), t: texts },
  };
}
const DRAFT = { question: 'Q', options: ['a', 'b'], anonymous: false, hide_votes: false };

test('a draft that is written while a poll is being sent stays', async () => {
  let respond;
  const onMeeting = () => new Promise((resolve) => (respond = () => resolve({ outcome: 'done' })));
  const polls = new PollsController(pollsHost({ onMeeting }));
  const submit = () => polls.submit({ preventDefault() {} });
  polls.draft = DRAFT;
  let over = submit();
  polls.draft = { ...DRAFT, question: 'Next' };
  respond();
  await over;
  assert.equal(polls.draft.question, 'Next');
  over = submit();
  respond();
  await over;
  assert.deepEqual([polls.draft.question, polls.draft.options], ['', ['', '']]);
});

test('a template replaces a written draft only after a question', async () => {
  const host = pollsHost();
  const questions = [];
  let answer = null;
  host.confirm = { ask: async (question) => (questions.push(question.kind), answer) };
  const polls = new PollsController(host);
  const template = { ...DRAFT, question: 'T' };
  await polls.use(template);
  assert.deepEqual([polls.draft.question, questions], ['T', []], 'nothing was written');
  polls.change({ question: 'Mine' });
  await polls.use(template);
  assert.deepEqual([polls.draft.question, questions], ['Mine', ['replaceDraft']]);
  answer = {};
  await polls.use(template);
  assert.equal(polls.draft.question, 'T');
});

test('a poll in doubt is resolved by the audit', () => {
  const sent = action({ operation: 'poll', outcome: 'unknown', poll: DRAFT });
  const record = {
    ...{ id: 'p', time: at(3), moderator: 'me', operation: 'CreatePoll', question: 'Q' },
    outcome: 'done',
  };
  const host = pollsHost({ list: [sent] });
  const { log } = host.audit;
  const polls = new PollsController(host);
  host.polls = polls;
  const texts = () => JSON.stringify(pollsView(host));
  assert.equal(polls.inDoubt, sent);
  assert.ok(texts().includes(host.t.pollUnknown));
  log.records = [{ ...record, outcome: 'unknown' }];
  assert.equal(polls.inDoubt, sent);
  log.records = [record];
  assert.equal(polls.inDoubt, null);
  assert.ok(!texts().includes(host.t.pollUnknown));
  assert.equal(texts().split('"Q"').length - 1, 1, 'one line');
  // Refused: neither in doubt nor listed.
  log.records = [{ ...record, outcome: 'refused' }];
  assert.equal(polls.inDoubt, null);
  assert.ok(!texts().includes('"Q"'));
  // The same question by another moderator resolves nothing.
  log.records = [{ ...record, moderator: 'bob' }];
  assert.equal(polls.inDoubt, sent);
});
