// realtimekit-moderator/grant: the grants that an app's backend signs are those that the gateway accepts, in every
// runtime and module system, without wasm. What the gateway would refuse is refused before.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Cloudflare from 'realtimekit-moderator';
import * as module from 'realtimekit-moderator/grant';
import { startEmulator } from '../support/emulator.mjs';
import { startGateway } from '../support/gateway.mjs';
import { WITHOUT_WASM } from '../support/without-wasm.mjs';

const { PERMISSIONS, signGrant } = module;
const SECRET = 'a-secret-of-more-than-thirty-two-bytes';
const GRANT = { sub: 'ann', appId: 'app', meetingId: 'meeting', can: ['read'] };

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('the permissions are those of the operations table, and the audit’s', () => {
  const source = readFileSync(new URL('../../src/operation/types.rs', import.meta.url), 'utf8');
  const words = [...source.matchAll(/Self::\w+ => "([a-z_]+)"/g)].map(([, word]) => word);
  assert.ok(words.length >= 8);
  assert.deepEqual([...PERMISSIONS].sort(), [...words, 'audit'].sort());
  const types = readFileSync(new URL('../../pkg/grant.d.ts', import.meta.url), 'utf8');
  const union = /type Permission =([^;]+);/.exec(types)[1];
  assert.deepEqual(
    [...union.matchAll(/'(\w+)'/g)].map(([, word]) => word),
    [...PERMISSIONS],
  );
});

test('the token is a JWT with the claims of a grant', async () => {
  const start = Math.floor(Date.now() / 1000);
  const grant = { ...GRANT, name: 'Ann é', expiresIn: 60, jti: 'id-1', issuer: 'i', audience: 'a' };
  const token = await signGrant(grant, SECRET);
  const [head, claims, signature] = token.split('.');
  assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url')), { alg: 'HS256', typ: 'JWT' });
  const { iat, exp, ...rest } = claimsOf(token);
  assert.ok(iat >= start && iat <= start + 60 && exp === iat + 60);
  assert.deepEqual(rest, {
    ...{ jti: 'id-1', sub: 'ann', name: 'Ann é', iss: 'i', aud: 'a' },
    ...{ app_id: 'app', meeting_id: 'meeting', can: ['read'] },
  });
  const expected = createHmac('sha256', SECRET).update(`${head}.${claims}`).digest('base64url');
  assert.equal(signature, expected);
  // Bytes are a secret, too; without a jti each grant has one of its own; a whole number is a moderator.
  const bytes = new TextEncoder().encode(SECRET);
  const [one, other] = await Promise.all([1, 2].map((sub) => signGrant({ ...GRANT, sub }, bytes)));
  assert.notEqual(claimsOf(one).jti, claimsOf(other).jti);
  assert.deepEqual([claimsOf(one).sub, claimsOf(one).exp - claimsOf(one).iat], [1, 3600]);
});

test('a wrong grant is refused, and the message names the argument', async () => {
  const WRONG = {
    sub: ['', 'a\nb', 'x'.repeat(257), 1.5, null, undefined],
    name: ['', 5, null],
    appId: ['', '..', 'a/b', 'x'.repeat(129), 5, undefined],
    meetingId: ['*', 'a b', null],
    can: [[], ['everything'], 'read', undefined, ['read', 5]],
    expiresIn: [0, -1, 1.5, 43_201, '2h', NaN],
    jti: ['', 5],
    issuer: [''],
    audience: [5],
  };
  for (const [name, values] of Object.entries(WRONG)) {
    for (const value of values) {
      const refused = { name: 'TypeError', message: new RegExp(`^${name} must be `) };
      await assert.rejects(signGrant({ ...GRANT, [name]: value }, SECRET), refused);
    }
  }
  for (const secret of ['short', new Uint8Array(31), undefined, 5]) {
    await assert.rejects(signGrant(GRANT, secret), (error) => {
      assert.match(error.message, /^secret must be at least 32 bytes$/);
      return true;
    });
  }
  await assert.rejects(signGrant({ ...GRANT, meeting_id: 'm' }, SECRET), /without meeting_id/);
  await assert.rejects(signGrant(null, SECRET), /the grant must be an object/);
});

test('it loads no wasm, by import and by require', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const use = `signGrant(${JSON.stringify(GRANT)}, '${SECRET}').then((token) => console.log(token.split('.').length))`;
  // Without WebAssembly, so that a use of it would fail.
  const run = (...args) =>
    execFileSync(process.execPath, [...WITHOUT_WASM, ...args], { cwd, encoding: 'utf8' });
  const esm = `import { signGrant } from 'realtimekit-moderator/grant'; ${use}`;
  assert.equal(run('--input-type=module', '-e', esm), '3\n');
  const cjs = `const { signGrant } = require('realtimekit-moderator/grant'); ${use}`;
  assert.equal(run('-e', cjs), '3\n');
  const required = createRequire(import.meta.url)('realtimekit-moderator/grant');
  assert.deepEqual(Object.keys(required).sort(), Object.keys(module).sort());
});

describe('the gateway', () => {
  let emulator, gateway, meeting;
  before(async () => {
    emulator = await startEmulator();
    gateway = await startGateway(emulator);
    meeting = await emulator.meeting(1);
  });
  after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

  /** The options of a client with a grant for the meeting. */
  const options = async (grant = {}, secret = gateway.secret) => {
    const { app_id: appId, meeting_id: meetingId } = meeting;
    const apiToken = await signGrant({ ...GRANT, appId, meetingId, ...grant }, secret);
    return { baseURL: gateway.base_url, accountId: emulator.account_id, apiToken, maxRetries: 0 };
  };
  const kit = async (...args) => new Cloudflare(await options(...args)).realtimeKit;
  const ids = () => [meeting.app_id, meeting.meeting_id];
  const read = async (...args) => (await kit(...args)).meetings.getMeetingById(...ids());
  const poll = async (...args) =>
    (await kit(...args)).activeSession.createPoll(...ids(), { question: '?', options: ['a'] });

  test('accepts a grant, for what it says', async () => {
    assert.equal((await read()).data.id, meeting.meeting_id);
    await assert.rejects(poll(), { status: 403 });
    const made = await poll({ can: [...PERMISSIONS], sub: 7, name: 'Ann é', expiresIn: 43_200 });
    assert.equal(made.data.poll.question, '?');
  });

  test('refuses one for another meeting, and one signed with another secret', async () => {
    await assert.rejects(read({ meetingId: 'other' }), { status: 403 });
    await assert.rejects(read({}, SECRET), { status: 401 });
  });
});
