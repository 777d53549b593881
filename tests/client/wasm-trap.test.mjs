// A wasm module that traps, for example because memory is short: callers get an error, and nothing hangs.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, test } from 'node:test';

// Replaces the instance that the package makes: its functions throw while `broken` is set.
let broken = false;
/** Whether they do their work before they throw. */
let late = false;
const { Instance } = WebAssembly;
WebAssembly.Instance = /** @type {any} */ (
  function (module, imports) {
    const breakable = Object.entries(new Instance(module, imports).exports).map(([name, value]) => {
      if (typeof value !== 'function') return [name, value];
      const call = (...given) => {
        const done = broken && !late ? undefined : value(...given);
        const isAddress = typeof done === 'number';
        if (broken && !isAddress) throw new WebAssembly.RuntimeError('unreachable');
        return done;
      };
      return [name, call];
    });
    const exports = { value: Object.fromEntries(breakable) };
    return Object.create(Instance.prototype, { exports });
  }
);
const { default: Cloudflare } = await import('realtimekit-moderator');
after(() => {
  WebAssembly.Instance = Instance;
});

/** The error of a call whose `fetch` may break the module. The call must leave no listeners. */
async function failing(fetch, { signal } = new AbortController()) {
  const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch, maxRetries: 0 });
  const options = { signal, timeout: 2 ** 31 };
  const call = client.realtimeKit.activeSession.getActiveSession('app', 'meeting', {}, options);
  try {
    return await call.then(
      () => assert.fail('it did not fail'),
      (error) => error,
    );
  } finally {
    broken = late = false;
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  }
}

// A leaked timer would keep this process alive for weeks.
test('a trap on a response fails the call', async () => {
  const error = await failing(async () => {
    broken = true;
    return Response.json({});
  });
  assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
});

test('a trap on a failed request fails the call', async () => {
  const error = await failing(async () => {
    broken = true;
    throw new TypeError('fetch failed');
  });
  assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
});

test('a trap on an abort fails the call', async () => {
  const controller = new AbortController();
  const error = await failing(() => {
    broken = true;
    queueMicrotask(() => controller.abort());
    return new Promise(() => {});
  }, controller);
  assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
});

test('a trap at the first step fails the call', async () => {
  // A caller's `fetch` runs during the module's first step.
  const error = await failing(() => {
    throw new WebAssembly.RuntimeError('unreachable');
  });
  // Any error that a caller's `fetch` throws is a connection error.
  assert.equal(error.name, 'APIConnectionError');
  broken = true;
  assert.ok((await failing(fetch)) instanceof WebAssembly.RuntimeError);
});

test('the call after a trap works', async () => {
  const fetch = async () => Response.json({ data: { id: 's' } });
  const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
  const { data } = await client.realtimeKit.activeSession.getActiveSession('app', 'meeting');
  assert.equal(data?.id, 's');
});

test('a trap after the request was sent fails the call', async () => {
  const controller = new AbortController();
  const fetch = async () => Response.json({});
  broken = late = true;
  assert.ok((await failing(fetch, controller)) instanceof WebAssembly.RuntimeError);
});

test('a watch reports a trap, and continues when the module works again', async (context) => {
  const peers = [{ id: 'p1', user_id: 'ann' }];
  const fetch = async (url) =>
    Response.json({ data: url.includes('/participants') ? { participants: peers } : { id: 's' } });
  const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
  const { signal } = new AbortController();
  const watch = client.realtimeKit.activeSession.watch(
    'app',
    'meeting',
    {},
    { signal, interval: 1 },
  );
  broken = true;
  const { value: failed } = await watch.next();
  broken = false;
  assert.ok(failed.trouble.error instanceof WebAssembly.RuntimeError, String(failed.trouble));
  assert.equal(failed.trouble.failures, 1);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
  // The next poll is due in ten seconds.
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const next = watch.next();
  for (let tries = 0; tries < 100; tries += 1) {
    context.mock.timers.tick(20_000);
    await new Promise(setImmediate);
  }
  const { value: good } = await next;
  assert.equal(good.trouble, null);
  assert.equal(good.participants[0].key, 'ann');
  await watch.return();
});
