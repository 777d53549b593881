// What can go wrong on the live channel, message by message: connections that do not last, missed events, trouble.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { APIError } from 'realtimekit-moderator';
import { snapshot, welcome } from '../support/fake-socket.mjs';
import {
  ANN,
  BOB,
  again,
  change,
  connected,
  heartbeat,
  keys,
  problem,
  start,
} from '../support/pushed.mjs';
import { fakeClock, peer } from '../support/watch-fakes.mjs';

const LIMIT = { timeout: 300_000 };
const CID = peer('c cid in 3');

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
