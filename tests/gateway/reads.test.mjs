// Many watchers, few requests: identical reads share one, an answer is fresh for a while and never
// after a mutation, nothing crosses meetings, and the budget is kept for those who act.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { ROOMY, assertRefusal, startGateway } from '../support/gateway.mjs';
import { startHeld } from '../support/held.mjs';
import { json, startServer } from '../support/server.mjs';

/** Longer than any test takes. */
const LONG = 60_000;
const long = { ...ROOMY, reads: { ...ROOMY.reads, fresh_ms: LONG } };

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, long);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const reader = (of, meeting, claims) => {
  const auth = of.grant(meeting, claims);
  return (rest = '/active-session', more = {}) =>
    of.ask(auth, 'GET', of.path(meeting, `meetings/${meeting.meeting_id}${rest}`), undefined, more);
};
const actor = (of, meeting, claims) => {
  const auth = of.grant(meeting, claims);
  return (rest, body, method = 'POST') =>
    of.ask(auth, method, of.path(meeting, `meetings/${meeting.meeting_id}${rest}`), body);
};
const roster = (of, meeting, query = '') =>
  of.ask(
    of.grant(meeting),
    'GET',
    of.path(meeting, `sessions/${meeting.session_id}/participants${query}`),
  );

/** How often upstream was asked for one operation in a meeting. */
async function upstream(meeting, operation = 'GetActiveSession', of = emulator) {
  const id = operation === 'GetSessionParticipants' ? meeting.session_id : meeting.meeting_id;
  const { requests } = await of.control('GET', `requests?path=${id}`);
  return requests.filter((one) => one.operation === operation).length;
}

/** Waits until upstream has got so many requests for an operation in a meeting. */
async function arrived(meeting, operation, count = 1) {
  while ((await upstream(meeting, operation)) < count) await new Promise(setImmediate);
}

const queue = (meeting, operation, ...steps) =>
  emulator.control('POST', 'faults', { operation, meeting_id: meeting.meeting_id, steps });

const kickFirst = (meeting) => ({ participant_ids: [meeting.participants[0].user_id] });
const live = (answer) => answer.body.data.live_participants;

describe('identical reads', () => {
  test('in flight share one request', async () => {
    const meeting = await emulator.meeting();
    // Long enough for the others to come, on a busy machine too.
    await queue(meeting, 'GetActiveSession', 'delay:ms=3000');
    const readers = ['ann', 'bob', 'eve'].map((sub) => reader(gateway, meeting, { sub }));
    const before = await gateway.metrics();
    const asked = Array.from({ length: 100 }, (_, n) => readers[n % 3]());
    const answers = await Promise.all(asked);
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      assert.equal(answer.text, answers[0].text);
      assert.ok(answer.headers['cf-ray']);
    }
    assert.equal(new Set(answers.map(({ headers }) => headers['x-request-id'])).size, 100);
    assert.equal(await upstream(meeting), 1);

    const sources = async () => {
      const metrics = await gateway.metrics();
      const grown = (name) => {
        const key = `rtk_gateway_reads_total{source="${name}"}`;
        return (metrics[key] ?? 0) - (before[key] ?? 0);
      };
      // Before a meeting's object a Worker has a memory of its own.
      const from = ['joined', 'memory', 'entry'].map(grown);
      return { upstream: grown('upstream'), others: from.reduce((a, b) => a + b), joined: from[0] };
    };
    // A Worker's objects pass their counts on.
    await eventually(
      async () => {
        const { upstream, others } = await sources();
        return { upstream, others };
      },
      { upstream: 1, others: 99 },
    );
    assert.ok((await sources()).joined > 0, 'some came while it was under way');
  });

  test('that fail are not all tried, and then they are tried again', async (t) => {
    // What failed is remembered for a moment only: so all ask before it does.
    const held = await startHeld(t, emulator, ROOMY, (_request, response, n) =>
      json(response, { success: n > 1, data: {} }, n > 1 ? 200 : 500),
    );
    const read = reader(held.of, { app_id: 'app', meeting_id: 'meeting' });
    const first = read();
    await held.sent();
    const others = Array.from({ length: 20 }, () => read());
    await held.waiting(others.length);
    held.release();
    const answers = await Promise.all([first, ...others]);
    assert.ok(answers.every(({ status }) => status === 500));
    assert.equal(held.api.requests.length, 1);
    while ((await read()).status !== 200) await new Promise(setImmediate);
    assert.equal(held.api.requests.length, 2);
  });

  test('a reader who goes away takes nothing from the others', async (t) => {
    const held = await startHeld(t, emulator, ROOMY, (_request, response) =>
      json(response, { success: true, data: { live_participants: 3 } }),
    );
    const { of } = held;
    const meeting = { app_id: 'app', meeting_id: 'meeting' };
    const gone = new AbortController();
    const path = of.path(meeting, 'meetings/meeting/active-session');
    const first = fetch(of.url + path, {
      headers: { authorization: `Bearer ${of.grant(meeting)}` },
      signal: gone.signal,
    });
    await held.sent();
    const others = Array.from({ length: 5 }, () => reader(of, meeting)());
    await held.waiting(5);
    gone.abort();
    await assert.rejects(first, { name: 'AbortError' });
    await held.connected(5);
    held.release();
    for (const answer of await Promise.all(others)) assert.equal(live(answer), 3);
    assert.equal(held.api.requests.length, 1);
  });
});

describe('an answer is fresh', () => {
  test('for its time, and says how old it is', async () => {
    const meeting = await emulator.meeting();
    const read = reader(gateway, meeting);
    const first = await read();
    assert.equal(first.headers.age, undefined);
    const second = await read();
    assert.match(second.headers.age, /^\d+$/);
    assert.equal(second.text, first.text);
    assert.equal(second.headers['cf-ray'], first.headers['cf-ray']);
    assert.equal(await upstream(meeting), 1);
  });

  test('for one second where nothing else is said, and then no more', async () => {
    const usual = await startGateway(emulator, ROOMY);
    const meeting = await emulator.meeting();
    const read = reader(usual, meeting);
    // As often as it likes: what upstream gets is one request at first, and one when that is old.
    while ((await upstream(meeting)) < 2) assert.equal((await read()).status, 200);
    const { requests } = await emulator.control('GET', `requests?path=${meeting.meeting_id}`);
    const gap = requests[1].at_ms - requests[0].at_ms;
    assert.ok(gap >= 900, `asked again after ${gap} ms`);
    await usual.stop();
  });

  test('whatever the caller says of caches', async () => {
    const meeting = await emulator.meeting();
    const read = reader(gateway, meeting);
    for (const more of [{}, { 'cache-control': 'no-cache' }, { pragma: 'no-cache' }]) {
      assert.equal((await read('/active-session', more)).status, 200);
    }
    assert.equal((await read('/active-session', { 'if-none-match': '*' })).status, 200);
    assert.equal(await upstream(meeting), 1);
  });

  test('for its query alone', async () => {
    const meeting = await emulator.meeting();
    const sizes = [];
    for (const query of ['?per_page=1', '?per_page=2', '?per_page=1', '?per_page=2', '']) {
      sizes.push((await roster(gateway, meeting, query)).body.data.participants.length);
    }
    assert.deepEqual(sizes, [1, 2, 1, 2, 3]);
    assert.equal(await upstream(meeting, 'GetSessionParticipants'), 3);
  });

  test('for its meeting alone', async () => {
    const [one, other] = [await emulator.meeting(2), await emulator.meeting(3)];
    const [readOne, readOther] = [reader(gateway, one), reader(gateway, other)];
    for (let n = 0; n < 3; n += 1) {
      assert.equal(live(await readOne()), 2);
      assert.equal(live(await readOther()), 3);
    }
    const kicked = await actor(gateway, one)('/active-session/kick', kickFirst(one));
    assert.equal(kicked.status, 200);
    assert.equal(live(await readOne()), 1);
    assert.equal(live(await readOther()), 3);
    assert.equal(await upstream(one), 2);
    assert.equal(await upstream(other), 1);
  });
});

describe('a mutation', () => {
  for (const [name, rest, body, method] of [
    ['a kick', '/active-session/kick', kickFirst],
    ['a mute', '/active-session/mute', kickFirst],
    ['a poll', '/active-session/poll', () => ({ question: 'q', options: ['a'] })],
    ['closing', '', () => ({ status: 'INACTIVE' }), 'PATCH'],
    ['everybody’s mute', '/active-session/mute-all', () => ({ allow_unmute: true })],
  ]) {
    test(`${name} drops what is known of its meeting`, async () => {
      const meeting = await emulator.meeting();
      const read = reader(gateway, meeting);
      const all = async () => {
        for (const rest of ['/active-session', '']) assert.equal((await read(rest)).status, 200);
        assert.equal((await roster(gateway, meeting)).status, 200);
      };
      await all();
      const answer = await actor(gateway, meeting)(rest, body(meeting), method);
      assert.ok([200, 201].includes(answer.status), answer.text);
      await all();
      // The check of whose session it is may ask for the session, too.
      assert.ok((await upstream(meeting)) >= 2);
      assert.equal(await upstream(meeting, 'GetMeeting'), 2);
      assert.equal(await upstream(meeting, 'GetSessionParticipants'), 2);
    });
  }

  test('whose fate is not known drops it, too', async () => {
    const meeting = await emulator.meeting();
    const read = reader(gateway, meeting);
    assert.equal(live(await read()), 3);
    await queue(meeting, 'KickAllParticipants', 'reset-after', 'reset-after', 'reset-after');
    await actor(gateway, meeting)('/active-session/kick-all');
    assert.equal((await read()).status, 404, 'the session is over');
  });

  test('outdates the read under way when it came', async (t) => {
    // The first read is answered last, and what it says is old by then.
    const held = await startHeld(t, emulator, long, ({ method }, response, n) =>
      json(response, { success: true, data: method === 'GET' ? { live_participants: 4 - n } : {} }),
    );
    const meeting = { app_id: 'app', meeting_id: 'meeting' };
    const read = reader(held.of, meeting);
    const old = read();
    await held.sent();
    assert.equal((await actor(held.of, meeting)('/active-session/kick-all')).status, 200);
    assert.equal(live(await read()), 1, 'who asks afterwards does not join the old one');
    held.release();
    assert.equal(live(await old), 3);
    assert.equal(live(await read()), 1, 'and the old one is not kept');
    assert.equal(held.api.requests.length, 3);
  });

  test('that is refused here drops nothing', async () => {
    const meeting = await emulator.meeting();
    const read = reader(gateway, meeting);
    await read();
    const none = { can: ['read'] };
    assert.equal((await actor(gateway, meeting, none)('/active-session/kick-all')).status, 403);
    assert.match((await read()).headers.age, /^\d+$/);
    assert.equal(await upstream(meeting), 1);
  });
});

const emulators = [];
after(() => Promise.all(emulators.map((one) => one.stop())));

/** A gateway before an emulator with a rate limit of its own. */
async function rationed(flags, settings = {}) {
  const own = await startEmulator(...flags);
  emulators.push(own);
  const reads = { ...ROOMY.reads, fresh_ms: 1, ...settings.reads };
  const made = await startGateway(own, { ...ROOMY, ...settings, reads });
  return { own, made };
}
const statuses = async (own) => (await own.requests()).map(({ status }) => status);

describe('the budget', () => {
  test('that runs low slows reads down, and lets mutations through', async () => {
    const flags = ['--rate-limit', '20', '--rate-window', '600'];
    const { own, made } = await rationed(flags, { budget: { reserve: 0.5 } });
    const meeting = await own.meeting(5);
    const read = reader(made, meeting);
    const before = [];
    for (let n = 0; n < 60; n += 1) before.push(await read());
    for (const answer of before) assert.equal(answer.status, 200, answer.text);
    const old = before.filter(({ headers }) => headers.age !== undefined);
    assert.ok(old.length >= 40, `${old.length} of 60 from memory`);
    assert.ok((await own.requests()).length <= 12, 'the reserve is left');
    const metrics = await made.metrics();
    assert.ok(metrics['rtk_gateway_reads_total{source="stale"}'] > 0);
    assert.ok(metrics.rtk_gateway_budget_remaining >= 8);

    const act = actor(made, meeting);
    for (const { user_id } of meeting.participants) {
      const answer = await act('/active-session/kick', { participant_ids: [user_id] });
      assert.equal(answer.status, 200, answer.text);
      const next = await read();
      if (next.status !== 200) assertRefusal(next, 429);
    }
    assert.ok(!(await statuses(own)).includes(429));
    await made.stop();
  });

  test('that is used up is no request more, and says when there is one', async () => {
    const flags = ['--rate-limit', '4', '--rate-window', '600'];
    const { own, made } = await rationed(flags, { budget: { reserve: 0 } });
    // Each meeting has a share, so that it takes several to use it up.
    const poll = (meeting) =>
      actor(made, meeting)('/active-session/poll', { question: 'q', options: ['a'] });
    for (let n = 0; n < 4; n += 1) assert.equal((await poll(await own.meeting())).status, 201);
    const meeting = await own.meeting();
    const refused = await poll(meeting);
    assertRefusal(refused, 429);
    assert.match(refused.headers['retry-after'], /^\d+$/);
    const read = await reader(made, meeting)();
    assertRefusal(read, 429);
    assert.match(read.headers['retry-after'], /^\d+$/);
    assert.deepEqual(await statuses(own), [201, 201, 201, 201]);
    await made.stop();
  });

  test('nothing is sent after a 429 until it may be', async () => {
    const { own, made } = await rationed(['--rate-limit', '0']);
    const [meeting, other] = [await own.meeting(), await own.meeting()];
    const read = reader(made, meeting);
    const known = await read();
    await own.control('POST', 'faults', {
      ...{ operation: 'CreatePoll', meeting_id: meeting.meeting_id },
      steps: ['status:code=429:retry-after=1'],
    });
    const poll = (of) => actor(made, of)('/active-session/poll', { question: 'q', options: ['a'] });
    const first = await poll(meeting);
    assert.equal(first.status, 429);
    assert.equal(first.headers['retry-after'], '1');
    // The limit is the token's, not the meeting's.
    let answer;
    do {
      const old = await read();
      if (old.status === 200 && old.headers.age) assert.equal(old.text, known.text);
      answer = await poll(other);
      if (answer.status !== 201) assertRefusal(answer, 429);
    } while (answer.status !== 201);
    const requests = await own.requests();
    const at = requests.findIndex(({ status }) => status === 429);
    const gap = requests[at + 1].at_ms - requests[at].at_ms;
    assert.ok(gap >= 900, `sent ${gap} ms after the refusal`);
    assert.equal(requests.filter(({ operation }) => operation === 'CreatePoll').length, 2);
    await made.stop();
  });
});

describe('an API that asks for silence for long', () => {
  const SILENCES = {
    'by Retry-After': [429, { 'retry-after': '86400' }],
    'by a Retry-After that is a date': [
      429,
      { 'retry-after': new Date(Date.now() + 86_400_000).toUTCString() },
    ],
    'by its Ratelimit': [200, { ratelimit: '"default";r=0;t=1000000000' }],
    'by both': [429, { ratelimit: '"default";r=0;t=1000000000', 'retry-after': '1000000000' }],
  };
  for (const [name, [status, headers]] of Object.entries(SILENCES)) {
    test(`${name} gets five minutes of it`, async (t) => {
      const api = await startServer((_request, response) =>
        json(response, { success: status === 200, data: {} }, status, headers),
      );
      t.after(api.stop);
      const made = await startGateway({ ...emulator, base_url: api.url }, ROOMY);
      const meeting = { app_id: 'app', meeting_id: 'meeting' };
      const act = () => actor(made, meeting)('/active-session/kick-all');
      assert.equal((await act()).status, status);
      for (const refused of [await act(), await reader(made, meeting)()]) {
        assertRefusal(refused, 429);
        assert.match(refused.headers['retry-after'], /^\d+$/);
        const seconds = Number(refused.headers['retry-after']);
        assert.ok(seconds > 0 && seconds <= 300, `${seconds}`);
      }
      assert.equal(api.requests.length, 1);
      await made.stop();
    });
  }
});

describe('one moderator does not starve the rest', () => {
  const limited = (settings) => startGateway(emulator, settings);

  test('with reads', async () => {
    const made = await limited({ reads: { limit_per_minute: 5, fresh_ms: LONG } });
    const [one, other] = [await emulator.meeting(), await emulator.meeting()];
    const read = reader(made, one);
    for (let n = 0; n < 5; n += 1) assert.equal((await read()).status, 200);
    const refused = await read();
    assertRefusal(refused, 429);
    assert.match(refused.headers['retry-after'], /^\d+$/);
    assert.equal((await reader(made, one, { sub: 'bob' })()).status, 200);
    assert.equal((await reader(made, other)()).status, 200);
    // Another grant for the same moderator is no other moderator.
    assert.equal((await reader(made, one, { name: 'Ann' })()).status, 429);
    assert.equal((await actor(made, one)('/active-session/kick-all')).status, 200);
    await made.stop();
  });

  test('with reads that are all new', async () => {
    const made = await limited({ reads: { new_per_minute: 4, fresh_ms: LONG } });
    const meeting = await emulator.meeting();
    const answers = [];
    for (let n = 1; n <= 12; n += 1) {
      answers.push(await roster(made, meeting, `?per_page=${n}`));
    }
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(refused.length >= 8);
    for (const answer of refused) assertRefusal(answer, 429);
    assert.equal((await roster(made, meeting, '?per_page=1')).status, 200, 'what is known stays');
    assert.ok((await upstream(meeting, 'GetSessionParticipants')) <= 4);
    const bob = reader(made, meeting, { sub: 'bob' });
    assert.equal((await bob('')).status, 200);
    await made.stop();
  });

  test('with the same reads, each of which goes up when it is not fresh', async () => {
    // Of a budget so large that it slows nobody down.
    const flags = ['--rate-limit', '1000000', '--rate-window', '10'];
    const { own, made } = await rationed(flags, { reads: { new_per_minute: 3 } });
    const meeting = await own.meeting();
    const sent = () => upstream(meeting, 'GetActiveSession', own);
    const read = reader(made, meeting);
    while ((await sent()) < 3) assert.equal((await read()).status, 200);
    const { cf_ray } = (await own.requests(meeting.meeting_id)).at(-1);
    for (let n = 0; n < 20; n += 1) {
      const old = await read();
      assert.equal(old.status, 200, old.text);
      assert.equal(old.headers['cf-ray'], cf_ray);
      assert.match(old.headers.age, /^\d+$/);
    }
    assert.equal(await sent(), 3);
    // Of what is not known there is no last answer.
    const none = await read('');
    assertRefusal(none, 429);
    assert.match(none.headers['retry-after'], /^\d+$/);
    const bob = reader(made, meeting, { sub: 'bob' });
    assert.equal((await bob('')).status, 200);
    const kicked = await actor(made, meeting)('/active-session/kick', kickFirst(meeting));
    assert.equal(kicked.status, 200);
    // After a mutation the previous one serves, and says how old it is, where no newer may be had.
    const previous = await read();
    assert.deepEqual([previous.status, live(previous)], [200, 3]);
    assert.match(previous.headers.age, /^\d+$/);
    assert.equal(await sent(), 3);
    assert.equal(live(await bob()), 2);
    await made.stop();
  });

  test('with guesses at sessions', async () => {
    const made = await limited({ reads: { limit_per_minute: 5, new_per_minute: 1_000_000 } });
    const meeting = await emulator.meeting();
    const guess = (claims) =>
      made.ask(
        made.grant(meeting, claims),
        'GET',
        made.path(meeting, `sessions/${randomUUID()}/participants`),
      );
    const message = "The session is not the granted meeting's";
    for (let n = 0; n < 5; n += 1) assertRefusal(await guess(), 403, message);
    for (let n = 0; n < 3; n += 1) {
      const refused = await guess();
      assertRefusal(refused, 429);
      assert.match(refused.headers['retry-after'], /^\d+$/);
    }
    assertRefusal(await guess({ sub: 'bob' }), 403, message);
    await made.stop();
  });

  test('with what mutations cost, in all meetings', async () => {
    const made = await limited({ mutations: { ...ROOMY.mutations, requests_per_minute: 3 } });
    const meetings = [];
    for (let n = 0; n < 5; n += 1) meetings.push(await emulator.meeting());
    const poll = (meeting, claims) =>
      actor(made, meeting, claims)('/active-session/poll', { question: 'q', options: ['a'] });
    for (const meeting of meetings.slice(0, 3)) assert.equal((await poll(meeting)).status, 201);
    for (const meeting of meetings) {
      const before = await upstream(meeting, 'CreatePoll');
      const refused = await poll(meeting);
      assertRefusal(refused, 429);
      assert.match(refused.headers['retry-after'], /^\d+$/);
      assert.equal(await upstream(meeting, 'CreatePoll'), before);
    }
    assert.equal((await poll(meetings[0], { sub: 'bob' })).status, 201);
    // Who may not act any more may still look.
    assert.equal((await reader(made, meetings[0])()).status, 200);
    await made.stop();
  });

  test('with mutations', async () => {
    const made = await limited({ mutations: { limit_per_minute: 3 } });
    const [one, other] = [await emulator.meeting(), await emulator.meeting()];
    const poll = (meeting, claims) =>
      actor(made, meeting, claims)('/active-session/poll', { question: 'q', options: ['a'] });
    for (let n = 0; n < 3; n += 1) assert.equal((await poll(one)).status, 201);
    const refused = await poll(one);
    assertRefusal(refused, 429);
    assert.match(refused.headers['retry-after'], /^\d+$/);
    assert.equal((await poll(one, { sub: 'bob' })).status, 201);
    assert.equal((await poll(other)).status, 201);
    assert.equal(await upstream(one, 'CreatePoll'), 4);
    await made.stop();
  });
});
