// Arguments that are refused before a request is sent: IDs that would name another endpoint, invalid
// parameters and options. Any input gives a result or a `CloudflareError`.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import Cloudflare, { CloudflareError, InvalidArgumentError } from 'realtimekit-moderator';
import { operation, operations } from '../support/operations.mjs';
import { okay, startServer } from '../support/server.mjs';

const HOSTILE = [
  ...['', '.', '..', '%2e', '%2E%2e', '.%2E', '%2e.', '...', '../..', '../x', 'a/b', '/', '//x'],
  ...['a\\b', '..\\..', '?', '?x=y', 'a#b', '#', 'm/active-session/kick-all?', 'kick-all#', '%2f'],
  ...['%2F..%2F', '%252e%252e', '%', '%zz', ' ', ' ..', '.. ', '\t', '\n', '..\n', '\0', 'a\u007f'],
  ...[
    '\u0085',
    '\ud800',
    'a\udfff',
    'é 漢 😀',
    ';',
    'a;b=c',
    '@host',
    'http://evil/',
    ':x',
    '＊',
    '．．',
  ],
  ...['a'.repeat(2048), 'a'.repeat(100_000), '+', '&', '=', '[]', '{meeting_id}', '\'"<>'],
];
const NOT_STRINGS = [
  ...[undefined, null, 0, 1, NaN, true, 5n, Symbol('id'), {}, [], ['a'], () => 'a', new Date(0)],
  { toString: () => 'a' },
  new Proxy({}, { get: fail, getPrototypeOf: fail }),
];

function fail() {
  throw new Error('a trap of the caller');
}

let server;
let client;
before(async () => {
  server = await startServer();
  client = new Cloudflare({ ...server.options, maxRetries: 0 });
});
beforeEach(() => {
  server.answer = okay;
  server.requests.length = 0;
});
after(() => server?.stop());

/** The error of a call, or `undefined`. A call never throws synchronously. */
async function refusal(start) {
  const promise = start();
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

function assertRefused(error, about) {
  assert.ok(error instanceof InvalidArgumentError, `${about}: ${error}`);
  assert.ok(error instanceof CloudflareError && error instanceof Error);
  assert.equal(error.name, 'InvalidArgumentError');
  // The message names the argument and the problem.
  assert.match(error.message, /^\w+ [\x20-\x7e]+$/, about);
  assert.equal(server.requests.length, 0, about);
}

async function assertWorks() {
  server.requests.length = 0;
  const data = await client.realtimeKit.activeSession.kickAllParticipants('app', 'meeting');
  assert.deepEqual(data, {});
  assert.equal(server.requests.length, 1);
}

/** The path segments of an operation, with placeholders for its IDs. */
const pathOf = ({ path }) => `/accounts/{account_id}/realtime/kit/{app_id}/${path}`.split('/');

/** Calls with these IDs: they must be refused, or arrive unchanged. */
async function assertRefusedOrUnchanged(one, ids) {
  server.requests.length = 0;
  const names = ['account_id', ...one.ids];
  const [account_id, ...rest] = ids;
  const error = await refusal(() => one.call(client, ...rest, { ...one.params, account_id }));
  if (error) return assertRefused(error, one.name);
  assert.equal(server.requests.length, 1);
  const { method, url } = server.requests[0];
  assert.equal(method, one.method);
  const segments = url.split('/');
  const wanted = pathOf(one).map((piece) => {
    const at = names.indexOf(piece.slice(1, -1));
    return piece.startsWith('{') ? ids[at] : piece;
  });
  assert.deepEqual(segments.map(decodeURIComponent), wanted, one.name);
  assert.doesNotMatch(url, /[?#\\]/);
  return undefined;
}

describe('an ID is one path segment, or refused', { timeout: 300_000 }, () => {
  for (const one of operations) {
    const good = ['acc', ...one.ids.map((name) => `${name}-1`)];
    test(one.name, async () => {
      for (const place of good.keys()) {
        for (const id of HOSTILE) await assertRefusedOrUnchanged(one, at(place, id));
        for (const id of NOT_STRINGS) {
          // Without `account_id` the client's account is used.
          if (place === 0 && id == null) continue;
          server.requests.length = 0;
          const [account_id, ...ids] = at(place, id);
          const call = () => one.call(client, ...ids, { ...one.params, account_id });
          assertRefused(await refusal(call), `${one.name} ${place}`);
        }
      }
      await assertWorks();
    });
    const at = (place, id) => good.map((known, n) => (n === place ? id : known));
  }

  test('any text', async () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 8 });
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      units.map((codes) => String.fromCharCode(...codes)),
      fc.string({ unit: fc.constantFrom('.', '/', '%', '2', 'e', 'E', 'f', '\\', '?', '#') }),
    );
    const ids = fc.array(text, { minLength: 4, maxLength: 4 });
    const run = async (one, texts) => {
      await assertRefusedOrUnchanged(one, texts.slice(0, one.ids.length + 1));
    };
    const property = fc.asyncProperty(fc.constantFrom(...operations), ids, run);
    await fc.assert(property, { numRuns: 300 });
  });
});

const cyclic = {};
cyclic.self = cyclic;
const trap = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });

const BAD_PARAMS = {
  KickParticipants: [
    ...[undefined, null, {}, { participant_ids: [] }, { custom_participant_ids: [] }],
    { participant_ids: [], custom_participant_ids: [] },
    ...['p', 7, 5n, null, true, {}, [1], [null], [''], ['p', ''], ['p', undefined], [['p']]].map(
      (participant_ids) => ({ participant_ids }),
    ),
    ...['c', [0], [{}], null].map((ids) => ({
      participant_ids: ['p'],
      custom_participant_ids: ids,
    })),
  ],
  CreatePoll: [
    ...[undefined, {}, { question: 'q' }, { options: ['a'] }, { question: 1, options: ['a'] }],
    ...['a', null, [1], [''], {}, ['a', null]].map((options) => ({ question: 'q', options })),
    { question: 'q', options: ['a'], anonymous: 'yes' },
    { question: 'q', options: ['a'], hide_votes: 1 },
  ],
  MuteAllParticipants: [{ allow_unmute: 1 }, { allow_unmute: 'true' }, { allow_unmute: null }],
  UpdateMeeting: [{ status: 5 }, { status: null }],
};
BAD_PARAMS.MuteParticipants = BAD_PARAMS.KickParticipants;

/** Invalid for every operation that sends a body. */
const bad = (params) => [
  ...['text', 5, 5n, true, Symbol('s'), [], [params], () => params, new Date(0), trap],
  { ...params, cyclic },
  { ...params, big: 5n },
  Object.defineProperty({ ...params }, 'x', { get: fail, enumerable: true }),
  { ...params, toJSON: fail },
  { ...params, toJSON: () => 'text' },
];

const KEYS = [{ idempotencyKey: 5 }, { idempotencyKey: 'a\nb' }];

const BAD_OPTIONS = [
  ...['text', 5, true, 5n, Symbol('s'), [], () => ({}), trap],
  ...['1', -1, 1.5, NaN, Infinity, {}, 5n].flatMap((n) => [{ timeout: n }, { maxRetries: n }]),
  ...['text', {}, 5].map((signal) => ({ signal })),
  ...[5, 'text', { 'a b': 'x' }, { '': 'x' }, { a: 'x\ny' }, { a: '漢' }, { a: {} }].map(
    (headers) => ({ headers }),
  ),
  ...[['x-a'], [[]], [5], new Map([[1, 'x']])].map((headers) => ({ headers })),
  ...['text', 5, cyclic, ['a'], new Map([['a', 'b']])].map((query) => ({ query })),
  { query: new URLSearchParams('a=b') },
  ...KEYS,
  ...['headers', 'query', 'timeout', 'signal'].map((name) =>
    Object.defineProperty({}, name, { get: fail, enumerable: true }),
  ),
];

describe('invalid arguments are refused and nothing is sent', { timeout: 300_000 }, () => {
  for (const [name, list] of Object.entries(BAD_PARAMS)) {
    test(`params of ${name}`, async () => {
      const { call, params } = operation(name);
      for (const [n, wrong] of [...list, ...bad(params)].entries()) {
        assertRefused(await refusal(() => call(client, 'app', 'meeting', wrong)), `${n}`);
      }
      await assertWorks();
    });
  }

  for (const { name, call, ids, params } of operations) {
    test(`options of ${name}`, async () => {
      for (const [n, options] of BAD_OPTIONS.entries()) {
        // Only mutations have a key.
        if (/^Get/.test(name) && KEYS.includes(options)) continue;
        const error = await refusal(() => call(client, ...ids, params, options));
        assertRefused(error, `${n}`);
      }
      await assertWorks();
    });
  }
});

test('the message names the argument and the problem', async () => {
  const withoutAccount = new Cloudflare({ ...server.options, accountId: null });
  const read = (id, account_id, on = client) =>
    refusal(() => on.realtimeKit.activeSession.getActiveSession('app', id, { account_id }));
  for (const [error, message] of [
    [await read(''), 'meeting_id must not be empty'],
    [await read('..'), 'meeting_id must not be a dot segment'],
    [await read('a\n'), 'meeting_id must not hold control characters'],
    [await read('a'.repeat(5000)), 'meeting_id is too long for an ID'],
    [await read('\ud800'), 'meeting_id must not hold half a character'],
    [await read(undefined), 'meeting_id must be a string'],
    [await read('m', 5), 'account_id must be a string'],
    [
      await read('m', undefined, withoutAccount),
      'account_id is missing: give it in params, or to the client as accountId',
    ],
  ]) {
    assertRefused(error, message);
    assert.equal(error.message, message);
    assert.equal(error.argument, message.split(' ')[0]);
  }
  const wrong = new Cloudflare({ ...server.options, defaultQuery: 5 });
  assert.equal((await read('m', 'acc', wrong)).argument, 'defaultQuery');
  const odd = new Cloudflare({ ...server.options, accountId: 5 });
  assert.equal((await read('m', undefined, odd)).argument, 'accountId');
});

test('account_id null means the client’s account', async () => {
  await client.realtimeKit.activeSession.getActiveSession('app', 'm', { account_id: null });
  assert.match(server.requests[0].url, /^\/accounts\/acc\//);
});

test('baseURL null means the API’s URL', () => {
  const changed = new Cloudflare(server.options);
  changed.baseURL = null;
  assert.equal(changed.baseURL, new Cloudflare().baseURL);
});

test('a call without an account is refused', async () => {
  const withoutAccount = new Cloudflare({ ...server.options, accountId: null });
  for (const { call, ids, params } of operations) {
    assertRefused(await refusal(() => call(withoutAccount, ...ids, params)));
  }
});

test('a long list is sent whole', async () => {
  const participant_ids = Array.from({ length: 100_000 }, (_, n) => `participant-${n}`);
  await client.realtimeKit.activeSession.kickParticipants('a', 'm', { participant_ids });
  assert.deepEqual(JSON.parse(server.requests[0].body), { participant_ids });
});

test('any input gives a result or a CloudflareError', { timeout: 300_000 }, async () => {
  const fetch = async () => new Response('{}', { headers: { 'content-type': 'application/json' } });
  const stubbed = new Cloudflare({ ...server.options, fetch, maxRetries: 0 });
  const anything = fc.anything({
    ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true },
    ...{ withNullPrototype: true, withBoxedValues: true, withSparseArray: true },
  });
  const run = async ({ call, ids, params: good }, [id, params, options]) => {
    for (const start of [
      () => call(stubbed, ...ids, params, options),
      () => call(stubbed, ...ids.map(() => id), good),
      () => call(stubbed, ...ids, good, options),
    ]) {
      const error = await refusal(start);
      assert.ok(error === undefined || error instanceof CloudflareError, `${error?.stack}`);
    }
  };
  const values = fc.tuple(anything, anything, anything);
  const property = fc.asyncProperty(fc.constantFrom(...operations), values, run);
  await fc.assert(property, { numRuns: 500 });
  assert.deepEqual(await stubbed.realtimeKit.meetings.getMeetingById('app', 'meeting'), {});
});

// A text must never be read as two texts, or as none.
test('texts with control characters or half a character are refused', async () => {
  const kit = (options) =>
    new Cloudflare({ ...server.options, maxRetries: 0, ...options }).realtimeKit.activeSession;
  const get = (id, options, of = {}) => kit(of).getActiveSession('app', id, {}, options);
  const texts = ['\x01', '\x02', '\x03', '\x04', '\ud800'].flatMap((mark) => [
    mark,
    `a${mark}b`,
    `app${mark}meeting${mark}x-a${mark}b`,
  ]);
  for (const text of texts) {
    for (const [argument, start] of [
      ['meeting_id', () => get(text)],
      ['account_id', () => get('m', {}, { accountId: text })],
      ['idempotencyKey', () => kit().kickAllParticipants('app', 'm', {}, { idempotencyKey: text })],
      ['headers', () => get('m', { headers: { 'x-a': text } })],
      ['headers', () => get('m', { headers: { [text]: 'a' } })],
      ['headers', () => get('m', {}, { defaultHeaders: { 'x-a': text } })],
      ['apiToken', () => get('m', {}, { apiToken: text })],
    ]) {
      const error = await refusal(start);
      assert.ok(error instanceof InvalidArgumentError, `${argument} ${JSON.stringify(text)}`);
      assert.equal(error.argument, argument, JSON.stringify(text));
    }
  }
  assert.equal(server.requests.length, 0);
  // A query may contain control characters.
  await get('m', { query: { a: 'x\x03y\x01' } });
  assert.match(server.requests[0].url, /\?a=x%03y%01$/);
  const error = await refusal(() => get('m', { query: { a: '\ud800' } }));
  assert.equal(error.argument, 'query');
});
