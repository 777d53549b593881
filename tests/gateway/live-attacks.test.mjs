// Attacks on the socket of a watcher: other origins, tricks with subprotocols and the handshake,
// frames that are malformed or too large, clients that read or send too much or too little.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { onWorkers, processTest, startGateway, until } from '../support/gateway.mjs';
import { startCounting } from '../support/held.mjs';
import { OFTEN, PROTOCOL, watch } from '../support/live.mjs';
import { json, startServer } from '../support/server.mjs';
import { frame, handshake, openRaw } from '../support/raw-socket.mjs';

let emulator;
let gateway;
let meeting;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
  gateway = await startGateway(emulator, { ...OFTEN, origins: ['https://page.example.com'] });
  meeting = await emulator.meeting(1);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const host = () => new URL(gateway.url).host;
const port = () => Number(new URL(gateway.url).port);
const path = (query = '') => gateway.path(meeting, `meetings/${meeting.meeting_id}/watch${query}`);

/** Keys of a handshake that are none. */
const KEYS = [
  ...['short', 'x'.repeat(24)],
  ['AAAAAAAAAAAAAAAAAAAAAA==', 'AAAAAAAAAAAAAAAAAAAAAA=='],
];

/** A socket by hand; `headers` as in `handshake`. */
function open({ grant = gateway.grant(meeting), protocols, headers, query, onFrame } = {}) {
  const offered = protocols ?? `${PROTOCOL}, ${grant}`;
  const request = handshake(path(query), host(), offered, headers);
  return openRaw({ port: port(), request, onFrame });
}

/** The status of a handshake, whose socket is closed again. */
async function status(how) {
  const raw = await open(how);
  raw.socket.destroy();
  return raw.status;
}

/** How a socket ends that sends these bytes. */
async function ending(...bytes) {
  const raw = await open();
  assert.equal(raw.status, 101);
  raw.send(...bytes);
  // workerd ends a socket when the client has closed it too, which this one does not.
  await (onWorkers ? until(() => raw.close) : raw.closed);
  raw.socket.destroy();
  return raw.close;
}

describe('a handshake', () => {
  test('of a foreign origin is refused, whatever its grant', async () => {
    const from = (origin) => status({ headers: { origin } });
    assert.equal(await from('https://page.example.com'), 101);
    for (const origin of [
      ...[
        'https://evil.example.com',
        'http://page.example.com',
        'null',
        // workerd has no header that is empty: it is as without one.
        ...(onWorkers ? [] : ['']),
        'https://page.example.com.',
      ],
      ...[['https://page.example.com', 'https://evil.example.com'], 'https://page.example.com/'],
    ]) {
      assert.equal(await from(origin), 403, String(origin));
    }
  });

  test('with other subprotocols is refused, and the grant is never echoed', async () => {
    const grant = gateway.grant(meeting);
    const with_ = (...protocols) => status({ headers: { 'sec-websocket-protocol': protocols } });
    for (const protocols of [
      [grant],
      [`${grant}, ${PROTOCOL}`],
      [`${PROTOCOL}, ${grant}, ${grant}`],
      [`${PROTOCOL}, ${grant}, chat`],
      [`realtimekit-moderator.v2, ${grant}`],
      [`${PROTOCOL.toUpperCase()}, ${grant}`],
      [`${PROTOCOL};a=b, ${grant}`],
      [`${PROTOCOL}, Bearer ${grant}`],
      [PROTOCOL, PROTOCOL],
      [''],
    ]) {
      assert.equal(await with_(...protocols), 400, protocols.join(' | '));
    }
    assert.equal(await status({ headers: { 'sec-websocket-protocol': undefined } }), 400);
    // Two headers are one list.
    const raw = await open({ headers: { 'sec-websocket-protocol': [PROTOCOL, grant] } });
    assert.equal(raw.status, 101);
    assert.match(raw.head, /^sec-websocket-protocol: realtimekit-moderator\.v1$/im);
    assert.ok(!raw.head.includes(grant));
    raw.socket.destroy();
  });

  test('that is none is answered like any request', async () => {
    const grant = gateway.grant(meeting);
    const { status: plain, headers } = await gateway.ask(grant, 'GET', path());
    assert.deepEqual(
      [plain, headers.upgrade, headers['sec-websocket-version']],
      // The runtime has the headers of the connection.
      [426, onWorkers ? undefined : 'websocket', '13'],
    );
    assert.equal((await gateway.ask(grant, 'POST', path(), {})).status, 404);
    for (const headers of [
      { 'sec-websocket-version': '8' },
      { 'sec-websocket-version': ['13', '8'] },
      { upgrade: 'h2c' },
      { connection: 'keep-alive' },
    ]) {
      assert.equal(await status({ headers }), 426, JSON.stringify(headers));
    }
    for (const key of [
      undefined,
      '',
      // What is no key is the runtime's to refuse, as it computes the response.
      ...(onWorkers ? [] : KEYS),
    ]) {
      assert.equal(await status({ headers: { 'sec-websocket-key': key } }), 400, String(key));
    }
    for (const query of [
      '?token=x',
      '?seq=1',
      '?stream=a',
      '?stream=a&seq=-1',
      '?stream=a&seq=1&seq=2',
    ]) {
      assert.equal(await status({ query }), 400, query);
    }
    assert.equal(
      await status({ query: `?stream=${'a'.repeat(60)}&seq=18446744073709551615` }),
      101,
    );
  });

  test('with another meeting’s grant is refused, and another meeting’s stream resumes nothing', async () => {
    const other = await emulator.meeting(1);
    const theirs = await (await watch(gateway, other)).ready();
    await assert.rejects(watch(gateway, meeting, { grant: gateway.grant(other) }), { status: 403 });
    const own = await watch(gateway, meeting, { since: theirs });
    assert.equal((await own.message('welcome')).resumed, false);
    await own.message('snapshot');
    assert.ok(!JSON.stringify(own.messages).includes(other.meeting_id));
    await Promise.all([own.close(), theirs.close()]);
  });
});

describe('frames', () => {
  const text = (value) => frame(0x81, Buffer.from(value));

  // The runtime reads the frames of a Worker.
  processTest('that are malformed close the socket', async () => {
    const malformed = { code: 1002, reason: 'malformed frame' };
    for (const bytes of [
      frame(0x81, Buffer.from('{}'), { masked: false }),
      frame(0xf1, Buffer.from('{}')),
      frame(0xc1, Buffer.from('{}')),
      frame(0x83, Buffer.from('{}')),
      frame(0x8f),
      frame(0x80, Buffer.from('{}')),
      frame(0x09, Buffer.from('ping')),
      frame(0x89, Buffer.alloc(126)),
      Buffer.concat([frame(0x01, Buffer.from('{')), frame(0x81, Buffer.from('{}'))]),
    ]) {
      assert.deepEqual(await ending(bytes), malformed, bytes.toString('hex'));
    }
    assert.equal((await ending(text(Buffer.from([0xff, 0xfe])))).code, 1007);
  });

  test('that are binary close the socket', async () => {
    assert.equal((await ending(frame(0x82, Buffer.from('{}')))).code, 1003);
  });

  test('that are too large close the socket', async () => {
    const large = { code: 1009, reason: 'too large' };
    assert.deepEqual(await ending(text('x'.repeat(16_385))), large);
    const half = Buffer.alloc(10_000, 'x');
    assert.deepEqual(await ending(frame(0x01, half), frame(0x80, half)), large);
  });

  // The runtime reads the length of a frame.
  processTest('of a length that is too large close the socket before they have come', async () => {
    const large = { code: 1009, reason: 'too large' };
    assert.deepEqual(await ending(frame(0x81, Buffer.alloc(9), { length: 2 ** 40 })), large);
  });

  test('with what is no message of the protocol close the socket', async () => {
    const unknown = { code: 1008, reason: 'not a message of this protocol' };
    for (const value of [
      ...['', 'hello', '[]', '{}', 'null', '{"type":"snapshot"}', '{"type":"grant"}'],
      ...['{"type":"grant","token":{}}', '{"type":"refresh","meeting_id":"other"}'],
      `${'['.repeat(8000)}`,
    ]) {
      assert.deepEqual(await ending(text(value)), unknown, value.slice(0, 40));
    }
  });

  test('that are too many close the socket', async () => {
    const many = { code: 4429, reason: 'too many messages' };
    const refresh = text('{"type":"refresh"}');
    assert.deepEqual(await ending(...Array(40).fill(refresh)), many);
  });

  // The runtime answers pings, and joins the parts of a message.
  processTest('of control, or parts of a message, that are too many close the socket', async () => {
    const many = { code: 4429, reason: 'too many messages' };
    assert.deepEqual(await ending(...Array(40).fill(frame(0x89))), many);
    // Parts of a message that never ends.
    const empty = Array(60_000).fill(frame(0x00));
    assert.deepEqual(await ending(frame(0x01, Buffer.from('{')), ...empty), many);
  });

  // The runtime inflates.
  processTest('of a compression bomb close the socket', async () => {
    const { deflateRawSync } = await import('node:zlib');
    const headers = { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' };
    const raw = await open({ headers });
    assert.match(raw.head, /sec-websocket-extensions: permessage-deflate/i);
    raw.send(frame(0xc1, deflateRawSync(Buffer.alloc(8 << 20, 'x'))));
    await raw.closed;
    assert.equal(raw.close.code, 1009);
  });

  // The runtime ends a socket that its client closes.
  processTest('after a close get no response', async () => {
    const raw = await open();
    const close = Buffer.from([3, 232]);
    raw.send(frame(0x88, close), text('{"type":"refresh"}'), frame(0x89));
    await raw.closed;
    assert.deepEqual(raw.close, { code: 1000, reason: '' });
  });
});

describe('a client', () => {
  // What a client does not read waits in the runtime.
  processTest('that does not read is cut off, and costs the others nothing', async (t) => {
    // Each read finds another session, with half a megabyte of peers.
    let session = 0;
    const peer = (place) => ({
      id: `p${place}`,
      joined_at: '2026',
      display_name: 'x'.repeat(1000),
    });
    const participants = Array.from({ length: 500 }, (_, place) => peer(place));
    const api = await startServer((request, response) => {
      const isList = request.url.includes('/participants');
      const data = isList ? { participants } : { id: `s${(session += 1)}`, status: 'LIVE' };
      json(response, { success: true, data });
    });
    t.after(api.stop);
    const own = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, OFTEN);
    t.after(own.stop);
    const request = handshake(
      own.path(meeting, `meetings/${meeting.meeting_id}/watch`),
      new URL(own.url).host,
      `${PROTOCOL}, ${own.grant(meeting)}`,
    );
    const slow = await openRaw({ port: Number(new URL(own.url).port), request });
    slow.socket.pause();
    const fast = await (await watch(own, meeting)).ready();
    await eventually(async () => {
      const names = Object.entries(await own.metrics());
      return names.some(([name, count]) => name.includes('too_slow') && count === 1);
    }, true);
    const { seq } = fast;
    await fast.until(() => fast.seq > seq + 5);
    assert.equal(fast.gap, undefined);
    slow.socket.destroy();
    await fast.close();
  });

  test('has a limit of sockets in a meeting, and other moderators have theirs', async (t) => {
    const own = await startGateway(emulator, { ...OFTEN, live: { sockets_per_moderator: 3 } });
    t.after(own.stop);
    const [one, two, three] = await Promise.all([0, 1, 2].map(() => watch(own, meeting)));
    await assert.rejects(watch(own, meeting), ({ status, headers }) => {
      assert.deepEqual([status, headers['retry-after']], [429, '5']);
      return true;
    });
    const other = await watch(own, meeting, { claims: { sub: 'bob' } });
    await one.close();
    await eventually(async () => {
      const again = await watch(own, meeting).catch(() => undefined);
      await again?.close();
      return again !== undefined;
    }, true);
    await Promise.all([two, three, other].map((one) => one.close()));
  });

  test('opens sockets within its limit of reads, and each is a connection', async (t) => {
    const limits = { connections: 40, connections_per_address: 10 };
    const reads = { limit_per_minute: 5 };
    const own = await startGateway(emulator, { ...OFTEN, limits, reads });
    t.after(own.stop);
    const { connected, stop } = await startCounting(own);
    t.after(stop);
    const five = await Promise.all(Array.from({ length: 5 }, () => watch(own, meeting)));
    await assert.rejects(watch(own, meeting), { status: 429 });
    // The refused one has gone.
    await connected(5);
    const as = (sub) => watch(own, meeting, { claims: { sub } });
    const more = await Promise.all(['bob', 'cid', 'dan', 'eve', 'fay'].map(as));
    if (!onWorkers) {
      // The platform has the connections of a Worker.
      assert.equal((await own.metrics()).rtk_gateway_live_sockets, 10);
      await assert.rejects(as('gil'), { status: 503 });
    }
    await Promise.all([...five, ...more].map((one) => one.close()));
    if (!onWorkers) await eventually(async () => (await own.metrics()).rtk_gateway_live_sockets, 0);
  });
});
