// Options of clients and calls beside version 7 of the official SDK: withOptions, fetchOptions, the log, custom headers,
// lists of header values; and options that are refused.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import Official6 from 'cloudflare';
import Official7 from 'cloudflare-7';
import fc from 'fast-check';
import Ours, { InvalidArgumentError } from 'realtimekit-moderator';
import { json, okay, startServer } from '../support/server.mjs';

const TOKEN = 'a-token-that-nobody-else-sees';
const IDS = { account_id: 'acc', app_id: 'app' };

let server;
before(async () => (server = await startServer()));
beforeEach(() => {
  server.answer = okay;
  server.requests.length = 0;
});
after(() => server?.stop());

const make = (Sdk, options) =>
  new Sdk({ apiToken: TOKEN, baseURL: server.url, maxRetries: 0, ...options });

/** Reads the session, in the form of an SDK's version. */
const read = (client, options) =>
  client instanceof Official6
    ? client.realtimeKit.activeSession.getActiveSession('app', 'm', { account_id: 'acc' }, options)
    : client.realtimeKit.activeSession.getActiveSession('m', IDS, options);

/** The headers that a client sends. */
async function sentHeaders(client, options) {
  server.requests.length = 0;
  await read(client, options);
  return server.requests[0].headers;
}

/** Sets variables of the environment for the duration of `run`. */
async function withEnv(variables, run) {
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

describe('an option that is not supported is refused, with advice', () => {
  const ADVICE = {
    httpAgent: /use fetch or fetchOptions/,
    apiKey: /use apiToken/,
    apiEmail: /use apiToken/,
    userServiceKey: /use apiToken/,
    apiVersion: /use a header/,
    body: /use params/,
    method: /use another operation/,
    path: /use another operation/,
    stream: /use asResponse/,
    defaultBaseURL: /use the baseURL of a client/,
  };
  for (const [name, advice] of Object.entries(ADVICE)) {
    test(name, async () => {
      const refused = (error) => {
        assert.ok(error instanceof InvalidArgumentError, `${error}`);
        assert.equal(error.argument, name);
        assert.match(error.message, advice);
        return true;
      };
      const { activeSession, sessions } = make(Ours).realtimeKit;
      const poll = { ...IDS, question: '?', options: ['a'] };
      for (const call of [
        () => activeSession.getActiveSession('m', IDS, { [name]: {} }),
        () => activeSession.createPoll('m', poll, { [name]: 'x' }),
        () => sessions.getSessionParticipants('app', 's', { account_id: 'acc' }, { [name]: true }),
      ]) {
        await assert.rejects(async () => call(), refused);
      }
      assert.throws(() => make(Ours, { [name]: {} }), refused);
      assert.equal(server.requests.length, 0);
      // Nothing is no option.
      await read(make(Ours, { [name]: undefined }), { [name]: null });
      assert.equal(server.requests.length, 1);
    });
  }

  test('fetchOptions that are no object', async () => {
    for (const fetchOptions of ['x', 5, true, [], () => {}]) {
      const refused = { name: 'InvalidArgumentError', argument: 'fetchOptions' };
      assert.throws(() => make(Ours, { fetchOptions }), refused);
      await assert.rejects(async () => read(make(Ours), { fetchOptions }), refused);
    }
    assert.equal(server.requests.length, 0);
  });
});

describe('withOptions', () => {
  for (const [name, Sdk] of Object.entries({ ours: Ours, official: Official7 })) {
    test(`${name}: a new client with the settings of now, and other options`, async () => {
      const first = make(Sdk, { defaultHeaders: { 'x-one': '1' }, defaultQuery: { q: '1' } });
      first.timeout = 5_000;
      first.apiToken = 'a-later-token';
      const second = first.withOptions({ maxRetries: 7, defaultHeaders: { 'x-two': '2' } });
      assert.ok(second instanceof Sdk);
      assert.notEqual(second, first);
      assert.deepEqual([first.maxRetries, second.maxRetries], [0, 7]);
      assert.deepEqual([first.timeout, second.timeout], [5_000, 5_000]);
      assert.equal(second.baseURL, server.url);
      first.timeout = 9_000;
      assert.equal(second.timeout, 5_000);
      const headers = await sentHeaders(second);
      assert.equal(headers.authorization, 'Bearer a-later-token');
      assert.deepEqual([headers['x-one'], headers['x-two']], [undefined, '2']);
      assert.match(server.requests[0].url, /\?q=1$/);
      assert.equal((await sentHeaders(first))['x-one'], '1');
    });

    test(`${name}: keeps a subclass, and its own fetch`, async () => {
      class Mine extends Sdk {}
      const seen = [];
      const fetch = async (...args) => {
        seen.push(args);
        return globalThis.fetch(...args);
      };
      const client = make(Mine, { fetch }).withOptions({ timeout: 1_234 });
      assert.ok(client instanceof Mine);
      await read(client);
      assert.equal(seen.length, 1);
    });
  }

  test('shows the token as little as any client', () => {
    const client = make(Ours).withOptions({ timeout: 5 });
    assert.doesNotMatch(inspect(client, { depth: 9, showHidden: true }), new RegExp(TOKEN));
    assert.equal(client.apiToken, undefined);
  });
});

describe('fetchOptions', () => {
  const seeing = () => {
    const seen = [];
    const fetch = async (url, init) => {
      seen.push(init);
      return globalThis.fetch(url, init);
    };
    return { seen, fetch };
  };

  test('reach fetch; a call’s replace the client’s', async () => {
    for (const Sdk of [Ours, Official7]) {
      const { seen, fetch } = seeing();
      const client = make(Sdk, { fetch, fetchOptions: { cache: 'no-cache', keepalive: true } });
      await read(client);
      await read(client, { fetchOptions: { cache: 'reload', priority: 'high' } });
      client.fetchOptions = { credentials: 'omit' };
      await read(client);
      const fields = seen.map((init) =>
        ['cache', 'keepalive', 'priority', 'credentials'].map((name) => init[name]),
      );
      assert.deepEqual(fields, [
        ['no-cache', true, undefined, undefined],
        ['reload', true, 'high', undefined],
        [undefined, undefined, undefined, 'omit'],
      ]);
    }
  });

  test('the client’s own method, headers, body, signal and redirect take precedence', async () => {
    const { seen, fetch } = seeing();
    const fetchOptions = {
      method: 'DELETE',
      headers: { authorization: 'Bearer other', 'x-other': '1' },
      body: 'other',
      signal: AbortSignal.abort(),
      redirect: 'follow',
    };
    const client = make(Ours, { fetch, fetchOptions });
    await client.realtimeKit.activeSession.kickAllParticipants('m', IDS, { fetchOptions });
    await client.realtimeKit.activeSession.kickParticipants('m', {
      ...IDS,
      participant_ids: ['p'],
    });
    const [all, some] = server.requests;
    assert.deepEqual([all.method, all.body, some.body], ['POST', '', '{"participant_ids":["p"]}']);
    for (const { headers } of server.requests) {
      assert.equal(headers.authorization, `Bearer ${TOKEN}`);
      assert.equal(headers['x-other'], undefined);
    }
    assert.deepEqual([...new Set(seen.map(({ redirect }) => redirect))], ['manual']);
  });

  test('a dispatcher of Node carries the request, also without a fetch of one’s own', async () => {
    // Node's own exists once it is used.
    await read(make(Ours));
    const own = globalThis[Symbol.for('undici.globalDispatcher.1')];
    const carried = [];
    const dispatcher = {
      dispatch(options, handler) {
        carried.push(options.path);
        return own.dispatch(options, handler);
      },
    };
    await read(make(Ours, { fetchOptions: { dispatcher } }));
    await read(make(Ours), { fetchOptions: { dispatcher } });
    assert.equal(carried.length, 2);
  });

  test('every page of a list has those of its call', async () => {
    const { seen, fetch } = seeing();
    server.answer = (request, response) => {
      const page = Number(new URL(request.url, server.url).searchParams.get('page_no') ?? 1);
      const participants = [{ id: `p${page}` }];
      const paging = { total_count: 3, start_offset: page, end_offset: page };
      json(response, { data: { participants, paging } });
    };
    const { sessions } = make(Ours, { fetch }).realtimeKit;
    const people = [];
    const options = { fetchOptions: { cache: 'reload' } };
    for await (const person of sessions.getSessionParticipants('s', IDS, options)) {
      people.push(person.id);
    }
    assert.deepEqual(people, ['p1', 'p2', 'p3']);
    assert.deepEqual([...new Set(seen.map(({ cache }) => cache))], ['reload']);
  });

  test('make the token no more optional than it is', async () => {
    const client = make(Ours, { apiToken: null, fetchOptions: { cache: 'reload' } });
    await assert.rejects(async () => read(client), { argument: 'apiToken' });
    const own = make(Ours, { apiToken: null, fetch: globalThis.fetch, fetchOptions: {} });
    await read(own);
    assert.equal(server.requests.length, 1);
  });
});

describe('the log', () => {
  const listening = () => {
    const lines = [];
    const logger = {};
    for (const level of ['error', 'warn', 'info', 'debug']) {
      logger[level] = (...line) => lines.push([level, ...line]);
    }
    return { lines, logger };
  };
  const levels = (lines) => [...new Set(lines.map(([level]) => level))].sort();

  test('has the messages of its level, as the official one', async () => {
    for (const logLevel of ['off', 'error', 'warn', undefined, 'info', 'debug']) {
      const all = [];
      for (const Sdk of [Ours, Official7]) {
        const { lines, logger } = listening();
        const client = make(Sdk, { logger, logLevel });
        await read(client);
        server.answer = (_request, response) => response.writeHead(404).end();
        await assert.rejects(async () => read(client), { status: 404 });
        server.answer = okay;
        all.push(levels(lines));
      }
      assert.deepEqual(all[0], all[1], logLevel);
    }
  });

  test('names the request and what became of it, for each attempt', async () => {
    const { lines, logger } = listening();
    const client = make(Ours, { logger, logLevel: 'info', maxRetries: 1 });
    let n = 0;
    server.answer = (_request, response) => {
      n += 1;
      if (n === 2) return okay(_request, response);
      return response.writeHead(503, { 'retry-after-ms': '1' }).end();
    };
    await read(client);
    assert.equal(lines.length, 2);
    assert.match(
      lines[0][1],
      /^\[log_\w+\] GET http.+\/active-session failed with status 503 after/,
    );
    assert.match(lines[1][1], /succeeded with status 200/);
    await server.stop();
    await assert.rejects(async () => read(client), Ours.APIConnectionError);
    server = await startServer();
    assert.match(lines.at(-1)[1], /got no response/);
  });

  test('no line contains the token, wherever it stands', async () => {
    const { lines, logger } = listening();
    server.answer = (request, response) => {
      const { authorization } = request.headers;
      const headers = { 'x-echo': authorization, 'set-cookie': 'session=secret-cookie' };
      json(response, { error: { message: authorization } }, 400, headers);
    };
    const defaultHeaders = {
      'x-copy': `<${TOKEN}>`,
      cookie: 'c=secret-cookie',
      'x-api-key': 'mine-alone',
    };
    const client = make(Ours, { logger, logLevel: 'debug', defaultHeaders });
    const { activeSession } = client.realtimeKit;
    const poll = { ...IDS, question: TOKEN, options: ['a'] };
    await assert.rejects(async () => activeSession.createPoll('m', poll), { status: 400 });
    await assert.rejects(
      async () => read(client, { headers: { Authorization: 'Token of-this-call-alone' } }),
      { status: 400 },
    );
    await assert.rejects(
      async () =>
        read(client.withOptions({ fetch: () => Promise.reject(new Error(`no ${TOKEN}`)) })),
      Ours.APIConnectionError,
    );
    const text = inspect(lines, { depth: 9 });
    assert.ok(lines.length >= 6 && /x-copy/.test(text) && /x-echo/.test(text), text);
    assert.doesNotMatch(text, /a-token-that|secret-cookie|of-this-call|mine-alone/);
  });

  test('a wrong level is reported as by the official SDK, and ignored', async () => {
    await withEnv({ CLOUDFLARE_LOG: 'loud' }, () => {
      const all = [Ours, Official7].map((Sdk) => {
        const { lines, logger } = listening();
        const client = make(Sdk, { logger, logLevel: 'silent' });
        assert.equal(client.logLevel, 'warn');
        return lines.map(([level, text]) => [level, text.replace(/, expected.*/, '')]);
      });
      assert.deepEqual(all[0], all[1]);
      assert.equal(all[0].length, 2);
    });
  });

  test('CLOUDFLARE_LOG sets the level; the option takes precedence; it can be changed', async () => {
    await withEnv({ CLOUDFLARE_LOG: 'debug' }, async () => {
      const { lines, logger } = listening();
      const client = make(Ours, { logger });
      assert.equal(client.logLevel, 'debug');
      assert.equal(make(Ours, { logger, logLevel: 'error' }).logLevel, 'error');
      await read(client);
      assert.deepEqual(levels(lines), ['debug', 'info']);
      client.logLevel = 'off';
      const before = lines.length;
      await read(client);
      assert.equal(lines.length, before);
    });
  });

  test('a logger that fails, or lacks a method, fails no call', async () => {
    const logger = {
      info() {
        throw new Error('a trap of the caller');
      },
    };
    await read(make(Ours, { logger, logLevel: 'debug' }));
    assert.equal(server.requests.length, 1);
  });
});

describe('headers', () => {
  const own = (headers) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-mine')));

  test('CLOUDFLARE_CUSTOM_HEADERS, as both versions read it', async () => {
    const CLOUDFLARE_CUSTOM_HEADERS =
      'X-Mine-A: 1\n x-mine-b :two: 2 \nno header\nX-Mine-C: 3\nx-mine-d:';
    await withEnv({ CLOUDFLARE_CUSTOM_HEADERS }, async () => {
      const options = { defaultHeaders: { 'X-Mine-C': 'own' } };
      const all = [];
      for (const Sdk of [Ours, Official6, Official7]) {
        all.push(own(await sentHeaders(make(Sdk, options))));
      }
      assert.deepEqual(all[0], {
        'x-mine-a': '1',
        'x-mine-b': 'two: 2',
        'x-mine-c': 'own',
        'x-mine-d': '',
      });
      assert.deepEqual(all[1], all[0]);
      assert.deepEqual(all[2], all[0]);
    });
  });

  test(
    'lists, repeated pairs and nulls, as version 7 sends them',
    { timeout: 300_000 },
    async () => {
      const name = fc.constantFrom('X-Mine-A', 'x-mine-a', 'x-mine-b', 'X-MINE-C');
      const scalar = fc.constantFrom('1', 'two', '', null, undefined);
      const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
      const pairs = fc.array(fc.tuple(name, value), { maxLength: 5 });
      const headers = fc.oneof(
        fc.dictionary(name, value),
        pairs,
        fc
          .array(fc.tuple(name, fc.constantFrom('1', 'two')), { maxLength: 4 })
          .map((list) => new Headers(list)),
      );
      await fc.assert(
        fc.asyncProperty(headers, headers, async (defaultHeaders, headers) => {
          const all = [];
          for (const Sdk of [Ours, Official7]) {
            all.push(own(await sentHeaders(make(Sdk, { defaultHeaders }), { headers })));
          }
          assert.deepEqual(all[0], all[1]);
        }),
        { numRuns: 300 },
      );
    },
  );
});
