// Calls that are made at the same time do not affect each other.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import Cloudflare, { APIConnectionTimeoutError, APIUserAbortError } from 'realtimekit-moderator';
import { json, okay, startServer } from '../support/server.mjs';

const LIMIT = { timeout: 300_000 };

let server;
/** By meeting: for each request, whether its response was sent whole. */
let connections;
before(async () => {
  server = await startServer();
});
beforeEach(() => {
  server.answer = okay;
  server.requests.length = 0;
  connections = new Map();
});
after(() => server?.stop());

/** Reads the session of a meeting. */
const read = (client, meeting, options) =>
  client.realtimeKit.activeSession.getActiveSession('app', meeting, {}, options);

const meetingOf = (request) => /meetings\/([^/]+)\//.exec(request.url)?.[1] ?? '';

/** Responds by the meeting's name. `ended` resolves to whether the response was sent whole. */
function respondBy(by) {
  server.answer = (request, response) => {
    const meeting = meetingOf(request);
    const before = connections.get(meeting) ?? [];
    const ended = new Promise((resolve) => {
      response.on('close', () => resolve(response.writableFinished));
    });
    connections.set(meeting, [...before, ended]);
    return by[meeting]?.(response, before.length);
  };
}

/** Sends the head and the start of a body. */
const begin = (response, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' });
  response.write('{"data":');
};

describe('calls at the same time', LIMIT, () => {
  test('slow calls all time out, and their connections close', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `hangs-${n}`);
    const silence = () => {};
    respondBy(Object.fromEntries(names.map((name) => [name, silence])));
    const client = new Cloudflare({ ...server.options, timeout: 500, maxRetries: 0 });
    const ends = await Promise.allSettled(names.map((name) => read(client, name)));
    for (const { status, reason } of ends) {
      assert.equal(status, 'rejected');
      assert.ok(reason instanceof APIConnectionTimeoutError, String(reason?.stack));
      assert.deepEqual([reason.attempts, reason.maybeApplied], [1, false]);
    }
    for (const name of names) {
      for (const ended of connections.get(name) ?? []) assert.equal(await ended, false);
    }
  });

  test('a call gets its response while others time out', async () => {
    respondBy({
      hangs: () => {},
      stalls: (response) => begin(response),
      answers: (response) => json(response, { data: 1 }),
    });
    const client = new Cloudflare({ ...server.options, timeout: 5000, maxRetries: 0 });
    const [hangs, stalls, whole] = await Promise.allSettled(
      ['hangs', 'stalls', 'answers'].map((name) => read(client, name)),
    );
    assert.ok(hangs.reason instanceof APIConnectionTimeoutError, String(hangs.reason));
    assert.ok(stalls.reason instanceof APIConnectionTimeoutError, String(stalls.reason));
    assert.deepEqual(whole.value, { data: 1 });
    assert.deepEqual(await Promise.all(connections.get('answers')), [true]);
    assert.deepEqual(await Promise.all(connections.get('stalls')), [false]);
  });

  test('a retry closes only its own connection', async () => {
    let onRetry;
    const retried = new Promise((resolve) => (onRetry = resolve));
    respondBy({
      // This body never ends: the client must close the connection before it retries.
      refused: (response, before) => {
        if (!before) return begin(response, 503);
        json(response, { data: 'again' });
        onRetry();
      },
      // Responds only after the other call has closed its connection and retried.
      patient: async (response) => {
        await retried;
        await connections.get('refused')[0];
        json(response, { data: 'patient' });
      },
    });
    const client = new Cloudflare(server.options);
    const all = await Promise.all([read(client, 'refused'), read(client, 'patient')]);
    assert.deepEqual(all, [{ data: 'again' }, { data: 'patient' }]);
    assert.deepEqual(await Promise.all(connections.get('refused')), [false, true]);
    assert.deepEqual(await Promise.all(connections.get('patient')), [true]);
  });

  test('an abort ends only the call with its signal', async () => {
    const controller = new AbortController();
    respondBy({
      aborted: () => controller.abort(),
      patient: async (response) => {
        const [ended] = connections.get('aborted') ?? [];
        // Either request may arrive first.
        if (ended) await ended;
        json(response, { data: 'patient' });
      },
    });
    const client = new Cloudflare(server.options);
    const [aborted, patient] = await Promise.allSettled([
      read(client, 'aborted', { signal: controller.signal }),
      read(client, 'patient'),
    ]);
    assert.ok(aborted.reason instanceof APIUserAbortError, String(aborted.reason));
    assert.deepEqual(patient.value, { data: 'patient' });
  });

  test('a body that the caller reads outlasts the timeouts of others', async () => {
    let late;
    respondBy({
      hangs: () => {},
      kept: (response) => {
        begin(response);
        late = () => response.end('"kept"}');
      },
    });
    const client = new Cloudflare({ ...server.options, timeout: 5000, maxRetries: 0 });
    const hangs = read(client, 'hangs').catch((error) => error);
    const response = await read(client, 'kept').asResponse();
    assert.ok((await hangs) instanceof APIConnectionTimeoutError);
    late();
    assert.deepEqual(await response.json(), { data: 'kept' });
  });

  test('each has its own timeout', async () => {
    let later;
    const isLater = new Promise((resolve) => (later = resolve));
    respondBy({ hangs: () => {}, waits: (response) => isLater.then(() => json(response, {})) });
    const client = new Cloudflare({ ...server.options, maxRetries: 0 });
    const hangs = read(client, 'hangs', { timeout: 100 }).catch((error) => error);
    const waits = read(client, 'waits', { timeout: 20_000 }).then((data) => data);
    assert.ok((await hangs) instanceof APIConnectionTimeoutError);
    later();
    assert.deepEqual(await waits, {});
  });
});

test('consecutive calls have their own timeouts', LIMIT, async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  context.mock.method(
    globalThis,
    'fetch',
    (_, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  const turn = () => new Promise((resolve) => void setImmediate(resolve));
  const client = new Cloudflare({ ...server.options, timeout: 1000, maxRetries: 0 });
  const ends = [];
  const call = (name) => read(client, name).catch((error) => ends.push([name, error]));
  call('first');
  await turn();
  context.mock.timers.tick(600);
  call('second');
  await turn();
  context.mock.timers.tick(600);
  await turn();
  assert.deepEqual(
    ends.map(([name]) => name),
    ['first'],
  );
  context.mock.timers.tick(600);
  await turn();
  assert.deepEqual(
    ends.map(([name, error]) => [name, error.constructor.name]),
    [
      ['first', 'APIConnectionTimeoutError'],
      ['second', 'APIConnectionTimeoutError'],
    ],
  );
});

test('requests are sent in the order of their calls', LIMIT, async () => {
  const sent = [];
  const fetch = async (url) => {
    sent.push(/meetings\/([^/]+)/.exec(url)?.[1]);
    return Response.json({});
  };
  const client = new Cloudflare({ ...server.options, fetch });
  const { signal } = new AbortController();
  const names = Array.from({ length: 9 }, (_, n) => `of-nine-${n}`);
  // One in three can be aborted.
  await Promise.all(names.map((name, n) => read(client, name, n % 3 === 1 ? { signal } : {})));
  assert.deepEqual(sent, names);
});

test('a call aborted while another is sent makes no request', LIMIT, async () => {
  const controller = new AbortController();
  const sent = [];
  const client = new Cloudflare({
    ...server.options,
    fetch: async (url) => {
      sent.push(/meetings\/([^/]+)/.exec(url)?.[1]);
      controller.abort();
      return Response.json({});
    },
  });
  const kick = (meeting, options) =>
    client.realtimeKit.activeSession.kickAllParticipants('app', meeting, {}, options);
  const [first, second, third] = await Promise.allSettled([
    kick('first'),
    kick('second', { signal: controller.signal }),
    kick('third'),
  ]);
  assert.deepEqual(sent, ['first', 'third']);
  assert.deepEqual([first.value, third.value], [{}, {}]);
  assert.ok(second.reason instanceof APIUserAbortError, String(second.reason));
  assert.deepEqual([second.reason.attempts, second.reason.maybeApplied], [0, false]);
});

test('a fetch that throws or returns a broken promise fails only its call', LIMIT, async () => {
  const fetch = (url) => {
    if (url.includes('throws')) throw new Error('thrown');
    const response = Promise.resolve(Response.json({}));
    if (!url.includes('broken')) return response;
    return Object.assign(response, {
      then: () => {
        throw new Error('no then');
      },
    });
  };
  const client = new Cloudflare({ ...server.options, fetch, maxRetries: 0 });
  const names = ['throws', 'broken', 'sound', 'throws-again', 'sound-too'];
  const ends = await Promise.allSettled(names.map((name) => read(client, name)));
  assert.deepEqual(
    ends.map(({ value, reason }) => value ?? [reason.constructor.name, reason.cause?.message]),
    [
      ['APIConnectionError', 'thrown'],
      ['APIConnectionError', 'no then'],
      {},
      ['APIConnectionError', 'thrown'],
      {},
    ],
  );
});

test('each call has its own signal', LIMIT, async () => {
  const signals = new Set();
  const fetch = async (_, { signal }) => {
    signals.add(signal);
    return Response.json({});
  };
  const client = new Cloudflare({ ...server.options, fetch });
  await Promise.all(Array.from({ length: 20 }, (_, n) => read(client, `of-many-${n}`)));
  assert.equal(signals.size, 20);
});

// A later call may reuse the place of one that has ended. It must not get events of the first.
test('a late failure of an aborted call does not affect a later call', async () => {
  const meetings = new Map();
  const controller = new AbortController();
  const client = new Cloudflare({
    apiToken: 'a',
    accountId: 'b',
    maxRetries: 0,
    fetch: (url) => {
      const meeting = /meetings\/([^/]+)/.exec(url)?.[1];
      // Aborts during the request, before the client awaits its promise.
      if (meeting === 'first') controller.abort();
      return new Promise((resolve, reject) => meetings.set(meeting, { resolve, reject }));
    },
  });
  const get = (meeting, options) =>
    client.realtimeKit.activeSession.getActiveSession('app', meeting, {}, options);
  await assert.rejects(get('first', { signal: controller.signal }), { name: 'APIUserAbortError' });

  const second = get('second').then(
    (data) => data,
    (error) => error,
  );
  while (!meetings.has('second')) await new Promise(setImmediate);
  meetings.get('first').reject(new Error('late'));
  await new Promise(setImmediate);
  meetings.get('second').resolve(Response.json({ data: 2 }));
  assert.deepEqual(await second, { data: 2 });
});
