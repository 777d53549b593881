// An upstream that does not answer as it should: what is said of it, whether another try is wise,
// and that a poll is asked for once.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import Ours from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertNoSecret,
  assertRefusal,
  onWorkers,
  startGateway,
} from '../support/gateway.mjs';
import { freePort } from '../support/listen.mjs';
import { startServer } from '../support/server.mjs';

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  // Long for what responds, also on a busy machine; each that hangs takes as long.
  gateway = await startGateway(emulator, { ...ROOMY, upstream: { timeout_ms: 4000 } });
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const REQUESTS = {
  CreatePoll: ['POST', '/active-session/poll', { question: 'q', options: ['a'] }],
  KickAllParticipants: ['POST', '/active-session/kick-all'],
  UpdateMeeting: ['PATCH', '', { status: 'INACTIVE' }],
  GetMeeting: ['GET', ''],
};

function send(meeting, operation, of = gateway) {
  const [method, rest, body] = REQUESTS[operation];
  const path = of.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
  return of.ask(of.grant(meeting), method, path, body);
}

/** What is answered to an operation whose next request meets a fault. */
async function under(fault, operation, of = gateway, meeting) {
  const own = meeting ?? (await emulator.meeting());
  const { meeting_id } = own;
  await emulator.control('POST', 'faults', { operation, meeting_id, steps: [fault] });
  const answer = await send(own, operation, of);
  return { answer, sent: await emulator.requests(meeting_id) };
}

describe('no answer, or none that is one', { concurrency: 8 }, () => {
  // The operation's name, the fault, the status, and `x-should-retry` if it matters.
  for (const [operation, fault, status, retry] of [
    ['CreatePoll', 'reset-before', 502, 'false'],
    ['CreatePoll', 'reset-after', 502, 'false'],
    ['CreatePoll', 'close-before', 502, 'false'],
    ['CreatePoll', 'close-after', 502, 'false'],
    ['CreatePoll', 'cut', 502, 'false'],
    ['CreatePoll', 'cut:chunked', 502, 'false'],
    ['CreatePoll', 'hang-before', 504, 'false'],
    ['CreatePoll', 'hang-after', 504, 'false'],
    ['CreatePoll', 'stall', 504, 'false'],
    ['KickAllParticipants', 'reset-after', 502],
    ['KickAllParticipants', 'hang-after', 504],
    ['UpdateMeeting', 'close-after', 502],
    ['GetMeeting', 'reset-after', 502],
    ['GetMeeting', 'cut:end=reset', 502],
    ['GetMeeting', 'stall:chunked', 504],
  ]) {
    test(`${operation}, ${fault}`, async () => {
      const { answer, sent } = await under(fault, operation);
      assertRefusal(answer, status);
      if (retry) assert.equal(answer.headers['x-should-retry'], retry);
      if (operation === 'CreatePoll') assert.equal(sent.length, 1);
      assert.equal(answer.headers.location, undefined);
      assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
    });
  }
});

describe('a redirect is not followed, so the token goes nowhere', () => {
  for (const [operation, code, retry] of [
    ['CreatePoll', 307, 'false'],
    ['CreatePoll', 302, 'false'],
    ['KickAllParticipants', 308],
    ['GetMeeting', 301],
    ['GetMeeting', 303],
    ['GetMeeting', 307],
  ]) {
    test(`${operation}, ${code}`, async (t) => {
      const elsewhere = await startServer();
      t.after(elsewhere.stop);
      const to = encodeURIComponent(`${elsewhere.url}/client/v4/elsewhere`);
      const { answer, sent } = await under(`redirect:to=${to}:code=${code}`, operation);
      assertRefusal(answer, 502);
      if (retry) assert.equal(answer.headers['x-should-retry'], retry);
      assert.equal(answer.headers.location, undefined);
      assert.deepEqual(
        sent.map(({ status }) => status),
        [code],
      );
      assert.deepEqual(elsewhere.requests, []);
      // It could have been reached.
      assert.equal((await fetch(elsewhere.url)).status, 200);
      assert.equal(elsewhere.requests.length, 1);
    });
  }
});

test('what is no JSON comes as it is', async () => {
  const { answer } = await under('html:code=502', 'GetMeeting');
  assert.equal(answer.status, 502);
  assert.match(answer.headers['content-type'], /^text\/html/);
  assert.match(answer.text, /<html/i);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
});

test('an answer that has no body is one', async () => {
  const { answer } = await under('no-content', 'KickAllParticipants');
  assert.deepEqual([answer.status, answer.text], [204, '']);
});

test('an answer larger than it may be is none, and a read of the next is', async () => {
  const small = await startGateway(emulator, { ...ROOMY, upstream: { max_response_bytes: 2048 } });
  const meeting = await emulator.meeting(20);
  const roster = (query) =>
    small.ask(
      small.grant(meeting),
      'GET',
      small.path(meeting, `sessions/${meeting.session_id}/participants${query}`),
    );
  assertRefusal(await roster(''), 502);
  assert.equal((await roster('?per_page=2')).status, 200);
  const body = Buffer.alloc(4000, 'x').toString('base64url');
  const { answer } = await under(`body:base64=${body}`, 'CreatePoll', small);
  assertRefusal(answer, 502);
  assert.equal(answer.headers['x-should-retry'], 'false');
  await small.stop();
});

test('nobody listens: another try is right where nothing was sent, or it does no harm', async () => {
  const nowhere = { ...emulator, base_url: `http://127.0.0.1:${await freePort()}` };
  const alone = await startGateway(nowhere, ROOMY);
  const meeting = { app_id: 'app', meeting_id: 'meeting' };
  for (const operation of Object.keys(REQUESTS)) {
    const answer = await send(meeting, operation, alone);
    assertRefusal(answer, 502);
    // A Worker's fetch does not say whether something was sent: another poll might be a second one.
    const lost = operation === 'CreatePoll' ? 'false' : undefined;
    assert.equal(answer.headers['x-should-retry'], onWorkers ? lost : 'true', operation);
  }
  const outcomes = alone.auditLines().filter(({ phase }) => phase === 'outcome');
  assert.equal(outcomes.length, 3);
  const path = alone.path(meeting, 'meetings/meeting/audit');
  const { body } = await alone.ask(alone.grant(meeting), 'GET', path);
  const unknown = body.data.records.filter(({ outcome }) => outcome === 'unknown');
  if (!onWorkers) assert.deepEqual(unknown, []);
  else assert.ok(unknown.some(({ operation }) => operation === 'CreatePoll'));
  await alone.stop();
});

test('it is not waited for beyond its time by a client that waits longer', async () => {
  const meeting = await emulator.meeting();
  const { meeting_id } = meeting;
  const steps = ['hang-before'];
  await emulator.control('POST', 'faults', { operation: 'CreatePoll', meeting_id, steps });
  const client = new Ours(gateway.options(meeting));
  const { question, options } = REQUESTS.CreatePoll[2];
  await assert.rejects(
    client.realtimeKit.activeSession.createPoll(meeting.app_id, meeting_id, { question, options }),
    { status: 504, attempts: 1, maybeApplied: true },
  );
  assert.equal((await emulator.requests(meeting_id)).length, 1);
});

test('an answer’s headers are those that are described, and no others', async (t) => {
  const bad = await startServer((_request, response) => {
    response.writeHead(200, {
      ...{ 'content-type': 'application/json', 'set-cookie': 'a=b', 'cf-ray': 'ray-1' },
      ...{ server: 'upstream', 'x-powered-by': 'upstream', 'access-control-allow-origin': '*' },
      ...{ link: '</x>; rel=preload', 'clear-site-data': '"*"', 'cache-control': 'public' },
      ...{ 'x-request-id': 'theirs', 'x-echo': 'Bearer api-token-that-nobody-may-see' },
      ...{ 'retry-after': 'api-token-that-nobody-may-see', refresh: '0; url=//evil.example' },
    });
    response.end('{"success":true,"data":{"token":"api-token-that-nobody-may-see"}}');
  });
  t.after(bad.stop);
  const of = await startGateway({ ...emulator, base_url: bad.url }, ROOMY);
  const meeting = { app_id: 'app', meeting_id: 'meeting' };
  const answer = await send(meeting, 'KickAllParticipants', of);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body.data, { token: '[token]' });
  assertNoSecret(of, answer.text, JSON.stringify(answer.headers));
  assert.equal(answer.headers['cf-ray'], 'ray-1');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.notEqual(answer.headers['x-request-id'], 'theirs');
  for (const name of [
    ...['set-cookie', 'server', 'x-powered-by', 'access-control-allow-origin', 'link', 'x-echo'],
    ...['clear-site-data', 'refresh'],
  ]) {
    assert.equal(answer.headers[name], undefined, name);
  }
  assert.equal(bad.requests[0].headers.authorization, 'Bearer api-token-that-nobody-may-see');
  await of.stop();
});

const MADE_UP = { app_id: 'app', meeting_id: 'm' };

describe('a response that cannot be passed on is none', () => {
  for (const [name, respond] of Object.entries({
    // A Worker's fetch inflates it.
    ...(!onWorkers && {
      'compressed, though nothing asked for it': (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync('{"success":true}'));
      },
    }),
    'truncated, where only the connection says where it ends': (response) => {
      response.socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"success":tr',
      );
    },
  })) {
    test(name, async (t) => {
      const api = await startServer((_asked, response) => respond(response));
      t.after(api.stop);
      const made = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
      t.after(made.stop);
      const read = await send(MADE_UP, 'GetMeeting', made);
      assertRefusal(read, 502, 'The API gave no answer');
      const poll = await send(MADE_UP, 'CreatePoll', made);
      assertRefusal(poll, 502, 'The API gave no answer');
      assert.equal(poll.headers['x-should-retry'], 'false');
      const [, outcome] = made.auditLines();
      assert.equal(outcome.outcome, 'unknown');
      assert.equal(api.requests.length, 2);
    });
  }
});

describe('a connection that the API closes', () => {
  /** An API over bare sockets: `answer(socket, n)` has the n-th request of all. */
  async function bare(t, answer) {
    let count = 0;
    const sockets = new Set();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      let text = '';
      socket.setEncoding('latin1').on('data', (more) => {
        text += more;
        const head = /^[^]*?\r\n\r\n/.exec(text)?.[0];
        const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
        if (!head || text.length < head.length + length) return;
        text = text.slice(head.length + length);
        answer(socket, (count += 1));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const base_url = `http://127.0.0.1:${server.address().port}/client/v4`;
    const made = await startGateway({ ...emulator, base_url }, ROOMY);
    t.after(made.stop);
    return { made, count: () => count };
  }
  const good = (socket) => {
    const body = '{"success":true,"data":{}}';
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };

  test('while it is idle costs no mutation', async (t) => {
    const { made, count } = await bare(t, (socket) => {
      good(socket);
      socket.end();
    });
    for (let n = 1; n <= 20; n += 1) {
      const answer = await send(MADE_UP, 'CreatePoll', made);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(count(), n);
    }
  });

  test('after a request came over it makes no second one', async (t) => {
    // The first warms the connection up; the second is read and not answered.
    const { made, count } = await bare(t, (socket, n) => {
      if (n % 2 === 1) good(socket);
      else socket.destroy();
    });
    for (let n = 1; n <= 10; n += 1) {
      assert.equal((await send(MADE_UP, 'CreatePoll', made)).status, 200);
      const lost = await send(MADE_UP, 'CreatePoll', made);
      assertRefusal(lost, 502, 'The API gave no answer');
      assert.equal(count(), 2 * n);
    }
  });
});
