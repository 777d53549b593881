// Timeouts, aborts and the number of attempts. No test measures time: a broken client would hang for
// a minute.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import Cloudflare, {
  APIConnectionTimeoutError,
  APIUserAbortError,
  InternalServerError,
  NotFoundError,
} from 'realtimekit-moderator';
import { faults, startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { json, okay, startServer } from '../support/server.mjs';
import { manualTimeouts } from '../support/timers.mjs';

const REASONS = ['x', null, undefined, { why: 'because' }, new Error('enough'), 0, Symbol('s')];
const LIMIT = { timeout: 300_000 };
const silence = () => {};

let emulator;
let server;
before(async () => {
  [emulator, server] = await Promise.all([startEmulator('--rate-limit', '0'), startServer()]);
});
beforeEach(() => {
  server.answer = okay;
  server.requests.length = 0;
});
after(() => Promise.all([emulator?.stop(), server?.stop()]));

const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`answered ${JSON.stringify(value)}`),
    (error) => error,
  );

const read = (client, options) =>
  client.realtimeKit.activeSession.getActiveSession('app', 'meeting', {}, options);
const poll = (client, options) => {
  const params = { question: 'Tea?', options: ['yes', 'no'] };
  return client.realtimeKit.activeSession.createPoll('app', 'meeting', params, options);
};

describe('a timeout covers the whole attempt', LIMIT, () => {
  const timeouts = manualTimeouts();
  after(() => timeouts.restore());

  const call = async (fault, options, settings = {}) => {
    const meeting = await emulator.meeting();
    const client = new Cloudflare({ ...emulator.options, maxRetries: 0, ...settings });
    const ids = [meeting.app_id, meeting.meeting_id];
    const all = { headers: faults(fault), ...options };
    return rejection(client.realtimeKit.activeSession.getActiveSession(...ids, {}, all));
  };

  for (const fault of ['hang-before', 'stall', 'stall:chunked:at=0.9']) {
    test(`${fault} times out`, async () => {
      const error = await call(fault, { timeout: 150 });
      assert.ok(error instanceof APIConnectionTimeoutError, `${error.stack}`);
      assert.equal(error.message, 'Request timed out.');
      assert.equal(error.attempts, 1);
      assert.equal(error.status, undefined);
    });
  }

  /** The error of a call that times out in the response's body. */
  const timedOutInBody = async (fault) => {
    let arrived;
    const head = new Promise((resolve) => (arrived = resolve));
    const fetch = async (...args) => {
      const response = await globalThis.fetch(...args);
      arrived();
      return response;
    };
    const timeout = timeouts.next();
    const error = call(fault, { timeout }, { fetch });
    await head;
    // The client reads the head in the next turn.
    await new Promise(setImmediate);
    await timeouts.expire(timeout);
    return error;
  };

  test('an error with a stalled body has its status', async () => {
    const missing = await timedOutInBody('stall:code=404');
    assert.ok(missing instanceof NotFoundError, `${missing.stack}`);
    assert.match(missing.message, /^404 /);
    assert.deepEqual(missing.errors, []);
    const broken = await timedOutInBody('stall:code=500:chunked');
    assert.ok(broken instanceof InternalServerError, `${broken.stack}`);
  });

  test('a stalled read is retried, each attempt with its own timeout', async () => {
    const meeting = await emulator.meeting();
    const timeout = timeouts.next();
    const client = new Cloudflare({ ...emulator.options, timeout });
    const options = { headers: faults('stall', 'ok') };
    const ids = [meeting.app_id, meeting.meeting_id];
    const call = client.realtimeKit.activeSession.getActiveSession(...ids, {}, options);
    await eventually(async () => (await emulator.requests(meeting.meeting_id)).length, 1);
    await timeouts.expire(timeout);
    assert.equal((await call).data.live_participants, 3);
  });

  test('a timeout above the limit of timers does not end at once', async () => {
    for (const timeout of [2 ** 31, 2 ** 31 + 5, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      const meeting = await emulator.meeting();
      const client = new Cloudflare({ ...emulator.options, timeout, maxRetries: 0 });
      const ids = [meeting.app_id, meeting.meeting_id];
      const options = { headers: faults('delay:ms=30') };
      const result = await client.realtimeKit.activeSession.getActiveSession(...ids, {}, options);
      assert.equal(result.success, true);
    }
  });
});

describe('an abort with any reason ends a call at once', LIMIT, () => {
  for (const [n, reason] of REASONS.entries()) {
    const name = `reason ${n}, ${typeof reason}`;

    test(`before it starts: ${name}`, async () => {
      const error = await rejection(
        poll(new Cloudflare(server.options), { signal: AbortSignal.abort(reason) }),
      );
      assert.ok(error instanceof APIUserAbortError, `${error.stack}`);
      assert.equal(error.message, 'Request was aborted.');
      assert.deepEqual([error.attempts, error.maybeApplied], [0, false]);
      assert.equal(server.requests.length, 0);
    });

    test(`in flight: ${name}`, async () => {
      const controller = new AbortController();
      server.answer = () => controller.abort(reason);
      const client = new Cloudflare(server.options);
      const error = await rejection(poll(client, { signal: controller.signal }));
      assert.ok(error instanceof APIUserAbortError, `${error.stack}`);
      assert.deepEqual([error.attempts, error.maybeApplied], [1, true]);
      assert.equal(server.requests.length, 1);
    });

    test(`during the body: ${name}`, async () => {
      const controller = new AbortController();
      const client = new Cloudflare({
        ...server.options,
        fetch: () => {
          const body = new ReadableStream({ pull: () => controller.abort(reason) });
          return Promise.resolve(
            new Response(body, { headers: { 'content-type': 'application/json' } }),
          );
        },
      });
      const error = await rejection(read(client, { signal: controller.signal }));
      assert.ok(error instanceof APIUserAbortError, `${error.stack}`);
    });

    test(`during a backoff: ${name}`, async (context) => {
      const controller = new AbortController();
      server.answer = (_, response) => json(response, {}, 503, { 'retry-after': '60' });
      const real = globalThis.setTimeout;
      context.after(() => {
        globalThis.setTimeout = real;
      });
      globalThis.setTimeout = (run, ms, ...rest) => {
        // Aborts as soon as the wait of a minute begins.
        if (ms === 60_000) queueMicrotask(() => controller.abort(reason));
        return real(run, ms, ...rest);
      };
      const client = new Cloudflare({ ...server.options, timeout: 50_000 });
      const error = await rejection(read(client, { signal: controller.signal }));
      assert.ok(error instanceof APIUserAbortError, `${error.stack}`);
      assert.deepEqual([error.attempts, error.maybeApplied], [1, false]);
      assert.equal(server.requests.length, 1);
    });
  }

  test('even if fetch ignores its signal', async () => {
    const controller = new AbortController();
    const fetch = () => {
      queueMicrotask(() => controller.abort());
      return new Promise(silence);
    };
    const client = new Cloudflare({ ...server.options, fetch });
    const error = await rejection(read(client, { signal: controller.signal }));
    assert.ok(error instanceof APIUserAbortError, `${error.stack}`);
  });

  test('and closes the connection', async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => {
      server.answer = (_, response) => {
        response.on('close', () => resolve(response.writableFinished));
        controller.abort();
      };
    });
    await rejection(read(new Cloudflare(server.options), { signal: controller.signal }));
    assert.equal(await closed, false);
  });
});

test('a timeout ends a call whose fetch ignores its signal', LIMIT, async () => {
  const client = new Cloudflare({
    ...server.options,
    fetch: () => new Promise(silence),
    timeout: 20,
    maxRetries: 0,
  });
  assert.ok((await rejection(read(client))) instanceof APIConnectionTimeoutError);
});

test('calls leave no listeners on a signal that outlives them', LIMIT, async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const client = new Cloudflare({ ...server.options, maxRetries: 0 });
  await read(client, { signal });
  await read(client, { signal }).withResponse();
  server.answer = (_, response) => json(response, {}, 404);
  await rejection(read(client, { signal }));
  server.answer = (request) => request.socket.destroy();
  await rejection(read(client, { signal }));
  server.answer = silence;
  await rejection(read(client, { signal, timeout: 20 }));
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  server.answer = () => controller.abort();
  await rejection(read(client, { signal }));
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('the signal also ends a body that the caller reads', LIMIT, async () => {
  const controller = new AbortController();
  server.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{');
  };
  const client = new Cloudflare(server.options);
  const response = await read(client, { signal: controller.signal }).asResponse();
  const text = rejection(response.text());
  controller.abort();
  assert.ok((await text) instanceof Error);
});

test('keeps to maxRetries of the client and of the call', LIMIT, async () => {
  server.answer = (_, response) => json(response, {}, 503, { 'retry-after-ms': '1' });
  for (const [ofClient, ofCall, attempts] of [
    [0, undefined, 1],
    [4, undefined, 5],
    [0, 3, 4],
  ]) {
    server.requests.length = 0;
    const client = new Cloudflare({ ...server.options, maxRetries: ofClient });
    const options = ofCall === undefined ? {} : { maxRetries: ofCall };
    const error = await rejection(read(client, options));
    assert.equal(error.attempts, attempts);
    assert.equal(server.requests.length, attempts);
  }
});
