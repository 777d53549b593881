// Every mutation, allowed or refused, leaves its line: the intent before anything is sent, the
// outcome before anything is answered; and where it cannot be written, nothing is done.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertNoSecret,
  assertRefusal,
  processDescribe,
  processTest,
  startGateway,
} from '../support/gateway.mjs';
import { startHeld } from '../support/held.mjs';
import { json } from '../support/server.mjs';
import { ask } from '../support/wire.mjs';

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  gateway = await startGateway(emulator, ROOMY);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

function act(meeting, rest, body, { method = 'POST', claims, key, of = gateway } = {}) {
  const path = of.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
  const headers = key ? { 'idempotency-key': key } : {};
  return of.ask(of.grant(meeting, claims), method, path, body, headers);
}
const POLL = { question: 'Tea? "Ünïcode" \n😀', options: ['yes', 'no'] };
const poll = (meeting, more, question = POLL.question) =>
  act(meeting, '/active-session/poll', { ...POLL, question }, more);

const linesOf = ({ meeting_id }, of = gateway) =>
  of.auditLines().filter((line) => line.meeting_id === meeting_id);

/** Pages through a meeting's audit. */
function audit(meeting, query = '', { claims, of = gateway } = {}) {
  const path = of.path(meeting, `meetings/${meeting.meeting_id}/audit${query}`);
  return of.ask(of.grant(meeting, claims), 'GET', path);
}

async function requestsFor({ meeting_id }) {
  return (await emulator.control('GET', `requests?path=${meeting_id}`)).requests;
}

/** Every mutation: how it is asked for, and what its lines say besides. */
const MUTATIONS = {
  KickParticipants: (m) => ({
    rest: '/active-session/kick',
    body: {
      participant_ids: [m.participants[0].user_id],
      custom_participant_ids: [m.participants[1].custom_participant_id],
    },
    line: { targets: [m.participants[0].user_id, m.participants[1].custom_participant_id] },
  }),
  MuteParticipants: (m) => ({
    rest: '/active-session/mute',
    body: { participant_ids: [m.participants[2].user_id] },
    line: { targets: [m.participants[2].user_id] },
  }),
  MuteAllParticipants: () => ({ rest: '/active-session/mute-all', body: {}, line: {} }),
  KickAllParticipants: () => ({ rest: '/active-session/kick-all', line: {} }),
  CreatePoll: () => ({
    rest: '/active-session/poll',
    body: POLL,
    line: { question: POLL.question },
  }),
  DeleteMeetingParticipant: (m) => ({
    ...{ rest: `/participants/${m.participants[0].user_id}`, method: 'DELETE' },
    line: { targets: [m.participants[0].user_id] },
  }),
  UpdateMeeting: () => ({ rest: '', method: 'PATCH', body: { status: 'INACTIVE' }, line: {} }),
};

describe('a mutation that goes up has two lines', () => {
  for (const [operation, of] of Object.entries(MUTATIONS)) {
    test(operation, async () => {
      const meeting = await emulator.meeting();
      const { rest, body, method, line } = of(meeting);
      const answer = await act(meeting, rest, body, { method, claims: { name: 'Ann Ünïcode' } });
      assert.ok([200, 201].includes(answer.status), answer.text);
      const [intent, outcome, ...more] = linesOf(meeting);
      assert.deepEqual(more, []);
      assert.deepEqual([intent.phase, outcome.phase], ['intent', 'outcome']);
      assert.equal(intent.id, outcome.id);
      const { app_id, meeting_id } = meeting;
      const all = { moderator: 'ann', name: 'Ann Ünïcode', operation, app_id, meeting_id, ...line };
      for (const [field, value] of Object.entries(all)) {
        assert.deepEqual(intent[field], value, field);
      }
      for (const field of ['targets', 'question']) {
        if (!(field in line)) assert.equal(intent[field], undefined, field);
      }
      assert.equal(outcome.status, answer.status);
      assert.equal(outcome.ray, answer.headers['cf-ray']);
      assert.equal(typeof outcome.duration_ms, 'number');
      for (const { time } of [intent, outcome]) {
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
      for (const field of ['key', 'digest', 'answer']) {
        assert.equal(intent[field] ?? outcome[field], undefined, field);
      }
    });
  }

  test('the intent before it is sent, the outcome before it is answered', async (t) => {
    const { of, release, sent } = await startHeld(t, emulator, ROOMY, (_request, response) =>
      json(response, { success: true, data: {} }, 201),
    );
    const meeting = { app_id: 'app', meeting_id: 'meeting' };
    const answer = poll(meeting, { of });
    await sent();
    assert.deepEqual(
      linesOf(meeting, of).map(({ phase }) => phase),
      ['intent'],
    );
    release();
    assert.equal((await answer).status, 201);
    assert.equal(linesOf(meeting, of).length, 2);
  });

  test('of a list of which some are unknown, with who failed', async () => {
    const meeting = await emulator.meeting();
    const unknown = '00000000-0000-4000-8000-000000000000';
    const participant_ids = [meeting.participants[0].user_id, unknown];
    const answer = await act(meeting, '/active-session/kick', { participant_ids });
    assert.equal(answer.status, 200, answer.text);
    const outcome = linesOf(meeting).at(-1);
    assert.equal(outcome.phase, 'outcome');
    assert.deepEqual(outcome.failed, [unknown]);
    assert.deepEqual(linesOf(meeting)[0].targets, participant_ids);
  });

  test('one that the API refuses, and one that nobody knows of', async () => {
    const meeting = await emulator.meeting(0);
    assert.equal((await act(meeting, '/active-session/kick-all')).status, 404);
    const [, outcome] = linesOf(meeting);
    assert.equal(outcome.status, 404);
    await emulator.control('POST', 'faults', {
      ...{ operation: 'CreatePoll', meeting_id: meeting.meeting_id, steps: ['reset-after'] },
    });
    assert.equal((await poll(meeting)).status, 502);
    assert.equal(linesOf(meeting).length, 4);
    const { records } = (await audit(meeting)).body.data;
    assert.equal(records[0].outcome, 'unknown');
    assert.notEqual(records[1].outcome, 'unknown');
  });
});

describe('a mutation that is refused here has one line', () => {
  test('for its permission, and says so', async () => {
    const meeting = await emulator.meeting();
    for (const [operation, of] of Object.entries(MUTATIONS)) {
      const { rest, body, method, line } = of(meeting);
      const before = linesOf(meeting).length;
      const answer = await act(meeting, rest, body, { method, claims: { can: ['read'] } });
      assert.equal(answer.status, 403);
      const [outcome, ...more] = linesOf(meeting).slice(before);
      assert.deepEqual(more, []);
      assert.equal(outcome.phase, 'outcome');
      assert.equal(outcome.operation, operation);
      assert.equal(outcome.moderator, 'ann');
      assert.equal(outcome.status, 403);
      assert.match(outcome.reason, /permission/);
      assert.equal(outcome.ray, undefined);
      if (line.targets?.length === 1 && method === 'DELETE') {
        assert.deepEqual(outcome.targets, line.targets);
      }
    }
    const { records } = (await audit(meeting)).body.data;
    assert.ok(records.every(({ outcome }) => outcome === 'refused'));
  });

  test('for another meeting, and for its limit', async () => {
    const made = await startGateway(emulator, { mutations: { limit_per_minute: 1 } });
    const [meeting, other] = [await emulator.meeting(), await emulator.meeting()];
    const path = made.path(other, `meetings/${other.meeting_id}/active-session/kick-all`);
    assert.equal((await made.ask(made.grant(meeting), 'POST', path)).status, 403);
    await poll(meeting, { of: made });
    assert.equal((await poll(meeting, { of: made })).status, 429);
    const refused = made.auditLines().filter(({ status }) => status === 403 || status === 429);
    assert.deepEqual(
      refused.map(({ phase, status }) => [phase, status]),
      [
        ['outcome', 403],
        ['outcome', 429],
      ],
    );
    assert.equal(refused[0].meeting_id, other.meeting_id);
    await made.stop();
  });

  test('without a genuine grant none, and of reads none', async () => {
    const meeting = await emulator.meeting();
    const before = gateway.auditLines().length;
    const kickAll = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick-all`);
    const read = gateway.path(meeting, `meetings/${meeting.meeting_id}`);
    for (const auth of [undefined, 'x', gateway.grant(meeting, {}, { key: 'x'.repeat(32) })]) {
      assert.equal((await gateway.ask(auth, 'POST', kickAll)).status, 401);
    }
    assert.equal((await gateway.ask(gateway.grant(meeting), 'GET', read)).status, 200);
    const none = gateway.grant(meeting, { can: [] });
    assert.equal((await gateway.ask(none, 'GET', read)).status, 403);
    assert.equal(gateway.auditLines().length, before);
  });
});

describe('the audit of a meeting', () => {
  test('is paged through, the newest first', async () => {
    const [meeting, other] = [await emulator.meeting(), await emulator.meeting()];
    const questions = Array.from({ length: 7 }, (_, n) => `question ${n}`);
    for (const question of questions) {
      await poll(meeting, { key: `page-${question.at(-1)}` }, question);
      await poll(other, {}, 'of the other');
    }
    const seen = [];
    let next = '';
    let pages = 0;
    do {
      const { status, body, text } = await audit(meeting, `?per_page=3${next}`);
      assert.equal(status, 200, text);
      assert.equal(body.success, true);
      const { records, paging } = body.data;
      assert.equal(paging.total_count, 7);
      assert.ok(records.length <= 3);
      seen.push(...records);
      next = paging.next && `&before=${encodeURIComponent(paging.next)}`;
      pages += 1;
      // What happens meanwhile moves nothing.
      if (pages === 1) await poll(other, {}, 'meanwhile');
    } while (next);
    assert.equal(pages, 3);
    assert.deepEqual(
      seen.map(({ question }) => question),
      questions.toReversed(),
    );
    for (const record of seen) {
      assert.equal(record.outcome, 'done');
      assert.equal(record.meeting_id, meeting.meeting_id);
      assert.equal(record.status, 201);
      for (const hidden of ['phase', 'key', 'digest', 'answer']) assert.ok(!(hidden in record));
    }
    const whole = (await audit(meeting)).body.data;
    assert.deepEqual(whole.records, seen);
    assert.equal(whole.paging.next, null);
  });

  test('of nothing is empty', async () => {
    const meeting = await emulator.meeting();
    const { body } = await audit(meeting);
    assert.deepEqual(body.data, { records: [], paging: { total_count: 0, next: null } });
    assert.equal((await requestsFor(meeting)).length, 0);
  });

  test('is there after a crash, and says what is not known', async () => {
    const made = await startGateway(emulator, ROOMY);
    const meeting = await emulator.meeting();
    await poll(meeting, { of: made }, 'first');
    await emulator.control('POST', 'faults', {
      ...{ operation: 'CreatePoll', meeting_id: meeting.meeting_id, steps: ['hang-after'] },
    });
    const lost = poll(meeting, { of: made }, 'second').catch(() => {});
    while ((await requestsFor(meeting)).length < 2) await new Promise(setImmediate);
    await made.kill();
    await lost;
    await made.start();
    await poll(meeting, { of: made }, 'third');
    const { records } = (await audit(meeting, '', { of: made })).body.data;
    assert.deepEqual(
      records.map(({ question, outcome }) => [question, outcome]),
      [
        ['third', 'done'],
        ['second', 'unknown'],
        ['first', 'done'],
      ],
    );
    await made.stop();
  });

  test('takes a page’s size and a cursor, and no more', async () => {
    const meeting = await emulator.meeting();
    for (const query of [
      ...['?per_page=0', '?per_page=201', '?per_page=x', '?per_page=-1', '?page_no=1', '?x=y'],
      ...['?before=..%2F..%2Fetc', '?before=%00', '?per_page=2&per_page=3'],
    ]) {
      assertRefusal(await audit(meeting, query), 400, undefined, query);
    }
    assert.equal((await audit(meeting, '?per_page=200')).status, 200);
  });

  test('is of whoever may see it', async () => {
    const meeting = await emulator.meeting();
    const answer = await audit(meeting, '', { claims: { can: ['read'] } });
    assertRefusal(answer, 403, 'The grant lacks the permission audit');
  });
});

test('a line that somebody would write into it stays a text', async () => {
  const meeting = await emulator.meeting();
  const question = '"}\n{"id":"forged","phase":"outcome","moderator":"bob"}\n';
  assert.equal((await poll(meeting, {}, question)).status, 201);
  const lines = linesOf(meeting);
  assert.equal(lines.length, 2);
  assert.equal(lines[0].question, question);
  assert.ok(!gateway.auditLines().some(({ id }) => id === 'forged'));
});

// Only the process has a folder of its own.
processTest('nobody else on the machine reads it', () => {
  const folder = join(gateway.folder, 'audit');
  assert.equal(statSync(folder).mode & 0o007, 0);
});

test('no more of it is one moderator’s than two MiB a minute', async () => {
  const made = await startGateway(emulator, ROOMY);
  const meeting = await emulator.meeting();
  const ids = (n) => Array.from({ length: 500 }, (_, m) => `${n}-${m}-`.padEnd(128, 'x'));
  const mute = (n, claims) =>
    act(meeting, '/active-session/mute', { custom_participant_ids: ids(n) }, { of: made, claims });
  // Refused as a whole, so that each is one request.
  const steps = Array(60).fill('status:code=403');
  const { meeting_id } = meeting;
  await emulator.control('POST', 'faults', { operation: 'MuteParticipants', meeting_id, steps });
  const began = Date.now();
  let sent = 0;
  let answer;
  for (; sent < 50 && answer?.status !== 429; sent += 1) answer = await mute(sent);
  assertRefusal(answer, 429);
  assert.match(answer.headers['retry-after'], /^\d+$/);
  assert.ok(sent > 4, `${sent}`);
  assert.equal((await requestsFor(meeting)).length, sent - 1);
  const size = made.auditLines().reduce((sum, line) => sum + JSON.stringify(line).length, 0);
  // One at once, and another one within each minute.
  const minutes = (Date.now() - began) / 60_000;
  assert.ok(size > 2 ** 19 && size <= 2 ** 20 * (2 + minutes), `${size}`);
  assert.equal((await mute(0, { sub: 'bob' })).status, 403);
  await made.stop();
});

// What fills up is the process's file; the storage of a Worker is the platform's.
processDescribe('where it cannot be written', () => {
  test('a mutation is refused, nothing is sent, and reads go on', async () => {
    // A file may become this large and no larger: what a full disk is, for root too. The signal
    // that comes with it is ignored, as it would be on a disk.
    const limit = "trap '' XFSZ; ulimit -f 8";
    const made = await startGateway(emulator, ROOMY, { before: limit });
    const meeting = await emulator.meeting();
    const question = (n) => `${n} ${'x'.repeat(400)}`;
    let refused;
    let asked = 0;
    while (!refused && asked < 200) {
      const answer = await poll(meeting, { of: made }, question(asked));
      if (answer.status !== 201) refused = answer;
      else asked += 1;
    }
    assert.ok(asked > 0, 'there was room at first');
    // The first that fails may have been done, if there was room for its intent alone.
    for (let n = 0; n < 3; n += 1) {
      refused = await poll(meeting, { of: made }, `never ${question(n)}`);
      assertRefusal(refused, 503);
      assert.equal(refused.headers['x-should-retry'], 'false');
    }
    const sent = await requestsFor(meeting);
    assert.ok(sent.every(({ body }) => !JSON.parse(body).question.startsWith('never')));
    const read = made.path(meeting, `meetings/${meeting.meeting_id}`);
    assert.equal((await made.ask(made.grant(meeting), 'GET', read)).status, 200);
    assert.equal((await ask(made.url, { path: '/readyz' })).status, 503);
    assert.ok((await made.metrics()).rtk_gateway_audit_failures_total >= 3);

    // What upstream saw is in it, also after the limit is gone and it is written on.
    await made.kill();
    await made.start('true');
    assert.equal((await poll(meeting, { of: made }, 'afterwards')).status, 201);
    const known = made.auditLines({ torn: true }).map(({ question }) => question);
    for (const { body } of await requestsFor(meeting)) {
      if (body) assert.ok(known.includes(JSON.parse(body).question));
    }
    assert.ok(known.slice(-2).includes('afterwards'));
    await made.stop();
  });

  test('it does not start at all', async () => {
    const files = { taken: 'a file, and no folder' };
    const start = startGateway(emulator, { audit: { dir: 'taken' } }, { files });
    await assert.rejects(start, /gateway ended: 2 .*audit\.dir/s);
  });
});

test('no secret is in it', () => {
  const lines = gateway.auditLines();
  assert.ok(lines.length > 0);
  assertNoSecret(gateway, JSON.stringify(lines));
});
