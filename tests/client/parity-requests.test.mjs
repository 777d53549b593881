// Requests equal those of the official SDK, for any parameters, options and settings. Arguments that
// only this client refuses are in invalid-arguments.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Official from 'cloudflare';
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

/** The operations of both SDKs, with parameters that both send. */
const CALLS = {
  getActiveSession: [
    fc.record({}),
    (kit, a, b, ...rest) => kit.activeSession.getActiveSession(a, b, ...rest),
  ],
  kickParticipants: [
    fc.oneof(
      fc.record({ participant_ids: ids, custom_participant_ids: ids }),
      fc.record({ participant_ids: ids, custom_participant_ids: fc.constant([]) }),
      fc.record({ custom_participant_ids: ids, participant_ids: fc.constant(undefined) }),
    ),
    (kit, a, b, ...rest) => kit.activeSession.kickParticipants(a, b, ...rest),
  ],
  kickAllParticipants: [
    fc.record({}),
    (kit, a, b, ...rest) => kit.activeSession.kickAllParticipants(a, b, ...rest),
  ],
  createPoll: [
    fc.record(
      {
        question: text,
        options: ids,
        anonymous: fc.boolean(),
        hide_votes: fc.constantFrom(true, undefined),
      },
      { requiredKeys: ['question', 'options'] },
    ),
    (kit, a, b, ...rest) => kit.activeSession.createPoll(a, b, ...rest),
  ],
  getSessionParticipants: [
    fc.record(
      { search: text, per_page: fc.nat(200), include_peer_events: fc.boolean() },
      { requiredKeys: [] },
    ),
    (kit, a, b, ...rest) => kit.sessions.getSessionParticipants(a, b, ...rest),
  ],
  getMeetingById: [
    fc.record({ name: text }, { requiredKeys: [] }),
    (kit, a, b, ...rest) => kit.meetings.getMeetingById(a, b, ...rest),
  ],
  updateMeetingById: [
    fc.record({ status: fc.constantFrom('ACTIVE', 'INACTIVE'), title: text }, { requiredKeys: [] }),
    (kit, a, b, ...rest) => kit.meetings.updateMeetingById(a, b, ...rest),
  ],
  deleteMeetingParticipant: [
    fc.record({}),
    (kit, a, b, ...rest) => kit.meetings.deleteMeetingParticipant(a, b, 'participant', ...rest),
  ],
};

describe('sends the same request', () => {
  for (const [name, [fields, call]] of Object.entries(CALLS)) {
    test(name, { timeout: 300_000 }, async () => {
      const options = fc.record({ headers, query }, { requiredKeys: [] });
      const client = fc.record(
        { defaultHeaders: headers, defaultQuery: query },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(id, id, id, fields, extra, options, client, async (...generated) => {
          const [account_id, first, second, given, others, own, settings] = generated;
          const run = (kit) => call(kit, first, second, { account_id, ...others, ...given }, own);
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
  const [ours, official] = [await sent(Ours, {}, list), await sent(Official, {}, list)];
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
