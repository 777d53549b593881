// Nothing is done twice: who asks again with the same Idempotency-Key gets the first answer, while
// it is under way, afterwards, and when the gateway crashed in between.

import assert from 'node:assert/strict';
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Official from 'cloudflare';
import Ours from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertRefusal, processTest, startGateway } from '../support/gateway.mjs';
import { startHeld } from '../support/held.mjs';
import { json, startServer } from '../support/server.mjs';

const POLL = { question: 'Tea?', options: ['yes', 'no'] };

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, ROOMY);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

let keys = 0;
const newKey = () => `key-${process.pid}-${(keys += 1)}`;

/** Sends a mutation of a meeting, with a key. */
function act(meeting, rest, body, key, { method = 'POST', claims, of = gateway } = {}) {
  const path = of.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return of.ask(of.grant(meeting, claims), method, path, body, headers);
}
const poll = (meeting, key, more, body = POLL) =>
  act(meeting, '/active-session/poll', body, key, more);

const queue = (meeting, operation, ...steps) =>
  emulator.control('POST', 'faults', { operation, meeting_id: meeting.meeting_id, steps });

async function mutations({ meeting_id }) {
  const { requests } = await emulator.control('GET', `requests?path=${meeting_id}`);
  return requests.filter(({ method }) => method !== 'GET');
}
async function polls({ meeting_id }) {
  const state = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
  return state.meetings[0].polls.length;
}
async function arrived(meeting, count = 1) {
  while ((await mutations(meeting)).length < count) await new Promise(setImmediate);
}

function assertSame(answer, first) {
  assert.equal(answer.status, first.status, answer.text);
  assert.equal(answer.text, first.text);
  assert.equal(answer.headers['content-type'], first.headers['content-type']);
}

describe('the same key', () => {
  test('again and again is one poll', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    const first = await poll(meeting, key);
    assert.equal(first.status, 201, first.text);
    for (let n = 0; n < 3; n += 1) assertSame(await poll(meeting, key), first);
    assert.equal(await polls(meeting), 1);
  });

  test('with another grant of the same moderator is one poll', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    const first = await poll(meeting, key);
    assertSame(await poll(meeting, key, { claims: { name: 'Ann', can: ['poll'] } }), first);
    assert.equal(await polls(meeting), 1);
  });

  test('at once from many is one poll', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 30 }, () => poll(meeting, key)));
    for (const answer of answers) assertSame(answer, answers[0]);
    assert.equal(answers[0].status, 201);
    assert.equal(await polls(meeting), 1);
  });

  for (const [name, rest, body, method] of [
    ['kick', '/active-session/kick', (m) => ({ participant_ids: [m.participants[0].user_id] })],
    ['kick-all', '/active-session/kick-all', () => undefined],
    ['mute', '/active-session/mute', (m) => ({ participant_ids: [m.participants[0].user_id] })],
    ['mute-all', '/active-session/mute-all', () => ({ allow_unmute: false })],
    ['status', '', () => ({ status: 'INACTIVE' }), 'PATCH'],
    ['ban', 'ban', () => undefined, 'DELETE'],
  ]) {
    test(`of a ${name} goes up once`, async () => {
      const meeting = await emulator.meeting();
      const key = newKey();
      const place = rest === 'ban' ? `/participants/${meeting.participants[0].user_id}` : rest;
      const first = await act(meeting, place, body(meeting), key, { method });
      assert.equal(first.status, 200, first.text);
      assertSame(await act(meeting, place, body(meeting), key, { method }), first);
      assert.equal((await mutations(meeting)).length, 1);
    });
  }

  test('for another body, and another operation, is refused', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    const message = 'The Idempotency-Key was used for another request';
    const first = await poll(meeting, key);
    for (const body of [
      { ...POLL, question: 'Coffee?' },
      { ...POLL, anonymous: true },
    ]) {
      assertRefusal(await poll(meeting, key, {}, body), 422, message);
    }
    assertRefusal(await act(meeting, '/active-session/kick-all', undefined, key), 422, message);
    assertSame(await poll(meeting, key), first);
    assert.equal((await mutations(meeting)).length, 1);
  });

  test('of the same body written otherwise is the same', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    const first = await poll(meeting, key, {}, '{"question":"Tea?","options":["yes","no"]}');
    const spaced = '{ "question" : "Te\\u0061?",\n"options":["yes","no"] }';
    assertSame(await poll(meeting, key, {}, spaced), first);
    assert.equal(await polls(meeting), 1);
  });

  test('of another moderator, and in another meeting, is another key', async () => {
    const [meeting, other] = [await emulator.meeting(), await emulator.meeting()];
    const key = newKey();
    const first = await poll(meeting, key);
    const bobs = await poll(meeting, key, { claims: { sub: 'bob' } });
    assert.equal(bobs.status, 201, bobs.text);
    assert.notEqual(bobs.text, first.text);
    assert.equal(await polls(meeting), 2);
    assert.equal((await poll(other, key)).status, 201);
    assert.equal(await polls(other), 1);
  });

  test('shows nobody without the permission what was answered', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    await poll(meeting, key);
    assertRefusal(await poll(meeting, key, { claims: { can: ['read'] } }), 403);
  });

  test('of 255 letters is a key', async () => {
    const meeting = await emulator.meeting();
    const key = `${newKey()}!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`.padEnd(255, 'k');
    const first = await poll(meeting, key);
    assert.equal(first.status, 201, first.text);
    assertSame(await poll(meeting, key), first);
    assert.equal(await polls(meeting), 1);
  });
});

describe('every response says that a key is remembered', () => {
  const says = ({ headers }) => headers['realtimekit-gateway-features'];

  test('of the API, from memory, a refusal, and one without a route', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    await queue(meeting, 'CreatePoll', 'reset-after');
    const read = (grant) =>
      gateway.ask(grant, 'GET', gateway.path(meeting, `meetings/${meeting.meeting_id}`));
    const responses = [
      await read(gateway.grant(meeting)),
      await read(gateway.grant(meeting)),
      await read(undefined),
      await gateway.ask(undefined, 'GET', '/client/v4/nowhere'),
      await poll(meeting, key),
      await poll(meeting, key),
    ];
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 401, 404, 502, 502],
    );
    for (const response of responses) assert.equal(says(response), 'idempotency-key, watch');
  });

  test('also where the API itself says something else', async (t) => {
    const api = await startServer((_request, response) => {
      response.setHeader('realtimekit-gateway-features', 'none');
      json(response, { success: true, data: {} });
    });
    t.after(api.stop);
    const of = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
    t.after(of.stop);
    const meeting = { app_id: 'app', meeting_id: 'meeting' };
    assert.equal(says(await poll(meeting, newKey(), { of })), 'idempotency-key, watch');
  });
});

describe('while the first is under way', () => {
  const meeting = { app_id: 'app', meeting_id: 'meeting' };
  const MADE = { success: true, data: { poll: { id: 'the-poll' } } };

  const held = (t) =>
    startHeld(t, emulator, ROOMY, (_request, response) => json(response, MADE, 201));

  test('the same key waits for it, and another body is refused at once', async (t) => {
    const { api, of, release, sent, waiting } = await held(t);
    const key = newKey();
    const order = [];
    const asked = () =>
      poll(meeting, key, { of }).then((answer) => {
        order.push('answered');
        return answer;
      });
    const all = [asked()];
    await sent();
    for (let n = 0; n < 20; n += 1) all.push(asked());
    await waiting(all.length - 1);
    // What comes after them is looked at while all of them wait.
    for (const question of ['Coffee?', 'Milk?', 'Water?']) {
      assertRefusal(await poll(meeting, key, { of }, { ...POLL, question }), 422);
    }
    assert.deepEqual(order, []);
    order.push('released');
    release();
    const [first, ...others] = await Promise.all(all);
    assert.equal(first.status, 201);
    assert.equal(order[0], 'released');
    for (const one of others) {
      assertSame(one, first);
      assert.equal(one.headers['idempotent-replayed'], 'true');
    }
    assert.equal(api.requests.length, 1);
  });

  test('its client goes away, and who asks again gets its answer', async (t) => {
    const { api, of, release, connected, sent, waiting } = await held(t);
    const key = newKey();
    const gone = new AbortController();
    const path = of.path(meeting, 'meetings/meeting/active-session/poll');
    const first = fetch(of.url + path, {
      ...{ method: 'POST', body: JSON.stringify(POLL), signal: gone.signal },
      headers: {
        authorization: `Bearer ${of.grant(meeting)}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
    });
    await sent();
    gone.abort();
    await assert.rejects(first, { name: 'AbortError' });
    await connected(0);
    const again = poll(meeting, key, { of });
    await waiting(1);
    release();
    const answer = await again;
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(answer.body, MADE);
    assertSame(await poll(meeting, key, { of }), answer);
    assert.equal(api.requests.length, 1);
  });
});

test('without a key, each is its own', async () => {
  const meeting = await emulator.meeting();
  for (let n = 0; n < 3; n += 1) assert.equal((await poll(meeting)).status, 201);
  assert.equal(await polls(meeting), 3);
});

describe('what surely was not done may be done with the same key', () => {
  test('after a refusal by the gateway', async () => {
    const meeting = await emulator.meeting();
    const key = newKey();
    assertRefusal(await poll(meeting, key, { claims: { can: [] } }), 403);
    assertRefusal(await poll(meeting, key, {}, { question: 5, options: ['a'] }), 400);
    assert.equal((await poll(meeting, key)).status, 201);
    assert.equal(await polls(meeting), 1);
  });

  for (const [name, Sdk] of Object.entries({ ours: Ours, official: Official })) {
    test(`by the client that is ${name}, which repeats what was rated too much`, async () => {
      const meeting = await emulator.meeting();
      await queue(meeting, 'CreatePoll', 'status:code=429:retry-after-ms=1', 'ok');
      const client = new Sdk(gateway.options(meeting));
      const params = { ...POLL, account_id: emulator.account_id };
      const ids = [meeting.app_id, meeting.meeting_id];
      const options = { idempotencyKey: newKey() };
      await client.realtimeKit.activeSession.createPoll(...ids, params, options);
      assert.equal(await polls(meeting), 1);
      assert.equal((await mutations(meeting)).length, 2);
    });
  }
});

describe('what was refused may be done with the same key', () => {
  test('a kick, when its person is there', async () => {
    const meeting = await emulator.meeting();
    const [{ user_id }] = meeting.participants;
    const { meeting_id } = meeting;
    await emulator.control('POST', 'leave', { meeting_id, user_id });
    const key = newKey();
    const kick = () => act(meeting, '/active-session/kick', { participant_ids: [user_id] }, key);
    for (let n = 1; n <= 2; n += 1) {
      assert.equal((await kick()).status, 404);
      assert.equal((await mutations(meeting)).length, n);
    }
    await emulator.control('POST', 'join', { meeting_id, user_id });
    const done = await kick();
    assert.equal(done.status, 200, done.text);
    assert.equal(done.headers['idempotent-replayed'], undefined);
    // Now that it is done it is remembered.
    assertSame(await kick(), done);
    assert.equal((await mutations(meeting)).length, 3);
  });

  test('a kick of many of whom nobody was there', async () => {
    const meeting = await emulator.meeting();
    const { meeting_id, participants } = meeting;
    const participant_ids = participants.slice(0, 2).map(({ user_id }) => user_id);
    for (const user_id of participant_ids) {
      await emulator.control('POST', 'leave', { meeting_id, user_id });
    }
    const key = newKey();
    const kick = () => act(meeting, '/active-session/kick', { participant_ids }, key);
    assert.equal((await kick()).status, 404);
    await emulator.control('POST', 'join', { meeting_id, user_id: participant_ids[0] });
    const done = await kick();
    assert.equal(done.status, 200, done.text);
    assert.equal(done.body.data.participants.length, 1);
    assertSame(await kick(), done);
  });

  test('a poll, also after a restart', async () => {
    const meeting = await emulator.meeting();
    const made = await startGateway(emulator, ROOMY);
    const key = newKey();
    await queue(meeting, 'CreatePoll', 'status:code=400', 'status:code=403');
    assert.equal((await poll(meeting, key, { of: made })).status, 400);
    assert.equal((await poll(meeting, key, { of: made })).status, 403);
    await made.restart();
    assert.equal((await poll(meeting, key, { of: made })).status, 201);
    assert.equal(await polls(meeting), 1);
    await made.stop();
  });

  test('a kick whose fate is not known, which does no harm', async () => {
    const meeting = await emulator.meeting();
    await queue(meeting, 'KickAllParticipants', 'reset-before');
    const key = newKey();
    assertRefusal(await act(meeting, '/active-session/kick-all', undefined, key), 502);
    assert.equal((await act(meeting, '/active-session/kick-all', undefined, key)).status, 200);
    assert.equal((await mutations(meeting)).length, 2);
  });
});

// The API may advise to try again what it has done.
const ADVISED = 'status:code=503:act=after:should-retry=true';

describe('what may have been done is not done again', () => {
  const create = (Sdk, meeting, options) => {
    const client = new Sdk(gateway.options(meeting));
    const params = { ...POLL, account_id: emulator.account_id };
    const ids = [meeting.app_id, meeting.meeting_id];
    return client.realtimeKit.activeSession
      .createPoll(...ids, params, options)
      .then(assert.fail, (error) => assert.ok(error instanceof Sdk.APIError, `${error.stack}`));
  };

  for (const [name, Sdk] of Object.entries({ ours: Ours, official: Official })) {
    for (const fault of [
      'reset-after',
      'close-after',
      'cut',
      'status:code=503:act=after',
      ADVISED,
    ]) {
      test(`${fault}, by the client that is ${name}, with a key`, async () => {
        const meeting = await emulator.meeting();
        await queue(meeting, 'CreatePoll', fault);
        const key = newKey();
        // The official client has an option for it, and does not send it.
        await create(Sdk, meeting, { headers: { 'Idempotency-Key': key } });
        assert.equal(await polls(meeting), 1);
        assert.equal((await mutations(meeting)).length, 1);
        // Asked by hand: whatever is answered, there is no second poll.
        const again = await poll(meeting, key);
        assert.ok(again.status === 409 || again.status >= 500, again.text);
        assert.equal(await polls(meeting), 1);
      });
    }

    for (const fault of ['reset-after', 'close-after', 'cut', ADVISED]) {
      test(`${fault}, by the client that is ${name}, without a key`, async () => {
        const meeting = await emulator.meeting();
        await queue(meeting, 'CreatePoll', fault);
        await create(Sdk, meeting);
        assert.equal(await polls(meeting), 1);
      });
    }
  }
});

test('what the API advises of a poll that it may have made is not passed on', async () => {
  const meeting = await emulator.meeting();
  for (const [n, key] of [undefined, newKey()].entries()) {
    await queue(meeting, 'CreatePoll', ADVISED);
    const answer = await poll(meeting, key);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['x-should-retry'], 'false');
    assert.equal(await polls(meeting), n + 1);
    const { status, headers } = (await mutations(meeting)).at(-1);
    assert.deepEqual([status, headers['x-emulator-faults']], [503, undefined]);
  }
  // Of what does no harm it is.
  await queue(meeting, 'KickAllParticipants', ADVISED);
  const kicked = await act(meeting, '/active-session/kick-all');
  assert.deepEqual([kicked.status, kicked.headers['x-should-retry']], [503, 'true']);
});

describe('after a crash', () => {
  test('the first answer is still the answer', async () => {
    const meeting = await emulator.meeting();
    const made = await startGateway(emulator, ROOMY);
    const key = newKey();
    const first = await poll(meeting, key, { of: made });
    const ids = { participant_ids: [meeting.participants[0].user_id] };
    const kickKey = newKey();
    const kicked = await act(meeting, '/active-session/kick', ids, kickKey, { of: made });
    assert.equal(kicked.status, 200);
    for (const end of ['kill', 'end']) {
      await made[end]();
      await made.start();
      assertSame(await poll(meeting, key, { of: made }), first);
      const again = await act(meeting, '/active-session/kick', ids, kickKey, { of: made });
      assertSame(again, kicked);
      const other = { ...POLL, question: 'Coffee?' };
      assertRefusal(await poll(meeting, key, { of: made }, other), 422);
    }
    assert.equal((await mutations(meeting)).length, 2);
    await made.stop();
  });

  test('in the midst of a poll nobody makes it again', async () => {
    const meeting = await emulator.meeting();
    const made = await startGateway(emulator, ROOMY);
    const key = newKey();
    await queue(meeting, 'CreatePoll', 'hang-after');
    const first = poll(meeting, key, { of: made }).catch((error) => error);
    await arrived(meeting);
    await made.kill();
    assert.ok((await first) instanceof Error);
    await made.start();
    for (let n = 0; n < 2; n += 1) {
      const again = await poll(meeting, key, { of: made });
      assertRefusal(again, 409, 'Whether the poll was made is not known');
      assert.equal(again.headers['x-should-retry'], 'false');
    }
    assert.equal(await polls(meeting), 1);
    assert.equal((await mutations(meeting)).length, 1);
    // Another key is another poll.
    assert.equal((await poll(meeting, newKey(), { of: made })).status, 201);
    await made.stop();
  });

  // A Worker has rows in place of the file.
  processTest('that tore the last line, all before it is known', async () => {
    const meeting = await emulator.meeting();
    const made = await startGateway(emulator, ROOMY);
    const key = newKey();
    const first = await poll(meeting, key, { of: made });
    await made.kill();
    const [file] = readdirSync(join(made.folder, 'audit')).filter((one) => /jsonl$/.test(one));
    appendFileSync(join(made.folder, 'audit', file), '{"id":"torn","phase":"int');
    await made.start();
    assertSame(await poll(meeting, key, { of: made }), first);
    const next = newKey();
    const second = await poll(meeting, next, { of: made });
    assert.equal(second.status, 201);
    // What was written after the torn line is not lost to it.
    await made.kill();
    await made.start();
    assertSame(await poll(meeting, next, { of: made }), second);
    assert.equal(await polls(meeting), 2);
    await made.stop();
  });
});
