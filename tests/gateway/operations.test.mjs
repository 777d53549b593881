// The gateway as its operator has it: revocation, reload, explained refusals, a token that the API no
// longer accepts, safe defaults, a proxy and a certificate of one's own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { connect as connectByTls } from 'node:tls';
import {
  AUTHORITY,
  CERTIFICATE,
  ISSUED_CERTIFICATE,
  ISSUED_KEY,
  KEY,
  RENEWED_CERTIFICATE,
  RENEWED_KEY,
} from '../support/certificate.mjs';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertRefusal,
  binary,
  config,
  folderWith,
  run,
  startGateway,
  toml,
} from '../support/gateway.mjs';
import { keyPair, now, startProvider } from '../support/grants.mjs';
import { json, startServer } from '../support/server.mjs';
import { answers, ask, open, parsed } from '../support/wire.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
});
after(() => emulator?.stop());

/** Waits until something is so. */
async function until(isSo) {
  for (;;) {
    const so = await isSo();
    if (so) return so;
    // What is waited for comes between two turns.
    await new Promise(setImmediate);
  }
}

/** A gateway with a meeting, and how a grant's read of it ends. */
async function withMeeting(t, settings = {}, how = {}) {
  const made = await startGateway(emulator, { ...ROOMY, ...settings }, how);
  t.after(made.stop);
  const meeting = await emulator.meeting();
  const path = made.path(meeting, `meetings/${meeting.meeting_id}`);
  const read = (grant) => made.ask(grant, 'GET', path);
  const status = async (grant) => (await read(grant)).status;
  /** A line of the log with these words. */
  const logged = (...words) =>
    until(() => made.logs.find((line) => words.every((word) => line.includes(word))));
  return { made, meeting, path, read, status, logged };
}

describe('a revoked grant', () => {
  const settings = { revocations_file: 'revoked.toml' };

  test('by the command: its ID, its moderator, or when it was issued', async (t) => {
    const { made, meeting, read, status } = await withMeeting(t, settings);
    const revoke = (...args) => {
      const { code, out, err } = run('revoke', made.folder, args);
      assert.equal(code, 0, err);
      assert.match(out, /^revoked: /);
    };
    const one = made.grant(meeting, { jti: 'grant-1' });
    const two = made.grant(meeting, { jti: 'grant-2', iat: now() });
    const bob = made.grant(meeting, { sub: 'bob', iat: now() + 20 });
    for (const grant of [one, two, bob]) assert.equal(await status(grant), 200);
    revoke('--jti', 'grant-1');
    await until(async () => (await status(one)) === 401);
    assertRefusal(await read(one), 401, 'The grant has been revoked');
    assert.equal(await status(two), 200);
    revoke('--sub', 'ann', '--issued-before', 'now');
    await until(async () => (await status(two)) === 401);
    // One that is issued later is good.
    assert.equal(await status(made.grant(meeting, { iat: now() + 10 })), 200);
    assert.equal(await status(bob), 200);
    revoke('--sub', 'bob');
    await until(async () => (await status(bob)) === 401);
    await made.restart();
    for (const grant of [one, two, bob]) assert.equal(await status(grant), 401);
  });

  test('by the file, which a wrong or missing one does not undo', async (t) => {
    const { made, meeting, status, logged } = await withMeeting(t, settings);
    const file = join(made.folder, 'revoked.toml');
    const grant = made.grant(meeting, { jti: 'grant-1' });
    assert.equal(await status(grant), 200);
    writeFileSync(file, '[[revoked]]\njti = "grant-1"\n');
    await until(async () => (await status(grant)) === 401);
    writeFileSync(file, '[[revoked]]\njti = 5\n');
    await logged('file of revocations is wrong');
    assert.equal(await status(grant), 401);
    rmSync(file);
    await logged('file of revocations is gone');
    assert.equal(await status(grant), 401);
    made.signal('SIGHUP');
    await logged('configuration is read again');
    assert.equal(await status(grant), 401);
    writeFileSync(file, '');
    await until(async () => (await status(grant)) === 200);
  });

  test('that the command made is named by the audit', async (t) => {
    const { made, meeting } = await withMeeting(t, settings);
    const { app_id, meeting_id } = meeting;
    const args = ['--app', app_id, '--meeting', meeting_id, '--sub', 'ann', '--can', 'kick_all'];
    const { out, err } = run('grant', made.folder, args);
    const id = /^jti: (\S+)$/m.exec(err)[1];
    const kick = made.path(meeting, `meetings/${meeting_id}/active-session/kick-all`);
    assert.equal((await made.ask(out.trim(), 'POST', kick)).status, 200);
    const [intent] = made.auditLines();
    assert.deepEqual([intent.grant, intent.client], [id, '127.0.0.1']);
  });

  test('is refused by the command where there is no file to write to', () => {
    const folder = folderWith({ 'gateway.toml': config(emulator, 'x'.repeat(40)) });
    const { code, err } = run('revoke', folder, ['--jti', 'g']);
    assert.equal(code, 2);
    assert.match(err, /revocations_file/);
    assert.equal(run('revoke', folder, []).code, 2);
  });
});

test('a file of moderators that is deleted revokes what it allowed', async (t) => {
  const key = keyPair('ES256');
  const provider = await startProvider(key);
  t.after(provider.stop);
  const { jwks, issuer, audience } = { jwks: provider.url, ...provider };
  const identity = { jwks_url: jwks, issuer, audience, moderators_file: 'moderators.toml' };
  const files = { 'moderators.toml': '' };
  const { made, meeting, status, logged } = await withMeeting(t, { identity }, { files });
  const file = join(made.folder, 'moderators.toml');
  const { app_id } = meeting;
  const row = { email: 'ann@example.com', app_id, meeting_id: '*', can: ['read'] };
  writeFileSync(file, toml({ moderator: [row] }));
  const grant = provider.token(key);
  await until(async () => (await status(grant)) === 200);
  rmSync(file);
  await until(async () => (await status(grant)) === 403);
  await logged('file of moderators is gone');
});

describe('SIGHUP', () => {
  test('reads configuration and secrets again, and keeps the old if the new are wrong', async (t) => {
    const { made, meeting, status, logged } = await withMeeting(t);
    const file = join(made.folder, 'gateway.toml');
    const before = readFileSync(file, 'utf8');
    const renewed = 'a-secret-that-was-renewed-just-now-and-is-long';
    const grant = made.grant(meeting);
    const later = made.grant(meeting, {}, { key: renewed });
    const origin = (name) =>
      ask(made.url, { path: '/client/v4/x', headers: { origin: `https://${name}.example` } });
    assert.deepEqual([await status(grant), await status(later)], [200, 401]);
    writeFileSync(file, before.replace(made.secret, 'short'));
    made.signal('SIGHUP');
    await logged('configuration is wrong', 'grants.secret');
    assert.deepEqual([await status(grant), await status(later)], [200, 401]);
    const after = before.replace(made.secret, renewed);
    writeFileSync(
      file,
      `origins = ["https://new.example"]\n${after.replace(/^listen.*$/m, 'listen = "127.0.0.1:1"')}`,
    );
    made.signal('SIGHUP');
    await logged('configuration is read again');
    await logged('needs a restart', 'listen');
    assert.deepEqual([await status(grant), await status(later)], [401, 200]);
    assert.equal((await origin('new')).status, 404);
    assert.equal((await origin('old')).status, 403);
    made.secrets.push(renewed);
  });

  test('refuses a page folder that would publish secrets', async (t) => {
    const { made, logged } = await withMeeting(t);
    const file = join(made.folder, 'gateway.toml');
    writeFileSync(join(made.folder, 'index.html'), 'a page');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n[page]\ndir = "."\n`);
    made.signal('SIGHUP');
    await logged('configuration is wrong', 'page.dir');
    const published = await ask(made.url, { path: '/gateway.toml' });
    assert.equal(published.status, 404);
  });

  test('forgets no key of a poll, no budget and no request that is under way', async (t) => {
    const { made, meeting, path, logged } = await withMeeting(t);
    const grant = made.grant(meeting);
    const poll = { question: 'tea?', options: ['yes', 'no'] };
    const ask = () =>
      made.ask(grant, 'POST', `${path}/active-session/poll`, poll, { 'idempotency-key': 'k' });
    const first = await ask();
    made.signal('SIGHUP');
    await logged('configuration is read again');
    const second = await ask();
    assert.deepEqual([second.status, second.text], [first.status, first.text]);
    assert.equal(second.headers['idempotent-replayed'], 'true');
  });
});

test('a renewed certificate is shown without a signal, a wrong one is not', async (t) => {
  const files = { 'cert.pem': CERTIFICATE, 'key.pem': KEY };
  const made = await startGateway(
    emulator,
    { tls: { cert: 'cert.pem', key: 'key.pem' } },
    { files },
  );
  t.after(made.stop);
  const shown = async () => {
    const { hostname: host, port } = new URL(made.url);
    const socket = connectByTls({ host, port: Number(port), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const first = await shown();
  writeFileSync(join(made.folder, 'cert.pem'), 'no certificate');
  await until(() => made.logs.some((line) => line.includes('certificate is wrong')));
  assert.equal(await shown(), first);
  writeFileSync(join(made.folder, 'key.pem'), RENEWED_KEY);
  writeFileSync(join(made.folder, 'cert.pem'), RENEWED_CERTIFICATE);
  await until(async () => (await shown()) !== first);
});

test(
  'a restart refuses no connection where the socket is handed over',
  { timeout: 60_000 },
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

test('a shutdown serves the request that is on its way on an open connection, and then closes it', async (t) => {
  const { made, logged } = await withMeeting(t, { log: 'info' });
  const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const all = await Promise.all(Array.from({ length: 20 }, () => open(made.url)));
  const used = all.slice(0, 10);
  for (const connection of used) connection.write(health);
  await Promise.all(used.map((connection) => connection.until((text) => text.endsWith('ok'))));
  // All are accepted before this one, which gets a response.
  await ask(made.url, { path: '/healthz' });
  made.signal('SIGTERM');
  await logged('stopping');
  for (const connection of all) connection.write(health);
  for (const connection of all) {
    const responses = answers(await connection.closed);
    assert.equal(responses.length, used.includes(connection) ? 2 : 1);
    for (const { status } of responses) assert.equal(status, 200);
  }
  assert.deepEqual(await made.ended(), { code: 0, signal: null });
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

describe('the log says why a grant is refused, and shows none', () => {
  for (const [name, claims, how, claim, reason] of [
    ['a signature', {}, { key: 'y'.repeat(40) }, 'signature', 'is by none of the secrets'],
    ['an end that is over', { exp: 5 }, {}, 'exp', 'is over'],
    ['an end too far ahead', { exp: now() + 50_000 }, {}, 'exp', 'is more than 12 hours ahead'],
    ['no meeting', { meeting_id: undefined }, {}, 'meeting_id', 'is missing'],
  ]) {
    test(name, async (t) => {
      const { made, meeting, read, logged } = await withMeeting(t, { log: 'info' });
      const answer = await read(made.grant(meeting, claims, how));
      assert.equal(answer.status, 401);
      const line = parsed(await logged('grant refused'));
      assert.deepEqual([line.claim, line.reason, line.client], [claim, reason, '127.0.0.1']);
      assert.equal(line.request_id, answer.headers['x-request-id']);
    });
  }

  test('and what it allows in vain', async (t) => {
    const { made, meeting, status, logged } = await withMeeting(t);
    assert.equal(await status(made.grant(meeting, { can: ['read', 'teleport'] })), 200);
    await logged('unknown word', 'teleport');
  });
});

test('legal tokens of all kinds are accepted', async (t) => {
  const { made, meeting, status } = await withMeeting(t);
  for (const claims of [
    { exp: now() + 600.5, nbf: now() - 0.5, iat: now() - 0.5 },
    { sub: 4711 },
    { name: '' },
    { aud: 'anything, for no audience is configured' },
  ]) {
    assert.equal(await status(made.grant(meeting, claims)), 200, JSON.stringify(claims));
  }
});

test('a token that the API no longer accepts is a 502, an error, and not ready', async (t) => {
  let accepted = false;
  const api = await startServer((_asked, response) =>
    json(response, { success: accepted }, accepted ? 200 : 401),
  );
  t.after(api.stop);
  const made = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, ROOMY);
  t.after(made.stop);
  const meeting = { app_id: 'app', meeting_id: 'm' };
  const path = made.path(meeting, 'meetings/m');
  const grant = made.grant(meeting);
  const ready = () => ask(made.url, { path: '/readyz' });
  assert.equal((await ready()).status, 200);
  for (const answer of [
    await made.ask(grant, 'GET', path),
    await made.ask(grant, 'POST', `${path}/active-session/kick-all`),
  ]) {
    assertRefusal(answer, 502, "The API does not accept the gateway's token");
    assert.equal(answer.headers['x-should-retry'], 'false');
  }
  const unready = await ready();
  assert.deepEqual([unready.status, unready.text], [503, 'the API does not accept the token']);
  assert.ok((await made.metrics()).rtk_gateway_api_token_refused_total >= 2);
  await until(() =>
    made.logs.some((line) => /"level":"ERROR".*does not accept the token/.test(line)),
  );
  accepted = true;
  assert.equal((await made.ask(grant, 'POST', `${path}/active-session/kick-all`)).status, 200);
  assert.equal((await ready()).status, 200);
});

describe('an unusable setting is found by check', () => {
  const check = (settings, files = {}, ...args) => {
    const folder = folderWith({
      'gateway.toml': config(emulator, 'x'.repeat(40), settings),
      ...files,
    });
    mkdirSync(join(folder, 'www'));
    writeFileSync(join(folder, 'www', 'index.html'), '<p>the page');
    mkdirSync(join(folder, 'empty'));
    return run('check', folder, args);
  };

  test('a port that is taken, unless the gateway is running', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const listen = `127.0.0.1:${taken.address().port}`;
    const { code, err } = check({ listen });
    assert.equal(code, 2);
    assert.match(err, /listen: /);
    assert.equal(check({ listen }, {}, '--running').code, 0);
  });

  test('an audit that cannot be written', () => {
    const { code, err } = check({ audit: { dir: 'file' } }, { file: 'no folder' });
    assert.deepEqual([code, /audit\.dir/.test(err)], [2, true]);
    assert.match(check({ audit: { dir: '/proc/nowhere/audit' } }).err, /audit\.dir/);
  });

  for (const [name, settings, files, what] of [
    ['a page without index.html', { page: { dir: 'empty' } }, {}, /page\.dir.*index\.html/],
    [
      'a page that holds the configuration',
      { page: { dir: '.' } },
      { 'index.html': '' },
      /page\.dir/,
    ],
    [
      'a page that holds the audit',
      { page: { dir: 'www' }, audit: { dir: 'www/audit' } },
      {},
      /page\.dir.*audit/,
    ],
    [
      'a page that holds a secret',
      { page: { dir: 'www' }, upstream: { api_token: undefined, api_token_file: 'www/token' } },
      { www: undefined },
      /page\.dir|api_token/,
    ],
  ]) {
    test(name, () => {
      const { code, err } = check(
        settings,
        Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined)),
      );
      assert.equal(code, 2);
      assert.match(err, what);
    });
  }

  test('and serve refuses such a page too', () => {
    const folder = folderWith({
      'gateway.toml': config(emulator, 'x'.repeat(40), { page: { dir: '.' } }),
      'index.html': '<p>the page',
    });
    const { code, err } = run('serve', folder, ['--until-stdin-closes']);
    assert.equal(code, 2);
    assert.match(err, /page\.dir/);
  });

  test('a page of its own is good', () => {
    assert.equal(check({ page: { dir: 'www' } }).code, 0);
  });
});

describe('the files that are shipped', () => {
  const shipped = (name) =>
    readFileSync(new URL(`../../gateway/deploy/${name}`, import.meta.url), 'utf8');
  /** The configuration, with a test's places. */
  const configuration = (folder) =>
    shipped('gateway.toml')
      .replaceAll('/var/lib/realtimekit-gateway', folder)
      .replaceAll('/etc/realtimekit-gateway', folder)
      .replaceAll('/usr/share/realtimekit-gateway', folder)
      .replaceAll(/127\.0\.0\.1:(8787|9090)/g, '127.0.0.1:0');

  test('the configuration is good as the steps of the docs leave it', () => {
    const folder = folderWith({
      ...{ 'api-token': 'a-token\n', 'grant-secret': `${'a1'.repeat(32)}\n` },
      ...{ 'grant-secret-previous': '', 'revoked.toml': '' },
    });
    mkdirSync(join(folder, 'www'));
    writeFileSync(join(folder, 'www', 'index.html'), '<p>the page');
    writeFileSync(join(folder, 'gateway.toml'), configuration(folder));
    const { code, err } = run('check', folder);
    assert.equal(code, 0, err);
    // A grant can be made and revoked with it.
    const who = ['--app', 'a', '--meeting', 'm', '--sub', 'ann', '--can', 'read'];
    assert.equal(run('grant', folder, who).code, 0);
    assert.equal(run('revoke', folder, ['--sub', 'ann']).code, 0);
  });

  test('systemd hands over each file that the configuration names without a path', () => {
    const unit = shipped('realtimekit-gateway.service');
    const loaded = [
      ...unit.matchAll(/^LoadCredential=([^:]+):\/etc\/realtimekit-gateway\/(.+)$/gm),
    ];
    for (const [, name, file] of loaded) assert.equal(name, file);
    const names = loaded.map(([, name]) => name);
    const bare = [...shipped('gateway.toml').matchAll(/^[a-z_]+_file = "([^/"]+)"/gm)];
    assert.ok(bare.length >= 3);
    for (const [, name] of bare) assert.ok(names.includes(name), name);
    // What may change at any time is read where it is.
    assert.match(shipped('gateway.toml'), /^revocations_file = "\/etc\//m);
    assert.match(unit, /^Requires=realtimekit-gateway\.socket$/m);
    const sockets = [...shipped('realtimekit-gateway.socket').matchAll(/^ListenStream=(.+)$/gm)];
    const listens = [...shipped('gateway.toml').matchAll(/^(?:metrics_)?listen = "(.+?)"/gm)];
    assert.deepEqual(
      sockets.map(([, address]) => address),
      listens.map(([, address]) => address),
    );
  });

  test('nothing is published in the clear', () => {
    for (const name of ['gateway.toml', 'realtimekit-gateway.socket']) {
      assert.doesNotMatch(shipped(name), /^[^#\n]*(0\.0\.0\.0|\[::\]:)/m, name);
    }
    assert.match(shipped('Dockerfile'), /-p 127\.0\.0\.1:8787:8787/);
    assert.doesNotMatch(shipped('Dockerfile'), /-p 8787/);
    assert.match(shipped('Dockerfile'), /^COPY --from=build \/src\/www\/dist /m);
    assert.match(shipped('nginx.conf'), /proxy_set_header Host \$http_host;/);
  });
});

describe('the client’s address', () => {
  const client = async (t, trusted_proxies, forwarded) => {
    const { made, meeting, path } = await withMeeting(t, { trusted_proxies });
    const headers = { 'x-forwarded-for': forwarded };
    await made.ask(
      made.grant(meeting),
      'POST',
      `${path}/active-session/kick-all`,
      undefined,
      headers,
    );
    const line = await until(() =>
      made.logs.find((one) => one.includes('"answered"') && one.includes('KickAll')),
    );
    const [intent] = made.auditLines();
    assert.equal(parsed(line).client, intent.client);
    return intent.client;
  };

  test('is the connection’s, whatever a header says', async (t) =>
    assert.equal(await client(t, undefined, '198.51.100.7'), '127.0.0.1'));
  test('is what a trusted proxy saw last', async (t) =>
    assert.equal(await client(t, ['127.0.0.0/8'], '1.1.1.1, 198.51.100.7'), '198.51.100.7'));
});

describe('the way to the API', () => {
  /** An API by TLS whose certificate nobody public vouches for. */
  async function startTlsApi(t) {
    const requests = [];
    const api = createTlsServer(
      { cert: ISSUED_CERTIFICATE, key: ISSUED_KEY },
      (asked, response) => {
        requests.push(asked.headers);
        json(response, { success: true, data: {} });
      },
    );
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    t.after(() => {
      api.closeAllConnections();
      api.close();
    });
    return { requests, base_url: `https://127.0.0.1:${api.address().port}/client/v4` };
  }
  const meeting = { app_id: 'app', meeting_id: 'm' };
  const read = (made) => made.ask(made.grant(meeting), 'GET', made.path(meeting, 'meetings/m'));

  test('believes a private authority if it is told to, and else not', async (t) => {
    const api = await startTlsApi(t);
    const files = { 'ca.pem': AUTHORITY };
    const own = { ...emulator, base_url: api.base_url };
    const made = await startGateway(own, { ...ROOMY, upstream: { ca_file: 'ca.pem' } }, { files });
    t.after(made.stop);
    const answer = await read(made);
    assert.equal(answer.status, 200, answer.text);
    const wary = await startGateway(own, ROOMY);
    t.after(wary.stop);
    assertRefusal(await read(wary), 502, 'The API could not be reached');
    assert.equal(api.requests.length, 1);
  });

  test('goes through HTTPS_PROXY, which sees no token', async (t) => {
    const api = await startTlsApi(t);
    const tunnels = [];
    const proxy = createProxy();
    proxy.on('connect', (asked, socket, head) => {
      tunnels.push([asked.url, JSON.stringify(asked.headers)]);
      const [host, port] = asked.url.split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      for (const one of [upstream, socket]) one.on('error', () => {});
      t.after(() => upstream.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.address().port}` };
    const made = await startGateway(
      { ...emulator, base_url: api.base_url },
      { ...ROOMY, upstream: { ca_file: 'ca.pem' } },
      { files: { 'ca.pem': AUTHORITY }, env },
    );
    t.after(made.stop);
    assert.equal((await read(made)).status, 200);
    assert.equal(tunnels.length, 1);
    assert.equal(tunnels[0][0], new URL(api.base_url).host);
    assert.ok(!tunnels[0][1].includes(emulator.api_token));
  });
});

test('an idle connection is kept longer than a head may take', { timeout: 30_000 }, async (t) => {
  const { made } = await withMeeting(t, {
    limits: { head_timeout_ms: 300, idle_timeout_ms: 60_000 },
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
  while (Date.now() - from < 900) await ask(made.url, { path: '/healthz' });
  text = '';
  socket.write(health);
  await until(() => text.includes('ok'));
  // A head that has begun has its time.
  socket.write('GET /healthz HTTP/1.1\r\n');
  await once(socket, 'close');
});

test(
  'a connection whose refused body arrived late is idle, too',
  { timeout: 30_000 },
  async (t) => {
    const { made } = await withMeeting(t, {
      limits: { head_timeout_ms: 300, idle_timeout_ms: 60_000 },
    });
    const connection = await open(made.url);
    t.after(connection.close);
    connection.write('POST /client/v4/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n');
    await connection.until((text) => text.endsWith('}'));
    connection.write('body');
    const from = Date.now();
    while (Date.now() - from < 900) await ask(made.url, { path: '/healthz' });
    connection.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(await connection.until((text) => text.endsWith('ok')), /ok$/);
  },
);
