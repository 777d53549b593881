// The gateway as whoever runs it has it: a configuration that is checked, its commands, its health,
// metrics and logs, and how it ends.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { get as getPlainly } from 'node:http';
import { Agent, get as getByTls } from 'node:https';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { CERTIFICATE, KEY } from '../support/certificate.mjs';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertNoSecret,
  config,
  folderWith,
  run,
  startGateway,
  toml,
} from '../support/gateway.mjs';
import { now } from '../support/grants.mjs';
import { ask, open, parsed, raw } from '../support/wire.mjs';

const SECRET = 'a-signing-secret-that-nobody-may-see-';
const TOKEN = 'api-token-that-nobody-may-see';

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--token', TOKEN, '--rate-limit', '0');
  gateway = await startGateway(emulator, ROOMY);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const IDENTITY = {
  ...{ jwks_url: 'https://team.example.com/certs', issuer: 'https://team.example.com' },
  ...{ audience: 'a', moderators_file: 'moderators.toml' },
};
const MODERATOR = { email: 'ann@example.com', app_id: 'a', meeting_id: '*', can: ['read'] };
const moderators = (...list) => ({ 'moderators.toml': { moderator: list } });

/** Runs a command on a configuration of its own. */
function checked(settings, { files = {}, env, command = 'check', args } = {}) {
  const whole = typeof settings === 'string' ? settings : config(emulator, SECRET, settings);
  const folder = folderWith({ 'gateway.toml': whole, ...files });
  const told = run(command, folder, args, env);
  rmSync(folder, { recursive: true });
  return told;
}

/** What is wrong, the field that must be named, and what of it must not be shown. */
const BAD = [
  ['an unknown field', { lisen: 'x' }, /lisen/],
  ['an unknown field in a table', { reads: { frsh_ms: 1 } }, /reads.*frsh_ms/],
  ['an unknown table', { readz: { fresh_ms: 1 } }, /readz/],
  ['no account', { account_id: undefined }, /account_id/],
  ['an account that is no ID', { account_id: 'a/b' }, /account_id/],
  ['an address that is none', { listen: 'here' }, /listen/],
  ['a port beyond all', { listen: '127.0.0.1:99999' }, /listen/],
  ['an origin for all', { origins: ['*'] }, /origins/],
  ['an origin that is none', { origins: ['moderate.example.com'] }, /origins/],
  ['an origin with a path', { origins: ['https://a.example/x'] }, /origins/],
  ['an origin with a star', { origins: ['https://*.example.com'] }, /origins/],
  ['origins that are no list', { origins: 'https://a.example' }, /origins/],
  ['a log of no level', { log: 'loud' }, /log/],
  ['no token', { upstream: { api_token: undefined } }, /upstream\.api_token/],
  ['an empty token', { upstream: { api_token: '' } }, /upstream\.api_token/],
  ['a token and a file', { upstream: { api_token_file: 'token' } }, /upstream\.api_token/],
  [
    'a token file that is not there',
    { upstream: { api_token: undefined, api_token_file: 'nowhere' } },
    /upstream\.api_token_file/,
  ],
  ['a token of two lines', { upstream: { api_token: `${TOKEN}\nx` } }, /upstream\.api_token/],
  ['a token with a space', { upstream: { api_token: `${TOKEN} x` } }, /upstream\.api_token/],
  ['an upstream that is no URL', { upstream: { base_url: 'api' } }, /upstream\.base_url/],
  [
    'an upstream without TLS',
    { upstream: { base_url: 'http://api.example.com/client/v4' } },
    /upstream\.base_url/,
  ],
  [
    'an upstream that looks like loopback',
    { upstream: { base_url: 'http://127.0.0.1.example.com/client/v4' } },
    /upstream\.base_url/,
  ],
  [
    'an upstream with a user',
    { upstream: { base_url: 'https://u:hunter2@api.example.com/client/v4' } },
    /upstream\.base_url/,
  ],
  [
    'an upstream of another scheme',
    { upstream: { base_url: 'file:///etc/passwd' } },
    /upstream\.base_url/,
  ],
  ['a timeout of none', { upstream: { timeout_ms: 0 } }, /upstream\.timeout_ms/],
  ['a timeout below none', { upstream: { timeout_ms: -1 } }, /upstream\.timeout_ms/],
  ['a timeout that is a text', { upstream: { timeout_ms: 'long' } }, /upstream\.timeout_ms/],
  ['nobody who vouches', { grants: undefined }, /grants|identity/],
  ['no secret', { grants: { secret: undefined } }, /grants\.secret/],
  ['a secret of 31 bytes', { grants: { secret: SECRET.slice(0, 31) } }, /grants\.secret/],
  ['a secret and a file', { grants: { secret_file: 'secret' } }, /grants\.secret/],
  [
    'a short previous secret',
    { grants: { previous_secret: SECRET.slice(0, 20) } },
    /grants\.previous_secret/,
  ],
  ['an identity of nobody', { identity: { ...IDENTITY, issuer: undefined } }, /identity\.issuer/],
  ['one for nobody', { identity: { ...IDENTITY, audience: undefined } }, /identity\.audience/],
  [
    'keys without TLS',
    { identity: { ...IDENTITY, jwks_url: 'http://a.example/certs' } },
    /jwks_url/,
  ],
  ['keys nowhere', { identity: { ...IDENTITY, jwks_url: undefined } }, /identity\.jwks_url/],
  [
    'no moderators',
    { identity: { ...IDENTITY, moderators_file: undefined } },
    /identity\.moderators_file/,
  ],
  ['moderators nowhere', { identity: IDENTITY }, /identity\.moderators_file/],
  ['a share beyond all', { budget: { reserve: 1.5 } }, /budget\.reserve/],
  ['a share below none', { budget: { reserve: -0.1 } }, /budget\.reserve/],
  ['no requests', { budget: { requests: 0 } }, /budget\.requests/],
  ['no audit', { audit: undefined }, /audit/],
  ['an audit nowhere', { audit: { dir: undefined } }, /audit\.dir/],
  ['an audit of no kind', { audit: { durability: 'perhaps' } }, /audit\.durability/],
  ['a body of a negative size', { limits: { body_bytes: -1 } }, /limits\.body_bytes/],
  ['a certificate without a key', { tls: { cert: 'cert.pem' } }, /tls\.key/],
  ['a certificate nowhere', { tls: { cert: 'cert.pem', key: 'key.pem' } }, /tls\.(cert|key)/],
];

/** Asserts that a configuration is refused in one line that names the place and shows nothing. */
function assertBad(told, place) {
  assert.equal(told.code, 2, `${told.code} ${told.out} ${told.err}`);
  assert.equal(told.out, '');
  assert.match(told.err, /^[^\n]+\n$/);
  assert.match(told.err, place);
  assert.doesNotMatch(told.err, /nobody-may-see|hunter2/);
}

describe('a bad configuration is refused', () => {
  for (const [name, settings, place] of BAD) {
    test(name, () => {
      const told = checked(settings);
      assertBad(told, place);
      assert.match(told.err, /gateway\.toml: /);
    });
  }

  test('by serve too, before it listens', () => {
    for (const [, settings, place] of BAD.slice(0, 6)) {
      assertBad(checked(settings, { command: 'serve', args: ['--until-stdin-closes'] }), place);
    }
  });

  test('that is no TOML, without showing the line', () => {
    const good = toml(config(emulator, SECRET));
    for (const text of [
      `${good}\nx = `,
      good.replace(`"${SECRET}"`, `"${SECRET}`),
      good.replace(`"${SECRET}"`, `${SECRET}"`),
      good.replace(`secret = "${SECRET}"`, `secret = ["${SECRET}"]`),
      good.replace(`api_token = "${TOKEN}"`, `api_token = "${TOKEN}"\napi_token = "${TOKEN}"`),
    ]) {
      assertBad(checked(text), /gateway\.toml/);
    }
  });

  test('that is not there', () => {
    const folder = folderWith({});
    assertBad(run('check', folder), /gateway\.toml/);
    rmSync(folder, { recursive: true });
  });

  test('by its moderators', () => {
    for (const [one, place] of [
      [{ ...MODERATOR, email: undefined }, /email|sub/],
      [{ ...MODERATOR, sub: 'x' }, /email|sub/],
      [{ ...MODERATOR, can: ['fly'] }, /can|fly/],
      [{ ...MODERATOR, can: undefined }, /can/],
      [{ ...MODERATOR, app_id: undefined }, /app_id/],
      [{ ...MODERATOR, app_id: '*' }, /app_id/],
      [{ ...MODERATOR, meeting_id: undefined }, /meeting_id/],
      [{ ...MODERATOR, meeting_id: 'a/b' }, /meeting_id/],
      [{ ...MODERATOR, more: 1 }, /more/],
    ]) {
      const told = checked({ identity: IDENTITY }, { files: moderators(MODERATOR, one) });
      assertBad(told, /moderators/);
      assert.match(told.err, place);
    }
  });

  test('by its environment', () => {
    for (const [name, value, place] of [
      ['RTK_GATEWAY__GRANTS__SECRET', 'hunter2', /grants\.secret/],
      ['RTK_GATEWAY__READS__FRESH_MS', 'soon', /reads\.fresh_ms/],
      ['RTK_GATEWAY__READS__FRSH_MS', '5', /frsh_ms/i],
      ['RTK_GATEWAY__LISTEN', 'nowhere', /listen/],
    ]) {
      assertBad(checked({}, { env: { [name]: value } }), place);
    }
  });

  test('by its command line', () => {
    for (const [command, args] of [
      ['fly', []],
      ['check', ['--no-such-flag']],
      ['grant', []],
    ]) {
      const told = checked({}, { command, args });
      assert.equal(told.code, 2, told.err);
      assert.equal(told.out, '');
    }
  });

  test('for an address that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const listen = `127.0.0.1:${taken.address().port}`;
    const told = checked({ listen }, { command: 'serve', args: ['--until-stdin-closes'] });
    assert.notEqual(told.code, 0);
    assert.match(told.err, /listen/);
    taken.close();
  });
});

describe('a good configuration', () => {
  const good = ({ code, out, err }) => {
    assert.equal(code, 0, err);
    assert.match(out, /^configuration is good$/m);
    assert.doesNotMatch(out + err, /nobody-may-see/);
  };

  test('is said to be good', () => good(checked({})));
  test('with all there is', () =>
    good(
      checked(
        {
          ...{ origins: ['https://a.example', 'http://localhost:5173'], log: 'debug' },
          metrics_listen: '127.0.0.1:0',
          upstream: { connect_timeout_ms: 1, timeout_ms: 1, max_response_bytes: 100_000 },
          grants: { previous_secret: `old-${SECRET}`, issuer: 'i', audience: 'a' },
          identity: { ...IDENTITY, header: 'cf-access-jwt-assertion', refresh_s: 60 },
          ...{ reads: { fresh_ms: 5, stale_s: 5, limit_per_minute: 5, new_per_minute: 5 } },
          ...{ mutations: { limit_per_minute: 5 }, bulk: { max_requests: 5 } },
          budget: { requests: 10, window_s: 5, reserve: 0.5 },
          audit: { durability: 'os' },
          limits: { body_bytes: 5000, head_bytes: 9000, connections: 5, shutdown_s: 5 },
        },
        { files: moderators(MODERATOR, { ...MODERATOR, email: undefined, sub: 's' }) },
      ),
    ));
  test('with secrets in files', () =>
    good(
      checked(
        {
          upstream: { api_token: undefined, api_token_file: 'token' },
          grants: { secret: undefined, secret_file: 'secret' },
        },
        { files: { token: `${TOKEN}\n`, secret: `${SECRET}\n` } },
      ),
    ));
  test('with a secret from the environment', () =>
    good(
      checked(
        { upstream: { api_token: undefined } },
        { env: { RTK_GATEWAY__UPSTREAM__API_TOKEN: TOKEN, RTK_GATEWAY__READS__FRESH_MS: '5' } },
      ),
    ));
});

test('secrets from files and the environment are those that count', async () => {
  const settings = {
    ...ROOMY,
    upstream: { api_token: undefined, api_token_file: 'token' },
    grants: { secret: 'x'.repeat(40) },
  };
  const env = { RTK_GATEWAY__GRANTS__SECRET: SECRET };
  const made = await startGateway(emulator, settings, { files: { token: `${TOKEN}\n` }, env });
  const meeting = await emulator.meeting();
  const path = made.path(meeting, `meetings/${meeting.meeting_id}`);
  const status = async (key) =>
    (await made.ask(made.grant(meeting, {}, { key }), 'GET', path)).status;
  assert.equal(await status(SECRET), 200);
  assert.equal(await status('x'.repeat(40)), 401);
  await made.stop();
  assertNoSecret({ secrets: [SECRET, TOKEN] }, ...made.logs);
});

describe('the command that grants', () => {
  const args = (...more) => ['--app', 'app-1', '--meeting', 'm-1', '--sub', 'ann', ...more];
  const grant = (list, settings = {}) => checked(settings, { command: 'grant', args: list });
  const claimsOf = ({ out }) => parsed(Buffer.from(out.split('.')[1], 'base64url').toString());

  test('prints a grant, and its ID beside it', () => {
    const from = now();
    const told = grant(args('--can', 'read,kick', '--name', 'Ann Ü', '--for', '2h'));
    assert.equal(told.code, 0, told.err);
    assert.match(told.out, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    assert.equal(told.err, `jti: ${claimsOf(told).jti}\n`);
    assert.match(claimsOf(told).jti, /^[0-9a-f-]{36}$/);
    const head = parsed(Buffer.from(told.out.split('.')[0], 'base64url').toString());
    assert.equal(head.alg, 'HS256');
    const { exp, sub, name, app_id, meeting_id, can } = claimsOf(told);
    assert.deepEqual(
      { sub, name, app_id, meeting_id, can },
      { sub: 'ann', name: 'Ann Ü', app_id: 'app-1', meeting_id: 'm-1', can: ['read', 'kick'] },
    );
    assert.ok(exp >= from + 7200 && exp <= now() + 7200);
  });

  test('for an hour, if nothing is said', () => {
    const from = now();
    const { exp } = claimsOf(grant(args('--can', 'read')));
    assert.ok(exp >= from + 3600 && exp <= now() + 3600);
  });

  test('with issuer and audience, if they are set', () => {
    const { iss, aud } = claimsOf(
      grant(args('--can', 'read'), { grants: { issuer: 'i', audience: 'a' } }),
    );
    assert.deepEqual([iss, aud], ['i', 'a']);
  });

  test('none that the gateway would refuse', () => {
    for (const list of [
      args(),
      args('--can', ''),
      args('--can', 'fly'),
      args('--can', 'read,,kick'),
      args('--can', 'read', '--for', '13h'),
      args('--can', 'read', '--for', '0s'),
      args('--can', 'read', '--for', 'soon'),
      ['--app', 'a/b', '--meeting', 'm', '--sub', 's', '--can', 'read'],
      ['--app', 'a', '--meeting', '..', '--sub', 's', '--can', 'read'],
      ['--app', 'a', '--meeting', 'm', '--sub', '', '--can', 'read'],
      ['--app', 'a', '--meeting', 'm', '--can', 'read'],
    ]) {
      const told = grant(list);
      assert.equal(told.code, 2, `${list} ${told.out}${told.err}`);
      assert.equal(told.out, '');
      assert.doesNotMatch(told.err, /nobody-may-see/);
    }
  });

  test('not without a secret', () => {
    const settings = { grants: undefined, identity: IDENTITY };
    const files = moderators(MODERATOR);
    const told = checked(settings, { files, command: 'grant', args: args('--can', 'read') });
    assert.equal(told.code, 2);
    assert.match(told.err, /grants/);
  });
});

describe('what an operator asks for', () => {
  test('health and readiness', async () => {
    for (const [path, text] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ]) {
      const answer = await ask(gateway.url, { path });
      assert.deepEqual([answer.status, answer.text.trim()], [200, text]);
      assert.ok(answer.headers['x-request-id']);
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
  });

  test('metrics, which know of every refusal and no secret', async () => {
    const meeting = await emulator.meeting();
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}`);
    const before = await gateway.metrics();
    await gateway.ask(gateway.grant(meeting), 'GET', path);
    await gateway.ask('nonsense', 'GET', path);
    await gateway.ask(gateway.grant(meeting), 'GET', '/nowhere');
    const after = await gateway.metrics();
    const grown = (name) => (after[name] ?? 0) - (before[name] ?? 0);
    assert.equal(grown('rtk_gateway_requests_total{operation="GetMeeting",status="200"}'), 1);
    const refused = Object.keys(after).filter((name) => /^rtk_gateway_refusals_total/.test(name));
    assert.equal(
      refused.reduce((sum, name) => sum + grown(name), 0),
      2,
    );
    const upstream = 'rtk_gateway_upstream_requests_total{operation="GetMeeting",status="200"}';
    assert.equal(grown(upstream), 1);
    assert.equal(grown('rtk_gateway_reads_total{source="upstream"}'), 1);
    const names = Object.keys(after).join('\n');
    for (const name of [
      ...['refusals_total', 'budget_remaining', 'audit_failures_total', 'connections'],
      ...['request_seconds_bucket', 'request_seconds_count', 'request_seconds_sum'],
    ]) {
      assert.match(names, new RegExp(`^rtk_gateway_${name}`, 'm'));
    }
    const { text } = await ask(gateway.metrics_url, { path: '/metrics' });
    assertNoSecret(gateway, text);
    // Labels are of a kind, not of a request: they would grow without end.
    assert.ok(!text.includes(meeting.meeting_id));
    assert.ok(!text.includes('nowhere'));
  });

  test('metrics at their own place, and only there', async () => {
    const hidden = await startGateway(emulator, { metrics_listen: undefined });
    assert.equal(hidden.metrics_url, undefined);
    assert.equal((await ask(hidden.url, { path: '/metrics' })).status, 404);
    await hidden.stop();
    const made = await startGateway(emulator);
    assert.equal((await ask(made.url, { path: '/metrics' })).status, 404);
    assert.match(made.metrics_url, /^http:\/\/127\.0\.0\.1:\d+/);
    assert.notEqual(new URL(made.metrics_url).port, new URL(made.url).port);
    assert.ok('rtk_gateway_budget_remaining' in (await made.metrics()));
    const kit = await ask(made.metrics_url, { path: '/client/v4/accounts' });
    assert.equal(kit.status, 404);
    await made.stop();
  });

  test('logs by request, as lines of JSON', async () => {
    const made = await startGateway(emulator, ROOMY);
    const meeting = await emulator.meeting();
    const path = made.path(meeting, `meetings/${meeting.meeting_id}`);
    const grant = made.grant(meeting);
    const answers = [
      await made.ask(grant, 'GET', path),
      await made.ask(grant, 'GET', `${path}?token=${grant}`),
      await made.ask(grant, 'GET', `/client/v4/${grant}`),
      await made.ask(`${grant}x`, 'GET', path),
    ];
    await made.stop();
    const logs = made.logs.map((line) => {
      assert.ok(parsed(line), line);
      return line;
    });
    for (const { headers } of answers) {
      assert.ok(logs.some((line) => line.includes(headers['x-request-id'])));
    }
    assertNoSecret(made, ...logs);
  });
});

describe('a thousand requests that nobody may make fill no log, but where somebody looks for them', () => {
  for (const [log, told] of [
    ['info', (count) => count < 60],
    ['debug', (count) => count >= 1000],
  ]) {
    test(`at ${log}`, async () => {
      const made = await startGateway(emulator, { ...ROOMY, log });
      const meeting = await emulator.meeting();
      const read = made.path(meeting, `meetings/${meeting.meeting_id}`);
      const forged = made.grant(meeting, {}, { key: 'x'.repeat(40) });
      const late = made.grant(meeting, { exp: now() - 600 });
      const lines = [
        [`GET ${read}`],
        [`GET ${read}`, 'Authorization: Bearer nonsense'],
        [`GET ${read}`, `Authorization: Bearer ${forged}`],
        [`GET ${read}`, `Authorization: Bearer ${late}`],
        [`POST ${read}/active-session/kick-all`, 'Content-Length: 0'],
        [`POST ${read}/active-session/kick-all`, 'Content-Length: 0', `Authorization: ${forged}`],
        [`GET ${read}`, 'Origin: https://evil.example'],
        ['GET /nowhere'],
        ['POST /client/v4/accounts', 'Content-Length: 0'],
        ['PUT /', 'Content-Length: 0'],
      ];
      const text = lines.map(([line, ...headers]) =>
        [`${line} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n'),
      );
      const last = 'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
      const list = await raw(made.url, text.join('').repeat(100) + last);
      assert.equal(list.length, 1001);
      for (const { status } of list) assert.ok([401, 403, 404].includes(status), `${status}`);
      await made.stop();
      assert.ok(told(made.logs.length), `${made.logs.length} lines`);
    });
  }
});

describe('how it ends', { timeout: 300_000 }, () => {
  const polls = async ({ meeting_id }) =>
    (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0].polls.length;
  const POLL = { question: 'q', options: ['a'] };

  /** A gateway with a poll under way that meets a fault. */
  async function busy(fault, settings = {}, how = {}) {
    const made = await startGateway(emulator, { ...ROOMY, ...settings }, how);
    const meeting = await emulator.meeting();
    const { meeting_id } = meeting;
    await emulator.control('POST', 'faults', {
      operation: 'CreatePoll',
      meeting_id,
      steps: [fault],
    });
    const path = made.path(meeting, `meetings/${meeting_id}/active-session/poll`);
    const answer = made.ask(made.grant(meeting), 'POST', path, POLL);
    answer.catch(() => {});
    while (!(await emulator.requests(meeting_id)).length) await new Promise(setImmediate);
    return { made, meeting, answer };
  }

  for (const how of ['SIGTERM', 'SIGINT', 'end']) {
    test(`by ${how}, it finishes what is under way`, async () => {
      const { made, meeting, answer } = await busy('delay:ms=700');
      const idle = await open(made.url);
      if (how === 'end') made.end();
      else made.signal(how);
      assert.equal((await answer).status, 201);
      assert.deepEqual(await made.ended(), { code: 0, signal: null });
      await idle.closed;
      assert.equal(await polls(meeting), 1);
      const outcomes = made.auditLines().filter(({ phase }) => phase === 'outcome');
      assert.equal(outcomes.length, 1);
      await made.stop();
    });
  }

  test('where its log cannot be written, as elsewhere', async () => {
    for (const [fault, status, outcome] of [
      ['reset-after', 502, 'unknown'],
      ['delay:ms=700', 201, 'done'],
    ]) {
      const { made, meeting, answer } = await busy(fault, {}, { before: 'exec 2>/dev/full' });
      made.signal('SIGTERM');
      assert.equal((await answer).status, status);
      assert.deepEqual(await made.ended(), { code: 0, signal: null });
      assert.equal(await polls(meeting), 1);
      assert.equal(made.auditLines().at(-1).outcome, outcome);
      await made.stop();
    }
  });

  test('without waiting for who has asked nothing yet', async () => {
    const limits = { shutdown_s: 3600, head_timeout_ms: 600_000 };
    const tls = { cert: 'cert.pem', key: 'key.pem' };
    const files = { 'cert.pem': CERTIFICATE, 'key.pem': KEY };
    for (const [settings, bytes] of [
      [{}, 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
      [{ tls }, ''],
    ]) {
      const made = await startGateway(emulator, { ...ROOMY, limits, ...settings }, { files });
      const { port } = new URL(made.url);
      const silent = await open(made.url);
      if (bytes) silent.write(bytes);
      // It was taken before this one, which is answered.
      const agent = settings.tls && new Agent({ ca: CERTIFICATE });
      const get = agent ? getByTls : getPlainly;
      const asked = { port, host: '127.0.0.1', path: '/healthz', agent: agent ?? false };
      const [answer] = await once(get(asked), 'response');
      assert.equal(answer.statusCode, 200);
      answer.resume();
      made.signal('SIGTERM');
      assert.deepEqual(await made.ended(), { code: 0, signal: null });
      await silent.closed;
      agent?.destroy();
      await made.stop();
    }
  });

  test('by a second signal, at once', async () => {
    const { made, answer } = await busy('hang-before', { upstream: { timeout_ms: 600_000 } });
    made.signal('SIGTERM');
    // It has heard of the first when it takes nobody in any more.
    while (await ask(made.url, { path: '/healthz' }).catch(() => undefined));
    made.signal('SIGTERM');
    await made.ended();
    await assert.rejects(answer);
    await made.stop();
  });

  test('when that takes too long, without it', async () => {
    const settings = { upstream: { timeout_ms: 600_000 }, limits: { shutdown_s: 1 } };
    const { made, answer } = await busy('hang-before', settings);
    made.signal('SIGTERM');
    await Promise.all([made.ended(), answer.catch(() => {})]);
    await made.stop();
  });

  test('with nothing to do, at once and with 0', async () => {
    const made = await startGateway(emulator);
    made.signal('SIGTERM');
    assert.deepEqual(await made.ended(), { code: 0, signal: null });
    await made.stop();
  });
});
