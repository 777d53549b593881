// A watch ends without leaving anything behind. Invalid arguments reject the first `next()`, and nothing
// is sent.

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

/** Requests hang until they are aborted. */
function hangs(api, requested) {
  api.instead = (_, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      requested?.();
    });
}

describe('a signal ends it without an error', LIMIT, () => {
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

  for (const poll of ['first', 'second']) {
    test(`in the ${poll} poll, and aborts its request`, async (context) => {
      const { api, clean, controller, watch } = setUp(context);
      if (poll === 'second') assert.equal((await watch.next()).done, false);
      hangs(api, () => controller.abort());
      assert.deepEqual(await watch.next(), ENDED);
      clean();
    });
  }

  test('in a poll that still gets its response', async (context) => {
    const { api, clean, controller, watch } = setUp(context);
    api.instead = (path) => void (path.includes('participants') && controller.abort());
    assert.deepEqual(await watch.next(), ENDED);
    clean();
  });

  test('during a wait', async (context) => {
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

  test('between calls of next()', async (context) => {
    const { api, clean, controller, watch } = setUp(context);
    await watch.next();
    clean();
    controller.abort();
    assert.deepEqual(await watch.next(), ENDED);
    assert.equal(api.paths.length, 2);
  });
});

describe('return() ends it at once', LIMIT, () => {
  test('even during a wait', async (context) => {
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

  test('even in a poll, and aborts its request', async (context) => {
    const { api, clean, watch } = setUp(context);
    const requested = new Promise((resolve) => hangs(api, resolve));
    const next = watch.next();
    await requested;
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

  test('so does leaving the loop, without an abort of the caller’s signal', async (context) => {
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
  // Gives Node the events of a page.
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

test('the process ends after its watch', LIMIT, async () => {
  // A leaked timer would keep the process alive for a thousand seconds.
  const out = await runModule(`
    import Cloudflare from 'realtimekit-moderator';
    const body = { success: true, data: { id: 's1', participants: [] } };
    const fetch = async () => Response.json(body);
    const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
    const start = (options) =>
      client.realtimeKit.activeSession.watch('a', 'm', {}, { interval: 1e6, ...options });
    for await (const { session } of start()) { console.log(session.id); break; }
    const controller = new AbortController();
    const { signal } = controller;
    for await (const { session } of start({ signal })) {
      console.log(session.id);
      setImmediate(() => controller.abort());
    }
    console.log('ended');`);
  assert.deepEqual(out.split('\n'), ['s1', 's1', 'ended', '']);
});

test('a module that is not loaded is trouble, until it is', LIMIT, async () => {
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

describe('invalid arguments', LIMIT, () => {
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

  test('without next() there is no unhandled rejection', async () => {
    const api = fakeApi();
    new Cloudflare(api.options).realtimeKit.activeSession.watch('app', 'meeting', 'account');
    // Node would have ended this test by now.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(api.paths, []);
  });

  test('null and undefined mean the default', async () => {
    const api = fakeApi();
    const client = new Cloudflare(api.options);
    const none = { interval: null, perPage: undefined, signal: null, timeout: null };
    for (const [params, options] of [[], [null, null], [{ account_id: null }, none]]) {
      const watch = client.realtimeKit.activeSession.watch('app', 'meeting', params, options);
      assert.equal((await watch.next()).value.trouble, null);
    }
    assert.match(api.paths[1], /participants\?per_page=200&sort_by=joinedAt&sort_order=ASC$/);
  });

  test('later changes of the arguments have no effect', async () => {
    const api = fakeApi();
    const client = new Cloudflare(api.options);
    const [params, options] = [{ account_id: 'one' }, { perPage: 7 }];
    const watch = client.realtimeKit.activeSession.watch('app', 'meeting', params, options);
    params.account_id = 'two';
    options.perPage = -1;
    assert.equal((await watch.next()).done, false);
    assert.match(api.paths[1], /\/accounts\/one\/.*per_page=7&/);
  });

  test('an invalid ID from the server is trouble, not a rejection', async () => {
    const api = fakeApi();
    api.session = '..';
    const client = new Cloudflare(api.options);
    const watch = client.realtimeKit.activeSession.watch('app', 'meeting');
    assert.equal((await watch.next()).value.trouble.error.argument, 'session_id');
    assert.equal(api.paths.length, 1);
  });
});
