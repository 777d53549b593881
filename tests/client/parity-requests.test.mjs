// Requests equal those of both major versions of the official SDK, for any parameters, options and settings. Arguments that
// only this client refuses are in invalid-arguments.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Official6 from 'cloudflare';
import Official7 from 'cloudflare-7';
import fc from 'fast-check';
import Ours from 'realtimekit-moderator';
import { startServer } from '../support/server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const make = (Sdk, options) =>
  new Sdk({ apiToken: 'a-token', baseURL: `${server.url}/client/v4`, maxRetries: 0, ...options });

/** The request that an SDK sends for a call. */
async function sent(Sdk, options, call) {
  server.requests.length = 0;
  await call(make(Sdk, options).realtimeKit);
  assert.equal(server.requests.length, 1);
  const { method, url, headers, body } = server.requests[0];
  const request = { method, url, body: body && JSON.parse(body), accept: headers.accept };
  for (const name of ['authorization', 'x-one', 'x-two']) request[name] = headers[name];
  // The official SDK also sends a Content-Type without a body.
  if (body) request.type = headers['content-type'];
  return request;
}

const MEETING = ['app_id', 'meeting_id'];
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/);
const ids = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
const extra = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,6}$/), fc.jsonValue(), { maxKeys: 3 });
const item = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const scalar = fc.oneof(item, fc.constant(undefined));
const query = fc.dictionary(
  fc.stringMatching(/^[a-z_ é&=]{1,8}$/),
  fc.oneof(scalar, fc.array(item, { maxLength: 3 }), fc.dictionary(fc.constant('in'), scalar)),
  { maxKeys: 4 },
);
const headers = fc.record(
  {
    'X-One': fc.constantFrom('1', 'one two', null, undefined),
    'x-two': fc.constantFrom('2', null, undefined),
    accept: fc.constantFrom('text/plain', undefined),
  },
  { requiredKeys: [] },
);
const text = fc.string();

/** The operations of both SDKs: their resource, the names of their IDs, and parameters that both send. */
const CALLS = {
  getActiveSession: ['activeSession', MEETING, fc.record({})],
  kickParticipants: [
    'activeSession',
    MEETING,
    fc.oneof(
      fc.record({ participant_ids: ids, custom_participant_ids: ids }),
      fc.record({ participant_ids: ids }),
      fc.record({ custom_participant_ids: ids, participant_ids: fc.constant(undefined) }),
    ),
  ],
  kickAllParticipants: ['activeSession', MEETING, fc.record({})],
  createPoll: [
    'activeSession',
    MEETING,
    fc.record(
      {
        question: text,
        options: ids,
        anonymous: fc.boolean(),
        hide_votes: fc.constantFrom(true, undefined),
      },
      { requiredKeys: ['question', 'options'] },
    ),
  ],
  getSessionParticipants: [
    'sessions',
    ['app_id', 'session_id'],
    fc.record(
      { search: text, per_page: fc.nat(200), include_peer_events: fc.boolean() },
      { requiredKeys: [] },
    ),
  ],
  getMeetingById: ['meetings', MEETING, fc.record({ name: text }, { requiredKeys: [] })],
  updateMeetingById: [
    'meetings',
    MEETING,
    fc.record({ status: fc.constantFrom('ACTIVE', 'INACTIVE'), title: text }, { requiredKeys: [] }),
  ],
  deleteMeetingParticipant: ['meetings', [...MEETING, 'participant_id'], fc.record({})],
};

/** Both major versions: the SDK, its name of a method, and the arguments of a call. */
const VERSIONS = {
  '6.5.0': [Official6, (name) => name, (given, params, options) => [...given, params, options]],
  '7.3.0': [
    Official7,
    (name) => name.replace(/Id$/, 'ID'),
    (given, params, options, names) => {
      const inParams = names.slice(0, -1).map((id, at) => [id, given[at]]);
      return [given.at(-1), { ...params, ...Object.fromEntries(inParams) }, options];
    },
  ],
};

for (const [version, [Official, nameOf, argumentsOf]] of Object.entries(VERSIONS)) {
  describe(`sends the same request as cloudflare@${version}`, () => {
    for (const [name, [resource, names, fields]] of Object.entries(CALLS)) {
      test(nameOf(name), { timeout: 300_000 }, async () => {
        const options = fc.record({ headers, query }, { requiredKeys: [] });
        const client = fc.record(
          { defaultHeaders: headers, defaultQuery: query },
          { requiredKeys: [] },
        );
        const given = fc.tuple(...names.map(() => id));
        await fc.assert(
          fc.asyncProperty(id, given, fields, extra, options, client, async (...generated) => {
            const [account_id, theseIds, own, others, rest, settings] = generated;
            const params = { account_id, ...others, ...own };
            const run = (kit) =>
              kit[resource][nameOf(name)](...argumentsOf(theseIds, params, rest, names));
            const [ours, official] = [
              await sent(Ours, settings, run),
              await sent(Official, settings, run),
            ];
            assert.deepEqual(ours, official);
          }),
          { numRuns: 60 },
        );
      });
    }
  });
}

test('every operation takes both forms, also with options, and under both names', async () => {
  const all = Object.entries({ muteParticipants: 'POST', muteAllParticipants: 'POST' });
  for (const [name, method] of all) CALLS[name] ??= ['activeSession', MEETING, method];
  for (const [name, [resource, names]] of Object.entries(CALLS)) {
    const forms = Object.values(VERSIONS).flatMap(([, nameOf, argumentsOf]) => {
      const given = names.map((id) => `${id}-1`);
      const params = { account_id: 'acc', question: '?', options: ['a'], participant_ids: ['p'] };
      const args = argumentsOf(given, params, { headers: { 'x-one': '1' } }, names);
      return [name, nameOf(name)].map((alias) => (kit) => kit[resource][alias](...args));
    });
    const requests = [];
    for (const run of forms) requests.push(await sent(Ours, {}, run));
    assert.equal(requests[0]['x-one'], '1');
    for (const request of requests) assert.deepEqual(request, requests[0], name);
  }
});

test('query null removes the query of the parameters', async () => {
  const list = (kit) =>
    kit.sessions.getSessionParticipants(
      'app',
      'session',
      { account_id: 'acc', per_page: 5 },
      {
        query: null,
      },
    );
  const [ours, official] = [await sent(Ours, {}, list), await sent(Official6, {}, list)];
  assert.deepEqual(ours, official);
  assert.doesNotMatch(ours.url, /per_page/);
});

test('a query is serialized as JSON, with toJSON()', async () => {
  class Search {
    name = 'hidden';
    toJSON() {
      return { search: 'Ada', per_page: 5 };
    }
  }
  await make(Ours, {}).realtimeKit.sessions.getSessionParticipants(
    'app',
    'session',
    { account_id: 'acc' },
    { query: new Search() },
  );
  assert.match(server.requests.at(-1).url, /\?search=Ada&per_page=5$/);
});
