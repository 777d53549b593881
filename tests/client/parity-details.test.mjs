// Details in which the two major versions of the official SDK and this client could differ: headers of errors, values of
// a query, IDs that are encoded already. Where they do differ, docs/moving.md says so.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import Official6 from 'cloudflare';
import Official7 from 'cloudflare-7';
import fc from 'fast-check';
import Ours from 'realtimekit-moderator';
import { okay, startServer } from '../support/server.mjs';

let server;
before(async () => (server = await startServer()));
beforeEach(() => {
  server.answer = okay;
  server.requests.length = 0;
});
after(() => server?.stop());

const IDS = { account_id: 'acc', app_id: 'app' };

/** Reads a meeting with an SDK. */
function read(Sdk, params, options, id = 'meeting') {
  const client = new Sdk({ apiToken: 'a-token', baseURL: server.url, maxRetries: 0 });
  const { meetings } = client.realtimeKit;
  return Sdk === Official6
    ? meetings.getMeetingById('app', id, { account_id: 'acc', ...params }, options)
    : meetings.getMeetingByID(id, { ...IDS, ...params }, options);
}

const rejection = async (promise) => {
  const error = await promise.then(
    () => undefined,
    (error) => error,
  );
  assert.ok(error, 'the call was refused');
  return error;
};

describe('the headers of an error', () => {
  const LIST = [
    ['X-Mark', 'm'],
    ['Set-Cookie', 'a=1; Path=/'],
    ['Set-Cookie', 'b=2'],
    ['X-Twice', '1'],
    ['X-Twice', '2'],
  ];
  const errorOf = async (Sdk) => {
    server.answer = (_request, response) => response.writeHead(404, LIST.flat()).end();
    return rejection(read(Sdk));
  };
  const MARKS = ['x-mark', 'set-cookie', 'x-twice', 'x-none'];

  test('are an object, as in version 6', async () => {
    const [{ headers: ours }, { headers: theirs }] = [
      await errorOf(Ours),
      await errorOf(Official6),
    ];
    for (const name of [...MARKS, 'X-Mark', 'SET-COOKIE']) {
      assert.equal(ours[name], theirs[name], name);
    }
    assert.equal(ours['set-cookie'], 'a=1; Path=/, b=2');
    const plain = (headers) => JSON.stringify(Object.fromEntries(Object.entries(headers).sort()));
    const without = (text) => text.replace(/"date":"[^"]*"/, '');
    assert.equal(without(plain(ours)), without(plain(theirs)));
  });

  test('are a Headers, as in version 7', async () => {
    const [{ headers: ours }, { headers: theirs }] = [
      await errorOf(Ours),
      await errorOf(Official7),
    ];
    assert.ok(ours instanceof Headers && theirs instanceof Headers);
    for (const name of [...MARKS, 'X-Mark']) {
      assert.equal(ours.get(name), theirs.get(name), name);
      assert.equal(ours.has(name), theirs.has(name), name);
    }
    assert.deepEqual(ours.getSetCookie(), ['a=1; Path=/', 'b=2']);
    const without = (headers) => [...headers].filter(([name]) => name !== 'date');
    assert.deepEqual(without(ours), without(theirs));
    assert.deepEqual(without(new Headers(ours)), without(theirs));
    assert.deepEqual([...ours.keys()], [...theirs.keys()]);
    assert.match(inspect(ours), /x-mark/);
  });
});

describe('the values of a query', () => {
  const item = fc.oneof(
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e21, 5e-324, null, undefined, true, ''),
    fc.bigInt(),
    fc.double(),
    fc.string(),
    fc.date({ noInvalidDate: true }),
  );
  const value = fc.oneof(
    item,
    fc.array(item, { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('in', 'b c'), item),
  );
  const query = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), value, { maxKeys: 4 });
  const urlOf = async (Sdk, ...args) => {
    server.requests.length = 0;
    await read(Sdk, ...args);
    return server.requests[0].url;
  };

  for (const [name, Official] of Object.entries({ 6: Official6, 7: Official7 })) {
    test(
      `are those of version ${name}, in options and in params`,
      { timeout: 300_000 },
      async () => {
        const property = fc.asyncProperty(query, fc.boolean(), async (query, inParams) => {
          const args = inParams ? [query] : [{}, { query }];
          assert.equal(await urlOf(Ours, ...args), await urlOf(Official, ...args));
        });
        await fc.assert(property, { numRuns: 200 });
      },
    );
  }

  test('that JSON has not are sent as they are', async () => {
    const query = { a: NaN, b: Infinity, c: [undefined, 'x'], d: 12345678901234567890n };
    const url = await urlOf(Ours, {}, { query });
    assert.match(url, /\?a=NaN&b=Infinity&c=x&d=12345678901234567890$/);
  });

  test('query undefined is no query; the official SDK then drops the params', async () => {
    const urls = [];
    for (const Sdk of [Ours, Official6, Official7]) {
      urls.push(await urlOf(Sdk, { name: 'n' }, { query: undefined }));
    }
    assert.deepEqual(
      urls.map((url) => url.endsWith('?name=n')),
      [true, false, false],
    );
  });
});

test('an ID that is encoded already is encoded again, as in version 7', async () => {
  for (const id of ['a%2Fb', 'a%20b', '%25']) {
    await read(Ours, {}, {}, id);
    await read(Official7, {}, {}, id);
    const [ours, theirs] = server.requests.splice(0).map(({ url }) => url);
    assert.equal(ours, theirs);
    assert.ok(ours.endsWith(`/meetings/${id.replaceAll('%', '%25')}`), ours);
  }
});

test('a redirect that is not followed says why', async () => {
  const CASES = [
    [302, { location: `${server.url}/again` }, 'there are too many'],
    [302, {}, 'it has no Location'],
    [307, { location: 'http://[' }, 'its Location is no URL'],
    [308, { location: 'https://elsewhere.example/' }, 'it leads to another origin'],
  ];
  for (const [status, headers, reason] of CASES) {
    server.answer = (_request, response) => response.writeHead(status, headers).end();
    const { message } = await rejection(read(Ours));
    assert.equal(message, `${status} redirect not followed: ${reason}`);
  }
  server.answer = (_request, response) => response.writeHead(303, { location: '/' }).end();
  const client = new Ours({ apiToken: 'a-token', baseURL: server.url, maxRetries: 0 });
  const kick = client.realtimeKit.activeSession.kickAllParticipants('meeting', IDS);
  const { message } = await rejection(kick);
  assert.equal(message, '303 redirect not followed: its method would change');
});

test('the error about a missing token names the keys in the environment', () => {
  const script = `
    const { default: Cloudflare } = await import('realtimekit-moderator');
    const client = new Cloudflare({ baseURL: 'http://127.0.0.1:9', accountId: 'a' });
    await client.realtimeKit.activeSession.kickAllParticipants('app', 'meeting').catch((error) => {
      console.log(error.name, error.message);
    });`;
  const run = (own) => {
    const env = Object.entries(process.env).filter(([name]) => !name.startsWith('CLOUDFLARE_'));
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
      env: { ...Object.fromEntries(env), ...own },
    });
  };
  assert.match(run({}), /^InvalidArgumentError apiToken is missing: .+ if it is not needed\n$/);
  const both = run({ CLOUDFLARE_API_KEY: 'secret-key', CLOUDFLARE_EMAIL: 'me@example.com' });
  assert.match(both, /CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL are not supported/);
  assert.doesNotMatch(both, /secret-key|me@example/);
});
