// Connections when the gateway ends and another one begins, and connections that stay open.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  binary,
  config,
  folderWith,
  startGateway,
  until,
  withMeeting,
} from '../support/gateway.mjs';
import { answers, ask, open, parsed } from '../support/wire.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
});
after(() => emulator?.stop());

test(
  'a restart refuses no connection where the socket is handed over',
  { timeout: 300_000 },
  async (t) => {
    const secret = 'x'.repeat(40);
    const settings = { ...ROOMY, metrics_listen: undefined };
    const folder = folderWith({ 'gateway.toml': config(emulator, secret, settings) });
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address();
    const start = () => {
      const serve = ['serve', '--config', join(folder, 'gateway.toml'), '--until-stdin-closes'];
      // As systemd does it: the socket is descriptor 3.
      const command = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" "$@"';
      const child = spawn('sh', ['-c', command, binary, ...serve], {
        stdio: ['pipe', 'pipe', 'ignore', listener._handle.fd],
      });
      const ready = once(createInterface({ input: child.stdout }), 'line');
      return { child, ready, ended: once(child, 'exit') };
    };
    const first = start();
    const second = start();
    // Whoever comes is now taken by them.
    listener.close();
    t.after(() => second.child.kill('SIGKILL'));
    // Which of them has the audit's folder first is theirs.
    const [old, next] = await Promise.race([
      first.ready.then(() => [first, second]),
      second.ready.then(() => [second, first]),
    ]);
    let over = false;
    const asking = (async () => {
      let count = 0;
      while (!over) {
        const { status } = await ask(`http://127.0.0.1:${port}`, { path: '/healthz' });
        assert.equal(status, 200);
        count += 1;
      }
      return count;
    })();
    old.child.kill('SIGTERM');
    await old.ended;
    await next.ready;
    over = true;
    assert.ok((await asking) > 0);
    next.child.kill('SIGTERM');
    await next.ended;
  },
);

/** What the gateway has promised after a signal: so long a connection may bring a last request. */
const LAST_REQUEST_MS = 1000;

/**
 * Stops a gateway with connections that then send a request. Asserts what they get, and resolves to true if the
 * requests were on their way in time, which a busy machine may not manage.
 */
async function shutDown(t) {
  const { made, logged } = await withMeeting(t, emulator, { log: 'info' });
  const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const all = await Promise.all(Array.from({ length: 20 }, () => open(made.url)));
  const used = all.slice(0, 10);
  for (const connection of used) connection.write(health);
  await Promise.all(used.map((connection) => connection.until((text) => text.endsWith('ok'))));
  // All are accepted before this one, which gets a response.
  await ask(made.url, { path: '/healthz' });
  const signalled = performance.now();
  made.signal('SIGTERM');
  await logged('stopping');
  for (const connection of all) connection.write(health);
  const inTime = performance.now() - signalled < LAST_REQUEST_MS;
  for (const connection of all) {
    const responses = answers(await connection.closed);
    if (inTime) assert.equal(responses.length, used.includes(connection) ? 2 : 1);
    for (const { status } of responses) assert.equal(status, 200);
  }
  assert.deepEqual(await made.ended(), { code: 0, signal: null });
  return inTime;
}

test('a shutdown serves the request that is on its way on an open connection, and then closes it', async (t) => {
  let times = 1;
  while (!(await shutDown(t))) assert.ok((times += 1) <= 20, 'the test is too slow');
});

test('a second gateway waits for the audit’s folder, and takes it over', async (t) => {
  const made = await startGateway(emulator, { ...ROOMY, audit: { lock_wait_s: 60 } });
  t.after(made.stop);
  const serve = ['serve', '--config', join(made.folder, 'gateway.toml'), '--until-stdin-closes'];
  const next = spawn(binary, serve, { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = createInterface({ input: next.stderr });
  const ready = once(createInterface({ input: next.stdout }), 'line');
  const [line] = await once(lines, 'line');
  assert.match(line, /another gateway has the audit/);
  await made.end();
  const [told] = await ready;
  assert.ok(parsed(told).url);
  next.stdin.end();
  await once(next, 'exit');
});

test('a state that cannot be saved for a restart is logged once', async (t) => {
  const settings = { revocations_file: 'revoked.toml' };
  const files = { 'revoked.toml': { revoked: [{ sub: 'bob' }] } };
  const { made, meeting, logged } = await withMeeting(t, emulator, settings, { files });
  const obstacle = join(made.folder, 'audit', 'state.json.new');
  mkdirSync(obstacle);
  // The API names the session.
  const session = made.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
  assert.equal((await made.ask(made.grant(meeting), 'GET', session)).status, 200);
  await logged('cannot be saved');
  // A revocation is taken back at the second check, more than a second later: by then it was tried some times.
  writeFileSync(join(made.folder, 'revoked.toml'), '');
  await logged('revocations is read again');
  const warnings = made.logs.filter((line) => line.includes('cannot be saved'));
  assert.equal(warnings.length, 1);
  rmdirSync(obstacle);
  await logged('saved again');
  const saved = readFileSync(join(made.folder, 'audit', 'state.json'), 'utf8');
  assert.match(saved, new RegExp(meeting.meeting_id));
});

test('an idle connection is kept longer than a head may take', { timeout: 300_000 }, async (t) => {
  const { made } = await withMeeting(t, emulator, {
    limits: { head_timeout_ms: 2000, idle_timeout_ms: 60_000 },
  });
  const { hostname, port } = new URL(made.url);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (more) => (text += more));
  const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(health);
  await until(() => text.includes('ok'));
  // Others come and go for longer than a head may take.
  const from = Date.now();
  while (Date.now() - from < 3000) await ask(made.url, { path: '/healthz' });
  text = '';
  socket.write(health);
  await until(() => text.includes('ok'));
  // A head that has begun has its time.
  socket.write('GET /healthz HTTP/1.1\r\n');
  await once(socket, 'close');
});

test(
  'a connection whose refused body arrived late is idle, too',
  { timeout: 300_000 },
  async (t) => {
    const { made } = await withMeeting(t, emulator, {
      limits: { head_timeout_ms: 2000, idle_timeout_ms: 60_000 },
    });
    const connection = await open(made.url);
    t.after(connection.close);
    connection.write('POST /client/v4/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n');
    await connection.until((text) => text.endsWith('}'));
    connection.write('body');
    const from = Date.now();
    while (Date.now() - from < 3000) await ask(made.url, { path: '/healthz' });
    connection.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(await connection.until((text) => text.endsWith('ok')), /ok$/);
  },
);
