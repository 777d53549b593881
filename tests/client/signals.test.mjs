// One signal for very many calls: no listener outlives its call or its body, none is added twice, and Node warns of
// nothing. The signal still aborts a body that the caller reads.

import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Cloudflare from 'realtimekit-moderator';
import { eventually } from '../support/eventually.mjs';
import { okay, startServer } from '../support/server.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

let server, client, signal, controller;
before(async () => {
  server = await startServer();
  client = new Cloudflare({ ...server.options, maxRetries: 0 });
});
beforeEach(() => {
  server.answer = okay;
  controller = new AbortController();
  ({ signal } = controller);
});
after(() => server?.stop());

const call = () =>
  client.realtimeKit.activeSession.getActiveSession('app', 'meeting', {}, { signal });
const listeners = () => getEventListeners(signal, 'abort').length;

describe('a body that the caller reads leaves no listener', () => {
  const WAYS = {
    json: (response) => response.json(),
    text: (response) => response.text(),
    arrayBuffer: (response) => response.arrayBuffer(),
    'a reader': async ({ body }) => {
      const reader = body.getReader();
      while (!(await reader.read()).done);
    },
    iteration: async ({ body }) => {
      for await (const chunk of body) assert.ok(chunk.length > 0);
    },
    'a clone': async (response) => {
      const [one, other] = await Promise.all([response.clone().json(), response.json()]);
      assert.deepEqual(one, other);
    },
    cancel: ({ body }) => body.cancel('enough'),
  };
  for (const [way, use] of Object.entries(WAYS)) {
    test(way, async () => {
      const response = await call().asResponse();
      assert.ok(response instanceof Response);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/json');
      assert.match(response.url, /active-session$/);
      assert.equal(listeners(), 1);
      await use(response);
      await eventually(listeners, 0);
    });
  }

  test('of two thousand, read and dropped by turns', { timeout: 300_000 }, async () => {
    for (let n = 0; n < 2_050; n += 1) {
      const response = await call().asResponse();
      if (n % 10) await response.json();
      assert.ok(listeners() <= 1);
    }
    await eventually(() => {
      collect();
      return listeners();
    }, 0);
  });

  test('an empty one', async () => {
    server.answer = (_request, response) => response.writeHead(204).end();
    assert.equal((await call().asResponse()).body, null);
    assert.equal(listeners(), 0);
  });

  test('data that is wanted later', async () => {
    const promise = call();
    const response = await promise.asResponse();
    assert.deepEqual(await promise, {});
    assert.equal(response.bodyUsed, true);
    await eventually(listeners, 0);
  });
});

test('the signal aborts a body that the caller reads', async () => {
  let closed;
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    closed = once(response, 'close');
  };
  const response = await call().asResponse();
  const reading = response.json();
  controller.abort();
  await assert.rejects(reading, { name: 'AbortError' });
  await closed;
  await eventually(listeners, 0);
});

test('a hundred simultaneous calls and watches with one signal add one listener, and no warning', async () => {
  const warnings = [];
  const warned = (warning) => warnings.push(warning.name);
  process.on('warning', warned);
  const calls = Array.from({ length: 100 }, call);
  const { activeSession } = client.realtimeKit;
  const watches = Array.from({ length: 30 }, () =>
    activeSession.watch('app', 'meeting', {}, { signal }),
  );
  const snapshots = watches.map((watch) => watch.next());
  await Promise.all(calls);
  await Promise.all(snapshots);
  assert.ok(listeners() <= 1, `${listeners()}`);
  const pending = Array.from({ length: 50 }, call);
  assert.equal(listeners(), 1);
  controller.abort();
  for (const one of pending) await assert.rejects(async () => one, Cloudflare.APIUserAbortError);
  for (const watch of watches) assert.equal((await watch.next()).done, true);
  assert.equal(listeners(), 0);
  // Warnings are emitted in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warned);
  assert.deepEqual(warnings, []);
});
