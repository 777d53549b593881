// When a watch polls: its waits, its limits, and one poll at a time. `fetch` and the clock are stubs:
// the tests read the waits and do not wait.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Cloudflare, { InternalServerError, RateLimitError } from 'realtimekit-moderator';
import { fakeApi, fakeClock, peer } from '../support/watch-fakes.mjs';

/** A watch on a stub, with a clock that does not wait. The jitter is at its mean. */
function setUp(context, options) {
  const clock = fakeClock(context);
  const random = context.mock.method(Math, 'random', () => 0.5);
  const api = fakeApi();
  api.peers = [peer('p1 ann in 10')];
  const client = new Cloudflare(api.options);
  const watch = client.realtimeKit.activeSession.watch('app', 'meeting', {}, options);
  context.after(() => watch.return());
  return { api, clock, client, random, watch, poll: async () => (await watch.next()).value };
}

const LIMIT = { timeout: 300_000 };

describe('after a successful poll', LIMIT, () => {
  test('it waits two seconds, or the interval', async (context) => {
    for (const [interval, ms] of [
      [undefined, 2000],
      [1, 1],
      [90_000, 90_000],
    ]) {
      await context.test(`${ms} ms`, async (context) => {
        const { clock, poll } = setUp(context, { interval });
        const first = await poll();
        assert.deepEqual([first.at, first.age, first.nextAt], [clock.now, 0, clock.now + ms]);
        await poll();
        const third = await poll();
        assert.deepEqual(clock.waits, [ms, ms]);
        assert.equal(third.at, first.at + 2 * ms);
      });
    }
  });

  test('it uses half of the remaining rate limit', async (context) => {
    for (const [header, remaining, ms] of [
      ['"default";r=1198;t=300', 1198, 2000],
      ['"default";r=100;t=300', 100, 12_000],
      ['"default";r=5;t=300', 5, 60_000],
      ['"default";r=0;t=250', 0, 250_000],
      ['"default";r=0;t=1', 0, 2000],
      ['nonsense', undefined, 2000],
    ]) {
      await context.test(`${header}: ${ms} ms`, async (context) => {
        const { api, clock, poll } = setUp(context);
        api.headers = { ratelimit: header };
        const { rateLimit } = await poll();
        assert.equal(rateLimit?.remaining, remaining);
        await poll();
        assert.deepEqual(clock.waits, [ms]);
      });
    }
  });

  test('it keeps the last known rate limit', async (context) => {
    const { api, poll } = setUp(context);
    assert.equal((await poll()).rateLimit, null);
    api.headers = { ratelimit: '"default";r=1000;t=300' };
    const known = { policy: 'default', remaining: 1000, reset: 300 };
    assert.deepEqual((await poll()).rateLimit, known);
    api.headers = {};
    assert.deepEqual((await poll()).rateLimit, known);
  });

  test('a cached response is as old as its Age header', async (context) => {
    const { api, clock, poll } = setUp(context);
    api.instead = (path) => {
      // The oldest response counts.
      api.headers = path.includes('/participants') ? { age: '7' } : { age: '3' };
    };
    const kept = await poll();
    assert.deepEqual([kept.at, kept.age], [clock.now - 7000, 7000]);
    for (const age of ['', '-5', 'old']) {
      api.instead = () => void (api.headers = { age });
      const { at, age: reported } = await poll();
      assert.deepEqual([at, reported], [clock.now, 0], age);
    }
    // The age does not move the next poll.
    assert.deepEqual(clock.waits, [2000, 2000, 2000]);
  });

  test('a late next() waits only for the rest of the interval', async (context) => {
    const { api, clock, poll } = setUp(context);
    await poll();
    clock.now += 2000;
    await poll();
    assert.deepEqual(clock.waits, []);
    clock.now += 500;
    await poll();
    assert.deepEqual(clock.waits, [1500]);
    assert.equal(api.paths.length, 6);
  });

  test('a clock set back does not lengthen the wait', async (context) => {
    const { clock, poll } = setUp(context);
    await poll();
    clock.now -= 3_600_000;
    const { age } = await poll();
    assert.deepEqual(clock.waits, [2000]);
    assert.equal(age, 0);
  });
});

describe('after a failure', LIMIT, () => {
  const broken = (status, headers) => () => Response.json({ success: false }, { status, headers });

  test('it keeps the last state with its age and the error, and recovers', async (context) => {
    const { api, clock, poll } = setUp(context);
    const good = await poll();
    api.instead = broken(503);
    const first = await poll();
    assert.ok(first.trouble.error instanceof InternalServerError);
    assert.deepEqual(first.session, good.session);
    assert.equal(first.participants[0], good.participants[0]);
    assert.deepEqual([first.joined, first.left, first.cameBack], [[], [], []]);
    assert.deepEqual([first.at, first.age], [good.at, 2000]);
    assert.deepEqual([first.trouble.since, first.trouble.failures], [clock.now, 1]);
    const second = await poll();
    assert.deepEqual([second.at, second.age], [good.at, 6000]);
    assert.deepEqual([second.trouble.since, second.trouble.failures], [first.trouble.since, 2]);
    assert.equal(first.trouble.failures, 1, 'a snapshot does not change');
    api.instead = () => undefined;
    api.peers = [peer('p1 ann out 10 12'), peer('p2 bob in 11')];
    const better = await poll();
    assert.equal(better.trouble, null);
    assert.deepEqual([better.at, better.age], [clock.now, 0]);
    assert.deepEqual([better.joined[0].key, better.left[0].key], ['bob', 'ann']);
    api.instead = broken(503);
    assert.equal((await poll()).trouble.failures, 1);
    // Each request was sent once.
    assert.equal(api.paths.length, 2 + 1 + 1 + 2 + 1);
  });

  test('it waits longer each time, up to half a minute', async (context) => {
    const { api, clock, poll } = setUp(context);
    api.instead = broken(500);
    for (let n = 0; n < 7; n += 1) await poll();
    assert.deepEqual(clock.waits, [4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    api.instead = () => undefined;
    await poll();
    await poll();
    assert.equal(clock.waits.at(-1), 2000);
  });

  test('the wait varies by a fifth', async (context) => {
    const { api, clock, poll, random } = setUp(context);
    api.instead = broken(500);
    random.mock.mockImplementation(() => 0);
    await poll();
    random.mock.mockImplementation(() => 0.999_999);
    await poll();
    await poll();
    assert.equal(clock.waits[0], 3200);
    assert.ok(clock.waits[1] > 9599 && clock.waits[1] <= 9600, `${clock.waits}`);
  });

  test('it waits as long as the server requires', async (context) => {
    for (const [status, headers, ms] of [
      [429, { 'retry-after': '120' }, 120_000],
      [429, { 'retry-after': '7' }, 7000],
      [503, { 'retry-after-ms': '45000' }, 45_000],
      [429, { ratelimit: '"default";r=0;t=200' }, 200_000],
      [429, { 'retry-after': '0' }, 2000],
    ]) {
      await context.test(`${status} ${JSON.stringify(headers)}`, async (context) => {
        const { api, clock, poll } = setUp(context);
        api.instead = broken(status, headers);
        const { trouble } = await poll();
        assert.equal(trouble.error instanceof RateLimitError, status === 429);
        api.instead = () => undefined;
        await poll();
        assert.deepEqual(clock.waits, [ms]);
      });
    }
  });

  test('the next poll uses a new token', async (context) => {
    const { api, client, poll } = setUp(context);
    api.instead = broken(401);
    assert.equal((await poll()).trouble.error.status, 401);
    api.instead = () => undefined;
    client.apiToken = 'another';
    assert.equal((await poll()).trouble, null);
    assert.deepEqual(api.tokens, ['Bearer a-token', 'Bearer another', 'Bearer another']);
  });
});

describe('one poll at a time', LIMIT, () => {
  test('even if next() is called again before it resolves', async (context) => {
    const { api, clock, watch } = setUp(context);
    api.instead = () => new Promise((resolve) => setImmediate(resolve));
    const results = Array.from({ length: 5 }, () => watch.next());
    const snapshots = await Promise.all(results);
    assert.ok(snapshots.every(({ done, value }) => !done && value.participants.length === 1));
    assert.equal(api.most, 1);
    assert.equal(api.paths.length, 10);
    assert.deepEqual(clock.waits, [2000, 2000, 2000, 2000]);
  });

  test('and none without next()', async (context) => {
    const { api, clock, poll } = setUp(context);
    await poll();
    assert.equal(clock.pending.size, 0);
    assert.equal(api.paths.length, 2);
  });
});
