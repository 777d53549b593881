// `realtimekit-gateway explain`: why a grant is accepted or refused, claim by claim.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { binary, config, folderWith, run } from '../support/gateway.mjs';
import { keyPair, now, startProvider, token } from '../support/grants.mjs';

const SECRET = 's3'.repeat(20);
const API = {
  account_id: 'account',
  base_url: 'http://127.0.0.1:1/client/v4',
  api_token: 'a-token',
};
const CLAIMS = { sub: 'ann', app_id: 'app', meeting_id: 'meeting', can: ['read', 'kick'] };

const folder = (settings = {}, files = {}) =>
  folderWith({ 'gateway.toml': config(API, SECRET, settings), ...files });
const signed = (claims = {}, key = SECRET) =>
  token({ ...CLAIMS, exp: now() + 600, ...claims }, { key });

/** Runs the command while this process serves. */
async function explain(place, grant, input = '') {
  const args = ['explain', '--config', join(place, 'gateway.toml'), grant];
  const child = spawn(binary, args, { stdio: 'pipe' });
  const ended = once(child, 'close');
  // It may end without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  for (const secret of [SECRET, API.api_token, grant.length > 1 ? grant : input.trim()]) {
    assert.ok(!`${out}${err}`.includes(secret), 'a secret');
  }
  return { code, out, err };
}

test('an accepted grant is 0, and what it allows is named', async () => {
  for (const [grant, input] of [
    [signed(), ''],
    [`Bearer ${signed()}\n`, ''],
    ['-', `${signed()}\n`],
  ]) {
    const { code, out, err } = await explain(folder(), grant, input);
    assert.equal(code, 0, err);
    assert.match(out, /^ok +signature +is by the secret$/m);
    assert.match(out, /^ok +exp +.*in 0 h \d+ min$/m);
    assert.match(out, /\nThe gateway accepts this grant: read, kick in meeting of app app\.\n$/);
    assert.doesNotMatch(out, /^refused/m);
  }
});

test('a refused grant is 1, and every wrong claim is named', async () => {
  const grant = signed(
    { exp: 5, meeting_id: undefined },
    'another-secret-of-forty-letters-or-more!',
  );
  const { code, out } = await explain(folder(), grant);
  assert.equal(code, 1);
  assert.match(out, /^refused +signature +is by none of the secrets$/m);
  assert.match(out, /^refused +meeting_id +is missing$/m);
  assert.match(out, /^refused +exp +is over: 1970-01-01T00:00:05/m);
  assert.match(out, /^ok +sub +ann$/m);
  assert.match(out, /\nThe gateway refuses this grant\.\n$/);
});

test('a grant that allows nothing, or that is revoked, is 1', async () => {
  const nothing = await explain(folder(), signed({ can: ['teleport'] }));
  assert.equal(nothing.code, 1);
  assert.match(nothing.out, /^ok +can +nothing; unknown: teleport$/m);
  const place = folder({ revocations_file: 'revoked.toml' }, { 'revoked.toml': '' });
  assert.equal(run('revoke', place, ['--sub', 'ann']).code, 0);
  const revoked = await explain(place, signed());
  assert.equal(revoked.code, 1);
  assert.match(revoked.out, /^refused +revocation +entry 1 of the file applies$/m);
});

test('a provider’s keys are fetched; a wrong configuration is 2', async (t) => {
  const key = keyPair('ES256');
  const provider = await startProvider(key);
  t.after(provider.stop);
  const { issuer, audience } = provider;
  const moderators_file = 'moderators.toml';
  const identity = { jwks_url: provider.url, issuer, audience, moderators_file };
  const row = { email: 'ann@example.com', app_id: 'app', meeting_id: '*', can: ['read'] };
  const files = { 'moderators.toml': { moderator: [row] } };
  const { code, out, err } = await explain(folder({ identity }, files), provider.token(key));
  assert.equal(code, 0, `${out}${err}`);
  assert.match(out, /^ok +signature +is by a key of the identity provider$/m);
  assert.match(out, /: read in every meeting of app app\.\n$/);
  const stranger = await explain(folder({ identity }, files), provider.token(keyPair('ES256')));
  assert.equal(stranger.code, 1);
  assert.match(stranger.out, /^refused +kid +is no published key's$/m);
  const lost = { ...identity, jwks_url: 'http://127.0.0.1:1/jwks' };
  const unfetched = await explain(folder({ identity: lost }, files), provider.token(key));
  assert.equal(unfetched.code, 2);
  assert.match(unfetched.err, /identity\.jwks_url: the keys cannot be fetched/);
});
