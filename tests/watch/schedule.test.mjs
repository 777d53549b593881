// When a watch looks: how long it waits, what it keeps to, and that there is one look at a time.
// Its `fetch` and its clock are stubs: waits are read off, and not waited for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Cloudflare, { InternalServerError, RateLimitError } from 'realtimekit-moderator';
import { fakeApi, fakeClock, peer } from '../support/watch-fakes.mjs';

/** A watch on a stub, with a clock that needs no waiting; jitter is in the middle. */
function setUp(context, options) {
  const clock = fakeClock(context);
  const random = context.mock.method(Math, 'random', () => 0.5);
  const api = fakeApi();
  api.peers = [peer('p1 ann in 10')];
  const client = new Cloudflare(api.options);
  const watch = client.realtimeKit.activeSession.watch('app', 'meeting', {}, options);
  context.after(() => watch.return());
  return { api, clock, client, random, watch, look: async () => (await watch.next()).value };
}

const LIMIT = { timeout: 300_000 };

describe('after a good look', LIMIT, () => {
  test('it waits two seconds, or as long as is said', async (context) => {
    for (const [interval, ms] of [
      [undefined, 2000],
      [1, 1],
      [90_000, 90_000],
    ]) {
      await context.test(`${ms} ms`, async (context) => {
        const { clock, look } = setUp(context, { interval });
        const first = await look();
        assert.deepEqual([first.at, first.age, first.nextAt], [clock.now, 0, clock.now + ms]);
        await look();
        const third = await look();
        assert.deepEqual(clock.waits, [ms, ms]);
        assert.equal(third.at, first.at + 2 * ms);
      });
    }
  });

  test('it leaves half of what is left to others', async (context) => {
    for (const [header, remaining, ms] of [
      ['"default";r=1198;t=300', 1198, 2000],
      ['"default";r=100;t=300', 100, 12_000],
      ['"default";r=5;t=300', 5, 60_000],
      ['"default";r=0;t=250', 0, 250_000],
      ['"default";r=0;t=1', 0, 2000],
      ['nonsense', undefined, 2000],
    ]) {
      await context.test(`${header}: ${ms} ms`, async (context) => {
        const { api, clock, look } = setUp(context);
        api.headers = { ratelimit: header };
        const { rateLimit } = await look();
        assert.equal(rateLimit?.remaining, remaining);
        await look();
        assert.deepEqual(clock.waits, [ms]);
      });
    }
  });

  test('what a limit was is told as long as nothing newer is known', async (context) => {
    const { api, look } = setUp(context);
    assert.equal((await look()).rateLimit, null);
    api.headers = { ratelimit: '"default";r=1000;t=300' };
    const known = { policy: 'default', remaining: 1000, reset: 300 };
    assert.deepEqual((await look()).rateLimit, known);
    api.headers = {};
    assert.deepEqual((await look()).rateLimit, known);
  });

  test('what somebody between has kept is as old as it says', async (context) => {
    const { api, clock, look } = setUp(context);
    api.instead = (path) => {
      // Of several answers the oldest counts.
      api.headers = path.includes('/participants') ? { age: '7' } : { age: '3' };
    };
    const kept = await look();
    assert.deepEqual([kept.at, kept.age], [clock.now - 7000, 7000]);
    for (const age of ['', '-5', 'old']) {
      api.instead = () => void (api.headers = { age });
      const { at, age: told } = await look();
      assert.deepEqual([at, told], [clock.now, 0], age);
    }
    // It does not make the next look earlier or later.
    assert.deepEqual(clock.waits, [2000, 2000, 2000]);
  });

  test('it does not wait for who comes late', async (context) => {
    const { api, clock, look } = setUp(context);
    await look();
    clock.now += 2000;
    await look();
    assert.deepEqual(clock.waits, []);
    clock.now += 500;
    await look();
    assert.deepEqual(clock.waits, [1500]);
    assert.equal(api.paths.length, 6);
  });

  test('a clock that is set back does not make it wait longer', async (context) => {
    const { clock, look } = setUp(context);
    await look();
    clock.now -= 3_600_000;
    const { age } = await look();
    assert.deepEqual(clock.waits, [2000]);
    assert.equal(age, 0);
  });
});

describe('after a failure', LIMIT, () => {
  const broken = (status, headers) => () => Response.json({ success: false }, { status, headers });

  test('it shows what it knows, how old that is and why, and recovers', async (context) => {
    const { api, clock, look } = setUp(context);
    const good = await look();
    api.instead = broken(503);
    const first = await look();
    assert.ok(first.trouble.error instanceof InternalServerError);
    assert.deepEqual(first.session, good.session);
    assert.equal(first.participants[0], good.participants[0]);
    assert.deepEqual([first.joined, first.left, first.cameBack], [[], [], []]);
    assert.deepEqual([first.at, first.age], [good.at, 2000]);
    assert.deepEqual([first.trouble.since, first.trouble.failures], [clock.now, 1]);
    const second = await look();
    assert.deepEqual([second.at, second.age], [good.at, 6000]);
    assert.deepEqual([second.trouble.since, second.trouble.failures], [first.trouble.since, 2]);
    assert.equal(first.trouble.failures, 1, 'a snapshot does not change');
    api.instead = () => undefined;
    api.peers = [peer('p1 ann out 10 12'), peer('p2 bob in 11')];
    const better = await look();
    assert.equal(better.trouble, null);
    assert.deepEqual([better.at, better.age], [clock.now, 0]);
    assert.deepEqual([better.joined[0].key, better.left[0].key], ['bob', 'ann']);
    api.instead = broken(503);
    assert.equal((await look()).trouble.failures, 1);
    // Each request was sent once.
    assert.equal(api.paths.length, 2 + 1 + 1 + 2 + 1);
  });

  test('it waits longer each time, up to half a minute', async (context) => {
    const { api, clock, look } = setUp(context);
    api.instead = broken(500);
    for (let n = 0; n < 7; n += 1) await look();
    assert.deepEqual(clock.waits, [4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    api.instead = () => undefined;
    await look();
    await look();
    assert.equal(clock.waits.at(-1), 2000);
  });

  test('it waits a fifth more or less than others', async (context) => {
    const { api, clock, look, random } = setUp(context);
    api.instead = broken(500);
    random.mock.mockImplementation(() => 0);
    await look();
    random.mock.mockImplementation(() => 0.999_999);
    await look();
    await look();
    assert.equal(clock.waits[0], 3200);
    assert.ok(clock.waits[1] > 9599 && clock.waits[1] <= 9600, `${clock.waits}`);
  });

  test('it waits as long as the server asks, even if that is long', async (context) => {
    for (const [status, headers, ms] of [
      [429, { 'retry-after': '120' }, 120_000],
      [429, { 'retry-after': '7' }, 7000],
      [503, { 'retry-after-ms': '45000' }, 45_000],
      [429, { ratelimit: '"default";r=0;t=200' }, 200_000],
      [429, { 'retry-after': '0' }, 2000],
    ]) {
      await context.test(`${status} ${JSON.stringify(headers)}`, async (context) => {
        const { api, clock, look } = setUp(context);
        api.instead = broken(status, headers);
        const { trouble } = await look();
        assert.equal(trouble.error instanceof RateLimitError, status === 429);
        api.instead = () => undefined;
        await look();
        assert.deepEqual(clock.waits, [ms]);
      });
    }
  });

  test('a token that is set anew is used by the next look', async (context) => {
    const { api, client, look } = setUp(context);
    api.instead = broken(401);
    assert.equal((await look()).trouble.error.status, 401);
    api.instead = () => undefined;
    client.apiToken = 'another';
    assert.equal((await look()).trouble, null);
    assert.deepEqual(api.tokens, ['Bearer a-token', 'Bearer another', 'Bearer another']);
  });
});

describe('there is one look at a time', LIMIT, () => {
  test('also for who asks again before there is an answer', async (context) => {
    const { api, clock, watch } = setUp(context);
    api.instead = () => new Promise((resolve) => setImmediate(resolve));
    const asked = Array.from({ length: 5 }, () => watch.next());
    const snapshots = await Promise.all(asked);
    assert.ok(snapshots.every(({ done, value }) => !done && value.participants.length === 1));
    assert.equal(api.most, 1);
    assert.equal(api.paths.length, 10);
    assert.deepEqual(clock.waits, [2000, 2000, 2000, 2000]);
  });

  test('and none while nobody asks', async (context) => {
    const { api, clock, look } = setUp(context);
    await look();
    assert.equal(clock.pending.size, 0);
    assert.equal(api.paths.length, 2);
  });
});
