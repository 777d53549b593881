// The live channel of a watch and what is around it: the clock, a slow consumer, the network, other hosts, signals, classes.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { fakeSockets, snapshot, welcome } from '../support/fake-socket.mjs';
import { ANN, BOB, again, change, connected, heartbeat, keys, start } from '../support/pushed.mjs';
import { fakeClock, peer } from '../support/watch-fakes.mjs';

const LIMIT = { timeout: 300_000 };
const HOUR = 3_600_000;

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
