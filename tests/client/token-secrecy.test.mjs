// The token goes only to the API: never into output, to another origin or into a browser.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Session } from 'node:inspector/promises';
import { inspect } from 'node:util';
import Cloudflare, { InvalidArgumentError } from 'realtimekit-moderator';
import { runModule } from '../support/run-module.mjs';
import { faults, startEmulator } from '../support/emulator.mjs';
import { operations } from '../support/operations.mjs';
import { json, okay, startServer } from '../support/server.mjs';

const TOKEN = 'Zx9-very-secret-token';
const ids = ['app', 'meeting', 'participant'];

let here;
let there;
let emulator;
before(async () => {
  [here, there, emulator] = await Promise.all([
    startServer(),
    startServer(),
    startEmulator('--token', TOKEN, '--rate-limit', '0'),
  ]);
});
beforeEach(() => {
  for (const server of [here, there]) {
    server.answer = okay;
    server.requests.length = 0;
  }
});
after(() => Promise.all([here, there, emulator].map((one) => one?.stop())));

const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`answered ${JSON.stringify(value)}`),
    (error) => error,
  );

/** Everything that a log, a debugger or a crash report may show of a value. */
function shown(value) {
  return [
    inspect(value, { showHidden: true, depth: Infinity, getters: true, showProxy: true }),
    inspect(value, { depth: Infinity }),
    JSON.stringify(value) ?? '',
    String(value?.stack),
    String(value),
    JSON.stringify(Object.getOwnPropertyDescriptors(value)),
  ].join('\n');
}

function assertSecret(value) {
  assert.doesNotMatch(shown(value), new RegExp(TOKEN));
}

/** The text that a debugger shows of a value, with private fields. */
async function debugged(value) {
  const session = new Session();
  session.connect();
  const found = [];
  const collect = async (objectId, depth) => {
    const properties = await session.post('Runtime.getProperties', {
      objectId,
      ownProperties: true,
    });
    for (const { name, value } of [...properties.result, ...(properties.privateProperties ?? [])]) {
      found.push(name, String(value?.value));
      // Skips the scopes and classes of functions: they belong to the program, not to the value.
      const inner = value?.objectId && value.type === 'object' && name !== '__proto__';
      if (inner && depth < 6) await collect(value.objectId, depth + 1);
    }
  };
  globalThis.debugged = value;
  const { result } = await session.post('Runtime.evaluate', {
    expression: '[globalThis.debugged]',
  });
  await collect(result.objectId, 0);
  session.disconnect();
  delete globalThis.debugged;
  return found.join('\n');
}

test('a debugger sees no token in a client or the promise of a call', async () => {
  const client = new Cloudflare({ ...here.options, apiToken: TOKEN });
  const headers = { Authorization: `Bearer ${TOKEN}2` };
  const calls = [read(client), read(client, { headers })];
  for (const value of [client, ...calls]) assert.doesNotMatch(await debugged(value), /very-secret/);
  // The debugger does see other fields.
  assert.match(await debugged(calls[0]), /wantsData/);
  await Promise.all(calls);
  for (const value of [client, ...calls]) assert.doesNotMatch(await debugged(value), /very-secret/);
});

const read = (client, options) =>
  client.realtimeKit.activeSession.getActiveSession('app', 'meeting', {}, options);

test('a printed client shows no token, before and after a call', async () => {
  const client = new Cloudflare({ ...here.options, apiToken: TOKEN });
  assertSecret(client);
  await read(client);
  assert.equal(here.requests[0].headers.authorization, `Bearer ${TOKEN}`);
  assertSecret(client);
  client.apiToken = `${TOKEN}2`;
  assertSecret(client);
  assert.equal(client.apiToken, undefined);
  await read(client);
  assert.equal(here.requests[1].headers.authorization, `Bearer ${TOKEN}2`);
});

test('no error shows the token', async () => {
  const client = new Cloudflare({ ...here.options, apiToken: TOKEN, maxRetries: 0 });
  for (const status of [400, 401, 403, 404, 405, 409, 422, 429, 500, 503]) {
    here.answer = (_, response) => json(response, { errors: [] }, status);
    const error = await rejection(read(client));
    assert.equal(error.status, status);
    assertSecret(error);
  }
  assertSecret(await rejection(read(client, { signal: AbortSignal.abort() })));
  here.answer = (request) => request.socket.destroy();
  assertSecret(await rejection(read(client)));
  here.answer = () => {};
  assertSecret(await rejection(read(client, { timeout: 20 })));
  here.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{');
  };
  assertSecret(await rejection(read(client)));
  assertSecret(await rejection(client.realtimeKit.activeSession.getActiveSession('', 'm')));
});

test('an error message that repeats the request omits the token', async () => {
  const client = new Cloudflare({ ...emulator.options, maxRetries: 0 });
  for (const code of [400, 500]) {
    const headers = faults(`echo-auth:code=${code}`);
    const error = await rejection(read(client, { headers }));
    assert.equal(error.status, code);
    assert.doesNotMatch(error.message, new RegExp(TOKEN));
    assert.doesNotMatch(error.stack, new RegExp(TOKEN));
    // The rest of the server's message is kept.
    assert.match(error.message, /\[token\]/);

    // A call may have its own authorization.
    const own = { ...faults(`echo-auth:code=${code}`), Authorization: 'Bearer of-this-call' };
    const other = await rejection(read(client, { headers: own }));
    assert.doesNotMatch(other.message, /of-this-call/);
    assert.match(other.message, /\[token\]/);
  }
});

test('no redirect takes the token to another origin', async () => {
  const client = new Cloudflare({ ...here.options, apiToken: TOKEN, maxRetries: 0 });
  for (const status of [301, 302, 303, 307, 308]) {
    for (const { call, name, params, ids: names } of operations) {
      here.answer = (_, response) => {
        response.writeHead(status, { location: `${there.url}/elsewhere` }).end();
      };
      const error = await rejection(call(client, ...ids.slice(0, names.length), params));
      assert.equal(error.status, status, name);
      assert.match(error.message, /^30\d redirect not followed/);
      assertSecret(error);
    }
  }
  assert.equal(there.requests.length, 0);
  assert.equal(here.requests.length, 5 * operations.length);
});

test('a read follows a redirect within the origin', async () => {
  const client = new Cloudflare({ ...here.options, apiToken: TOKEN });
  for (const status of [301, 302, 303, 307, 308]) {
    here.requests.length = 0;
    here.answer = (request, response) => {
      if (request.url === '/new') return json(response, { found: status });
      return response.writeHead(status, { location: '/new' }).end();
    };
    assert.deepEqual(await read(client), { found: status });
    assert.deepEqual(
      here.requests.map(({ method, headers }) => [method, headers.authorization]),
      Array(2).fill(['GET', `Bearer ${TOKEN}`]),
    );
  }
});

test('an endless redirect is not followed', async () => {
  const client = new Cloudflare({ ...here.options, apiToken: TOKEN, maxRetries: 0 });
  here.answer = (request, response) => {
    response.writeHead(307, { location: `${request.url}x` }).end();
  };
  assert.equal((await rejection(read(client))).status, 307);
  assert.ok(here.requests.length < 30);
});

test('a base URL with a password is refused, and not shown', async () => {
  const baseURL = `http://user:${TOKEN}@127.0.0.1:1/client/v4`;
  const made = async () => read(new Cloudflare({ ...here.options, baseURL }));
  const error = await rejection(made());
  assert.ok(error instanceof InvalidArgumentError, `${error}`);
  assertSecret(error);
});

test('a token that is invalid in a header is refused, and not shown', async () => {
  for (const apiToken of [`${TOKEN}\n${TOKEN}`, `${TOKEN}\r\nx: y`, `é${TOKEN}`, `${TOKEN}\0`]) {
    const made = async () => read(new Cloudflare({ ...here.options, apiToken }));
    const error = await rejection(made());
    assert.ok(error instanceof InvalidArgumentError, `${error}`);
    assertSecret(error);
  }
  assert.equal(here.requests.length, 0);
});

test('an invalid header of the caller is refused, and not shown', async () => {
  const client = new Cloudflare(here.options);
  const headers = { authorization: `Bearer ${TOKEN}\nx` };
  const error = await rejection(read(client, { headers }));
  assert.ok(error instanceof InvalidArgumentError, `${error}`);
  assertSecret(error);
});

test('a client of api.cloudflare.com is refused in a browser, with advice', async () => {
  const out = await runModule(`
    globalThis.window = globalThis;
    globalThis.document = {};
    Object.defineProperty(globalThis, 'navigator', {
      value: { userAgent: 'Mozilla/5.0' }, configurable: true,
    });
    const { default: Cloudflare } = await import('realtimekit-moderator');
    const attempt = (options) => {
      try {
        new Cloudflare({ apiToken: '${TOKEN}', ...options });
        return 'made';
      } catch (error) {
        return error.name + ': ' + error.message;
      }
    };
    console.log(JSON.stringify([
      attempt({}),
      attempt({ baseURL: 'https://API.cloudflare.com./client/v4' }),
      attempt({ dangerouslyAllowBrowser: true }),
      attempt({ baseURL: 'https://gateway.example.com/' }),
    ]));
  `);
  const [plain, disguised, allowed, gateway] = JSON.parse(out);
  for (const refusal of [plain, disguised]) {
    assert.match(refusal, /^InvalidArgumentError: .*CORS.*gateway.*dangerouslyAllowBrowser/);
    assert.doesNotMatch(refusal, new RegExp(TOKEN));
  }
  assert.deepEqual([allowed, gateway], ['made', 'made']);
});

test('a client of api.cloudflare.com is allowed outside a browser', () => {
  const client = new Cloudflare({ apiToken: TOKEN });
  assert.equal(client.baseURL, 'https://api.cloudflare.com/client/v4');
});
