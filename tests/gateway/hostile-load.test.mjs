// One grant, or one client, that does its worst: what it may cost in logs, memory, audit and budget, and
// what others notice of it. Each of these broke an earlier gateway.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, binary, config, folderWith, startGateway, toml } from '../support/gateway.mjs';
import { keyPair, now, startProvider, token } from '../support/grants.mjs';
import { json, startServer } from '../support/server.mjs';
import { ask, open } from '../support/wire.mjs';

const MIB = 1 << 20;

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
});
after(() => emulator?.stop());

/** Asks many times over a few connections; how often each status came. */
async function flood(of, count, make) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const { hostname, port } = new URL(of.url);
  const statuses = {};
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const { method = 'GET', path, headers = {}, body } = make(next++);
      const sent = request({ hostname, port, method, path, headers, agent });
      sent.end(body);
      const [response] = await once(sent, 'response');
      response.resume();
      await once(response, 'end');
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  agent.destroy();
  return statuses;
}

/** The resident memory of a process, in bytes. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
}

/** An identity provider, and what makes a gateway believe it. */
async function everywhere(t, can) {
  const key = keyPair('ES256');
  const provider = await startProvider(key);
  t.after(provider.stop);
  const file = (app_id) =>
    toml({ moderator: [{ email: 'ann@example.com', app_id, meeting_id: '*', can }] });
  return {
    token: () => provider.token(key),
    settings: {
      identity: {
        ...{ jwks_url: provider.url, issuer: provider.issuer, audience: provider.audience },
        moderators_file: 'moderators.toml',
      },
    },
    files: (app_id) => ({ 'moderators.toml': file(app_id) }),
  };
}

test('30,000 refused reads are sampled and counted in the log', { timeout: 300_000 }, async () => {
  const made = await startGateway(emulator, { log: 'info', reads: { limit_per_minute: 100 } });
  const meeting = await emulator.meeting();
  const path = made.path(meeting, `meetings/${meeting.meeting_id}`);
  const headers = { authorization: `Bearer ${made.grant(meeting)}` };
  const statuses = await flood(made, 30_000, () => ({ path, headers }));
  assert.ok(statuses[429] > 20_000, JSON.stringify(statuses));
  const metrics = await made.metrics();
  const counted = 'rtk_gateway_refusals_total{reason="moderator_limit"}';
  assert.equal(metrics[counted], statuses[429]);
  await made.stop();
  const bytes = made.logs.join('\n').length;
  assert.ok(bytes < MIB / 4, `${bytes} bytes of log`);
});

describe('a log that nobody reads', () => {
  /** A gateway whose standard error is a pipe that is never read. */
  async function unread(settings) {
    const secret = 'x'.repeat(40);
    const folder = folderWith({ 'gateway.toml': config(emulator, secret, ROOMY, settings) });
    const args = ['serve', '--config', join(folder, 'gateway.toml'), '--until-stdin-closes'];
    const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stderr.pause();
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const ended = once(child, 'close');
    const { url, metrics_url } = JSON.parse(line);
    return { child, secret, url, metrics_url, ended };
  }

  test('stops no mutation and no end', { timeout: 300_000 }, async () => {
    const made = await unread({ limits: { shutdown_s: 5 } });
    const meeting = await emulator.meeting();
    const { app_id, meeting_id } = meeting;
    const claims = { sub: 'ann', exp: now() + 600, app_id, meeting_id, can: ['kick', 'read'] };
    const grant = token(claims, { key: made.secret });
    const base = `/client/v4/accounts/${emulator.account_id}/realtime/kit/${app_id}`;
    const headers = {
      ...{ authorization: `Bearer ${grant}`, 'content-type': 'application/json' },
    };
    // At debug each is a line: more than a pipe takes.
    const statuses = await flood(made, 3000, () => ({
      ...{ method: 'POST', path: `${base}/meetings/${meeting_id}/active-session/kick` },
      ...{ headers, body: '{}' },
    }));
    assert.equal(statuses[400], 3000, JSON.stringify(statuses));
    assert.equal((await ask(made.url, { path: '/healthz' })).status, 200);
    made.child.kill('SIGTERM');
    const [code] = await once(made.child, 'exit');
    assert.equal(code, 0);
    made.child.stderr.destroy();
    await made.ended;
  });
});

test('200 audit pages that nobody reads take little memory', { timeout: 300_000 }, async (t) => {
  const made = await startGateway(emulator, {
    ...{ ...ROOMY, log: 'info', audit: { durability: 'os' }, bulk: { max_requests: 1 } },
  });
  t.after(made.stop);
  const meeting = await emulator.meeting();
  const grant = made.grant(meeting);
  const path = made.path(meeting, `meetings/${meeting.meeting_id}`);
  // Long records: a kick of many whom nobody knows.
  const ids = Array.from({ length: 500 }, (_, n) => `${n}-${'x'.repeat(100)}`);
  for (let n = 0; n < 90; n += 1) {
    const own = made.grant(meeting, { sub: `moderator-${n}` });
    const kick = `${path}/active-session/kick`;
    await made.ask(own, 'POST', kick, { participant_ids: ids });
  }
  const page = await made.ask(grant, 'GET', `${path}/audit?per_page=200`);
  assert.equal(page.status, 200);
  assert.ok(page.text.length > 300_000, `${page.text.length}`);
  const before = memory(made.pid());
  const sockets = await Promise.all(Array.from({ length: 200 }, () => open(made.url)));
  for (const [n, socket] of sockets.entries()) {
    const own = made.grant(meeting, { sub: `moderator-${n % 50}` });
    socket.pause();
    socket.write(
      `GET ${path}/audit?per_page=200 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${own}\r\n\r\n`,
    );
  }
  // Each has its page, or was refused after a wait.
  const answered = async () => {
    const all = Object.entries(await made.metrics());
    const own = all.filter(([name]) =>
      name.startsWith('rtk_gateway_requests_total{operation="GetAudit"'),
    );
    return own.reduce((sum, [, count]) => sum + count, 0);
  };
  while ((await answered()) < 201);
  const after = memory(made.pid());
  assert.ok(after < 150 * MIB, `${after} bytes, ${after - before} more`);
  for (const socket of sockets) socket.close();
});

test('made-up meetings that are refused are not stored', { timeout: 300_000 }, async (t) => {
  const id = await everywhere(t, ['read']);
  const meeting = await emulator.meeting();
  const files = id.files(meeting.app_id);
  const made = await startGateway(emulator, { log: 'info', ...id.settings }, { files });
  t.after(made.stop);
  const headers = { authorization: `Bearer ${id.token()}` };
  const read = (n) => ({ path: made.path(meeting, `meetings/made-up-${n}`), headers });
  await flood(made, 100, read);
  const before = memory(made.pid());
  const statuses = await flood(made, 50_000, (n) => read(n + 1000));
  assert.ok(statuses[429] > 30_000, JSON.stringify(statuses));
  const grown = memory(made.pid()) - before;
  assert.ok(grown < 20 * MIB, `${grown} bytes more`);
});

test('refused bodies count towards a moderator’s share of the audit', async (t) => {
  const made = await startGateway(emulator, { ...ROOMY, log: 'info', audit: { durability: 'os' } });
  t.after(made.stop);
  const meeting = await emulator.meeting();
  const headers = {
    authorization: `Bearer ${made.grant(meeting)}`,
    'content-type': 'application/json',
  };
  const path = made.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick`);
  const kick = () => ({ method: 'POST', path, headers, body: '{}' });
  const began = Date.now();
  const statuses = await flood(made, 12_000, kick);
  assert.equal(statuses[400], 12_000, JSON.stringify(statuses));
  // A file for each day: there are two about midnight.
  const place = join(made.folder, 'audit');
  const files = readdirSync(place).filter((name) => name.endsWith('.jsonl'));
  const size = files.reduce((sum, name) => sum + statSync(join(place, name)).size, 0);
  // One MiB at once, and another one within each minute.
  const minutes = (Date.now() - began) / 60_000;
  assert.ok(size > MIB / 2 && size <= (2 + minutes) * MIB, `${size} bytes`);
  assert.ok((await made.metrics()).rtk_gateway_audit_left_out_total > 1000);
});

test('kicks of many strangers leave other meetings a budget', { timeout: 300_000 }, async (t) => {
  // Nobody is known, and the refusal names nobody: each list is halved until it may not be.
  const api = await startServer((asked, response) => {
    const stranger = asked.method === 'POST' && asked.url.endsWith('/kick');
    const error = { success: false, error: { code: 404, message: 'Somebody is unknown' } };
    if (stranger) json(response, error, 404);
    else json(response, { success: true, data: { id: 'session' } });
  });
  t.after(api.stop);
  const made = await startGateway(
    { ...emulator, base_url: `${api.url}/client/v4` },
    { log: 'info' },
  );
  t.after(made.stop);
  const at = (n) => ({ app_id: 'app', meeting_id: `meeting-${n}` });
  const kick = (meeting) =>
    made.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick`);
  const participant_ids = Array.from({ length: 500 }, (_, n) => `stranger-${n}`);
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => {
      const grant = made.grant(at(n % 10), { sub: `moderator-${n % 10}` });
      return made.ask(grant, 'POST', kick(at(n % 10)), { participant_ids });
    }),
  );
  assert.ok(api.requests.length < 1200, `${api.requests.length} requests`);
  // Another meeting's moderator ends an emergency, and reads what is so.
  const victim = at('victim');
  const grant = made.grant(victim, { sub: 'bob' });
  const all = await made.ask(grant, 'POST', `${kick(victim)}-all`);
  assert.equal(all.status, 200, all.text);
  const read = await made.ask(grant, 'GET', made.path(victim, 'meetings/meeting-victim'));
  assert.equal(read.status, 200, read.text);
});

test('refused searches evict no response that is watched', async (t) => {
  // After the first response only the reserve is left, so that no other read goes up.
  const limits = {
    ratelimit: '"default";r=100;t=300',
    'ratelimit-policy': '"default";q=1000;w=300',
  };
  const api = await startServer((_asked, response) =>
    json(response, { success: true, data: { n: api.requests.length } }, 200, limits),
  );
  t.after(api.stop);
  const own = { ...emulator, base_url: `${api.url}/client/v4` };
  const made = await startGateway(own, { ...ROOMY, log: 'info', reads: { fresh_ms: 1 } });
  t.after(made.stop);
  const meeting = { app_id: 'app', meeting_id: 'm' };
  const path = made.path(meeting, 'meetings/m');
  const watcher = made.grant(meeting, { sub: 'watcher' });
  const first = await made.ask(watcher, 'GET', path);
  assert.equal(first.status, 200);
  const headers = { authorization: `Bearer ${made.grant(meeting, { sub: 'searcher' })}` };
  const search = (n) => ({ path: `${path}?name=nobody-${n}`, headers });
  assert.deepEqual(await flood(made, 400, search), { 429: 400 });
  const served = await made.ask(watcher, 'GET', path);
  assert.deepEqual([served.status, served.text], [200, first.text]);
  assert.ok('age' in served.headers);
  assert.equal(api.requests.length, 1);
});

test(
  'a kick of many strangers ends in time and says who was not tried',
  { timeout: 300_000 },
  async (t) => {
    const api = await startServer(async (asked, response, body) => {
      const { participant_ids: ids } = JSON.parse(body || '{"participant_ids":["x"]}');
      const message = `No user found with id ${ids[0]}`;
      await new Promise((resolve) => setTimeout(resolve, 100));
      json(response, { success: false, error: { code: 404, message } }, 404);
    });
    t.after(api.stop);
    const made = await startGateway(
      { ...emulator, base_url: `${api.url}/client/v4` },
      { ...ROOMY, bulk: { timeout_ms: 1000 } },
    );
    t.after(made.stop);
    const meeting = { app_id: 'app', meeting_id: 'm' };
    const participant_ids = Array.from({ length: 100 }, (_, n) => `stranger-${n}`);
    const path = made.path(meeting, 'meetings/m/active-session/kick');
    const answer = await made.ask(made.grant(meeting), 'POST', path, { participant_ids });
    assert.ok(api.requests.length <= 11, `${api.requests.length} requests`);
    const { failed } = answer.body;
    assert.deepEqual(failed.map(({ id }) => id).sort(), [...participant_ids].sort());
    const untried = failed.filter(({ code }) => code === 1011);
    assert.equal(untried.length, 100 - api.requests.length);
    for (const { message } of untried) {
      assert.equal(message, 'Not tried: the time for one request is over');
    }
  },
);

describe('what the API says of its limits', () => {
  const meeting = { app_id: 'app', meeting_id: 'm' };
  const path = (made) => made.path(meeting, 'meetings/m');

  test('a date in Retry-After is kept to, also after a restart', async (t) => {
    let until;
    const api = await startServer((_asked, response) => {
      // From the first request on, for long enough for a restart on a busy machine.
      until ??= Math.ceil(Date.now() / 1000) * 1000 + 9000;
      const limited = Date.now() < until;
      const headers = limited ? { 'retry-after': new Date(until).toUTCString() } : {};
      json(response, { success: !limited }, limited ? 429 : 200, headers);
    });
    t.after(api.stop);
    const made = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
    t.after(made.stop);
    const read = () => made.ask(made.grant(meeting), 'GET', path(made));
    assert.equal((await read()).status, 429);
    await made.restart();
    const silent = await read();
    assert.equal(silent.status, 429);
    const wait = Number(silent.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 10, `${wait} s`);
    assert.equal(api.requests.length, 1);
    let answer;
    do answer = await read();
    while (answer.status === 429);
    assert.ok(Date.now() >= until);
    assert.deepEqual([answer.status, api.requests.length], [200, 2]);
  });

  test('after a mutation the previous response serves where there is no budget', async (t) => {
    const api = await startServer((_asked, response) => {
      const headers = {
        ratelimit: '"default";r=100;t=300',
        'ratelimit-policy': '"default";q=1000;w=300',
      };
      json(response, { success: true, data: { n: api.requests.length } }, 200, headers);
    });
    t.after(api.stop);
    const made = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
    t.after(made.stop);
    const grant = made.grant(meeting);
    // The first response says that only the reserve is left.
    const first = await made.ask(grant, 'GET', path(made));
    const all = await made.ask(grant, 'POST', `${path(made)}/active-session/kick-all`);
    assert.deepEqual([first.status, all.status], [200, 200]);
    const second = await made.ask(grant, 'GET', path(made));
    assert.deepEqual([second.status, second.text], [200, first.text]);
    assert.ok('age' in second.headers);
    assert.equal(api.requests.length, 2);
  });
});

test('an ended session stays readable for its moderator after a restart', async (t) => {
  const made = await startGateway(emulator, ROOMY);
  t.after(made.stop);
  const meeting = await emulator.meeting();
  const grant = made.grant(meeting);
  const session = made.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
  const people = made.path(meeting, `sessions/${meeting.session_id}/participants`);
  assert.equal((await made.ask(grant, 'GET', people)).status, 200);
  assert.equal((await made.ask(grant, 'POST', `${session}/kick-all`)).status, 200);
  await made.restart();
  const after = await made.ask(grant, 'GET', people);
  assert.equal(after.status, 200, after.text);
  // Another meeting's moderator still sees nothing.
  const other = await emulator.meeting();
  assert.equal((await made.ask(made.grant(other), 'GET', people)).status, 403);
});
