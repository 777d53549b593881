// A gateway as platforms run it: without a file, configured by environment variables, with its port chosen by
// the platform and its audit on standard output.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../support/emulator.mjs';
import { assertRefusal, until } from '../support/gateway.mjs';
import { now, token } from '../support/grants.mjs';
import { ask, parsed } from '../support/wire.mjs';

const binary =
  process.env.GATEWAY_BINARY ??
  fileURLToPath(new URL('../../target/release/realtimekit-gateway', import.meta.url));
const SECRET = 'a-signing-secret-that-nobody-may-see';
const API_TOKEN = 'an-api-token-that-nobody-may-see';
const ORIGIN = 'https://app.example.com';

const running = new Set();
let emulator;
let meeting;
let folder;
before(async () => {
  emulator = await startEmulator('--token', API_TOKEN, '--rate-limit', '0');
  meeting = await emulator.meeting();
  folder = mkdtempSync(join(tmpdir(), 'gateway-environment-'));
});
after(async () => {
  for (const child of running) child.kill();
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The least that a platform sets. */
const variables = (more = {}) => ({
  PATH: process.env.PATH,
  RTK_GATEWAY__ACCOUNT_ID: emulator.account_id,
  RTK_GATEWAY__UPSTREAM__BASE_URL: emulator.base_url,
  RTK_GATEWAY__UPSTREAM__API_TOKEN: API_TOKEN,
  RTK_GATEWAY__GRANTS__SECRET: SECRET,
  RTK_GATEWAY__AUDIT__STDOUT: 'true',
  RTK_GATEWAY__ORIGINS: `http://localhost:5173, ${ORIGIN}`,
  PORT: '0',
  ...more,
});

function check(env) {
  const { status, stdout, stderr } = spawnSync(binary, ['check'], {
    ...{ cwd: folder, env, encoding: 'utf8' },
  });
  return { status, stdout, stderr };
}

/** Starts a gateway without a file; `out` has the lines of its standard output after the first. */
async function start(env) {
  const child = spawn(binary, ['serve', '--until-stdin-closes'], { cwd: folder, env });
  const gateway = { child, out: [], logs: [] };
  running.add(child);
  child.on('exit', () => running.delete(child));
  createInterface({ input: child.stderr }).on('line', (line) => gateway.logs.push(line));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => gateway.out.push(line));
  const ended = once(child, 'exit');
  await Promise.race([once(lines, 'line'), ended]);
  assert.equal(child.exitCode, null, gateway.logs.join('\n'));
  const { port, hostname } = new URL(parsed(gateway.out.shift()).url);
  const path = `/client/v4/accounts/${emulator.account_id}/realtime/kit/${meeting.app_id}/meetings/${meeting.meeting_id}`;
  const { app_id, meeting_id } = meeting;
  const can = ['read', 'mute_all', 'audit'];
  const grant = token({ sub: 'ann', exp: now() + 600, app_id, meeting_id, can }, { key: SECRET });
  return {
    ...gateway,
    hostname,
    call: (method, rest, headers = {}) =>
      ask(`http://127.0.0.1:${port}`, {
        ...{ method, path: path + rest, body: method === 'POST' ? '{}' : undefined },
        headers: {
          authorization: `Bearer ${grant}`,
          ...(method === 'POST' && { 'content-type': 'application/json', 'content-length': 2 }),
          ...headers,
        },
      }),
    stop: async () => {
      child.stdin.end();
      await ended;
      for (const line of [...gateway.out, ...gateway.logs]) {
        for (const secret of [SECRET, API_TOKEN, grant]) assert.ok(!line.includes(secret));
      }
    },
  };
}

describe('a gateway without a file', () => {
  test('serves at the platform’s port, on every address, with the variables’ policy', async () => {
    const gateway = await start(variables());
    assert.equal(gateway.hostname, '0.0.0.0');
    const read = await gateway.call('GET', '', { origin: ORIGIN });
    assert.equal(read.status, 200);
    assert.equal(read.headers['access-control-allow-origin'], ORIGIN);
    const foreign = await gateway.call('GET', '', { origin: 'https://evil.example' });
    assertRefusal(foreign, 403, /^The origin is not allowed/);
    await gateway.stop();
    assert.deepEqual(readdirSync(folder), [], 'it leaves no file');
  });

  test('takes secrets from files', async () => {
    for (const [name, text] of [
      ['token', API_TOKEN],
      ['secret', SECRET],
    ]) {
      writeFileSync(join(folder, name), `${text}\n`);
    }
    const gateway = await start(
      variables({
        RTK_GATEWAY__UPSTREAM__API_TOKEN: undefined,
        RTK_GATEWAY__UPSTREAM__API_TOKEN_FILE: 'token',
        RTK_GATEWAY__GRANTS__SECRET: undefined,
        RTK_GATEWAY__GRANTS__SECRET_FILE: join(folder, 'secret'),
      }),
    );
    assert.equal((await gateway.call('GET', '')).status, 200);
    await gateway.stop();
  });

  test('is checked without one, and an error names the variable and no secret', () => {
    assert.deepEqual(check(variables()), {
      ...{ status: 0, stdout: 'configuration is good\n', stderr: '' },
    });
    for (const [name, value, expected] of [
      ['RTK_GATEWAY__ACCOUNT_ID', undefined, 'RTK_GATEWAY__ACCOUNT_ID: is missing'],
      [
        'RTK_GATEWAY__READS__FRESH_MS',
        SECRET,
        'RTK_GATEWAY__READS__FRESH_MS: must be a whole number',
      ],
      [
        'RTK_GATEWAY__GRANTS__SECRET',
        'short-secret',
        'RTK_GATEWAY__GRANTS__SECRET: must have 32 bytes or more',
      ],
      ['PORT', SECRET, 'PORT: must be a port, from 0 to 65535'],
      ['RTK_GATEWAY__ORIGINS', `${ORIGIN}/`, /^RTK_GATEWAY__ORIGINS: must be written as browsers/],
      [
        'RTK_GATEWAY__LISTEN',
        '192.0.2.1:1',
        /^RTK_GATEWAY__LISTEN: 192\.0\.2\.1:1: Cannot assign requested address/,
      ],
    ]) {
      const { status, stdout, stderr } = check(variables({ [name]: value }));
      assert.deepEqual([status, stdout], [2, '']);
      if (typeof expected === 'string') assert.equal(stderr, `${expected}\n`);
      else assert.match(stderr, expected);
    }
    const nothing = check({ PATH: process.env.PATH });
    assert.match(nothing.stderr, /^there is no configuration: give --config FILE, or set RTK_/);
  });
});

describe('the audit on standard output', () => {
  test('has each mutation, and moderators read it back', async () => {
    const gateway = await start(variables());
    const muted = await gateway.call('POST', '/active-session/mute-all', {
      'x-moderation-reason': 'noise',
    });
    assert.equal(muted.status, 200, muted.text);
    await until(() => gateway.out.length >= 2);
    const [intent, outcome] = gateway.out.map((line) => parsed(line));
    assert.deepEqual([intent.phase, outcome.phase], ['intent', 'outcome']);
    assert.equal(intent.id, outcome.id);
    assert.deepEqual(
      [outcome.operation, outcome.moderator, outcome.outcome, outcome.moderator_reason],
      ['MuteAllParticipants', 'ann', 'done', 'noise'],
    );
    const page = await gateway.call('GET', '/audit');
    const { records } = page.body.data;
    assert.deepEqual([records.length, records[0].id], [1, outcome.id]);
    await gateway.stop();
  });

  test('a repeat with the same key acts once, until a restart', async () => {
    const own = { 'idempotency-key': 'mute-once' };
    const before = (await emulator.requests('mute-all')).length;
    const gateway = await start(variables());
    const mute = (of) => of.call('POST', '/active-session/mute-all', own);
    assert.equal((await mute(gateway)).status, 200);
    const again = await mute(gateway);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal((await emulator.requests('mute-all')).length, before + 1);
    await gateway.stop();
    const restarted = await start(variables());
    const after = await mute(restarted);
    assert.equal(after.headers['idempotent-replayed'], undefined);
    await restarted.stop();
  });

  test('that nobody reads any more, so that nothing is done', async () => {
    const gateway = await start(variables());
    gateway.child.stdout.destroy();
    const before = (await emulator.requests('mute-all')).length;
    // The pipe is closed when the other side has noticed.
    const refused = await until(async () => {
      const response = await gateway.call('POST', '/active-session/mute-all');
      return response.status === 503 && response;
    });
    assertRefusal(refused, 503, 'The audit cannot be written, so nothing was done');
    const sent = (await emulator.requests('mute-all')).length;
    assert.equal((await gateway.call('POST', '/active-session/mute-all')).status, 503);
    assert.equal((await emulator.requests('mute-all')).length, sent);
    assert.ok(sent - before <= 1);
    assert.equal((await gateway.call('GET', '')).status, 200);
    await gateway.stop();
  });
});
