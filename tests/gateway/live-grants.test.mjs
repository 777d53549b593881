// The grant of a socket: checked before the upgrade, renewed over it, and its end is the socket's end.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { processTest, run, startGateway, toml } from '../support/gateway.mjs';
import { keyPair, now, startProvider } from '../support/grants.mjs';
import { OFTEN, PROTOCOL, watch, watchUrl } from '../support/live.mjs';

/** A grant that ends its socket soon, but not before a busy machine has opened it: clocks may differ by 30 s. */
const soon = () => ({ exp: now() - 20 });

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
  gateway = await startGateway(emulator, { ...OFTEN, revocations_file: 'revoked.toml' });
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const refusal = async (promise) => {
  const error = await promise.then(
    () => assert.fail('it was accepted'),
    (error) => error,
  );
  const { errors } = JSON.parse(error.text);
  return [error.status, errors[0].message];
};

describe('before the upgrade', () => {
  test('a grant that would not let a read pass opens no socket', async () => {
    const [meeting, other] = [await emulator.meeting(1), await emulator.meeting(1)];
    const as = (claims) => refusal(watch(gateway, meeting, { claims }));
    assert.deepEqual(await as({ exp: now() - 60 }), [401, 'The grant has expired']);
    assert.deepEqual(await as({ nbf: now() + 60 }), [401, 'The grant is not valid yet']);
    assert.deepEqual(await as({ meeting_id: other.meeting_id }), [
      ...[403, 'The grant is for another meeting'],
    ]);
    assert.equal((await as({ app_id: 'another-app' }))[0], 403);
    assert.deepEqual(await as({ can: ['kick', 'audit'] }), [
      403,
      'The grant lacks the permission read',
    ]);
    const forged = gateway.grant(meeting, {}, { key: 'x'.repeat(32) });
    assert.equal((await refusal(watch(gateway, meeting, { grant: forged })))[0], 401);
    assert.deepEqual(await refusal(watch(gateway, meeting, { protocols: [PROTOCOL] })), [
      ...[401, 'The grant is missing'],
    ]);
    const account = {
      ...gateway,
      path: (...all) => gateway.path(...all).replace(emulator.account_id, 'acc'),
    };
    assert.equal((await refusal(watch(account, meeting)))[0], 403);
  });

  test('a client that can set headers may send the grant there, but not twice', async () => {
    const meeting = await emulator.meeting(1);
    const options = { headers: { authorization: `Bearer ${gateway.grant(meeting)}` } };
    const watcher = await watch(gateway, meeting, { protocols: [PROTOCOL], options });
    assert.equal(watcher.socket.protocol, PROTOCOL);
    await watcher.close();
    assert.equal((await refusal(watch(gateway, meeting, { options })))[0], 401);
  });
});

describe('a socket', () => {
  test('closes when its grant expires, with the reason', async () => {
    const claims = soon();
    const watcher = await watch(gateway, await emulator.meeting(1), { claims });
    const { expires_at } = await watcher.message('welcome');
    assert.equal(expires_at, claims.exp * 1000);
    assert.deepEqual(await watcher.closed, { code: 4401, reason: 'the grant has expired' });
  });

  test('stays open with a new grant', async () => {
    const meeting = await emulator.meeting(1);
    const claims = { ...soon(), can: ['read'] };
    const [renewed, other] = await Promise.all(
      [0, 1].map(() => watch(gateway, meeting, { claims })),
    );
    const exp = now() + 600;
    renewed.send({ type: 'grant', token: gateway.grant(meeting, { exp, can: ['read', 'audit'] }) });
    const accepted = await renewed.message('grant');
    assert.deepEqual([accepted.expires_at, accepted.can], [exp * 1000, ['read', 'audit']]);
    await other.closed;
    const { user_id } = await emulator.control('POST', 'join', {
      ...{ meeting_id: meeting.meeting_id, custom_participant_id: 'later' },
    });
    await renewed.until(() => renewed.present.includes(user_id));
    await renewed.close();
  });

  test('takes no grant that it could not be opened with, or of another moderator', async () => {
    const [meeting, other] = [await emulator.meeting(1), await emulator.meeting(1)];
    const watcher = await (await watch(gateway, meeting)).ready();
    const refused = async (token) => {
      const { seq, ...before } = { seq: watcher.of('refused').length };
      watcher.send({ type: 'grant', token });
      await watcher.until(() => watcher.of('refused').length > seq);
      const { of, status, message } = watcher.of('refused').at(-1);
      assert.deepEqual(before, {});
      assert.equal(of, 'grant');
      return [status, message];
    };
    assert.deepEqual(await refused(gateway.grant(other)), [
      403,
      'The grant is for another meeting',
    ]);
    assert.deepEqual(await refused(gateway.grant(meeting, { exp: now() - 60 })), [
      ...[401, 'The grant has expired'],
    ]);
    assert.deepEqual(await refused(gateway.grant(meeting, { can: ['kick'] })), [
      ...[403, 'The grant lacks the permission read'],
    ]);
    const [status, message] = await refused(gateway.grant(meeting, { sub: 'bob' }));
    assert.deepEqual([status, message], [400, 'the grant must be for the same moderator']);
    assert.equal((await refused('no token'))[0], 401);
    // The old grant is still good.
    const { user_id } = await emulator.control('POST', 'join', {
      ...{ meeting_id: meeting.meeting_id, custom_participant_id: 'still' },
    });
    await watcher.until(() => watcher.present.includes(user_id));
    await watcher.close();
  });

  // A Worker has its revocations in a variable: a change is a new version of it, and ends the sockets.
  processTest('closes when its grant is revoked, and others stay', async () => {
    const meeting = await emulator.meeting(1);
    const revoked = await watch(gateway, meeting, { claims: { jti: 'gone' } });
    const other = await (await watch(gateway, meeting, { claims: { jti: 'stays' } })).ready();
    assert.equal(run('revoke', gateway.folder, ['--jti', 'gone']).code, 0);
    assert.deepEqual(await revoked.closed, { code: 4403, reason: 'the grant is revoked' });
    other.send({ type: 'grant', token: gateway.grant(meeting, { jti: 'gone' }) });
    const { status } = await other.message('refused');
    assert.equal(status, 401);
    await other.close();
  });

  // So are its secrets.
  processTest('closes when its secret is replaced', async (t) => {
    const own = await startGateway(emulator, OFTEN);
    t.after(own.stop);
    const meeting = await emulator.meeting(1);
    const watcher = await (await watch(own, meeting)).ready();
    const file = join(own.folder, 'gateway.toml');
    const { readFileSync } = await import('node:fs');
    writeFileSync(file, readFileSync(file, 'utf8').replace(own.secret, 'y'.repeat(64)));
    own.signal('SIGHUP');
    assert.deepEqual(await watcher.closed, { code: 4403, reason: 'the grant is revoked' });
  });

  // A Worker has its moderators in a variable.
  processTest(
    'follows the file of moderators: what it may learn, and whether it may stay',
    async (t) => {
      const pair = keyPair('ES256');
      const provider = await startProvider(pair);
      t.after(provider.stop);
      const meeting = await emulator.meeting(1);
      const moderators = (can) => ({
        moderator: [
          { email: 'ann@example.com', app_id: meeting.app_id, meeting_id: meeting.meeting_id, can },
        ],
      });
      const identity = {
        ...{ jwks_url: provider.url, issuer: provider.issuer, audience: provider.audience },
        moderators_file: 'moderators.toml',
      };
      const own = await startGateway(
        emulator,
        { ...OFTEN, identity },
        { files: { 'moderators.toml': moderators(['read']) } },
      );
      t.after(own.stop);
      const grant = provider.token(pair);
      own.secrets.push(grant);
      const watcher = await (await watch(own, meeting, { grant })).ready();
      const write = (can) =>
        writeFileSync(join(own.folder, 'moderators.toml'), toml(moderators(can)));
      write(['read', 'audit']);
      const { can } = await watcher.message('grant');
      assert.deepEqual(can, ['read', 'audit']);
      write(['kick']);
      assert.deepEqual(await watcher.closed, { code: 4403, reason: 'the grant is revoked' });
    },
  );

  test('shows its grant in no response, no message and no log', async () => {
    // `stop` looks for it in the log.
    const meeting = await emulator.meeting(1);
    const grant = gateway.grant(meeting);
    const watcher = await (await watch(gateway, meeting, { grant })).ready();
    assert.equal(watcher.socket.protocol, PROTOCOL);
    watcher.send({ type: 'grant', token: grant });
    await watcher.message('grant');
    assert.ok(!JSON.stringify(watcher.messages).includes(grant));
    const bad = gateway.grant(meeting, { exp: now() - 60 });
    const error = await watch(gateway, meeting, { grant: bad }).catch((error) => error);
    assert.ok(!JSON.stringify([error.headers, error.text]).includes(bad));
    assert.ok(!watchUrl(gateway, meeting).includes(grant));
    await watcher.close();
  });
});
