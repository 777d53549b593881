// Parity with the official SDK: results, errors, retries and the class. Other tests cover the intended
// differences, such as IDs that name another endpoint and bodies that are not JSON.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Official from 'cloudflare';
import fc from 'fast-check';
import Ours from 'realtimekit-moderator';
import { startServer } from '../support/server.mjs';

const SDKS = { ours: Ours, official: Official };

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const make = (Sdk, options) =>
  new Sdk({ apiToken: 'a-token', baseURL: `${server.url}/client/v4`, maxRetries: 0, ...options });

/** The result of a call, or its error. */
async function outcome(Sdk) {
  const call = make(Sdk).realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
  try {
    return { data: await call };
  } catch (error) {
    const { status, headers, error: body, errors } = error;
    assert.ok(error instanceof Sdk.APIError, `${error.stack}`);
    assert.ok(error instanceof Sdk.CloudflareError && error instanceof Error);
    assert.ok(error.message.startsWith(`${status} `), error.message);
    // Headers can be read in any case.
    const marks = [headers['X-Mark'], headers['x-mark'], Object.keys(headers).includes('x-mark')];
    return { type: error.constructor.name, status, body, errors, marks };
  }
}

const text = fc.string();
const envelope = fc.oneof(
  fc.record({ success: fc.constant(false), error: fc.record({ code: fc.nat(), message: text }) }),
  fc.record({ errors: fc.array(fc.record({ code: fc.nat(), message: text }), { maxLength: 3 }) }),
  fc.record({ message: text }),
  fc.constant({ data: { ended_at: 'null', a: null }, success: true, unknown: [1.5, 'x'] }),
);
const STATUSES = [
  200, 201, 202, 203, 400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 422, 429, 451,
];
STATUSES.push(500, 501, 502, 503, 504, 599);

describe('a response gives the same result or error', () => {
  const compare = async (status, type, body) => {
    server.answer = (_request, response) => {
      response.writeHead(status, { ...(type && { 'content-type': type }), 'x-mark': 'm' });
      response.end(body);
    };
    const [ours, official] = [await outcome(Ours), await outcome(Official)];
    assert.deepEqual(ours, official);
  };

  test('JSON with any status', { timeout: 300_000 }, async () => {
    const json = fc.oneof(envelope, fc.jsonValue()).map((value) => JSON.stringify(value));
    const types = [
      'application/json',
      'application/json; charset=utf-8',
      'application/problem+json',
    ];
    const property = fc.asyncProperty(
      fc.constantFrom(...STATUSES),
      fc.constantFrom(...types),
      json,
      compare,
    );
    await fc.assert(property, { numRuns: 300 });
  });

  test('other text with any status', { timeout: 300_000 }, async () => {
    const types = ['text/plain', 'text/html; charset=utf-8', undefined];
    const bodies = fc.oneof(text, fc.constant('<html><title>502</title></html>'), fc.constant(''));
    const property = fc.asyncProperty(
      fc.constantFrom(...STATUSES),
      fc.constantFrom(...types),
      bodies,
      compare,
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test('an empty response', async () => {
    await compare(204, undefined, undefined);
    for (const Sdk of Object.values(SDKS)) {
      server.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 0 }).end();
      };
      assert.deepEqual(await outcome(Sdk), { data: undefined });
    }
  });
});

describe('a read has the same number of attempts', () => {
  const withHeaders = (headers) => [429, 500, 400].map((status) => [status, headers]);
  const cases = [
    ...STATUSES.filter((status) => status >= 400).map((status) => [status, {}]),
    ...withHeaders({ 'x-should-retry': 'true' }),
    ...withHeaders({ 'x-should-retry': 'false' }),
  ];
  for (const [status, headers] of cases) {
    test(`status ${status} ${JSON.stringify(headers)}`, async () => {
      const counts = [];
      for (const Sdk of Object.values(SDKS)) {
        server.requests.length = 0;
        server.answer = (_request, response) => {
          response.writeHead(status, { 'retry-after-ms': '1', ...headers }).end();
        };
        const { activeSession } = make(Sdk, { maxRetries: 2 }).realtimeKit;
        const call = activeSession.getActiveSession('a', 'b', { account_id: 'c' });
        await assert.rejects(Promise.resolve(call), { status });
        counts.push(server.requests.length);
      }
      assert.equal(counts[0], counts[1]);
    });
  }
});

describe('the promise of a call', () => {
  for (const [name, Sdk] of Object.entries(SDKS)) {
    test(`${name}: gives the data, the response or both, in any order`, async () => {
      server.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'x-mark': 'm' });
        response.end('{"data":{"a":null}}');
      };
      const call = () =>
        make(Sdk).realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
      const body = { data: { a: null } };
      assert.ok(call() instanceof Promise);
      assert.deepEqual(await call(), body);
      assert.equal(await call().then(({ data }) => data.a), null);
      assert.deepEqual(await call().finally(() => 'ignored'), body);
      assert.deepEqual(await Promise.all([call(), call()]), [body, body]);
      const response = await call().asResponse();
      assert.equal(response.headers.get('x-mark'), 'm');
      assert.equal(response.bodyUsed, false);
      assert.deepEqual(await response.json(), body);
      const both = await call().withResponse();
      assert.deepEqual(both.data, body);
      assert.equal(both.response.status, 200);
      const first = call();
      assert.equal((await first.asResponse()).status, 200);
      assert.deepEqual(await first, body);
      const twice = call();
      assert.equal(await twice, await twice);
      const later = call();
      assert.deepEqual(await later, body);
      assert.equal((await later.asResponse()).status, 200);
    });

    test(`${name}: every way to use it rejects`, async () => {
      server.answer = (_request, response) => response.writeHead(404).end();
      const call = () =>
        make(Sdk).realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
      for (const promise of [
        call().asResponse(),
        call().withResponse(),
        call().catch((e) => Promise.reject(e)),
      ]) {
        await assert.rejects(promise, Sdk.NotFoundError);
      }
      assert.equal(await call().catch(({ status }) => status), 404);
    });
  }
});

test('a late asResponse() gives an unread body', async () => {
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}');
  };
  const client = make(Ours);
  const call = client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
  // When this second call has its data, the first response has arrived and is unused.
  await client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
  const response = await call.asResponse();
  assert.deepEqual(await response.json(), { a: 1 });
  assert.deepEqual(await call, { a: 1 });
});

test('a malformed Response is an APIError', async () => {
  const fails = () => {
    throw new Error('a trap of the caller');
  };
  const text = async () => 'gone';
  const hostile = [
    [{ status: 404, headers: { get: () => null, entries: fails }, text }, 404],
    [{ status: 404, headers: null, text }, 404],
    [
      {
        status: 429,
        text,
        get headers() {
          return fails();
        },
      },
      429,
    ],
    [
      {
        headers: new Headers(),
        text,
        get status() {
          return fails();
        },
      },
      0,
    ],
    [{ status: Symbol('status'), text }, 0],
    [{}, 0],
  ];
  for (const [response, status] of hostile) {
    const client = new Ours({ apiToken: 'a', maxRetries: 0, fetch: async () => response });
    const call = client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
    await assert.rejects(Promise.resolve(call), (error) => {
      assert.ok(error instanceof Ours.APIError, `${error.stack}`);
      assert.equal(error.status, status);
      assert.equal(error.attempts, 1);
      return true;
    });
  }
});

describe('the class', () => {
  test('has the official statics', () => {
    const statics = Object.keys(Official).filter((name) =>
      /Error$|^DEFAULT|^Cloudflare$/.test(name),
    );
    assert.ok(statics.length >= 14);
    for (const name of statics) {
      assert.equal(typeof Ours[name], typeof Official[name], name);
      if (!/Error$/.test(name)) continue;
      const parents = (Class) =>
        Class === Error ? [] : [Class.name, ...parents(Object.getPrototypeOf(Class))];
      assert.deepEqual(parents(Ours[name]), parents(Official[name]));
    }
    assert.equal(Ours.DEFAULT_TIMEOUT, Official.DEFAULT_TIMEOUT);
  });

  test('has the official defaults, also from the environment', () => {
    const script = (name) => `
      const { default: Cloudflare } = await import('${name}');
      const clients = [new Cloudflare(), new Cloudflare({ baseURL: null, timeout: 5, maxRetries: 0 })];
      console.log(JSON.stringify(clients.map((client) => [client.baseURL, client.timeout, client.maxRetries])));`;
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    for (const own of [
      {},
      { CLOUDFLARE_BASE_URL: ' http://localhost:1/v4 ', CLOUDFLARE_API_TOKEN: 'x' },
    ]) {
      const { CLOUDFLARE_BASE_URL, CLOUDFLARE_API_TOKEN, ...env } = process.env;
      const run = (name) =>
        execFileSync(process.execPath, ['--input-type=module', '-e', script(name)], {
          cwd,
          encoding: 'utf8',
          env: { ...env, ...own },
        });
      assert.equal(run('realtimekit-moderator'), run('cloudflare'));
    }
  });

  test('refuses the options that the official SDK refuses', () => {
    for (const options of [
      { timeout: -1 },
      { timeout: 1.5 },
      { timeout: 'x' },
      { maxRetries: -1 },
      { maxRetries: NaN },
    ]) {
      const messages = Object.values(SDKS).map((Sdk) => {
        try {
          new Sdk(options);
        } catch (error) {
          assert.ok(error instanceof Sdk.CloudflareError);
          return error.message;
        }
        return assert.fail(JSON.stringify(options));
      });
      assert.equal(messages[0], messages[1]);
    }
  });
});
