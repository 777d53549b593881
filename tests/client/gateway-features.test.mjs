// A gateway that says it remembers idempotency keys: a poll whose response was lost is sent again with its key, and
// there is one poll. Without that, and at Cloudflare's own API, a doubtful poll is never sent again.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import Cloudflare from 'realtimekit-moderator';
import { json, startServer } from '../support/server.mjs';

const FEATURES = { 'realtimekit-gateway-features': 'other, idempotency-key' };
const POLL = { question: 'Tea?', options: ['yes', 'no'] };

let server;
/** How a poll's attempts fail, one after the other, after the server has made the poll. */
let faults;
/** The polls that exist, by key. */
let polls;
let advertises;

before(async () => (server = await startServer()));
beforeEach(() => {
  server.requests.length = 0;
  faults = [];
  polls = new Map();
  advertises = true;
  server.answer = (request, response) => {
    const headers = advertises ? FEATURES : {};
    if (!request.url.endsWith('/poll')) return json(response, { data: {} }, 200, headers);
    const key = request.headers['idempotency-key'] ?? Symbol('none');
    if (!polls.has(key)) polls.set(key, { id: `poll-${polls.size + 1}` });
    const fault = faults.shift();
    if (fault === 'lost') return request.socket.destroy();
    if (fault) return json(response, {}, fault, { ...headers, 'retry-after-ms': '1' });
    return json(response, { data: { poll: polls.get(key) } }, 201, headers);
  };
});
after(() => server?.stop());

const make = (options) => new Cloudflare({ ...server.options, ...options });
const read = (client) => client.realtimeKit.activeSession.getActiveSession('app', 'meeting');
const poll = async (client, options) =>
  client.realtimeKit.activeSession.createPoll('app', 'meeting', POLL, options);
const attempts = () => server.requests.filter(({ url }) => url.endsWith('/poll'));
const keys = () => new Set(attempts().map(({ headers }) => headers['idempotency-key']));

describe('a client that has seen the advertisement', () => {
  for (const fault of ['lost', 408, 409, 500, 502, 503]) {
    test(`repeats a doubtful poll with the same key: ${fault}`, async () => {
      const client = make();
      await read(client);
      faults = [fault, fault];
      const { data } = await poll(client);
      assert.equal(data.poll.id, 'poll-1');
      assert.deepEqual([attempts().length, keys().size, polls.size], [3, 1, 1]);
    });
  }

  test('sees it on a response of the poll itself', async () => {
    faults = [503];
    const { data } = await poll(make());
    assert.deepEqual([data.poll.id, attempts().length, polls.size], ['poll-1', 2, 1]);
  });

  test('sees it on a refresh of a watch, and on an error', async () => {
    const client = make();
    for await (const { at } of client.realtimeKit.activeSession.watch('app', 'meeting')) {
      assert.ok(at !== undefined);
      break;
    }
    faults = ['lost'];
    await poll(client);
    assert.equal(attempts().length, 2);
    const other = make();
    faults = [400];
    await assert.rejects(poll(other), { status: 400 });
    faults = ['lost'];
    await poll(other);
    assert.equal(polls.size, 3);
  });

  test('keeps the knowledge while other clients make calls, and with options of a call', async () => {
    const [one, other] = [make(), make({ baseURL: `${server.url}/other` })];
    await one.realtimeKit.activeSession.getActiveSession(
      'app',
      'meeting',
      {},
      { fetchOptions: {} },
    );
    advertises = false;
    await read(other);
    faults = ['lost'];
    await poll(one);
    assert.equal(attempts().length, 2);
    // Of the other's base URL nothing is known.
    faults = ['lost'];
    await assert.rejects(poll(other), { maybeApplied: true, attempts: 1 });
  });

  test('says that the poll may exist if all attempts fail', async () => {
    const client = make({ maxRetries: 1 });
    await read(client);
    faults = ['lost', 'lost'];
    await assert.rejects(poll(client), { maybeApplied: true, attempts: 2 });
    assert.deepEqual([keys().size, polls.size], [1, 1]);
  });

  test('repeats no poll without a key, and none that was aborted', async () => {
    const client = make();
    await read(client);
    faults = ['lost'];
    const without = { headers: { 'Idempotency-Key': null } };
    await assert.rejects(poll(client, without), { maybeApplied: true, attempts: 1 });
    const own = new AbortController();
    const answer = server.answer;
    server.answer = () => own.abort();
    await assert.rejects(poll(client, { signal: own.signal }), Cloudflare.APIUserAbortError);
    server.answer = answer;
    assert.equal(attempts().length, 2);
  });
});

test('clients with one base URL share what was seen', async () => {
  await read(make());
  faults = ['lost'];
  const { data } = await poll(make());
  assert.deepEqual([data.poll.id, attempts().length, polls.size], ['poll-1', 2, 1]);
});

test('a client that has not seen it repeats no doubtful poll', async () => {
  advertises = false;
  for (const fault of ['lost', 500, 503]) {
    const client = make({ baseURL: `${server.url}/unseen` });
    await read(client);
    faults = [fault];
    await assert.rejects(poll(client), { maybeApplied: true, attempts: 1 });
  }
  assert.equal(polls.size, 3);
});

test('at Cloudflare’s own API nothing changes, whatever its responses say', async () => {
  const sent = [];
  const fetch = async (url, { method }) => {
    sent.push(`${method} ${new URL(url).hostname}`);
    const headers = { 'content-type': 'application/json', ...FEATURES };
    return new Response('{}', { status: method === 'POST' ? 503 : 200, headers });
  };
  const client = new Cloudflare({ apiToken: 'a', accountId: 'acc', fetch });
  await read(client);
  await assert.rejects(poll(client), { maybeApplied: true, attempts: 1 });
  assert.deepEqual(sent, ['GET api.cloudflare.com', 'POST api.cloudflare.com']);
});
