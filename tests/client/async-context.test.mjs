// A call runs in its caller's async context, from the first request to the last retry: a server's tenant, trace or
// framework request belongs to the right call, also if several are made in one turn.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, test } from 'node:test';
import { context as otel, createContextKey } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import Cloudflare from 'realtimekit-moderator';
import { runModule } from '../support/run-module.mjs';

const LIMIT = { timeout: 300_000 };
const TENANTS = ['one', 'two', 'three'];

/** Responds to every request, and records its context. */
function setUp(current, { failures = 0 } = {}) {
  const seen = [];
  const fetch = async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    const [, meeting] = /(?:meetings|sessions)\/([^/]+)/.exec(pathname);
    seen.push([meeting, current()]);
    // After the network's promises, a task runs outside every caller's context.
    await new Promise(setImmediate);
    if (seen.filter(([known]) => known === meeting).length <= failures) {
      return new Response('', { status: 503, headers: { 'retry-after-ms': '1' } });
    }
    const page = Number(searchParams.get('page_no') ?? 0);
    const participants = pathname.endsWith('/participants') ? [{ id: `p${page}` }] : undefined;
    const paging = { total_count: 3, end_offset: page + 1 };
    return Response.json({ data: { id: meeting, status: 'LIVE', participants, paging } });
  };
  const options = { baseURL: 'http://localhost', apiToken: 'a', accountId: 'acc' };
  return { seen, fetch, options };
}

const KINDS = {
  'a read': ({ activeSession }, id) => activeSession.getActiveSession('app', id),
  'a mutation': ({ activeSession }, id) => activeSession.kickAllParticipants('app', id),
  'a mutation with a body': ({ activeSession }, id) =>
    activeSession.createPoll('app', id, { question: '?', options: ['a', 'b'] }),
  'a response': ({ activeSession }, id) => activeSession.getActiveSession('app', id).asResponse(),
  'a response with its data': ({ meetings }, id) =>
    meetings.getMeetingById('app', id).withResponse(),
  'a list': async ({ sessions }, id) => {
    for await (const { id: entry } of sessions.getSessionParticipants('app', id)) assert.ok(entry);
  },
  'a watch': async ({ activeSession }, id) => {
    const watch = activeSession.watch('app', id, {}, { interval: 1 });
    for (let polls = 0; polls < 2; polls += 1)
      assert.equal((await watch.next()).value.trouble, null);
    await watch.return();
  },
};

/** Asserts that the requests of each tenant were sent in its own context. */
function assertOwn(seen, least = 1) {
  for (const tenant of TENANTS) {
    const own = seen.filter(([meeting]) => meeting === tenant);
    assert.ok(own.length >= least, `${tenant}: ${own.length} requests`);
    for (const [, context] of own) assert.equal(context, tenant);
  }
}

for (const [kind, call] of Object.entries(KINDS)) {
  for (const failures of kind === 'a mutation with a body' || kind === 'a watch' ? [0] : [0, 2]) {
    for (const custom of [false, true]) {
      const title = `${failures ? 'after retries, ' : ''}with ${custom ? 'a custom' : 'the global'} fetch`;
      describe(kind, LIMIT, () => {
        test(`keeps AsyncLocalStorage ${title}`, async (context) => {
          const storage = new AsyncLocalStorage();
          const { seen, fetch, options } = setUp(() => storage.getStore(), { failures });
          if (!custom) context.mock.method(globalThis, 'fetch', fetch);
          const kit = new Cloudflare(custom ? { ...options, fetch } : options).realtimeKit;
          await Promise.all(TENANTS.map((tenant) => storage.run(tenant, () => call(kit, tenant))));
          assertOwn(seen, failures + 1);
        });
      });
    }
  }
}

test('code after a call runs in the caller’s context', LIMIT, async () => {
  const storage = new AsyncLocalStorage();
  const { fetch, options } = setUp(() => storage.getStore());
  const { activeSession } = new Cloudflare({ ...options, fetch }).realtimeKit;
  const after = TENANTS.map((tenant) =>
    storage.run(tenant, async () => {
      await activeSession.getActiveSession('app', tenant);
      return storage.getStore();
    }),
  );
  assert.deepEqual(await Promise.all(after), TENANTS);
});

test('keeps the OpenTelemetry context', LIMIT, async () => {
  const key = createContextKey('tenant');
  otel.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const { seen, fetch, options } = setUp(() => otel.active().getValue(key), { failures: 1 });
    const kit = new Cloudflare({ ...options, fetch }).realtimeKit;
    const call = (tenant) => KINDS['a read'](kit, tenant);
    const within = (tenant) =>
      otel.with(otel.active().setValue(key, tenant), call, undefined, tenant);
    await Promise.all(TENANTS.map(within));
    assertOwn(seen, 2);
  } finally {
    otel.disable();
  }
});

test('keeps the zones of zone.js', LIMIT, async () => {
  // In its own process, because zone.js replaces promises and timers. It never sees native `await`.
  const out = await runModule(`
    import 'zone.js';
    import Cloudflare from 'realtimekit-moderator';
    const seen = [];
    const fetch = (url) => {
      const [, meeting] = /meetings\\/([^/]+)/.exec(url);
      seen.push(meeting + ' in ' + Zone.current.name);
      const fails = seen.filter((line) => line.startsWith(meeting)).length === 1;
      const response = fails
        ? new Response('', { status: 503, headers: { 'retry-after-ms': '1' } })
        : Response.json({ data: {} });
      return Promise.resolve(response);
    };
    const { activeSession } = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch }).realtimeKit;
    const calls = ['one', 'two'].map((name) =>
      Zone.current.fork({ name }).run(() => activeSession.getActiveSession('app', name)),
    );
    await Promise.all(calls);
    console.log(seen.sort().join(', '));`);
  assert.equal(out.trim(), 'one in one, one in one, two in two, two in two');
});
