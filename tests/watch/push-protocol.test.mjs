// What can go wrong on the live channel, message by message: short connections, clocks, numbers, hosts, listeners.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { APIError } from 'realtimekit-moderator';
import { fakeSockets, snapshot, welcome } from '../support/fake-socket.mjs';
import { ANN, BOB, connected, keys, start } from '../support/pushed.mjs';
import { fakeClock, peer } from '../support/watch-fakes.mjs';

const LIMIT = { timeout: 20_000 };
const CID = peer('c cid in 3');
const HOUR = 3_600_000;

const change = (seq, peers, fields = {}) => ({
  ...{ type: 'change', seq, read_at: Date.now(), peers },
  ...fields,
});
const heartbeat = (seq, fields = {}) => ({
  ...{ type: 'heartbeat', seq, now: Date.now(), read_at: Date.now() },
  ...fields,
});
const problem = (fields = {}) => ({
  ...{ since: Date.now(), failures: 2, next_at: Date.now() + 9000 },
  ...{ error: { status: 502, code: 1006, message: 'the API is down' } },
  ...fields,
});

/** Takes snapshots until the watch connects again. */
async function again({ next, watch }) {
  const values = [];
  const opening = next();
  let socket;
  opening.then((found) => (socket = found));
  for (;;) {
    const update = watch.next();
    const { value } = (await Promise.race([update, opening.then(() => ({}))])) ?? {};
    if (value) values.push(value);
    if (socket) return { socket, values, update: value ? watch.next() : update };
  }
}

describe('a connection that does not last', LIMIT, () => {
  for (const [how, messages] of Object.entries({
    'after the welcome': () => [welcome(7)],
    'after the snapshot': () => [welcome(7), snapshot(7, [ANN])],
    'after a demand to come back at once': () => [welcome(7), { type: 'reconnect', seq: 7 }],
  })) {
    test(`is made more and more rarely, and the watch polls: ended ${how}`, async (context) => {
      const clock = fakeClock(context);
      const all = await connected();
      const began = clock.now;
      const polled = all.api.paths.length;
      const values = [];
      all.socket.end();
      for (let count = 0; count < 6; count += 1) {
        const found = await again(all);
        values.push(...found.values);
        found.socket.receive(...messages());
        found.socket.end();
        values.push((await found.update).value);
      }
      // 1 + 2 + 4 + 8 + 16 + 30 s, each at least 20 % shorter.
      assert.ok(clock.now - began > 40_000, `${clock.now - began}`);
      assert.ok(all.api.paths.length > polled + 6);
      assert.ok(values.every(({ trouble }) => !trouble));
      await all.watch.return();
    });
  }

  test('is made again soon once one has lasted', async (context) => {
    const clock = fakeClock(context);
    const all = await connected();
    all.socket.end();
    const second = await again(all);
    second.socket.receive(welcome(7, { resumed: true }));
    await second.update;
    clock.now += 60_000;
    const polled = all.api.paths.length;
    second.socket.end();
    const before = clock.now;
    await again(all);
    assert.ok(clock.now - before <= 1200, `${clock.now - before}`);
    assert.equal(all.api.paths.length, polled);
    await all.watch.return();
  });

  test('a gateway cannot stop a watch for long', async (context) => {
    const clock = fakeClock(context);
    const all = await connected();
    all.socket.receive({ type: 'reconnect', seq: 7, after_ms: 4e9 });
    const before = clock.now;
    await again(all);
    assert.ok(clock.now - before <= 300_000, `${clock.now - before}`);
    await all.watch.return();
  });
});

describe('missed events', LIMIT, () => {
  test('that polls have shown do not undo and repeat what they showed', async (context) => {
    const clock = fakeClock(context);
    const all = await connected();
    all.socket.end();
    const second = await again(all);
    all.api.peers = [ANN, BOB, CID];
    second.socket.end();
    const { value: polled } = await second.update;
    const third = await again(all);
    assert.deepEqual(keys([polled, ...third.values].find(({ joined }) => joined.length)).joined, [
      'bob',
      'cid',
    ]);
    clock.held = true;
    const shown = [];
    const loop = (async () => {
      for (let update = third.update; ; update = all.watch.next()) {
        const { value } = await update;
        shown.push(value);
        if (value.participants.length === 3 && !value.participants[2].present) return;
      }
    })();
    // One after the other, as a network brings them.
    for (const message of [
      welcome(10, { resumed: true }),
      { type: 'action', seq: 8, at: 5 },
      change(9, [BOB]),
      change(10, [CID]),
      change(11, [{ ...CID, left_at: '4' }]),
    ]) {
      third.socket.receive(message);
      await new Promise(setImmediate);
    }
    await loop;
    clock.held = false;
    const of = (list) => shown.flatMap((value) => keys(value)[list]);
    assert.deepEqual([of('joined'), of('left'), of('cameBack')], [[], ['cid'], []]);
    assert.equal(shown.flatMap(({ actions }) => actions).length, 1);
    await all.watch.return();
  });

  test('are not skipped because a heartbeat was ahead of them', async (context) => {
    fakeClock(context);
    const all = await connected();
    all.socket.receive(heartbeat(8), { type: 'grant', seq: 8, can: ['read'] });
    await all.watch.next();
    all.socket.end();
    const { socket } = await again(all);
    assert.equal(socket.url.searchParams.get('seq'), '7');
    await all.watch.return();
  });

  test('before the first snapshot are nothing to resume after', async (context) => {
    fakeClock(context);
    const all = await start();
    const first = await again(all);
    first.socket.receive(welcome(0), { type: 'trouble', seq: 1, ...problem() }, change(2, [BOB]));
    const { value } = await first.update;
    assert.equal(value.trouble.error.status, 502);
    assert.deepEqual(keys(value).participants, ['ann']);
    first.socket.end();
    const second = await again(all);
    assert.equal(second.socket.url.search, '');
    await all.watch.return();
  });
});

describe('trouble', LIMIT, () => {
  test('shows before the first snapshot of the channel', async () => {
    const all = await start();
    const first = await again(all);
    first.socket.receive(welcome(1), { type: 'trouble', seq: 1, ...problem() });
    const { trouble, at, participants } = (await first.update).value;
    assert.ok(trouble.error instanceof APIError);
    assert.ok(at > 0);
    assert.equal(participants.length, 1);
    await all.watch.return();
  });

  test('goes on when the connection ends: since the same time', async (context) => {
    fakeClock(context);
    const all = await connected();
    const since = Date.now() - 5000;
    all.socket.receive({ type: 'trouble', seq: 8, ...problem({ since }) });
    const { trouble } = (await all.watch.next()).value;
    assert.deepEqual([trouble.since, trouble.failures], [since, 2]);
    all.api.instead = () => new Response('', { status: 503 });
    all.socket.end();
    const second = await again(all);
    second.socket.end();
    const { value: polled } = await second.update;
    assert.deepEqual([polled.trouble.since, polled.trouble.failures], [since, 3]);
    await all.watch.return();
  });

  test('of polls ends with the connection, though nothing has changed', async (context) => {
    fakeClock(context);
    const all = await connected();
    all.api.instead = () => new Response('', { status: 503 });
    all.socket.end();
    const second = await again(all);
    second.socket.end();
    assert.ok((await second.update).value.trouble);
    const third = await again(all);
    assert.ok(third.values.every(({ trouble }) => trouble));
    third.socket.receive(welcome(7, { resumed: true }));
    assert.equal((await third.update).value.trouble, null);
    await all.watch.return();
  });
});

describe('a clock that jumps', LIMIT, () => {
  for (const by of [HOUR, -HOUR]) {
    test(`by ${by / HOUR} h: the age is right with the next heartbeat`, async (context) => {
      const clock = fakeClock(context);
      clock.held = true;
      const { socket, sockets, watch } = await connected();
      const server = clock.now;
      clock.now += by;
      socket.receive(heartbeat(7, { now: server, read_at: server - 1500 }));
      const { at, age, nextAt } = (await watch.next()).value;
      assert.deepEqual([age, at], [1500, clock.now - 1500]);
      assert.ok(nextAt - clock.now <= 45_000);
      assert.equal(sockets.length, 1);
      await watch.return();
    });
  }

  test('back does not keep it from connecting', async (context) => {
    const clock = fakeClock(context);
    const all = await connected();
    all.socket.end();
    const second = await again(all);
    second.socket.end();
    clock.now -= HOUR;
    const before = clock.now;
    await again(all);
    assert.ok(clock.now - before < 60_000, `${clock.now - before}`);
    await all.watch.return();
  });

  test('back: the data is not of the future', async (context) => {
    const clock = fakeClock(context);
    clock.held = true;
    const { socket, watch } = await connected();
    const server = clock.now;
    clock.now -= HOUR;
    socket.receive(change(8, [BOB], { read_at: server }));
    const { at, age } = (await watch.next()).value;
    assert.deepEqual([at, age], [clock.now, 0]);
    await watch.return();
  });
});

describe('a consumer that is slow', LIMIT, () => {
  test('finds a bounded number of messages, and then what is right', async (context) => {
    fakeClock(context);
    const all = await connected();
    const many = Array.from({ length: 5000 }, (_, at) => peer(`p${at} user-${at} in 5`));
    many.forEach((one, at) => all.socket.receive(change(8 + at, [one])));
    const { socket, update } = await again(all);
    // What is behind the lost ones is not taken for all.
    assert.equal(socket.url.searchParams.get('seq'), '7');
    socket.receive(welcome(5007), snapshot(5007, [ANN, ...many]));
    const { value } = await update;
    assert.deepEqual([value.participants.length, value.joined.length], [5001, 5000]);
    await all.watch.return();
  });
});

describe('the network', LIMIT, () => {
  test('that is another one makes it connect again', async (context) => {
    const page = new EventTarget();
    for (const name of ['addEventListener', 'removeEventListener']) {
      globalThis[name] = page[name].bind(page);
      context.after(() => delete globalThis[name]);
    }
    const clock = fakeClock(context);
    clock.held = true;
    const all = await connected();
    const opening = all.next();
    const update = all.watch.next();
    while (!getEventListeners(page, 'online').length) await new Promise(setImmediate);
    clock.held = false;
    page.dispatchEvent(new Event('online'));
    const socket = await opening;
    assert.equal(all.socket.closed, true);
    assert.equal(socket.url.searchParams.get('seq'), '7');
    socket.receive(welcome(7, { resumed: true }));
    await update;
    await all.watch.return();
    assert.deepEqual(getEventListeners(page, 'online'), []);
  });
});

describe('a grant', LIMIT, () => {
  test('for another gateway does not go to the one before', async () => {
    const all = await connected();
    // It is known that this one pushes, too.
    const other = await start({ client: { baseURL: 'http://localhost/other' } });
    await other.watch.return();
    Object.assign(all.client, { baseURL: 'http://localhost/other', apiToken: 'of-the-other' });
    const { socket } = await again(all);
    assert.deepEqual([all.socket.sent, all.socket.closed], [[], true]);
    assert.equal(socket.url.pathname.split('/')[1], 'other');
    assert.deepEqual(socket.protocols, ['realtimekit-moderator.v1', 'of-the-other']);
    await all.watch.return();
  });
});

describe('between two steps', LIMIT, () => {
  test('a signal closes the connection, and no listener stays', async () => {
    const stop = new AbortController();
    const { socket, watch } = await connected({ options: { signal: stop.signal } });
    assert.equal(socket.closed, false);
    stop.abort();
    assert.equal(socket.closed, true);
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
    await watch.return();
  });

  test('leaving the loop does', async () => {
    const stop = new AbortController();
    const { socket, watch } = await connected({ options: { signal: stop.signal } });
    socket.receive(heartbeat(7));
    for await (const _ of { [Symbol.asyncIterator]: () => watch }) break;
    assert.equal(socket.closed, true);
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
  });
});

describe('a class of one’s own', LIMIT, () => {
  test('may say no code at the end', async (context) => {
    fakeClock(context);
    const all = await connected();
    all.socket.end(undefined);
    all.socket.onclose?.({});
    const { socket } = await again(all);
    assert.notEqual(socket, all.socket);
    await all.watch.return();
  });

  test('may throw when it sends or closes', async () => {
    const { FakeSocket, next } = fakeSockets();
    class Throws extends FakeSocket {
      send() {
        throw new Error('send');
      }
      close() {
        super.close();
        throw new Error('close');
      }
    }
    const all = await start({ options: { WebSocket: Throws } });
    const [opening, update] = [next(), all.watch.next()];
    const socket = await opening;
    socket.receive(welcome(7), snapshot(7, [ANN]));
    await update;
    all.client.apiToken = 'another';
    socket.receive(change(8, [BOB]));
    assert.deepEqual(keys((await all.watch.next()).value).joined, ['bob']);
    await all.watch.return();
    assert.equal(socket.closed, true);
  });
});
