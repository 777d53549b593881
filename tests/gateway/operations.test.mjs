// The gateway as its operator has it: revocation, reload, explained refusals, a token that the API no
// longer accepts, safe defaults, a proxy and a certificate of one's own.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
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
  config,
  folderWith,
  onWorkers,
  processDescribe,
  processTest,
  run,
  startGateway,
  toml,
  until,
  withMeeting as meetingBehind,
} from '../support/gateway.mjs';
import { keyPair, now, startProvider } from '../support/grants.mjs';
import { json, startServer } from '../support/server.mjs';
import { ask, parsed } from '../support/wire.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
});
after(() => emulator?.stop());

/** A gateway with a meeting, and how a grant's read of it ends. */
const withMeeting = (t, settings, how) => meetingBehind(t, emulator, settings, how);

describe('a revoked grant', () => {
  const settings = { revocations_file: 'revoked.toml' };

  test('by a list that is there from the start: its ID, its moderator, or when it was issued', async (t) => {
    const revoked = [{ jti: 'grant-1' }, { sub: 'bob' }, { sub: 'ann', issued_before: now() }];
    const files = { 'revoked.toml': { revoked } };
    const { made, meeting, read, status } = await withMeeting(t, settings, { files });
    for (const claims of [
      { jti: 'grant-1', sub: 'eve', iat: now() },
      { sub: 'bob', iat: now() },
      { iat: now() - 60 },
    ]) {
      const grant = made.grant(meeting, claims);
      assertRefusal(await read(grant), 401, 'The grant has been revoked');
    }
    assert.equal(await status(made.grant(meeting, { iat: now() + 10 })), 200);
    assert.equal(await status(made.grant(meeting, { jti: 'grant-2', sub: 'eve' })), 200);
  });

  // A Worker has its revocations in a variable, and reads no file.
  processTest('by the command: its ID, its moderator, or when it was issued', async (t) => {
    const { made, meeting, read, status } = await withMeeting(t, settings);
    const revoke = (...args) => {
      const { code, out, err } = run('revoke', made.folder, args);
      assert.equal(code, 0, err);
      assert.match(out, /^revoked: /);
    };
    const one = made.grant(meeting, { jti: 'grant-1' });
    // Issued before the second in which it is revoked.
    const two = made.grant(meeting, { jti: 'grant-2', iat: now() - 5 });
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

  // A Worker has no file of revocations.
  processTest('by the file, which a wrong or missing one does not undo', async (t) => {
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

  // It is about the command alone, not about a gateway.
  processTest('is refused by the command where there is no file to write to', () => {
    const folder = folderWith({ 'gateway.toml': config(emulator, 'x'.repeat(40)) });
    const { code, err } = run('revoke', folder, ['--jti', 'g']);
    assert.equal(code, 2);
    assert.match(err, /revocations_file/);
    assert.equal(run('revoke', folder, []).code, 2);
  });
});

// A Worker has its moderators in a variable.
processTest('a file of moderators that is deleted revokes what it allowed', async (t) => {
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

// A Worker gets no signal: another configuration is another version of it.
processDescribe('SIGHUP', () => {
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
    const reloads = (words) => made.logs.filter((line) => line.includes(words)).length;
    // Still at the next reload, until the file says again what is so.
    for (const [listen, warnings] of [
      ['listen = "127.0.0.1:1"', 2],
      ['listen = "127.0.0.1:0"', 2],
    ]) {
      const count = reloads('configuration is read again');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^listen.*$/m, listen));
      made.signal('SIGHUP');
      await until(() => reloads('configuration is read again') > count);
      assert.equal(reloads('needs a restart'), warnings);
    }
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

// The platform has the certificates of a Worker.
processTest('a renewed certificate is shown without a signal, a wrong one is not', async (t) => {
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
  // Nothing in front of a Worker asks whether it is ready: it is, once it is configured.
  const expected = onWorkers ? [200, 'ready'] : [503, 'the API does not accept the token'];
  assert.deepEqual([unready.status, unready.text], expected);
  // A Worker's objects pass their counts on.
  await until(async () => (await made.metrics()).rtk_gateway_api_token_refused_total >= 2);
  await until(() =>
    made.logs.some((line) => /"level":"ERROR".*does not accept the token/.test(line)),
  );
  accepted = true;
  assert.equal((await made.ask(grant, 'POST', `${path}/active-session/kick-all`)).status, 200);
  assert.equal((await ready()).status, 200);
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
  // The platform says from whom a Worker's requests are.
  processTest('is what a trusted proxy saw last', async (t) =>
    assert.equal(await client(t, ['127.0.0.0/8'], '1.1.1.1, 198.51.100.7'), '198.51.100.7'),
  );
});

// The platform has the connections of a Worker.
processDescribe('the way to the API', () => {
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
