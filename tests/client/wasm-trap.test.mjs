// A wasm module that breaks off, for want of memory say: whoever waits hears of it, nothing hangs.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, test } from 'node:test';

// In place of what the package makes its instance by: one whose functions all throw when told to.
let broken = false;
/** What they do before they throw then: nothing, or all that they do otherwise (but give memory). */
let late = false;
const { Instance } = WebAssembly;
WebAssembly.Instance = /** @type {any} */ (
  function (module, imports) {
    const breakable = Object.entries(new Instance(module, imports).exports).map(([name, value]) => {
      if (typeof value !== 'function') return [name, value];
      const call = (...given) => {
        const done = broken && !late ? undefined : value(...given);
        const isPlace = typeof done === 'number';
        if (broken && !isPlace) throw new WebAssembly.RuntimeError('unreachable');
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

/** A call's error, with a `fetch` in which the module may break; and what is left of the call. */
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

// Its timer would keep this process alive for weeks, if one were left.
test('a module that breaks when it hears of an answer fails the call', async () => {
  const error = await failing(async () => {
    broken = true;
    return Response.json({});
  });
  assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
});

test('a module that breaks when it hears of a failure fails the call', async () => {
  const error = await failing(async () => {
    broken = true;
    throw new TypeError('fetch failed');
  });
  assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
});

test('a module that breaks when it hears of an abort fails the call', async () => {
  const controller = new AbortController();
  const error = await failing(() => {
    broken = true;
    queueMicrotask(() => controller.abort());
    return new Promise(() => {});
  }, controller);
  assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
});

test('a module that breaks at once fails the call', async () => {
  // A caller's `fetch` runs within the module's first step.
  const error = await failing(() => {
    throw new WebAssembly.RuntimeError('unreachable');
  });
  // What a caller's `fetch` throws is a failure of the connection, whatever it is.
  assert.equal(error.name, 'APIConnectionError');
  broken = true;
  assert.ok((await failing(fetch)) instanceof WebAssembly.RuntimeError);
});

test('the next call is none the worse', async () => {
  const fetch = async () => Response.json({ data: { id: 's' } });
  const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
  const { data } = await client.realtimeKit.activeSession.getActiveSession('app', 'meeting');
  assert.equal(data?.id, 's');
});

test('a module that breaks when it has made a request fails the call, and nothing is sent', async () => {
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    return Response.json({});
  };
  const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch, maxRetries: 0 });
  const get = () => client.realtimeKit.activeSession.getActiveSession('app', 'meeting');
  await get();
  broken = late = true;
  try {
    await assert.rejects(get(), WebAssembly.RuntimeError);
    // What is sent goes out a moment later.
    await new Promise(setImmediate);
  } finally {
    broken = late = false;
  }
  assert.equal(sent, 1);
});
