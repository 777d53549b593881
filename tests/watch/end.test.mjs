// How a watch ends, and what it leaves behind: nothing. What is wrong with its arguments is said by
// the first `next()`, and nothing is sent.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import Cloudflare, { InvalidArgumentError } from 'realtimekit-moderator';
import { runModule } from '../support/run-module.mjs';
import { fakeApi, fakeClock, peer } from '../support/watch-fakes.mjs';

const LIMIT = { timeout: 300_000 };
const ENDED = { done: true, value: undefined };

/** A watch that a signal can end. */
function setUp(context) {
  const clock = fakeClock(context);
  const api = fakeApi();
  api.peers = [peer('p1 ann in 10')];
  const controller = new AbortController();
  const { signal } = controller;
  const client = new Cloudflare(api.options);
  const watch = client.realtimeKit.activeSession.watch('app', 'meeting', {}, { signal });
  const clean = () => {
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    assert.equal(clock.pending.size, 0);
  };
  return { api, clean, clock, controller, watch };
}

/** Answers nothing until what was asked is aborted. */
function hangs(api, asked) {
  api.instead = (_, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      asked?.();
    });
}

describe('a signal ends it quietly', LIMIT, () => {
  for (const reason of ['x', undefined, new Error('enough'), null]) {
    test(`before it starts: ${reason}`, async (context) => {
      const { api, clean, controller, watch } = setUp(context);
      controller.abort(reason);
      assert.deepEqual(await watch.next(), ENDED);
      assert.deepEqual(await watch.next(), ENDED);
      assert.deepEqual(api.paths, []);
      clean();
    });
  }

  for (const look of ['first', 'second']) {
    test(`in the ${look} look, whose request is aborted`, async (context) => {
      const { api, clean, controller, watch } = setUp(context);
      if (look === 'second') assert.equal((await watch.next()).done, false);
      hangs(api, () => controller.abort());
      assert.deepEqual(await watch.next(), ENDED);
      clean();
    });
  }

  test('in a look whose answer comes all the same', async (context) => {
    const { api, clean, controller, watch } = setUp(context);
    api.instead = (path) => void (path.includes('participants') && controller.abort());
    assert.deepEqual(await watch.next(), ENDED);
    clean();
  });

  test('in a wait', async (context) => {
    const { api, clean, clock, controller, watch } = setUp(context);
    await watch.next();
    clock.held = true;
    const begins = clock.begins();
    const next = watch.next();
    await begins;
    assert.equal(clock.pending.size, 1);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
    controller.abort();
    assert.deepEqual(await next, ENDED);
    assert.equal(api.paths.length, 2);
    clean();
  });

  test('while nobody asks', async (context) => {
    const { api, clean, controller, watch } = setUp(context);
    await watch.next();
    clean();
    controller.abort();
    assert.deepEqual(await watch.next(), ENDED);
    assert.equal(api.paths.length, 2);
  });
});

describe('return() ends it at once', LIMIT, () => {
  test('also in a wait', async (context) => {
    const { clean, clock, watch } = setUp(context);
    await watch.next();
    clock.held = true;
    const begins = clock.begins();
    const next = watch.next();
    await begins;
    assert.deepEqual(await watch.return(), ENDED);
    assert.deepEqual(await next, ENDED);
    clean();
  });

  test('also in a look, whose request is aborted', async (context) => {
    const { api, clean, watch } = setUp(context);
    const asked = new Promise((resolve) => hangs(api, resolve));
    const next = watch.next();
    await asked;
    assert.deepEqual(await watch.return(), ENDED);
    assert.deepEqual(await next, ENDED);
    clean();
  });

  test('before it starts', async (context) => {
    const { api, clean, watch } = setUp(context);
    assert.deepEqual(await watch.return(), ENDED);
    assert.deepEqual(await watch.next(), ENDED);
    assert.deepEqual(api.paths, []);
    clean();
  });

  test('so does a loop that is left, which aborts nothing of its caller', async (context) => {
    const { clean, controller, watch } = setUp(context);
    for await (const { participants } of watch) {
      assert.equal(participants.length, 1);
      break;
    }
    clean();
    assert.equal(controller.signal.aborted, false);
    assert.deepEqual(await watch.next(), ENDED);
  });
});

test('a wait leaves no listener on the page', LIMIT, async (context) => {
  // As in a page, which Node is not.
  const listening = new Map();
  const count = (event, by) => listening.set(event, (listening.get(event) ?? 0) + by);
  const place = {
    addEventListener: (event) => count(event, 1),
    removeEventListener: (event) => count(event, -1),
  };
  Object.assign(globalThis, place, { document: { ...place, visibilityState: 'visible' } });
  context.after(() => {
    for (const name of ['document', ...Object.keys(place)]) delete globalThis[name];
  });
  const { clean, clock, watch } = setUp(context);
  await watch.next();
  clock.held = true;
  const begins = clock.begins();
  const next = watch.next();
  await begins;
  assert.deepEqual(Object.fromEntries(listening), { visibilitychange: 1, online: 1 });
  await watch.return();
  await next;
  assert.deepEqual(Object.fromEntries(listening), { visibilitychange: 0, online: 0 });
  clean();
});

test('a process ends when its watch has', LIMIT, async () => {
  // A timer of a thousand seconds that was left would keep it.
  const out = await runModule(`
    import Cloudflare from 'realtimekit-moderator';
    const answer = { success: true, data: { id: 's1', participants: [] } };
    const fetch = async () => Response.json(answer);
    const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
    const look = (options) =>
      client.realtimeKit.activeSession.watch('a', 'm', {}, { interval: 1e6, ...options });
    for await (const { session } of look()) { console.log(session.id); break; }
    const controller = new AbortController();
    const { signal } = controller;
    for await (const { session } of look({ signal })) {
      console.log(session.id);
      setImmediate(() => controller.abort());
    }
    console.log('ended');`);
  assert.deepEqual(out.split('\n'), ['s1', 's1', 'ended', '']);
});

test('a module that cannot be had is told as trouble, until it can', LIMIT, async () => {
  const out = await runModule(`
    import { readFile } from 'node:fs/promises';
    import Cloudflare, { initialize } from 'realtimekit-moderator/slim';
    const wasm = new URL(import.meta.resolve('realtimekit-moderator/wasm'));
    const waits = [];
    globalThis.setTimeout = (run, ms) => { waits.push(ms); setImmediate(run); };
    const fetch = async () => Response.json({ success: false, error: {} }, { status: 404 });
    const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
    for await (const { trouble, at } of client.realtimeKit.activeSession.watch('a', 'm')) {
      console.log(trouble?.error.name ?? at > 0);
      if (!trouble) break;
      console.log(waits.length);
      await initialize(await readFile(wasm));
    }
    console.log(waits[0] > 9000);`);
  assert.deepEqual(out.split('\n'), ['ModuleLoadError', '0', 'true', 'true', '']);
});

describe('what is wrong with its arguments', LIMIT, () => {
  const throws = {
    get interval() {
      throw new Error('a getter');
    },
  };
  const CASES = [
    ['app_id', [1, 'meeting']],
    ['meeting_id', ['app']],
    ['meeting_id', ['app', '..']],
    ['account_id', ['app', 'meeting', { account_id: 5 }]],
    ['params', ['app', 'meeting', 'account']],
    ['per_page', ['app', 'meeting', { per_page: 5 }]],
    ['options', ['app', 'meeting', {}, 'fast']],
    ['options', ['app', 'meeting', {}, throws]],
    ['maxRetries', ['app', 'meeting', {}, { maxRetries: 3 }]],
    ['headers', ['app', 'meeting', {}, { headers: { a: 'b' } }]],
    ['interval', ['app', 'meeting', {}, { interval: 0 }]],
    ['interval', ['app', 'meeting', {}, { interval: 1.5 }]],
    ['interval', ['app', 'meeting', {}, { interval: '2s' }]],
    ['interval', ['app', 'meeting', {}, { interval: Infinity }]],
    ['perPage', ['app', 'meeting', {}, { perPage: 0 }]],
    ['perPage', ['app', 'meeting', {}, { perPage: 201 }]],
    ['timeout', ['app', 'meeting', {}, { timeout: -1 }]],
    ['signal', ['app', 'meeting', {}, { signal: 'stop' }]],
    ['signal', ['app', 'meeting', {}, { signal: {} }]],
  ];
  for (const [argument, given] of CASES) {
    test(`${argument} of ${JSON.stringify(given.slice(1).map(String))}`, async () => {
      const api = fakeApi();
      const client = new Cloudflare(api.options);
      const watch = client.realtimeKit.activeSession.watch(...given);
      await assert.rejects(watch.next(), (error) => {
        assert.ok(error instanceof InvalidArgumentError, error.stack);
        assert.equal(error.argument, argument);
        return true;
      });
      assert.deepEqual(await watch.next(), ENDED);
      assert.deepEqual(api.paths, []);
    });
  }

  test('is no rejection that nobody handles, if nobody asks', async () => {
    const api = fakeApi();
    new Cloudflare(api.options).realtimeKit.activeSession.watch('app', 'meeting', 'account');
    // Node would have ended this test by now.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(api.paths, []);
  });

  test('what is not given, or is null, is as if it were not there', async () => {
    const api = fakeApi();
    const client = new Cloudflare(api.options);
    const none = { interval: null, perPage: undefined, signal: null, timeout: null };
    for (const [params, options] of [[], [null, null], [{ account_id: null }, none]]) {
      const watch = client.realtimeKit.activeSession.watch('app', 'meeting', params, options);
      assert.equal((await watch.next()).value.trouble, null);
    }
    assert.match(api.paths[1], /participants\?per_page=200&sort_by=joinedAt&sort_order=ASC$/);
  });

  test('what becomes of them later changes nothing', async () => {
    const api = fakeApi();
    const client = new Cloudflare(api.options);
    const [params, options] = [{ account_id: 'one' }, { perPage: 7 }];
    const watch = client.realtimeKit.activeSession.watch('app', 'meeting', params, options);
    params.account_id = 'two';
    options.perPage = -1;
    assert.equal((await watch.next()).done, false);
    assert.match(api.paths[1], /\/accounts\/one\/.*per_page=7&/);
  });

  test('an ID of the server that none can be is trouble, and not the caller to blame', async () => {
    const api = fakeApi();
    api.session = '..';
    const client = new Cloudflare(api.options);
    const watch = client.realtimeKit.activeSession.watch('app', 'meeting');
    assert.equal((await watch.next()).value.trouble.error.argument, 'session_id');
    assert.equal(api.paths.length, 1);
  });
});
