// Where one request ends and the next begins, nobody can make the gateway doubt: smuggling, broken
// heads, and requests that are too large, too many or too slow.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertNoSecret, assertRefusal, startGateway, until } from '../support/gateway.mjs';
import { answers, ask, open, raw } from '../support/wire.mjs';

const BODY_BYTES = 4096;
const HEAD_BYTES = 8192;
/** How long a head or a body may take: no test that sends at once takes as long. */
const SLOW_MS = 1500;

let emulator;
let gateway;
/** It takes long for what is large. */
let patient;
let meeting;
before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  gateway = await startGateway(emulator, {
    ...ROOMY,
    limits: {
      ...{ body_bytes: BODY_BYTES, head_bytes: HEAD_BYTES },
      ...{ head_timeout_ms: SLOW_MS, idle_timeout_ms: SLOW_MS, body_timeout_ms: SLOW_MS },
    },
  });
  const limits = { body_bytes: BODY_BYTES, head_bytes: HEAD_BYTES };
  patient = await startGateway(emulator, { ...ROOMY, limits });
  meeting = await emulator.meeting();
});
after(() => Promise.all([gateway, patient, emulator].map((one) => one?.stop())));

const at = (rest) => gateway.path(meeting, rest);
const active = (rest) => at(`meetings/${meeting.meeting_id}/active-session/${rest}`);
const bearer = (of = gateway) => `Authorization: Bearer ${of.grant(meeting)}`;
const sent = async () => (await emulator.requests()).length;

/** A good request is answered. What was recorded has been looked at by then, and is forgotten. */
async function assertAlive() {
  const path = at(`meetings/${meeting.meeting_id}`);
  const headers = { authorization: `Bearer ${gateway.grant(meeting)}` };
  assert.equal((await ask(gateway.url, { path, headers })).status, 200);
  await emulator.control('DELETE', 'requests');
}

const POLL = '{"question":"q","options":["a"]}';
const SIZE = POLL.length.toString(16);

/** What somebody would smuggle in: it would act, if it were taken for a request. */
const smuggled = () =>
  `POST ${active('kick-all')} HTTP/1.1\r\nHost: x\r\n${bearer()}\r\nContent-Length: 0\r\n\r\n`;

const head = (line, ...headers) => [line, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n');
const poll = (...headers) =>
  head(`POST ${active('poll')} HTTP/1.1`, bearer(), 'Content-Type: application/json', ...headers);
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
const LAST = '0\r\n\r\n';

/**
 * Sends bytes that hold one request, however they are read. At most one answer comes, nothing that
 * was smuggled acts, and where `status` is given, nothing acts at all.
 */
async function assertOne(bytes, status) {
  const before = await emulator.requests();
  const list = await raw(gateway.url, bytes);
  assert.ok(list.length <= 1, `${list.length} answers: ${list.map((one) => one.status)}`);
  for (const one of list) assertNoSecret(gateway, one.text, JSON.stringify(one.headers));
  const fresh = (await emulator.requests()).slice(before.length);
  assert.deepEqual(
    fresh.filter(({ operation }) => operation !== 'CreatePoll'),
    [],
  );
  if (status) {
    assert.deepEqual(fresh, []);
    if (list.length) assert.ok(status.includes(list[0].status), `${list[0].status}`);
  }
  await assertAlive();
}

const BAD = [400, 411, 413, 431, 501];

describe('two lengths of one body', () => {
  for (const [name, bytes, status] of [
    [
      'a length, then chunks: by the length the rest is the body',
      () =>
        poll(`Content-Length: ${LAST.length + smuggled().length}`, 'Transfer-Encoding: chunked') +
        LAST +
        smuggled(),
      BAD,
    ],
    [
      'chunks, then a length',
      () => poll('Transfer-Encoding: chunked', 'Content-Length: 4') + chunk(smuggled()) + LAST,
      BAD,
    ],
    [
      'two lengths that differ',
      () =>
        poll(
          `Content-Length: ${POLL.length}`,
          `Content-Length: ${POLL.length + smuggled().length}`,
        ) +
        POLL +
        smuggled(),
      BAD,
    ],
    [
      'two lengths in one line',
      () => poll(`Content-Length: ${POLL.length}, 0`) + POLL + smuggled(),
      BAD,
    ],
    [
      'a length with a sign',
      () => poll(`Content-Length: +${POLL.length}`) + POLL + smuggled(),
      BAD,
    ],
    ['a length below none', () => poll('Content-Length: -1') + smuggled(), BAD],
    ['a length in hexadecimal', () => poll('Content-Length: 0x20') + POLL + smuggled(), BAD],
    ['a length that is no number', () => poll('Content-Length: ten') + POLL + smuggled(), BAD],
    ['an empty length', () => poll('Content-Length:') + smuggled(), BAD],
    [
      'a length beyond 64 bits',
      () => poll('Content-Length: 18446744073709551617') + smuggled(),
      BAD,
    ],
    [
      'chunks of a coding nobody knows',
      () => poll('Transfer-Encoding: xchunked') + chunk(POLL) + LAST + smuggled(),
      BAD,
    ],
    [
      'chunked, but not last',
      () => poll('Transfer-Encoding: chunked, identity') + chunk(POLL) + LAST + smuggled(),
      BAD,
    ],
    [
      'chunked twice, one of them hidden',
      () => poll('Transfer-Encoding: chunked', 'Transfer-Encoding: cow') + LAST + smuggled(),
      BAD,
    ],
    [
      'a coding behind a vertical tab',
      () => poll('Content-Length: 4', 'Transfer-Encoding: \x0bchunked') + LAST + smuggled(),
      BAD,
    ],
    [
      'chunks in HTTP/1.0',
      () => poll('Transfer-Encoding: chunked').replace('HTTP/1.1', 'HTTP/1.0') + LAST + smuggled(),
      BAD,
    ],
  ]) {
    test(name, () => assertOne(bytes(), status));
  }
});

describe('a head that is broken', () => {
  const length = `Content-Length: ${POLL.length}`;
  for (const [name, ...headers] of [
    ['a line folded', 'X-A: b', ' Transfer-Encoding: chunked', length],
    ['a line folded by a tab', 'X-A: b', '\tTransfer-Encoding: chunked', length],
    ['a NUL in a value', 'X-A: a\0b', length],
    ['a NUL in a name', 'X-\0A: b', length],
    ['a space before the colon', length, 'Transfer-Encoding : chunked'],
    ['a tab before the colon', length, 'Transfer-Encoding\t: chunked'],
    ['no colon', 'Transfer-Encoding chunked', length],
    ['no name', ': x', length],
    ['a name in brackets', '(X): x', length],
    ['a name with a space', 'X A: x', length],
    ['a carriage return in a value', `X-A: a\rTransfer-Encoding: chunked`, length],
    ['a DEL in a value', 'X-A: a\x7fb', length],
  ]) {
    test(name, () => assertOne(poll(...headers) + POLL, [400]));
  }

  test('a bare line feed hides no second length', () =>
    assertOne(poll(`${length}\nTransfer-Encoding: chunked`) + LAST + smuggled(), BAD));

  test('a folded line is no authorization', async () => {
    const line = bearer().replace(' Bearer', '\r\n Bearer');
    const text = head(`POST ${active('kick-all')} HTTP/1.1`, line, 'Content-Length: 0');
    await assertOne(text, [400, 401]);
  });

  test('no Host, and two', async () => {
    const good = poll(length) + POLL;
    const none = good.replace('Host: 127.0.0.1\r\n', '');
    const two = good.replace('Host: 127.0.0.1', 'Host: 127.0.0.1\r\nHost: evil.example');
    for (const text of [none, two]) await assertOne(text, [400]);
  });
});

describe('chunks that are broken', () => {
  for (const [name, body] of Object.entries({
    'no number': `zz\r\n${POLL}\r\n${LAST}`,
    'a number below none': `-5\r\n${POLL}\r\n${LAST}`,
    'a number with a prefix': `0x20\r\n${POLL}\r\n${LAST}`,
    'a number beyond 64 bits': `ffffffffffffffff1\r\n${POLL}\r\n${LAST}`,
    'more than was said': `2\r\n${POLL}\r\n${LAST}`,
    'a line feed for a line end': `${SIZE}\n${POLL}\n0\n\n`,
    'an endless extension': `${SIZE};${'a'.repeat(200_000)}\r\n${POLL}\r\n${LAST}`,
    'an extension with a line feed': `${SIZE};a\n${POLL}\r\n${LAST}`,
    'trailers without end': `${chunk(POLL)}0\r\n${'X-A: b\r\n'.repeat(20_000)}\r\n`,
    'no last one': chunk(POLL),
  })) {
    test(name, () => assertOne(poll('Transfer-Encoding: chunked') + body, [400, 408, 413, 431]));
  }

  test('trailers change nothing', async () => {
    const before = await sent();
    const trailers = `0\r\nAuthorization: Bearer x\r\nContent-Length: 5\r\n\r\n`;
    const bytes = poll('Transfer-Encoding: chunked', 'Connection: close') + chunk(POLL) + trailers;
    const [answer] = await raw(gateway.url, bytes);
    assert.equal(answer.status, 201);
    assert.equal(await sent(), before + 1);
  });
});

describe('after a refusal', () => {
  test('the next request on the connection is judged by itself', async () => {
    const before = await sent();
    const path = at(`meetings/${meeting.meeting_id}`);
    const good = head(`GET ${path} HTTP/1.1`, bearer());
    const none = head(`POST ${active('kick-all')} HTTP/1.1`, 'Content-Length: 0');
    const list = await raw(gateway.url, good + none + none);
    assert.equal(list[0].status, 200);
    for (const one of list.slice(1)) assertRefusal(one, 401, 'The grant is missing');
    const fresh = (await emulator.requests()).slice(before);
    assert.deepEqual(
      fresh.filter(({ operation }) => operation !== 'GetMeeting'),
      [],
    );
  });

  for (const [name, line, ...headers] of [
    ['for want of a grant', 'kick-all'],
    ['for want of a route', 'nowhere'],
    ['for its type', 'poll', 'Content-Type: text/plain', 'granted'],
    ['for its origin', 'poll', 'Origin: https://evil.example', 'granted'],
  ]) {
    test(`${name}, its body is no request`, async () => {
      const all = headers.map((header) => (header === 'granted' ? bearer() : header));
      const body = smuggled();
      const length = `Content-Length: ${body.length}`;
      await assertOne(head(`POST ${active(line)} HTTP/1.1`, ...all, length) + body, [
        ...[400, 401, 403, 404, 415],
      ]);
    });
  }

  test('and after a read, its body is no request', async () => {
    const body = smuggled();
    const path = at(`meetings/${meeting.meeting_id}`);
    const bytes = head(`GET ${path} HTTP/1.1`, bearer(), `Content-Length: ${body.length}`) + body;
    const before = await sent();
    const list = await raw(gateway.url, bytes);
    assert.equal(list.length, 1, 'what was read of it or not');
    const fresh = (await emulator.requests()).slice(before);
    assert.ok(fresh.every(({ operation }) => operation === 'GetMeeting'));
  });

  test('a body that is announced is not asked for', async () => {
    const expect = ['Expect: 100-continue', `Content-Length: ${POLL.length}`];
    const line = `POST ${active('poll')} HTTP/1.1`;
    const [none] = await raw(gateway.url, head(line, 'Content-Type: application/json', ...expect));
    assertRefusal(none, 401, 'The grant is missing');

    const connection = await open(gateway.url);
    connection.write(poll(...expect, 'Connection: close'));
    await connection.until((text) => text.includes('100 Continue'));
    connection.write(POLL);
    const [first, second] = answers(await connection.closed);
    assert.deepEqual([first.status, second.status], [100, 201]);
  });

  test('for its size, its body is no request', async () => {
    const body = smuggled().repeat(20);
    await assertOne(poll(`Content-Length: ${body.length}`) + body, [413]);
  });
});

describe('who is refused while still sending', () => {
  const big = JSON.stringify({ question: 'q'.repeat(1_000_000), options: ['a'] });
  const json = 'Content-Type: application/json';
  for (const [name, status, path, ...headers] of [
    ['for its size', 413, 'poll', json, 'granted'],
    ['for want of a grant', 401, 'poll', json],
    ['for want of a route', 404, 'nowhere', json, 'granted'],
    ['for its origin', 403, 'poll', json, 'granted', 'Origin: https://evil.example'],
  ]) {
    for (const inChunks of [false, true]) {
      const how = inChunks ? 'in chunks' : 'by its length';
      test(`${name}, ${how}, is told, and may ask on`, async () => {
        const lines = headers.map((header) => (header === 'granted' ? bearer(patient) : header));
        const size = inChunks ? 'Transfer-Encoding: chunked' : `Content-Length: ${big.length}`;
        const parts = big.match(/.{1,100000}/g).map((part) => (inChunks ? chunk(part) : part));
        if (inChunks) parts.push(LAST);
        const connection = await open(patient.url);
        connection.write(head(`POST ${active(path)} HTTP/1.1`, ...lines, size) + parts[0]);
        await connection.until((text) => text.includes('\r\n\r\n'));
        for (const part of parts.slice(1)) connection.write(part);
        const next = at(`meetings/${meeting.meeting_id}`);
        connection.write(head(`GET ${next} HTTP/1.1`, bearer(patient), 'Connection: close'));
        const list = answers(await connection.closed);
        assert.deepEqual(
          list.map((answer) => answer.status),
          [status, 200],
        );
      });
    }
  }

  test('and wants to end the connection, is told, and not broken off', async () => {
    const { hostname, port } = new URL(patient.url);
    const socket = connect({ host: hostname, port: Number(port) });
    let text = '';
    socket.setEncoding('latin1').on('data', (more) => (text += more));
    const ended = once(socket, 'close');
    const size = `Content-Length: ${big.length}`;
    const begun = poll(size, 'Connection: close').replace(/Authorization: [^\r]*/, bearer(patient));
    socket.write(begun + big.slice(0, 1000));
    await until(() => text.endsWith('}'));
    assertRefusal(answers(text)[0], 413);
    for (let at = 1000; at < big.length; at += 10_000) {
      await promisify(socket.write.bind(socket))(big.slice(at, at + 10_000));
    }
    const [hadError] = await ended;
    assert.equal(hadError, false);
  });

  test('is not listened to for ever', async () => {
    const connection = await open(gateway.url);
    connection.write(poll('Content-Length: 10000000000'));
    let isOpen = true;
    connection.closed.then(() => (isOpen = false));
    const drip = setInterval(() => isOpen && connection.write(' '), 50);
    const list = answers(await connection.closed);
    clearInterval(drip);
    assert.equal(list.length, 1);
    assertRefusal(list[0], 413);
  });
});

describe('too large', () => {
  const big = JSON.stringify({ question: 'q'.repeat(BODY_BYTES), options: ['a'] });

  test('a body by its length, also one that is never sent', async () => {
    const before = await sent();
    const [whole] = await raw(gateway.url, poll(`Content-Length: ${big.length}`) + big);
    assertRefusal(whole, 413);
    for (const length of [BODY_BYTES + 1, 10_000_000_000, '18446744073709551615']) {
      const list = await raw(gateway.url, poll(`Content-Length: ${length}`));
      assert.ok([400, 413, 431].includes(list[0].status), `${list[0].status}`);
    }
    assert.equal(await sent(), before);
    await assertAlive();
  });

  test('a body in chunks', async () => {
    const before = await sent();
    const chunks = big.match(/.{1,512}/g).map(chunk);
    const [answer] = await raw(
      gateway.url,
      poll('Transfer-Encoding: chunked') + chunks.join('') + LAST,
    );
    assertRefusal(answer, 413);
    assert.equal(await sent(), before);
    await assertAlive();
  });

  test('a body of the limit goes up', async () => {
    const body = POLL + ' '.repeat(BODY_BYTES - POLL.length);
    assert.equal(body.length, BODY_BYTES);
    const answer = await gateway.ask(gateway.grant(meeting), 'POST', active('poll'), body);
    assert.equal(answer.status, 201, answer.text);
  });

  test('a head, by one header, by many, by the target', async () => {
    const line = `POST ${active('kick-all')} HTTP/1.1`;
    const rest = [bearer(), 'Content-Length: 0'];
    const letters = 'a'.repeat(HEAD_BYTES);
    const many = Array.from({ length: 5000 }, (_, n) => `X-${n}: y`);
    for (const bytes of [
      head(line, ...rest, `X-A: ${letters}`),
      head(line, ...rest, `${letters}: x`),
      head(line, ...rest, ...many),
      head(line, ...rest, ...Array(2000).fill('Authorization: Bearer x')),
      head(line.replace(' HTTP', `?${letters} HTTP`), ...rest),
      head(line.replace('/active', `/${letters}/active`), ...rest),
      head(line.replace('POST', letters), ...rest),
    ]) {
      await assertOne(bytes, [400, 404, 405, 414, 431]);
    }
  });

  test('a head without end', async () => {
    const before = await sent();
    const connection = await open(gateway.url);
    connection.write(`POST ${active('kick-all')} HTTP/1.1\r\nHost: x\r\nX-A: `);
    for (let n = 0; n < 64; n += 1) connection.write('a'.repeat(4096));
    const list = answers(await connection.closed);
    assert.ok(list.length <= 1);
    for (const { status } of list) assert.ok([400, 408, 431].includes(status), `${status}`);
    assert.equal(await sent(), before);
    await assertAlive();
  });
});

describe('too slow', { concurrency: 4 }, () => {
  // Whatever comes too slowly is ended by the gateway: that the connection closes is what is asked.
  const start = (n) => poll('Content-Length: 4').slice(0, n);

  test('a head that does not come', async () => {
    const connection = await open(gateway.url);
    const list = answers(await connection.closed);
    for (const { status } of list) assert.equal(status, 408);
  });

  test('a head that stops', async () => {
    const list = await raw(gateway.url, start(40));
    for (const { status } of list) assert.ok([400, 408].includes(status));
  });

  test('a head that drips', async () => {
    const connection = await open(gateway.url);
    let isOpen = true;
    connection.closed.then(() => (isOpen = false));
    connection.write(start(40));
    const drip = setInterval(() => isOpen && connection.write('x'), 50);
    const list = answers(await connection.closed);
    clearInterval(drip);
    for (const { status } of list) assert.ok([400, 408].includes(status));
  });

  test('a body that does not come, or stops', async () => {
    for (const part of ['', POLL.slice(0, 10)]) {
      const list = await raw(gateway.url, poll(`Content-Length: ${POLL.length}`) + part);
      assert.equal(list.length, 1);
      assertRefusal(list[0], 408);
    }
  });

  test('a body that drips', async () => {
    const connection = await open(gateway.url);
    connection.write(poll('Content-Length: 4000'));
    let isOpen = true;
    connection.closed.then(() => (isOpen = false));
    const drip = setInterval(() => isOpen && connection.write(' '), 50);
    const list = answers(await connection.closed);
    clearInterval(drip);
    assert.equal(list.length, 1);
    assertRefusal(list[0], 408);
  });

  test('chunks that stop', async () => {
    const list = await raw(gateway.url, poll('Transfer-Encoding: chunked') + chunk('{"que'));
    assert.equal(list.length, 1);
    assertRefusal(list[0], 408);
  });

  test('a connection that is not used any more', async () => {
    const path = at(`meetings/${meeting.meeting_id}`);
    const list = await raw(gateway.url, head(`GET ${path} HTTP/1.1`, bearer()));
    assert.equal(list.length, 1);
    assert.equal(list[0].status, 200);
  });
});

test('what came too slowly was never sent', async () => {
  const acted = (await emulator.requests()).filter(({ operation }) => operation !== 'GetMeeting');
  assert.deepEqual(acted, []);
  await assertAlive();
});

describe('more connections than there may be', () => {
  const HALF = 'GET /healthz HTTP/1.1\r\nHost: x\r\n';
  const few = (more) => startGateway(emulator, { ...ROOMY, limits: { connections: 8, ...more } });

  test('are told so, and health checks have room of their own', async () => {
    const small = await few({ head_timeout_ms: 600_000 });
    const held = [];
    for (let n = 0; n < 8; n += 1) {
      held.push(await open(small.url));
      held[n].write(HALF);
    }
    // Connections are taken in their order, so the eight are when the ninth has its response.
    for (const path of ['/healthz', '/readyz']) {
      assert.equal((await ask(small.url, { path })).status, 200, path);
    }
    const meeting = await emulator.meeting();
    const grant = small.grant(meeting);
    const path = small.path(meeting, `meetings/${meeting.meeting_id}`);
    const refused = await small.ask(grant, 'GET', path);
    assertRefusal(refused, 503, 'The gateway is busy: please try again');
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal(refused.headers.connection, 'close');
    held[7].close();
    let answer;
    do answer = await small.ask(grant, 'GET', path);
    while (answer.status === 503);
    assert.equal(answer.status, 200);
    for (const connection of held) connection.close();
    await small.stop();
  });

  test('one address has its share of them', async () => {
    const small = await startGateway(emulator, {
      ...ROOMY,
      limits: { connections_per_address: 4, head_timeout_ms: 600_000 },
    });
    const held = await Promise.all(Array.from({ length: 4 }, () => open(small.url)));
    for (const connection of held) connection.write(HALF);
    const meeting = await emulator.meeting();
    const path = small.path(meeting, `meetings/${meeting.meeting_id}`);
    const headers = { authorization: `Bearer ${small.grant(meeting)}` };
    assert.equal((await ask(small.url, { path, headers })).status, 503);
    assert.equal((await ask(small.url, { path: '/healthz' })).status, 200);
    // Another address of this machine.
    const elsewhere = await ask(small.url, { path, headers, localAddress: '127.0.0.2' });
    assert.equal(elsewhere.status, 200);
    for (const connection of held) connection.close();
    await small.stop();
  });

  test('are all ended when they are too slow, and then all is well', async () => {
    const small = await few({ head_timeout_ms: SLOW_MS, idle_timeout_ms: SLOW_MS });
    const idle = await Promise.all(Array.from({ length: 40 }, () => open(small.url)));
    for (const connection of idle) connection.write(HALF);
    await Promise.all(idle.map(({ closed }) => closed));
    const answer = await ask(small.url, { path: '/healthz' });
    assert.deepEqual([answer.status, answer.text.trim()], [200, 'ok']);
    await small.stop();
  });
});

describe('a client that does not read', () => {
  /** Starts to send reads of a large roster, and reads nothing. */
  async function deaf(of, count) {
    const large = await emulator.meeting(100);
    const path = of.path(large, `sessions/${large.session_id}/participants?per_page=100`);
    const line = `GET ${path} HTTP/1.1`;
    const authorization = `Authorization: Bearer ${of.grant(large)}`;
    const { hostname, port } = new URL(of.url);
    const socket = connect({ host: hostname, port: Number(port) });
    // A reset is what is waited for.
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    socket.pause();
    socket.write(head(line, authorization).repeat(count - 1));
    socket.write(head(line, authorization, 'Connection: close'));
    return { socket, closed };
  }
  const reads = { ...ROOMY.reads, fresh_ms: 60_000 };

  test('is cut off, and makes place for another', { timeout: 300_000 }, async () => {
    const limits = { connections: 1, write_timeout_ms: 300, head_timeout_ms: 600_000 };
    const small = await startGateway(emulator, { ...ROOMY, reads, limits });
    // More than the system keeps of either side’s.
    const { closed } = await deaf(small, 40_000);
    await closed;
    const meeting = await emulator.meeting();
    const path = small.path(meeting, `meetings/${meeting.meeting_id}`);
    let answer;
    do answer = await small.ask(small.grant(meeting), 'GET', path);
    while (answer.status === 503);
    assert.equal(answer.status, 200);
    await small.stop();
  });

  test('for long, but does, gets all there is', { timeout: 300_000 }, async () => {
    const limits = { write_timeout_ms: 3000 };
    const made = await startGateway(emulator, { ...ROOMY, reads, limits });
    const count = 2000;
    const { socket, closed } = await deaf(made, count);
    // Half a megabyte now and then: of them all it takes much longer than it may take of none.
    let whole = 0;
    let text = '';
    let room = 0;
    const pace = setInterval(() => {
      room = 1 << 19;
      socket.resume();
    }, 60);
    socket.setEncoding('latin1').on('data', (chunk) => {
      const parts = (text + chunk).split('HTTP/1.1 200 ');
      whole += parts.length - 1;
      text = parts.at(-1).slice(-20);
      room -= chunk.length;
      if (room <= 0) socket.pause();
    });
    await closed;
    clearInterval(pace);
    assert.equal(whole, count);
    await made.stop();
  });
});

test(
  'the metrics’ own place has room when all others are taken',
  { timeout: 300_000 },
  async () => {
    const limits = { connections: 1, head_timeout_ms: 600_000 };
    const small = await startGateway(emulator, { ...ROOMY, limits });
    const held = await open(small.url);
    held.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    while ((await small.metrics()).rtk_gateway_connections !== 1);
    assert.ok('rtk_gateway_budget_remaining' in (await small.metrics()));
    held.close();
    await small.stop();
  },
);

test('what is whole is taken, by its length and in chunks', async () => {
  for (const bytes of [
    poll(`Content-Length: ${POLL.length}`, 'Connection: close') + POLL,
    poll('Transfer-Encoding: chunked', 'Connection: close') + chunk(POLL) + LAST,
  ]) {
    const before = await sent();
    const [answer] = await raw(gateway.url, bytes);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(await sent(), before + 1);
  }
});

describe('a header that is injected', () => {
  for (const [name, value] of Object.entries({
    'a line end': 'k\r\nX-Injected: 1',
    'a line feed': 'k\nX-Injected: 1',
  })) {
    test(`${name} in an Idempotency-Key is another header, and goes nowhere`, async () => {
      const length = `Content-Length: ${POLL.length}`;
      const bytes = poll(`Idempotency-Key: ${name.length}${value}`, length, 'Connection: close');
      const list = await raw(gateway.url, bytes + POLL);
      assert.equal(list.length, 1);
      assert.equal(list[0].headers['x-injected'], undefined);
      const { headers } = (await emulator.requests()).at(-1);
      assert.equal(headers['x-injected'], undefined);
    });
  }

  for (const [name, value] of Object.entries({
    'an empty key': '',
    'a key of 256 letters': 'k'.repeat(256),
    'a key with a space': 'a b',
    'a key with a tab': 'a\tb',
    'a key beyond ASCII': 'k\xe9',
  })) {
    test(name, async () => {
      const before = await sent();
      const length = `Content-Length: ${POLL.length}`;
      const bytes = poll(`Idempotency-Key: ${value}`, length, 'Connection: close') + POLL;
      const [answer] = await raw(gateway.url, bytes);
      assertRefusal(answer, 400, /Idempotency-Key/i);
      assert.equal(await sent(), before);
      await assertAlive();
    });
  }

  test('two keys', async () => {
    const before = await sent();
    const keys = ['Idempotency-Key: a', 'Idempotency-Key: b', `Content-Length: ${POLL.length}`];
    const [answer] = await raw(gateway.url, poll(...keys, 'Connection: close') + POLL);
    assertRefusal(answer, 400, /Idempotency-Key/i);
    assert.equal(await sent(), before);
  });
});
