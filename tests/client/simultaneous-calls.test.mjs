// Calls that are made at the same time do not affect each other.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import Cloudflare, { APIConnectionTimeoutError, APIUserAbortError } from 'realtimekit-moderator';
import { json, okay, startServer } from '../support/server.mjs';

const LIMIT = { timeout: 300_000 };

let server;
/** What has happened to the connection of an answer, by the meeting that was asked for. */
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

/** Asks for a meeting. */
const ask = (client, meeting, options) =>
  client.realtimeKit.activeSession.getActiveSession('app', meeting, {}, options);

const asked = (request) => /meetings\/([^/]+)\//.exec(request.url)?.[1] ?? '';

/** Answers by the name of the meeting; `ended` of it tells whether its answer went out whole. */
function answers(by) {
  server.answer = (request, response) => {
    const meeting = asked(request);
    const before = connections.get(meeting) ?? [];
    const ended = new Promise((resolve) => {
      response.on('close', () => resolve(response.writableFinished));
    });
    connections.set(meeting, [...before, ended]);
    return by[meeting]?.(response, before.length);
  };
}

/** Answers with a head, and the beginning of a body. */
const begin = (response, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' });
  response.write('{"data":');
};

describe('of calls made at the same time', LIMIT, () => {
  test('those that take too long all time out, and each connection is let go', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `hangs-${n}`);
    const silence = () => {};
    answers(Object.fromEntries(names.map((name) => [name, silence])));
    const client = new Cloudflare({ ...server.options, timeout: 500, maxRetries: 0 });
    const ends = await Promise.allSettled(names.map((name) => ask(client, name)));
    for (const { status, reason } of ends) {
      assert.equal(status, 'rejected');
      assert.ok(reason instanceof APIConnectionTimeoutError, String(reason?.stack));
      assert.deepEqual([reason.attempts, reason.maybeApplied], [1, false]);
    }
    for (const name of names) {
      for (const ended of connections.get(name) ?? []) assert.equal(await ended, false);
    }
  });

  test('one that is answered has its answer, though the others time out', async () => {
    answers({
      hangs: () => {},
      stalls: (response) => begin(response),
      answers: (response) => json(response, { data: 1 }),
    });
    const client = new Cloudflare({ ...server.options, timeout: 2000, maxRetries: 0 });
    const [hangs, stalls, answer] = await Promise.allSettled(
      ['hangs', 'stalls', 'answers'].map((name) => ask(client, name)),
    );
    assert.ok(hangs.reason instanceof APIConnectionTimeoutError, String(hangs.reason));
    assert.ok(stalls.reason instanceof APIConnectionTimeoutError, String(stalls.reason));
    assert.deepEqual(answer.value, { data: 1 });
    assert.deepEqual(await Promise.all(connections.get('answers')), [true]);
    assert.deepEqual(await Promise.all(connections.get('stalls')), [false]);
  });

  test('a refusal that is sent again lets go of its own connection alone', async () => {
    let again;
    const sentAgain = new Promise((resolve) => (again = resolve));
    answers({
      // The body of the refusal never ends: it has to be let go for the next attempt.
      refused: (response, before) => {
        if (!before) return begin(response, 503);
        json(response, { data: 'again' });
        again();
      },
      // Answered only when the other one has let go and come again.
      patient: async (response) => {
        await sentAgain;
        await connections.get('refused')[0];
        json(response, { data: 'patient' });
      },
    });
    const client = new Cloudflare(server.options);
    const all = await Promise.all([ask(client, 'refused'), ask(client, 'patient')]);
    assert.deepEqual(all, [{ data: 'again' }, { data: 'patient' }]);
    assert.deepEqual(await Promise.all(connections.get('refused')), [false, true]);
    assert.deepEqual(await Promise.all(connections.get('patient')), [true]);
  });

  test('an abort ends the one whose signal it is', async () => {
    const controller = new AbortController();
    answers({
      aborted: () => controller.abort(),
      patient: async (response) => {
        const [ended] = connections.get('aborted') ?? [];
        // Whichever comes first to the server.
        if (ended) await ended;
        json(response, { data: 'patient' });
      },
    });
    const client = new Cloudflare(server.options);
    const [aborted, patient] = await Promise.allSettled([
      ask(client, 'aborted', { signal: controller.signal }),
      ask(client, 'patient'),
    ]);
    assert.ok(aborted.reason instanceof APIUserAbortError, String(aborted.reason));
    assert.deepEqual(patient.value, { data: 'patient' });
  });

  test('a body that the caller reads outlives the time of the others', async () => {
    let late;
    answers({
      hangs: () => {},
      kept: (response) => {
        begin(response);
        late = () => response.end('"kept"}');
      },
    });
    const client = new Cloudflare({ ...server.options, timeout: 2000, maxRetries: 0 });
    const hangs = ask(client, 'hangs').catch((error) => error);
    const response = await ask(client, 'kept').asResponse();
    assert.ok((await hangs) instanceof APIConnectionTimeoutError);
    late();
    assert.deepEqual(await response.json(), { data: 'kept' });
  });

  test('each has the time that it was given', async () => {
    let later;
    const isLater = new Promise((resolve) => (later = resolve));
    answers({ hangs: () => {}, waits: (response) => isLater.then(() => json(response, {})) });
    const client = new Cloudflare({ ...server.options, maxRetries: 0 });
    const hangs = ask(client, 'hangs', { timeout: 100 }).catch((error) => error);
    const waits = ask(client, 'waits', { timeout: 20_000 }).then((answer) => answer);
    assert.ok((await hangs) instanceof APIConnectionTimeoutError);
    later();
    assert.deepEqual(await waits, {});
  });
});

test('calls made one after the other each have their own time', LIMIT, async (context) => {
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
  const call = (name) => ask(client, name).catch((error) => ends.push([name, error]));
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

test('calls made together go out in the order in which they were made', LIMIT, async () => {
  const sent = [];
  const fetch = async (url) => {
    sent.push(/meetings\/([^/]+)/.exec(url)?.[1]);
    return Response.json({});
  };
  const client = new Cloudflare({ ...server.options, fetch });
  const { signal } = new AbortController();
  const names = Array.from({ length: 9 }, (_, n) => `of-nine-${n}`);
  // One in three can be aborted.
  await Promise.all(names.map((name, n) => ask(client, name, n % 3 === 1 ? { signal } : {})));
  assert.deepEqual(sent, names);
});

test('one that is aborted while another is sent is not sent, and says so', LIMIT, async () => {
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

test(
  'a fetch that throws, or gives no sound promise, fails its own call alone',
  LIMIT,
  async () => {
    const fetch = (url) => {
      if (url.includes('throws')) throw new Error('thrown');
      const answer = Promise.resolve(Response.json({}));
      if (!url.includes('broken')) return answer;
      return Object.assign(answer, {
        then: () => {
          throw new Error('no then');
        },
      });
    };
    const client = new Cloudflare({ ...server.options, fetch, maxRetries: 0 });
    const names = ['throws', 'broken', 'sound', 'throws-again', 'sound-too'];
    const ends = await Promise.allSettled(names.map((name) => ask(client, name)));
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
  },
);

test('each call has a signal of its own', LIMIT, async () => {
  const signals = new Set();
  const fetch = async (_, { signal }) => {
    signals.add(signal);
    return Response.json({});
  };
  const client = new Cloudflare({ ...server.options, fetch });
  await Promise.all(Array.from({ length: 20 }, (_, n) => ask(client, `of-many-${n}`)));
  assert.equal(signals.size, 20);
});

// A call that has ended leaves its place to another one, which must hear nothing of it.
test('what a call waited for when it was stopped disturbs no later call', async () => {
  const meetings = new Map();
  const controller = new AbortController();
  const client = new Cloudflare({
    apiToken: 'a',
    accountId: 'b',
    maxRetries: 0,
    fetch: (url) => {
      const meeting = /meetings\/([^/]+)/.exec(url)?.[1];
      // Aborted while the request is made: nobody waits for its answer yet.
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
