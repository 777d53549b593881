// Pages of the configured origins, and the gateway's own, may use it; the others' requests do
// nothing at all.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertRefusal, onWorkers, startGateway } from '../support/gateway.mjs';
import { ask } from '../support/wire.mjs';

const ORIGINS = ['https://moderate.example.com', 'http://localhost:5173'];
const EXPOSED = [
  ...['age', 'cf-ray', 'ratelimit', 'ratelimit-policy', 'retry-after', 'retry-after-ms'],
  ...['x-request-id', 'x-should-retry', 'idempotent-replayed', 'realtimekit-gateway-features'],
];

let emulator;
let gateway;
let bare;
let meeting;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  const folder = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const page = { dir: folder('www') };
  gateway = await startGateway(emulator, { ...ROOMY, origins: ORIGINS, page });
  bare = await startGateway(emulator, { ...ROOMY, origins: ORIGINS });
  meeting = await emulator.meeting();
});
after(() => Promise.all([gateway, bare, emulator].map((one) => one?.stop())));

const active = (rest = '') =>
  gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session${rest}`);
const words = (text) => (text ?? '').toLowerCase().split(/ *, */).filter(Boolean).sort();
const corsHeaders = ({ headers }) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

function preflight(
  origin,
  method = 'POST',
  headers = 'authorization,content-type',
  path = active(),
) {
  const asked = { origin, 'access-control-request-method': method };
  const all = headers ? { ...asked, 'access-control-request-headers': headers } : asked;
  return ask(gateway.url, { method: 'OPTIONS', path, headers: all });
}

describe('an origin that may', () => {
  const own = () => gateway.url;
  for (const [name, origin] of [...ORIGINS.map((one) => [one, () => one]), ['its own', own]]) {
    test(`${name}: a preflight`, async () => {
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
        const answer = await preflight(origin(), method);
        assert.equal(answer.status, 204);
        assert.equal(answer.text, '');
        const { headers } = answer;
        assert.equal(headers['access-control-allow-origin'], origin());
        assert.deepEqual(words(headers['access-control-allow-methods']), [
          ...['delete', 'get', 'patch', 'post'],
        ]);
        const allowed = words(headers['access-control-allow-headers']);
        for (const one of ['authorization', 'content-type', 'idempotency-key']) {
          assert.ok(allowed.includes(one), one);
        }
        assert.ok(allowed.some((one) => one.startsWith('x-stainless-')));
        assert.ok(!allowed.includes('*'));
        assert.equal(headers['access-control-max-age'], '600');
        assert.equal(headers['access-control-allow-credentials'], undefined);
        assert.ok(words(headers.vary).includes('origin'));
      }
    });

    test(`${name}: a request, an error of the API, and a refusal`, async () => {
      const headers = { origin: origin() };
      const grant = gateway.grant(meeting);
      const none = gateway.path(meeting, 'meetings/00000000-0000-4000-8000-000000000000');
      for (const [status, auth, path] of [
        [200, grant, active()],
        [401, undefined, active()],
        [403, gateway.grant(meeting, { can: [] }), active()],
        [403, grant, none],
        [404, grant, '/client/v4/nowhere'],
      ]) {
        const answer = await gateway.ask(auth, 'GET', path, undefined, headers);
        assert.equal(answer.status, status, answer.text);
        assert.equal(answer.headers['access-control-allow-origin'], origin());
        const exposed = words(answer.headers['access-control-expose-headers']);
        for (const name of EXPOSED) assert.ok(exposed.includes(name), name);
        assert.ok(!exposed.includes('*'));
        assert.equal(answer.headers['access-control-allow-credentials'], undefined);
        assert.ok(words(answer.headers.vary).includes('origin'));
      }
    });
  }

  test('every header that the official SDK sends from a page', async () => {
    const sent = [
      ...['arch', 'lang', 'os', 'package-version', 'retry-count', 'runtime', 'runtime-version'],
      'timeout',
    ].map((name) => `x-stainless-${name}`);
    const answer = await preflight(ORIGINS[0], 'POST', sent.join(','));
    const allowed = words(answer.headers['access-control-allow-headers']);
    for (const name of sent) assert.ok(allowed.includes(name), name);
  });

  test('every header that tracing tools add, and those that are configured; none is forwarded', async (t) => {
    const made = await startGateway(emulator, {
      ...{ ...ROOMY, origins: ORIGINS, cors_headers: ['X-Own-Trace'] },
    });
    t.after(made.stop);
    const traced = [
      ...['baggage', 'newrelic', 'sentry-trace', 'traceparent', 'tracestate'],
      ...['x-datadog-origin', 'x-datadog-parent-id', 'x-datadog-sampling-priority'],
      ...['x-datadog-trace-id', 'x-own-trace'],
    ];
    const headers = {
      ...{ origin: ORIGINS[0], 'access-control-request-method': 'GET' },
      'access-control-request-headers': traced.join(','),
    };
    const asked = await ask(made.url, { method: 'OPTIONS', path: active(), headers });
    const allowed = words(asked.headers['access-control-allow-headers']);
    for (const name of traced) assert.ok(allowed.includes(name), name);
    const own = await emulator.meeting();
    const path = made.path(own, `meetings/${own.meeting_id}`);
    const sent = Object.fromEntries(traced.map((name) => [name, 'a-trace']));
    const answer = await made.ask(made.grant(own), 'GET', path, undefined, {
      ...{ ...sent, origin: ORIGINS[0] },
    });
    assert.equal(answer.status, 200);
    const [up] = await emulator.requests(own.meeting_id);
    assert.ok(!JSON.stringify(up).includes('a-trace'));
  });

  test('a preflight says the same whatever is asked', async () => {
    const usual = await preflight(ORIGINS[0]);
    for (const answer of [
      await preflight(ORIGINS[0], 'PUT', 'x-evil, cookie'),
      await preflight(ORIGINS[0], 'POST', undefined),
    ]) {
      assert.equal(answer.status, 204);
      for (const name of ['methods', 'headers']) {
        const header = `access-control-allow-${name}`;
        assert.equal(answer.headers[header], usual.headers[header]);
      }
    }
  });

  test('a private network is not opened to it', async () => {
    const headers = {
      origin: ORIGINS[0],
      'access-control-request-method': 'GET',
      'access-control-request-private-network': 'true',
    };
    const answer = await ask(gateway.url, { method: 'OPTIONS', path: active(), headers });
    assert.equal(answer.headers['access-control-allow-private-network'], undefined);
  });
});

describe('no origin', () => {
  test('is no page, and gets no such header', async () => {
    const answer = await gateway.ask(gateway.grant(meeting), 'GET', active());
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.ok(words(answer.headers.vary).includes('origin'));
  });
});

describe('an origin that may not', () => {
  const host = 'moderate.example.com';
  for (const origin of [
    ...['https://evil.example', 'null', '*', 'file://', 'about:blank', `http://${host}`],
    ...[`https://${host}.evil.example`, `https://evil-${host}`, `https://x.${host}`],
    ...[`https://${host}:444`, `https://${host}:443`, `https://${host}/`, `https://${host}/x`],
    ...[`https://${host}@evil.example`, `https://evil.example#${host}`, `HTTPS://${host}`],
    ...['https://MODERATE.example.com', `https://${host}.`, host, `//${host}`],
    ...[`https://${host}, https://evil.example`, `https://evil.example https://${host}`],
    ...['http://localhost', 'http://localhost:51730', 'https://localhost:5173'],
    ...['http://127.0.0.1', 'http://127.0.0.1:1', 'moz-extension://x', 'https://xn--example-x'],
    [ORIGINS[0], 'https://evil.example'],
    ['https://evil.example', ORIGINS[0]],
  ]) {
    test(`${origin}`, async () => {
      const before = (await emulator.requests()).length;
      const grant = gateway.grant(meeting);
      for (const [method, path, auth] of [
        ['GET', active(), grant],
        ['POST', active('/kick-all'), grant],
        ['GET', active(), undefined],
      ]) {
        const answer = await gateway.ask(auth, method, path, undefined, { origin });
        assertRefusal(answer, 403, /^The origin is not allowed: /);
        assert.deepEqual(corsHeaders(answer), []);
      }
      const asked = await preflight(origin);
      assert.equal(asked.status, 403);
      assert.deepEqual(corsHeaders(asked), []);
      assert.equal((await emulator.requests()).length, before);
      assert.equal(gateway.auditLines().length, 0, 'before anything else is done');
    });
  }

  /** Asks to kick all as a page of an origin does, with no body and so without a preflight. */
  function kickAll(of, origin, host, own = meeting) {
    const path = of.path(own, `meetings/${own.meeting_id}/active-session/kick-all`);
    return of.ask(of.grant(own), 'POST', path, undefined, { origin, host });
  }

  /** Asserts that a page of an origin has kicked nobody, and may not ask whether it may. */
  async function assertForeign(of, origin, own) {
    const { meeting_id, participants } = await emulator.meeting();
    const target = { ...meeting, meeting_id };
    const answer = await kickAll(of, origin, own, target);
    assertRefusal(answer, 403, /^The origin is not allowed: /, `${origin} ${own}`);
    assert.deepEqual(corsHeaders(answer), []);
    const asked = { origin, host: own, 'access-control-request-method': 'POST' };
    const path = of.path(target, `meetings/${meeting_id}/active-session/kick-all`);
    const { status } = await ask(of.url, { method: 'OPTIONS', path, headers: asked });
    assert.equal(status, 403);
    assert.equal((await emulator.requests(meeting_id)).length, 0);
    const state = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
    assert.equal(state.meetings[0].counts.live_peers, participants.length);
    assert.equal(of.auditLines().length, 0);
  }

  const WITH_USER = [
    ['http://127.0.0.1@evil.example', '127.0.0.1@evil.example'],
    ['http://localhost:80@evil.example', 'localhost:80@evil.example'],
  ];

  test('is one that came without TLS, whatever its Host, for anybody may have made it', async () => {
    for (const [origin, own] of [
      [`http://${host}`, host],
      [`http://${host}:8787`, `${host}:8787`],
      ['http://127.0.0.1.example.com', '127.0.0.1.example.com'],
      ['http://localhost.example.com', 'localhost.example.com'],
      ['http://10.0.0.1', '10.0.0.1'],
      ['http://[::2]', '[::2]'],
      ['http://0.0.0.0:1', '0.0.0.0:1'],
      [`ftp://${host}`, host],
      [`ws://${host}`, host],
      // workerd refuses such a Host itself.
      ...(onWorkers ? [] : WITH_USER),
    ]) {
      await assertForeign(gateway, origin, own);
    }
  });

  test('is another of the same host', async () => {
    for (const [origin, own] of [
      ['https://page.example:444', 'page.example'],
      ['https://page.example', 'page.example:444'],
      ['https://page.example', 'www.page.example'],
      ['http://localhost:1', 'localhost:2'],
      ['http://127.0.0.1:1', 'localhost:1'],
    ]) {
      await assertForeign(gateway, origin, own);
    }
  });

  test('is its own where it serves no page', async () => {
    for (const [origin, own] of [
      ['https://page.example', 'page.example'],
      [`http://${host}`, host],
      [bare.url, new URL(bare.url).host],
      ['http://localhost:1', 'localhost:1'],
    ]) {
      await assertForeign(bare, origin, own);
    }
    // What is configured may, wherever the page is.
    for (const origin of ORIGINS) {
      const answer = await bare.ask(bare.grant(meeting), 'GET', active(), undefined, { origin });
      assert.equal(answer.status, 200);
    }
  });

  test('is its own by no header but Host', async () => {
    for (const headers of [
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
      { 'x-original-host': 'evil.example' },
    ]) {
      const all = { origin: 'https://evil.example', ...headers };
      const answer = await gateway.ask(gateway.grant(meeting), 'GET', active(), undefined, all);
      assertRefusal(answer, 403, /^The origin is not allowed: /);
    }
  });
});

describe('a refusal of an origin', () => {
  const origin = 'http://localhost:3000';
  const post = (of, headers) =>
    of.ask(of.grant(meeting), 'POST', active('/kick-all'), undefined, headers);

  test('says what its developer can do, behind a proxy that writes another Host too', async () => {
    const host = 'gateway.example';
    assertRefusal(
      await post(bare, { origin, host }),
      403,
      `The origin is not allowed: add ${origin} to the gateway's origins`,
    );
    const message =
      `The origin is not allowed: the request's Host is ${host}. Add ${origin} to the gateway's ` +
      'origins, or let the proxy in front keep Host';
    assertRefusal(await post(gateway, { origin, host }), 403, message);
    // It keeps Host, so the page is the gateway's own.
    const kept = await gateway.ask(gateway.grant(meeting), 'GET', active(), undefined, {
      ...{ origin, host: 'localhost:3000' },
    });
    assert.equal(kept.status, 200);
    const long = await post(gateway, { origin: `https://${'x'.repeat(300)}.example`, host });
    assertRefusal(long, 403, /: the request's Host is gateway.example. Add it to the gateway's/);
  });

  test('is logged once for each of a hundred origins', async () => {
    const own = await startGateway(emulator, { ...ROOMY, origins: ORIGINS });
    for (let at = 0; at < 120; at += 1) {
      for (let times = 0; times < 2; times += 1) {
        await post(own, { origin: `https://${at}.example` });
      }
    }
    await own.stop();
    const lines = own.logs.map((line) => JSON.parse(line));
    const refused = lines.filter(({ message }) => message === 'origin refused');
    assert.equal(refused.length, 100);
    assert.deepEqual(
      refused.map(({ origin: logged, level }) => [logged, level]),
      Array.from({ length: 100 }, (_, at) => [`https://${at}.example`, 'INFO']),
    );
    assert.ok(refused.every(({ request_id: id, client }) => id && client));
  });
});

// The last: it acts, which those before must not have done.
test('the page’s own origin is one that may, by TLS and on this machine', async () => {
  for (const [origin, host] of [
    ['https://page.example', 'page.example'],
    ['https://page.example:8443', 'page.example:8443'],
    [gateway.url, new URL(gateway.url).host],
    ['http://127.0.0.1', '127.0.0.1'],
    ['http://localhost:8787', 'localhost:8787'],
    ['http://[::1]:8787', '[::1]:8787'],
  ]) {
    const own = await emulator.meeting();
    const path = gateway.path(own, `meetings/${own.meeting_id}/active-session/kick-all`);
    const headers = { origin, host };
    const answer = await gateway.ask(gateway.grant(own), 'POST', path, undefined, headers);
    assert.equal(answer.status, 200, `${origin} ${answer.text}`);
    assert.equal(answer.headers['access-control-allow-origin'], origin);
    assert.equal((await emulator.requests(own.meeting_id)).length, 1);
  }
});
