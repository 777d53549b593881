// `watch()` over the gateway's live channel: it replaces polling while it is there, loses nothing when it breaks, and polls
// where there is none. The protocol is that of docs/live.md.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Cloudflare, { APIError } from 'realtimekit-moderator';
import { PUSHES, fakeSockets, snapshot, welcome } from '../support/fake-socket.mjs';
import { ANN, BOB, connected, keys, start } from '../support/pushed.mjs';
import { fakeApi, fakeClock } from '../support/watch-fakes.mjs';

const LIMIT = { timeout: 300_000 };

describe('connected', LIMIT, () => {
  test('with the grant as a subprotocol, and not in the URL', async () => {
    const { socket, watch } = await connected();
    assert.match(
      socket.url.href,
      /^ws:\/\/localhost\/accounts\/acc\/.*\/meetings\/meeting\/watch$/,
    );
    assert.deepEqual(socket.protocols, ['realtimekit-moderator.v1', 'a-token']);
    await watch.return();
  });

  test('it shows changes, and polls no more', async () => {
    const { api, socket, watch } = await connected();
    const polled = api.paths.length;
    socket.receive({ type: 'change', seq: 8, read_at: Date.now(), peers: [BOB], joined: ['bob'] });
    assert.deepEqual(keys((await watch.next()).value), {
      participants: ['ann', 'bob'],
      joined: ['bob'],
      left: [],
      cameBack: [],
    });
    const gone = { ...ANN, left_at: '3' };
    socket.receive({ type: 'change', seq: 9, read_at: Date.now(), peers: [gone], left: ['ann'] });
    const { value } = await watch.next();
    assert.deepEqual(keys(value).left, ['ann']);
    assert.deepEqual(
      value.participants.map(({ present }) => present),
      [false, true],
    );
    socket.receive({ type: 'change', seq: 10, read_at: Date.now(), removed: ['a'] });
    assert.deepEqual(keys((await watch.next()).value).participants, ['bob']);
    assert.equal(api.paths.length, polled);
    await watch.return();
  });

  test('it merges what has changed of the session', async () => {
    const { socket, watch } = await connected();
    socket.receive({ type: 'change', seq: 8, read_at: 1, session: { live_participants: 4 } });
    const { session } = (await watch.next()).value;
    assert.deepEqual(session, { id: 's1', status: 'LIVE', live_participants: 4 });
    socket.receive(snapshot(9, [], { session: null }));
    const { value } = await watch.next();
    assert.deepEqual([value.session, keys(value).left], [null, ['ann']]);
    await watch.return();
  });

  test('several messages at once make one snapshot', async () => {
    const { socket, watch } = await connected();
    const action = { id: 'x1', moderator: 'mia', operation: 'KickParticipants', outcome: 'done' };
    const moderators = { count: 1, moderators: [{ sub: 'mia', since: 5 }] };
    socket.receive(
      { type: 'action', seq: 8, at: 5, action },
      { type: 'action', seq: 9, at: 6 },
      { type: 'moderators', seq: 10, ...moderators },
      { type: 'change', seq: 11, read_at: Date.now(), peers: [BOB], joined: ['bob'] },
    );
    const { value } = await watch.next();
    assert.deepEqual(keys(value).joined, ['bob']);
    assert.deepEqual(value.actions[0], action);
    assert.equal(value.actions[1].at, 6);
    assert.equal(value.moderators.moderators[0].sub, 'mia');
    socket.receive({ type: 'heartbeat', seq: 11, now: Date.now(), read_at: Date.now() });
    const later = (await watch.next()).value;
    assert.deepEqual([later.actions, later.moderators.count], [[], 1]);
    await watch.return();
  });

  test('it reports trouble, until a change ends it', async () => {
    const { socket, watch } = await connected();
    const began = Date.now();
    const error = { status: 502, code: 10_000, message: 'the API is down' };
    socket.receive({
      type: 'trouble',
      seq: 8,
      since: Date.now(),
      failures: 3,
      next_at: Date.now() + 9000,
      error,
    });
    const { trouble, participants, nextAt } = (await watch.next()).value;
    assert.ok(trouble.error instanceof APIError);
    assert.deepEqual(
      [trouble.error.status, trouble.error.message, trouble.failures, participants.length],
      [502, '502 the API is down', 3, 1],
    );
    assert.ok(nextAt > began + 5000);
    socket.receive({ type: 'change', seq: 9, read_at: Date.now() });
    assert.equal((await watch.next()).value.trouble, null);
    await watch.return();
  });

  test('it reports trouble that is there before the first snapshot, and keeps what was polled', async () => {
    const { next, watch } = await start();
    const [opening, update] = [next(), watch.next()];
    const socket = await opening;
    const error = { status: 502, code: 10_000, message: 'the API is down' };
    const times = { since: Date.now(), failures: 1, next_at: Date.now() + 9000 };
    socket.receive(welcome(7), { type: 'trouble', seq: 7, ...times, error });
    const { trouble, participants, at } = (await update).value;
    assert.deepEqual([trouble.error.status, participants.length], [502, 1]);
    assert.ok(at > 0);
    socket.receive(snapshot(8, [ANN]));
    assert.equal((await watch.next()).value.trouble, null);
    await watch.return();
  });

  test('times are those of this clock', async () => {
    const { socket, watch } = await connected();
    const behind = Date.now() - 3_600_000;
    socket.receive({ type: 'heartbeat', seq: 7, now: behind, read_at: behind - 4000 });
    // The offset is known from the next message on.
    await watch.next();
    socket.receive({ type: 'change', seq: 8, read_at: behind - 4000, peers: [BOB] });
    const { at, age } = (await watch.next()).value;
    assert.ok(age >= 4000 && age < 14_000, `${age}`);
    assert.ok(Math.abs(Date.now() - at - age) < 10_000);
    await watch.return();
  });

  test('a new grant goes over the open connection', async () => {
    const { client, socket, watch } = await connected();
    client.apiToken = 'another.grant-1_2';
    socket.receive({ type: 'heartbeat', seq: 7, now: Date.now(), read_at: Date.now() });
    await watch.next();
    assert.deepEqual(socket.sent, [{ type: 'grant', token: 'another.grant-1_2' }]);
    await watch.return();
  });

  test('what is no message of the protocol changes nothing', async () => {
    const { socket, sockets, watch } = await connected();
    socket.receive('', '{', 'null', '[]', '5', { type: 'news', seq: 8 }, { type: 'change' });
    socket.receive({ type: 'change', seq: 9, read_at: Date.now(), peers: [null, 5, BOB] });
    const { value } = await watch.next();
    assert.deepEqual(keys(value).participants, ['ann', 'bob']);
    assert.equal(sockets.length, 1);
    await watch.return();
  });
});

describe('the connection ends', LIMIT, () => {
  for (const [how, end] of Object.entries({
    'with return()': ({ watch }) => watch.return(),
    'with an abort': async ({ watch, stop }) => {
      const next = watch.next();
      stop.abort();
      assert.equal((await next).done, true);
    },
    'with a client that leads elsewhere': async ({ client, socket, watch }) => {
      client.baseURL = 'http://localhost/other';
      socket.receive({ type: 'heartbeat', seq: 7, now: 1, read_at: 1 });
      await watch.next();
      await watch.return();
    },
  })) {
    test(how, async () => {
      const stop = new AbortController();
      const all = await connected({ options: { signal: stop.signal } });
      await end({ ...all, stop });
      assert.equal(all.socket.closed, true);
      assert.equal(all.socket.onmessage, null);
    });
  }

  test('and is made again after the last event, without a poll', async (context) => {
    fakeClock(context);
    const { api, next, socket, watch } = await connected();
    const polled = api.paths.length;
    const [opening, update] = [next(), watch.next()];
    socket.end();
    const second = await opening;
    assert.deepEqual(Object.fromEntries(second.url.searchParams), { stream: 'one', seq: '7' });
    second.receive(welcome(8, { resumed: true }), {
      type: 'change',
      seq: 8,
      read_at: Date.now(),
      peers: [BOB],
      joined: ['bob'],
    });
    assert.deepEqual(keys((await update).value).joined, ['bob']);
    assert.equal(api.paths.length, polled);
    await watch.return();
  });

  test('a gap in the numbers makes it again', async (context) => {
    fakeClock(context);
    const { next, socket, watch } = await connected();
    const [opening, update] = [next(), watch.next()];
    socket.receive({ type: 'change', seq: 9, read_at: Date.now(), peers: [BOB] });
    const second = await opening;
    assert.equal(socket.closed, true);
    assert.equal(second.url.searchParams.get('seq'), '7');
    second.receive(welcome(9), snapshot(9, [ANN, BOB]));
    assert.deepEqual(keys((await update).value).joined, ['bob']);
    await watch.return();
  });

  test('after a restart it waits as long as the gateway asks', async (context) => {
    const clock = fakeClock(context);
    const { next, socket, watch } = await connected();
    const [opening, update] = [next(), watch.next()];
    const before = clock.waits.length;
    socket.receive({ type: 'reconnect', seq: 7, after_ms: 7777 });
    const second = await opening;
    const waits = clock.waits.slice(before);
    assert.ok(
      waits.some((ms) => ms > 7000 && ms <= 7777),
      `${waits}`,
    );
    second.receive(welcome(1, { stream: 'two' }), snapshot(1, [ANN]));
    assert.equal((await update).value.trouble, null);
    await watch.return();
  });

  test('a connection without a sign of life is given up', async (context) => {
    const clock = fakeClock(context);
    clock.held = true;
    const { next, socket, watch } = await connected();
    const [opening, update] = [next(), watch.next()];
    clock.held = false;
    // The 45 s pass.
    socket.receive({ type: 'news', seq: 7 });
    const second = await opening;
    assert.equal(socket.closed, true);
    second.receive(welcome(7), snapshot(7, [ANN]));
    await update;
    await watch.return();
  });
});

describe('there is none', LIMIT, () => {
  const polls = async ({ api, sockets, watch }) => {
    const before = api.paths.length;
    for (let count = 0; count < 3; count += 1) await watch.next();
    assert.equal(api.paths.length, before + 6);
    await watch.return();
    return sockets.length;
  };

  for (const [why, given] of Object.entries({
    'with push: false': { options: { push: false } },
    'to a server that advertises none': { headers: {} },
    'with a fetch of one’s own and no class': { options: { WebSocket: undefined } },
    'with a token that fits into no handshake': { client: { apiToken: 'a=b' } },
  })) {
    test(why, async (context) => {
      fakeClock(context);
      const own = { baseURL: `http://localhost/${encodeURIComponent(why)}`, ...given.client };
      assert.equal(await polls(await start({ ...given, client: own })), 0);
    });
  }

  test('where it is refused, and it is tried again later', async (context) => {
    fakeClock(context);
    const all = await start();
    const refuse = async () => (await all.next()).end();
    const refused = refuse();
    const polled = all.api.paths.length;
    assert.equal((await all.watch.next()).value.trouble, null);
    await refused;
    assert.equal(all.api.paths.length, polled + 2);
    const again = all.next();
    let socket;
    again.then((found) => (socket = found));
    while (!socket) {
      const update = all.watch.next();
      await Promise.race([update, again]);
    }
    socket.receive(welcome(1), snapshot(1, [ANN]));
    await all.watch.return();
  });

  test('where the class throws', async (context) => {
    fakeClock(context);
    class Throws {
      constructor() {
        throw new SyntaxError('no');
      }
    }
    await polls(await start({ options: { WebSocket: Throws } }));
  });
});

test('a log does not turn it off', LIMIT, async (context) => {
  const api = fakeApi();
  Object.assign(api, { headers: PUSHES, peers: [ANN] });
  const fake = fakeSockets();
  const former = { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket };
  Object.assign(globalThis, { fetch: api.fetch, WebSocket: fake.FakeSocket });
  context.after(() => Object.assign(globalThis, former));
  const lines = [];
  const logger = { info: (...line) => lines.push(line) };
  const { fetch: _, ...options } = api.options;
  const client = new Cloudflare({ ...options, logger, logLevel: 'info' });
  const watch = client.realtimeKit.activeSession.watch('app', 'meeting');
  await watch.next();
  const [opening, update] = [fake.next(), watch.next()];
  (await opening).receive(welcome(1), snapshot(1, [ANN, BOB]));
  assert.deepEqual(keys((await update).value).joined, ['bob']);
  assert.ok(lines.length > 0);
  await watch.return();
});

test('wrong options are refused', LIMIT, async () => {
  for (const [argument, options] of [
    ['push', { push: 'yes' }],
    ['WebSocket', { WebSocket: {} }],
  ]) {
    const client = new Cloudflare(fakeApi().options);
    const watch = client.realtimeKit.activeSession.watch('app', 'meeting', {}, options);
    await assert.rejects(watch.next(), { argument });
  }
});
