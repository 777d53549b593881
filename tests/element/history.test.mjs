// The element's logic without a view: the meeting's state after each snapshot, the timeline and its files, the
// audit, polls. In Node, from the sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Audit } from '../../www/element/audit.js';
import {
  comings,
  deeds,
  merged,
  namesOf,
  presence,
  toCSV,
  toJSON,
} from '../../www/element/history.js';
import { formats } from '../../www/element/format.js';
import { Meeting, NOTHING, next } from '../../www/element/meeting.js';
import { personOf } from '../../www/element/people.js';
import { checked } from '../../www/element/poll.js';
import { Polls } from '../../www/element/polls.js';
import en from '../../www/element/texts/en.js';

const T = Date.parse('2026-11-24T10:00:00Z');
const at = (seconds) => new Date(T + seconds * 1000).toISOString();

function watched(key, ...stays) {
  const peers = stays.map(([from, to]) => ({
    joined_at: at(from),
    ...(to === undefined ? {} : { left_at: at(to) }),
  }));
  const present = stays.some(([, to]) => to === undefined);
  return { key, user_id: key, display_name: key, preset_name: 'guest', present, peers };
}
const SESSION = { id: 's', status: 'LIVE', started_at: at(0), meeting_display_name: 'All hands' };
const snapshot = (participants, more = {}) => ({
  ...{ at: T + 60_000, age: 0, session: SESSION, participants, joined: [], left: [] },
  ...{ cameBack: [], trouble: null, nextAt: T + 62_000, rateLimit: null, ...more },
});

test('the state follows the snapshots: live, troubled, ended, live again', () => {
  const live = next(NOTHING, snapshot([watched('a', [0]), watched('b', [0, 9])]));
  assert.deepEqual([live.phase, live.present, live.title], ['live', 1, 'All hands']);
  assert.equal(live.byKey.get('b').present, false);

  const trouble = { error: new Error('no'), since: T, failures: 1 };
  const troubled = next(live, snapshot([], { trouble, session: null }));
  assert.deepEqual([troubled.phase, troubled.people], ['live', live.people]);
  assert.equal(troubled.trouble, trouble);

  const later = { at: T + 3_600_000, session: null };
  const ended = next(troubled, snapshot([], later));
  assert.deepEqual([ended.phase, ended.present, ended.people.length], ['ended', 0, 2]);
  // Participants who were in are taken to have left when they were last seen.
  assert.deepEqual(ended.byKey.get('a').stays, [[T, T + 60_000]]);
  assert.equal(ended.trouble, null);

  const other = { ...SESSION, id: 't' };
  const again = next(ended, snapshot([watched('c', [50])], { session: other }));
  assert.deepEqual([again.phase, again.people.map(({ key }) => key)], ['live', ['c']]);
});

test('before the first good poll: not started, or not readable', () => {
  assert.equal(next(NOTHING, snapshot([], { session: null })).phase, 'waiting');
  const trouble = { error: new Error('no'), since: T, failures: 1 };
  const failing = next(NOTHING, snapshot([], { at: null, session: null, trouble }));
  assert.equal(failing.phase, 'failing');
});

test('a clock that is behind shows by the newest time in a response', () => {
  assert.equal(next(NOTHING, snapshot([watched('a', [0])])).ahead, 0);
  assert.equal(next(NOTHING, snapshot([watched('a', [0, 10], [90])])).ahead, 30_000);
});

test('a clock that was behind stays behind while nobody joins or leaves', () => {
  let state = next(NOTHING, snapshot([watched('a', [0, 10], [90])]));
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

const PEOPLE = [watched('a', [0, 10], [20]), watched('=b', [5, 30])].map(personOf);

test('joins and leaves, newest first', () => {
  assert.deepEqual(
    comings(PEOPLE).map((one) => [(one.at - T) / 1000, one.kind, one.person.key]),
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
  ...{ targets: ['a', 'x'], failed: ['x'], outcome: 'done' },
};
const action = (more) => ({
  ...{ id: 1, operation: 'kick', at: T, targets: [], running: false, outcome: 'done', why: '' },
  ...{ requests: [], hidden: false, ...more },
});

test('an action is listed once: by the audit, or by this page until the audit has it', () => {
  const names = namesOf(PEOPLE);
  const own = action({ requests: ['r1'], operation: 'lock' });
  const [entry, ...more] = deeds([RECORD], [own], names, 'me');
  assert.deepEqual(more, []);
  assert.deepEqual(
    [entry.operation, entry.by, entry.whom, entry.outcome],
    ['kick', 'bob', ['a'], 'done'],
  );
  const fresh = action({ requests: ['r2'], operation: 'lock', at: T + 20_000 });
  const both = deeds([RECORD], [fresh, action({ running: true })], names, 'me');
  assert.deepEqual(
    both.map(({ operation, by }) => [operation, by]),
    [
      ['lock', 'me'],
      ['kick', 'bob'],
    ],
  );
});

test('an action whose response was lost is listed once too, with the audit’s outcome', () => {
  const person = PEOPLE[0];
  const unknown = { outcome: 'unknown', at: T + 20_000, endedAt: T + 30_000 };
  const target = { key: 'a', person, result: 'unknown', why: '' };
  const kick = action({ ...unknown, targets: [target] });
  const record = { ...RECORD, moderator: 'me', targets: ['a'], failed: [], time: at(80) };
  const listed = (records, actions, ahead = 0) =>
    deeds(records, actions, new Map(), 'Me', 'me', ahead).map(({ by, outcome }) => [by, outcome]);
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
  // A ban, which has two requests.
  const bans = ['DeleteMeetingParticipant', 'KickParticipants'].map((operation, i) => ({
    ...{ ...record, id: `b${i}`, operation },
  }));
  assert.equal(listed(bans, [action({ ...kick, operation: 'ban' })]).length, 2);
  // Two equal actions are two.
  const lock = action({ ...unknown, operation: 'lock' });
  const locked = { ...record, operation: 'UpdateMeeting', set: 'INACTIVE' };
  assert.equal(listed([locked], [lock, { ...lock }]).length, 2);
});

test('an action that sent nothing is not listed', () => {
  const gone = action({ targets: [{ key: 'a', person: PEOPLE[0], result: 'gone', why: '' }] });
  assert.deepEqual(deeds([], [gone], new Map(), 'me'), []);
});

test('files contain every event, oldest first, and nothing that a spreadsheet would run', () => {
  const all = merged(deeds([RECORD], [], namesOf(PEOPLE), 'me'), comings(PEOPLE));
  assert.deepEqual(
    all.map(({ at }) => (at - T) / 1000),
    [30, 20, 15, 10, 5, 0],
  );
  const lines = toCSV(all).split('\r\n');
  assert.equal(lines.length, 8);
  const read = (line) => line.slice(1, -1).split('","');
  assert.equal(lines[0][0], '\uFEFF');
  assert.deepEqual(read(lines[0].slice(1)), [
    ...['time', 'event', 'name', 'user_id', 'custom_participant_id', 'role', 'action'],
    ...['moderator', 'targets', 'outcome', 'detail'],
  ]);
  assert.equal(read(lines[1]).join(), `${at(0)},join,a,a,,guest,,,,,`);
  assert.equal(read(lines[2]).join(), `${at(5)},join,'=b,'=b,,guest,,,,,`);
  assert.equal(read(lines[4]).join(), `${at(15)},action,,,,,kick,bob,a,done,`);
  const events = JSON.parse(toJSON(all));
  assert.deepEqual(
    events.map(({ event }) => event),
    [...['join', 'join', 'leave', 'action', 'return', 'leave']],
  );
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    const evil = personOf({ ...watched('e', [0]), display_name: `x`, user_id: `${start}1"` });
    assert.ok(toCSV(comings([evil])).includes(`"'${start}1"""`), JSON.stringify(start));
  }
});

test('files run nothing in a spreadsheet that separates by semicolons either', () => {
  const named = (display_name) =>
    toCSV(comings([personOf({ ...watched('e', [0]), display_name })]));
  assert.ok(named("x;=cmd|' /C calc'!A0;y").includes(`"x;'=cmd|' /C calc'!A0;y"`));
  assert.ok(named('x; "+1').includes(`"x; ""'+1"`));
  // Nor do targets, which are joined by semicolons.
  const whom = ['a', '=1', '@b'];
  const csv = toCSV([{ at: T, kind: 'action', operation: 'kick', whom }]);
  assert.ok(csv.includes(`"a; '=1; '@b"`), csv);
  // A hyphen within a word is no formula.
  assert.ok(named('Ann-Lee, 3-4').includes('"Ann-Lee, 3-4"'));
});

test('the audit is read page by page, up to the records that are known', async () => {
  const requests = [];
  let all = Array.from({ length: 250 }, (_, n) => ({
    ...{ id: `i${n}`, time: at(n), moderator: 'ann', operation: 'MuteParticipants' },
    outcome: n === 249 ? 'unknown' : 'done',
  })).reverse();
  const audit = new Audit({
    place: () => ({ base: 'https://g', account: 'a b', app: 'c/d', meeting: 'm', token: 't' }),
    changed: () => {},
    send: async (url, { headers }) => {
      requests.push(new URL(url));
      assert.equal(headers.authorization, 'Bearer t');
      const { searchParams } = new URL(url);
      const from = Number(searchParams.get('before') ?? 0);
      const to = from + Number(searchParams.get('per_page'));
      const next = to < all.length ? `${to}` : null;
      return Response.json({ data: { records: all.slice(from, to), paging: { next } } });
    },
  });
  await Promise.all([audit.read(), audit.read()]);
  assert.equal(requests.length, 3, 'read once');
  assert.equal(requests[0].pathname, '/accounts/a%20b/realtime/kit/c%2Fd/meetings/m/audit');
  assert.equal(audit.records.length, 250);
  all = [{ ...all[0], id: 'new' }, { ...all[0], outcome: 'done' }, ...all.slice(1)];
  await audit.read();
  assert.equal(requests.length, 4);
  assert.equal(audit.records.length, 251);
  assert.equal(audit.records.find(({ id }) => id === 'i249').outcome, 'done');
});

test('pages of the audit that were missed because of a failure are read the next time', async () => {
  const all = Array.from({ length: 250 }, (_, n) => ({
    ...{ id: `i${n}`, time: at(300 - n), moderator: 'ann', operation: 'MuteParticipants' },
    outcome: 'done',
  }));
  let broken = true;
  let requests = 0;
  const audit = new Audit({
    place: () => ({ base: 'https://g', account: 'a', app: 'b', meeting: 'm', token: 't' }),
    changed: () => {},
    send: async (url) => {
      requests += 1;
      const from = Number(new URL(url).searchParams.get('before') ?? 0);
      if (from && broken) return new Response('', { status: 503 });
      const next = from < 200 ? `${from + 100}` : null;
      return Response.json({ data: { records: all.slice(from, from + 100), paging: { next } } });
    },
  });
  await audit.read();
  assert.deepEqual([audit.trouble, audit.records.length, requests], ['503', 100, 2]);
  await audit.read();
  assert.deepEqual([audit.trouble, requests], ['503', 4]);
  broken = false;
  await audit.read();
  assert.deepEqual([audit.trouble, audit.records.length, requests], ['', 250, 7]);
  // A complete audit is not read again.
  await audit.read();
  assert.equal(requests, 8);
});

test('a refused audit is not requested again; a failed one is', async () => {
  let status = 500;
  let requests = 0;
  const audit = new Audit({
    place: () => ({ base: 'https://g', account: 'a', app: 'b', meeting: 'm', token: 't' }),
    changed: () => {},
    send: async () => {
      requests += 1;
      return new Response('', { status });
    },
  });
  await audit.read();
  assert.deepEqual([audit.refused, audit.trouble], [false, '500']);
  status = 403;
  await audit.read();
  await audit.read();
  assert.deepEqual([audit.refused, requests], [true, 2]);
});

test('a trailing slash of the gateway’s address does not matter', async () => {
  const requests = [];
  const send = async (url) => {
    requests.push(url);
    return Response.json({ data: { records: [], paging: { next: null } } });
  };
  for (const base of ['https://g/client/v4', 'https://g/client/v4/']) {
    const place = () => ({ base, account: 'a', app: 'b', meeting: 'm', token: 't' });
    await new Audit({ place, changed: () => {}, send }).read();
  }
  assert.equal(requests[1], requests[0]);
});

test('no audit is requested for an invalid ID', async () => {
  for (const app of ['', '.', '..']) {
    const place = () => ({ base: 'https://g', account: 'a', app, meeting: 'm', token: 't' });
    const audit = new Audit({ place, changed: () => {}, send: assert.fail });
    await audit.read();
    assert.equal(audit.refused, true);
  }
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
  assert.equal(checked({ ...poll, options: eleven }).wrong, 'few');
  assert.equal(checked({ ...poll, options: ['a', 'a '] }).wrong, 'same');
});

test('a draft that is written while a poll is being sent stays', async () => {
  const poll = { question: 'Q', options: ['a', 'b'], anonymous: false, hide_votes: false };
  let respond;
  const actions = {
    list: [],
    running: () => false,
    onRoom: () => new Promise((resolve) => (respond = () => resolve({ outcome: 'done' }))),
  };
  const known = { audit: { records: [] }, claims: {}, state: { ...NOTHING, phase: 'live' } };
  const polls = new Polls({ actions, ...known, requestUpdate() {} });
  const submit = () => polls.submit({ preventDefault() {} });
  polls.draft = poll;
  let over = submit();
  polls.draft = { ...poll, question: 'Next' };
  respond();
  await over;
  assert.equal(polls.draft.question, 'Next');
  over = submit();
  respond();
  await over;
  assert.deepEqual([polls.draft.question, polls.draft.options], ['', ['', '']]);
});

test('a poll in doubt is resolved by the audit', () => {
  const poll = { question: 'Q', options: ['a', 'b'], anonymous: false, hide_votes: false };
  const sent = action({ operation: 'poll', outcome: 'unknown', poll });
  const record = {
    ...{ id: 'p', time: at(3), moderator: 'me', operation: 'CreatePoll', question: 'Q' },
    outcome: 'done',
  };
  const audit = { records: [] };
  const host = {
    ...{ actions: { list: [sent], running: () => false }, audit, claims: { sub: 'me' } },
    ...{ state: { ...NOTHING, session: SESSION }, can: () => true, requestUpdate() {} },
    ...{ fmt: formats('en'), t: en(formats('en')) },
  };
  const polls = new Polls(host);
  const texts = () => JSON.stringify(polls.render());
  assert.equal(polls.inDoubt, sent);
  assert.ok(texts().includes(host.t.pollDoubt));
  audit.records = [{ ...record, outcome: 'unknown' }];
  assert.equal(polls.inDoubt, sent);
  audit.records = [record];
  assert.equal(polls.inDoubt, null);
  assert.ok(!texts().includes(host.t.pollDoubt));
  assert.equal(texts().split('"Q"').length - 1, 1, 'one line');
  // Refused: neither in doubt nor listed.
  audit.records = [{ ...record, outcome: 'refused' }];
  assert.equal(polls.inDoubt, null);
  assert.ok(!texts().includes('"Q"'));
  // The same question by another moderator resolves nothing.
  audit.records = [{ ...record, moderator: 'bob' }];
  assert.equal(polls.inDoubt, sent);
});
