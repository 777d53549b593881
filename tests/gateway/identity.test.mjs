// Moderators who come with a token of an identity provider: its keys are fetched, kept and rotated,
// and a file says who moderates what.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertNoSecret,
  assertRefusal,
  processTest,
  startGateway,
  toml,
} from '../support/gateway.mjs';
import { keyPair, now, segment, startProvider, token } from '../support/grants.mjs';
import { startCounting } from '../support/held.mjs';
import { watch } from '../support/live.mjs';
import { ask } from '../support/wire.mjs';

const INVALID = /^The grant is (not valid(: [a-z_]+ .+)?|for longer than 12 hours)$/;
const NOWHERE = '65060736-032b-4898-820d-0863dca72538';

let emulator;
let provider;
let gateway;
let meeting;
let other;
const pairs = ['RS256', 'ES256', 'EdDSA'].map((alg) => keyPair(alg));
const [rsa, ec] = pairs;

const identity = (of) => ({
  ...{ jwks_url: of.url, issuer: of.issuer, audience: of.audience },
  moderators_file: 'moderators.toml',
});

/** Who moderates what: Ann the one meeting, Bob all of the app's, Eve those of another app. */
const moderators = () => {
  const { app_id, meeting_id } = meeting;
  return {
    moderator: [
      { email: 'ann@example.com', app_id, meeting_id, can: ['read', 'kick', 'audit'] },
      { email: 'ann@example.com', app_id, meeting_id: other.meeting_id, can: ['read'] },
      { sub: 'bob', app_id, meeting_id: '*', can: ['read', 'poll'] },
      { sub: 'eve', app_id: NOWHERE, meeting_id: '*', can: ['read'] },
    ],
  };
};

before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  provider = await startProvider(...pairs);
  [meeting, other] = [await emulator.meeting(), await emulator.meeting()];
  gateway = await startGateway(
    emulator,
    { ...ROOMY, identity: { ...identity(provider), header: 'cf-access-jwt-assertion' } },
    { files: { 'moderators.toml': moderators() } },
  );
});
after(() => Promise.all([gateway, emulator, provider].map((one) => one?.stop())));

const read = (auth, { of = meeting, headers, on = gateway } = {}) =>
  on.ask(auth, 'GET', on.path(of, `meetings/${of.meeting_id}`), undefined, headers);

async function assertHarmless(auth, status, message, more) {
  gateway.secrets.push(auth);
  const before = (await emulator.requests()).length;
  const answer = await read(auth, more);
  assertRefusal(answer, status, message);
  assert.equal((await emulator.requests()).length, before, 'nothing is sent');
  assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
}

/** The provider's token, of its first key. */
const made = (claims, options) => provider.token(rsa, claims, options);

describe('a token of the provider', () => {
  for (const pair of pairs) {
    test(`signed by ${pair.alg} is good`, async () => {
      const answer = await read(provider.token(pair));
      assert.equal(answer.status, 200, answer.text);
    });
  }

  test('is looked for in its header, too', async () => {
    const headers = { 'cf-access-jwt-assertion': made() };
    assert.equal((await read(undefined, { headers })).status, 200);
    const bad = { 'cf-access-jwt-assertion': `${made()}x` };
    assertRefusal(await read(undefined, { headers: bad }), 401, INVALID);
  });

  test('makes a grant no worse', async () => {
    assert.equal((await read(gateway.grant(meeting))).status, 200);
  });

  test('allows what the file says', async () => {
    const kick = (auth) => {
      const { meeting_id, participants } = meeting;
      const path = gateway.path(meeting, `meetings/${meeting_id}/active-session/kick`);
      return gateway.ask(auth, 'POST', path, { participant_ids: [participants[0].user_id] });
    };
    const bob = made({ sub: 'bob', email: undefined });
    assertRefusal(await kick(bob), 403, 'The grant lacks the permission kick');
    assert.equal((await kick(made())).status, 200);
    const lines = gateway.auditLines().map(({ moderator, status }) => [moderator, status]);
    assert.deepEqual(lines[0], ['bob', 403]);
    assert.match(lines.at(-1)[0], /^(ann@example\.com|user-1)$/);
  });

  test('counts for each meeting that its rows name', async () => {
    for (const of of [meeting, other]) {
      assert.equal((await read(made(), { of })).status, 200);
      assert.equal((await read(made({ sub: 'bob', email: undefined }), { of })).status, 200);
    }
    const third = await emulator.meeting();
    await assertHarmless(made(), 403, 'The grant is for another meeting', { of: third });
    const eve = made({ sub: 'eve', email: undefined });
    await assertHarmless(eve, 403, 'The grant is for another app');
    const bob = made({ sub: 'bob', email: undefined });
    assert.equal((await read(bob, { of: third })).status, 200);
  });

  test('reads no session of a meeting that is not its', async () => {
    const third = await emulator.meeting();
    const path = gateway.path(third, `sessions/${third.session_id}/participants`);
    const message = "The session is not the granted meeting's";
    assertRefusal(await gateway.ask(made(), 'GET', path), 403, message);
    const own = gateway.path(meeting, `sessions/${meeting.session_id}/participants`);
    assert.equal((await gateway.ask(made(), 'GET', own)).status, 200);
  });
});

describe('a token of nobody', () => {
  const confused = (key) => () => token(claims(), { key, header: { kid: rsa.kid } });
  const claims = (more = {}) => ({
    ...{ iss: provider.issuer, aud: provider.audience, sub: 'user-1', email: 'ann@example.com' },
    ...{ exp: now() + 600, ...more },
  });
  const stranger = keyPair('RS256');
  const TABLE = {
    'HS256 with the key as PEM': confused(rsa.publicKey.export({ type: 'spki', format: 'pem' })),
    'HS256 with the key as PKCS #1': confused(
      rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }),
    ),
    'HS256 with the key as DER': confused(rsa.publicKey.export({ type: 'spki', format: 'der' })),
    'HS256 with the key’s modulus': confused(Buffer.from(rsa.jwk.n, 'base64url')),
    'HS256 with the key as JSON': confused(JSON.stringify(rsa.jwk)),
    'HS256 with the modulus as it is published': confused(rsa.jwk.n),
    'HS256 with the grants’ secret': () => token(claims(), { key: gateway.secret }),
    'a grant signed by the provider’s key': () =>
      token(
        { sub: 'nobody', exp: now() + 600, ...meeting, can: ['read'] },
        { key: rsa.privateKey, alg: 'RS256', header: { kid: rsa.kid } },
      ),
    'none, with a known key': () => token(claims(), { alg: 'none', header: { kid: rsa.kid } }),
    'an unknown key': () => provider.token(stranger),
    'an unknown key under a known name': () => provider.token({ ...stranger, kid: rsa.kid }),
    'a key’s name that is a path': () => made({}, { header: { kid: '../../etc/passwd' } }),
    'a key’s name that is a URL': () => made({}, { header: { kid: provider.url } }),
    'a key’s name that is a number': () => made({}, { header: { kid: 1 } }),
    'an algorithm that is not the key’s': () => made({}, { header: { kid: ec.kid } }),
    'RS256 that says it is ES256': () =>
      token(claims(), {
        ...{ key: rsa.privateKey, signedAs: 'RS256', alg: 'ES256' },
        header: { kid: rsa.kid },
      }),
    'a key it brings itself': () =>
      provider.token(stranger, {}, { header: { jwk: stranger.jwk, kid: rsa.kid } }),
    'a signature of zeros': () => {
      const [head, body] = provider.token(ec).split('.');
      return `${head}.${body}.${segment(Buffer.alloc(64))}`;
    },
    'another issuer': () => made({ iss: 'https://evil.example.com' }),
    'an issuer with a slash more': () => made({ iss: `${provider.issuer}/` }),
    'no issuer': () => made({ iss: undefined }),
    'another audience': () => made({ aud: ['another-page'] }),
    'no audience': () => made({ aud: undefined }),
    'no end': () => made({ exp: undefined }),
    'nobody’s': () => made({ sub: undefined, email: undefined }),
  };
  for (const [name, make] of Object.entries(TABLE)) {
    test(name, () => assertHarmless(make(), 401, INVALID));
  }

  test('of somebody whom the file does not know', async () => {
    const unknown = [
      { email: 'eve@example.com' },
      { email: undefined },
      { email: 'ann@example.com.evil.com' },
      { email: ' ann@example.com' },
      { email: ['ann@example.com'] },
      // What one provider's user chose as a name is no e-mail address.
      { email: undefined, sub: 'ann@example.com' },
      { email: 'bob', sub: 'user-2' },
    ];
    for (const more of unknown) {
      const before = (await emulator.requests()).length;
      const answer = await read(made(more));
      assert.ok([401, 403].includes(answer.status), `${JSON.stringify(more)} ${answer.text}`);
      assertRefusal(answer, answer.status);
      assert.equal((await emulator.requests()).length, before);
    }
  });

  test('whose e-mail address nobody has verified', async () => {
    const answer = await read(made({ email_verified: false }));
    assert.ok([401, 403].includes(answer.status), answer.text);
  });

  test('that has ended, or not begun', async () => {
    await assertHarmless(made({ exp: now() - 60 }), 401, 'The grant has expired');
    await assertHarmless(made({ nbf: now() + 300 }), 401, 'The grant is not valid yet');
  });
});

// A Worker has its moderators in a variable: a change is a new version of it.
processTest('who is no moderator any more is none soon', { timeout: 300_000 }, async () => {
  const files = { 'moderators.toml': moderators() };
  const on = await startGateway(emulator, { ...ROOMY, identity: identity(provider) }, { files });
  assert.equal((await read(made(), { on })).status, 200);
  const left = { moderator: moderators().moderator.slice(2) };
  writeFileSync(join(on.folder, 'moderators.toml'), toml(left));
  let answer;
  do answer = await read(made(), { on });
  while (answer.status === 200);
  assert.ok([401, 403].includes(answer.status), answer.text);
  const bob = made({ sub: 'bob', email: undefined });
  assert.equal((await read(bob, { on })).status, 200);
  await on.stop();
});

test('who moderates many meetings reads, acts and watches in each', async (t) => {
  const { app_id } = meeting;
  const can = ['read', 'kick', 'poll'];
  const row = (meeting_id) => ({ email: 'ann@example.com', app_id, meeting_id, can });
  // As many as a variable of a Worker holds, which has 5 kB.
  const many = Array.from({ length: 25 }, () => row(randomUUID()));
  const files = { 'moderators.toml': { moderator: [...many, row(meeting.meeting_id)] } };
  const on = await startGateway(emulator, { ...ROOMY, identity: identity(provider) }, { files });
  t.after(on.stop);
  const ann = made();
  on.secrets.push(ann);
  assert.equal((await read(ann, { on })).status, 200);
  const third = await emulator.meeting();
  assertRefusal(await read(ann, { on, of: third }), 403, 'The grant is for another meeting');
  const poll = on.path(meeting, `meetings/${meeting.meeting_id}/active-session/poll`);
  const acted = await on.ask(ann, 'POST', poll, { question: 'q', options: ['a'] });
  assert.equal(acted.status, 201, acted.text);
  const watcher = await (await watch(on, meeting, { grant: ann })).ready();
  assert.ok(watcher.present.length > 0);
  watcher.send({ type: 'grant', token: ann });
  await watcher.message('grant');
  await watcher.close();
  const sessions = on.path(meeting, `sessions/${meeting.session_id}/participants`);
  const roster = await on.ask(ann, 'GET', sessions);
  assert.equal(roster.status, 200, roster.text);
});

test('who moderates every meeting costs no more than who moderates one', async () => {
  const files = { 'moderators.toml': moderators() };
  const on = await startGateway(
    emulator,
    {
      ...ROOMY,
      mutations: { ...ROOMY.mutations, requests_per_minute: 3 },
      identity: identity(provider),
    },
    { files },
  );
  const bob = made({ sub: 'bob', email: undefined });
  const ann = made();
  const act = (auth, of, verb, body) =>
    on.ask(auth, 'POST', on.path(of, `meetings/${of.meeting_id}/active-session/${verb}`), body);
  const poll = { question: 'q', options: ['a'] };
  for (let n = 0; n < 3; n += 1) {
    assert.equal((await act(bob, await emulator.meeting(), 'poll', poll)).status, 201);
  }
  const next = await emulator.meeting();
  const refused = await act(bob, next, 'poll', poll);
  assertRefusal(refused, 429);
  assert.match(refused.headers['retry-after'], /^\d+$/);
  assert.equal((await emulator.requests(next.meeting_id)).length, 0);
  const participant_ids = [meeting.participants[1].user_id];
  assert.equal((await act(ann, meeting, 'kick', { participant_ids })).status, 200);
  await on.stop();
});

describe('the provider’s keys', () => {
  test('are asked for once, not for every token', async () => {
    await read(made());
    const asked = provider.asked();
    for (let n = 0; n < 10; n += 1) assert.equal((await read(made())).status, 200);
    assert.equal(provider.asked(), asked);
  });

  test('that are new are found, and what is unknown does not ask for ever', async () => {
    const own = await startProvider(rsa);
    const on = await startGateway(
      emulator,
      { ...ROOMY, grants: undefined, identity: identity(own) },
      { files: { 'moderators.toml': moderators() } },
    );
    // By then it has the keys; a token that comes before asks for them, as an unknown key does.
    while ((await ask(on.url, { path: '/readyz' })).status !== 200);
    assert.equal((await read(own.token(rsa), { on })).status, 200);
    const fresh = keyPair('ES256');
    own.keys = [fresh.jwk];
    const rotated = await read(own.token(fresh), { on });
    assert.equal(rotated.status, 200, rotated.text);
    assertRefusal(await read(own.token(rsa), { on }), 401, INVALID);
    const asked = own.asked();
    const strangers = Array.from({ length: 50 }, (_, n) => ({ ...rsa, kid: `unknown-${n}` }));
    const answers = await Promise.all(strangers.map((pair) => read(own.token(pair), { on })));
    for (const answer of answers) assertRefusal(answer, 401, INVALID);
    assert.ok(own.asked() - asked <= 2, `${own.asked() - asked} for 50 unknown keys`);
    await on.stop();
  });

  test('that are new are found, though who asked for them has gone', async () => {
    const own = await startProvider(rsa);
    const on = await startGateway(
      emulator,
      { ...ROOMY, upstream: { connect_timeout_ms: 60_000 }, identity: identity(own) },
      { files: { 'moderators.toml': moderators() } },
    );
    while ((await ask(on.url, { path: '/readyz' })).status !== 200);
    const { connected, stop } = await startCounting(on);
    const fresh = keyPair('ES256');
    own.keys = [fresh.jwk];
    const release = own.hold();
    const asked = own.asked();
    const gone = new AbortController();
    const authorization = `Bearer ${own.token(fresh)}`;
    const first = fetch(`${on.url}${on.path(meeting, `meetings/${meeting.meeting_id}`)}`, {
      headers: { authorization },
      signal: gone.signal,
    });
    while (own.asked() === asked) await new Promise(setImmediate);
    gone.abort();
    await assert.rejects(first, { name: 'AbortError' });
    await connected(0);
    release();
    const answer = await read(own.token(fresh), { on });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(own.asked(), asked + 1);
    stop();
    await on.stop();
  });

  test('stay known while the provider is away', async () => {
    const own = await startProvider(rsa);
    const on = await startGateway(
      emulator,
      { ...ROOMY, identity: identity(own) },
      { files: { 'moderators.toml': moderators() } },
    );
    assert.equal((await read(own.token(rsa), { on })).status, 200);
    await own.stop();
    assert.equal((await read(own.token(rsa), { on })).status, 200);
    assertRefusal(await read(own.token(keyPair('RS256')), { on }), 401, INVALID);
    await on.stop();
  });

  const secret = { kty: 'oct', k: segment('x'.repeat(32)), kid: 'shared', alg: 'HS256' };
  const shared = (of) =>
    of.token(rsa, {}, { key: 'x'.repeat(32), alg: 'HS256', header: { kid: 'shared' } });
  const NONE = {
    'an empty list': { keys: [] },
    'a secret': { keys: [secret] },
    'a list of texts': { keys: ['nonsense'] },
    'half a key': { keys: [{ kty: 'RSA', kid: rsa.kid }] },
    'an object for the list': { keys: { [rsa.kid]: rsa.jwk } },
    'a number for the list': { keys: 5 },
    'no list': {},
    'a key that is no set': rsa.jwk,
    'no object': [rsa.jwk],
  };
  for (const [name, published] of Object.entries(NONE)) {
    test(`that are none, ${name}, let nobody in, and the gateway goes on`, async () => {
      const own = await startProvider();
      own.published = published;
      const on = await startGateway(
        emulator,
        { ...ROOMY, identity: identity(own) },
        { files: { 'moderators.toml': moderators() } },
      );
      assertRefusal(await read(own.token(rsa), { on }), 401, INVALID);
      assertRefusal(await read(shared(own), { on }), 401, INVALID);
      assert.ok(own.asked() > 0, 'they were read');
      assert.equal((await read(on.grant(meeting), { on })).status, 200);
      await on.stop();
    });
  }

  test('of which some are none are good but for those', async () => {
    const own = await startProvider();
    own.published = { keys: ['nonsense', secret, { kty: 'RSA' }, rsa.jwk, 5] };
    const on = await startGateway(
      emulator,
      { ...ROOMY, identity: identity(own) },
      { files: { 'moderators.toml': moderators() } },
    );
    assert.equal((await read(own.token(rsa), { on })).status, 200);
    assertRefusal(await read(shared(own), { on }), 401, INVALID);
    await on.stop();
  });
});
