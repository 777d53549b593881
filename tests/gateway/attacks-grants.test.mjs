// Every way to misuse a grant, each a test: it is refused in the API's envelope, the API hears
// nothing of it, no secret is told, and the next one's good request is answered.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { startEmulator } from '../support/emulator.mjs';
import {
  ROOMY,
  assertNoSecret,
  assertRefusal,
  config,
  folderWith,
  run,
  startGateway,
} from '../support/gateway.mjs';
import { ALL, keyPair, now, segment, token } from '../support/grants.mjs';
import { meetingOperations } from '../support/operations.mjs';
import { parsed } from '../support/wire.mjs';

const OLD_SECRET = 'the-secret-before-this-one-of-32-bytes';
const NEVER = 'a-secret-of-another-app-of-32-bytes-';

let emulator;
let gateway;
let meeting;
let other;
before(async () => {
  emulator = await startEmulator('--token', 'api-token-that-nobody-may-see', '--rate-limit', '0');
  gateway = await startGateway(emulator, {
    ...ROOMY,
    grants: { previous_secret: OLD_SECRET, issuer: 'my-app', audience: 'the-page' },
  });
  gateway.secrets.push(OLD_SECRET);
  [meeting, other] = [await emulator.meeting(), await emulator.meeting()];
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const GOOD = { iss: 'my-app', aud: 'the-page' };
const good = (claims, how) => gateway.grant(meeting, { ...GOOD, ...claims }, how);
const claims = (more = {}) => ({
  ...{ sub: 'ann', exp: now() + 600, app_id: meeting.app_id, meeting_id: meeting.meeting_id },
  ...{ can: ALL, ...GOOD, ...more },
});
const active = (rest = '', of = meeting) =>
  gateway.path(of, `meetings/${of.meeting_id}/active-session${rest}`);

const sent = async () => (await emulator.requests()).length;

/** Asserts that a request is refused, and that nothing else happens by it. */
async function assertHarmless(ask, status, message, about) {
  const requests = await sent();
  const answer = await ask();
  assertRefusal(answer, status, message, about);
  assert.equal(await sent(), requests, 'nothing is sent');
  assertNoSecret(gateway, answer.text, JSON.stringify(answer.headers));
  const next = await gateway.ask(good(), 'GET', active());
  assert.equal(next.status, 200, next.text);
  // Looked at by now.
  await emulator.control('DELETE', 'requests');
}

const read = (auth, headers) => gateway.ask(auth, 'GET', active(), undefined, headers);
const bearing = (authorization) => () => read(undefined, { authorization });

const INVALID = /^The grant is (not valid(: [a-z_]+ .+)?|for longer than 12 hours)$/;
const rsa = keyPair('RS256');
const ec = keyPair('ES256');
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
const der = rsa.publicKey.export({ type: 'spki', format: 'der' });

/** Changes a good token's text. */
const cut = (change) => () => {
  const made = change(...good().split('.'));
  gateway.secrets.push(made);
  return made;
};
const tokenOf = (how) => () => token(claims(), how);
const withClaims = (more) => () => good(more);
const withPayload = (make) => () => {
  const text = make(JSON.stringify(claims()));
  return token({}, { key: gateway.secret, payload: text });
};

const INVALID_TOKENS = {
  'alg none, no signature': tokenOf({ alg: 'none' }),
  'alg None': tokenOf({ alg: 'None', signedAs: 'none' }),
  'alg nOnE with a good signature': () =>
    token(claims(), { alg: 'nOnE', signedAs: 'HS256', key: gateway.secret }),
  'no alg': () => token(claims(), { key: gateway.secret, header: '{"typ":"JWT"}' }),
  'alg that is no string': () => token(claims(), { key: gateway.secret, header: '{"alg":5}' }),
  'alg as a list': () => token(claims(), { key: gateway.secret, header: '{"alg":["HS256"]}' }),
  'lower-case alg': () => token(claims(), { key: gateway.secret, header: '{"alg":"hs256"}' }),
  'HS512 with the secret': () => token(claims(), { key: gateway.secret, alg: 'HS512' }),
  'HS384 with the secret': () => token(claims(), { key: gateway.secret, alg: 'HS384' }),
  'HS512 that says HS256': () => token(claims(), { key: gateway.secret, signedAs: 'HS512' }),
  'RS256 with a key of one’s own': tokenOf({ key: rsa.privateKey, alg: 'RS256' }),
  'ES256 with a key of one’s own': tokenOf({ key: ec.privateKey, alg: 'ES256' }),
  'HS256 with a public key, as PEM': tokenOf({ key: pem }),
  'HS256 with a public key, as DER': tokenOf({ key: der }),
  'HS256 with a public key’s modulus': tokenOf({ key: Buffer.from(rsa.jwk.n, 'base64url') }),
  'an embedded jwk': tokenOf({ key: rsa.privateKey, alg: 'RS256', header: { jwk: rsa.jwk } }),
  'an embedded symmetric jwk': tokenOf({
    key: NEVER,
    header: { jwk: { kty: 'oct', k: segment(NEVER) } },
  }),
  'a jku': () =>
    token(claims(), {
      ...{ key: rsa.privateKey, alg: 'RS256' },
      header: { jku: `${emulator.base_url}/jku`, kid: rsa.kid },
    }),
  'an x5u': () =>
    token(claims(), {
      ...{ key: rsa.privateKey, alg: 'RS256' },
      header: { x5u: `${emulator.base_url}/x5u` },
    }),
  'an x5c': tokenOf({ key: rsa.privateKey, alg: 'RS256', header: { x5c: [segment(der)] } }),
  'a kid that is a path': tokenOf({ key: '', header: { kid: '../../../../dev/null' } }),
  'a kid that is SQL': tokenOf({ key: 'x', header: { kid: "' UNION SELECT 'x" } }),
  'a crit that nobody knows': () =>
    good({}, { header: { crit: ['exp', 'b64'], b64: false, 'x-unknown': true } }),
  'another secret': tokenOf({ key: NEVER }),
  'an empty secret': tokenOf({ key: '' }),
  'the secret and a line feed': () => token(claims(), { key: `${gateway.secret}\n` }),
  'the API token as the secret': () => token(claims(), { key: emulator.api_token }),
  'no signature': cut((head, body) => `${head}.${body}.`),
  'two segments': cut((head, body) => `${head}.${body}`),
  'four segments': cut((head, body, mark) => `${head}.${body}.${mark}.${mark}`),
  'five segments, as a JWE': cut((head, body, mark) => `${head}.${body}.${mark}.${body}.${mark}`),
  'an empty head': cut((_head, body, mark) => `.${body}.${mark}`),
  'an empty payload': cut((head, _body, mark) => `${head}..${mark}`),
  'a signature cut short': cut((head, body, mark) => `${head}.${body}.${mark.slice(0, -6)}`),
  'a signature of another payload': cut((head, _body, mark) => {
    return `${head}.${segment(claims({ sub: 'eve' }))}.${mark}`;
  }),
  'a payload that is padded': cut((head, body, mark) => `${head}.${body}=.${mark}`),
  'plain base64 for base64url': cut((head, body, mark) => `${head}.${body}.+/${mark.slice(2)}`),
  'percent-encoded dots': cut((head, body, mark) => `${head}%2E${body}%2E${mark}`),
  'only dots': () => '..',
  'no token but a word': () => 'token',
  'a payload that is no JSON': () => token({}, { key: gateway.secret, payload: 'not json' }),
  'a payload that is a list': () => token({}, { key: gateway.secret, payload: '[]' }),
  'a payload that is null': () => token({}, { key: gateway.secret, payload: 'null' }),
  'a payload that is cut off': withPayload((text) => text.slice(0, -1)),
  'a payload with more after it': withPayload((text) => `${text}{}`),
  'a payload that is no UTF-8': () =>
    token({}, { key: gateway.secret, payload: Buffer.from([0x7b, 0xff, 0x7d]) }),
  'a claim nested deep': withPayload((text) =>
    text.replace(/"can":\[.*?\]/, `"can":${'['.repeat(2000)}${']'.repeat(2000)}`),
  ),
  'no exp': withClaims({ exp: undefined }),
  'exp as a text': () => good({ exp: String(now() + 600) }),
  'exp null': withClaims({ exp: null }),
  'exp huge': withClaims({ exp: Number.MAX_SAFE_INTEGER }),
  'exp beyond all numbers': withPayload((text) => text.replace(/"exp":\d+/, '"exp":1e400')),
  'exp beyond 64 bits': withPayload((text) =>
    text.replace(/"exp":\d+/, '"exp":99999999999999999999999'),
  ),
  'exp negative': withClaims({ exp: -1 }),
  'exp more than 12 hours ahead': () => good({ exp: now() + 12 * 3600 + 120 }),
  'exp in milliseconds': () => good({ exp: Date.now() + 600_000 }),
  'nbf as a text': withClaims({ nbf: 'now' }),
  'no sub': withClaims({ sub: undefined }),
  'an empty sub': withClaims({ sub: '' }),
  'a sub that is a fraction': withClaims({ sub: 7.5 }),
  'a sub with a line feed': withClaims({ sub: 'ann\n{"moderator":"bob"}' }),
  'a sub of 6,000 letters': () => token(claims({ sub: 'x'.repeat(6000) }), { key: gateway.secret }),
  'a name that is a list': withClaims({ name: ['ann'] }),
  'no app': withClaims({ app_id: undefined }),
  'no meeting': withClaims({ meeting_id: undefined }),
  'a meeting that is null': withClaims({ meeting_id: null }),
  'meetings as a list': () => good({ meeting_id: [meeting.meeting_id] }),
  'every meeting by two stars': withClaims({ meeting_id: '**' }),
  'no can': withClaims({ can: undefined }),
  'can as a text': withClaims({ can: 'read' }),
  'can as an object': withClaims({ can: { read: true } }),
  'can with a number': withClaims({ can: ['read', 1] }),
  'can with a list': withClaims({ can: [['read']] }),
  'another issuer': withClaims({ iss: 'other-app' }),
  'no issuer': withClaims({ iss: undefined }),
  'issuers as a list': withClaims({ iss: ['my-app'] }),
  'another audience': withClaims({ aud: 'another-page' }),
  'no audience': withClaims({ aud: undefined }),
  'a list of other audiences': withClaims({ aud: ['a', 'b'] }),
};

describe('no valid grant', () => {
  for (const [name, make] of Object.entries(INVALID_TOKENS)) {
    test(name, () => assertHarmless(() => read(make()), 401, INVALID, name));
  }

  for (const [name, more] of Object.entries({
    exp: ['"exp":', () => `"exp":${now() + 9000},`],
    meeting_id: ['"meeting_id":', () => `"meeting_id":"${other.meeting_id}",`],
    can: ['"can":', () => '"can":["read"],'],
  })) {
    test(`${name} said twice is not taken for both`, async () => {
      const [claim, first] = more;
      const twice = withPayload((text) => text.replace(claim, `${first()}${claim}`));
      await assertHarmless(() => read(twice()), 401, INVALID);
    });
  }
});

describe('whatever is changed in a good one', { timeout: 300_000 }, () => {
  const letters = [...'ABYZabyz0189-_=.+/%', ' '];
  const whole = async (text) => {
    const answer = await read(text);
    assertRefusal(answer, 401, undefined, text);
    assert.equal(await sent(), 0);
  };

  test('a letter', async () => {
    await emulator.control('DELETE', 'requests');
    const from = good();
    const place = fc.oneof(fc.constant(from.length - 1), fc.nat(from.length - 1));
    const run = async (at, letter) => {
      const text = from.slice(0, at) + letter + from.slice(at + 1);
      // Spaces at the end are HTTP's, not the token's.
      if (text !== from && text.trim() === text) await whole(text);
    };
    await fc.assert(fc.asyncProperty(place, fc.constantFrom(...letters), run), { numRuns: 200 });
    assert.equal((await read(from)).status, 200);
  });

  test('a claim', async () => {
    await emulator.control('DELETE', 'requests');
    // What another value of a claim may be; of the others none is as good as the right one.
    const fine = {
      sub: (value) => Number.isInteger(value) || (typeof value === 'string' && value !== ''),
      name: () => true,
      nbf: (value) => value === null || (typeof value === 'number' && value <= now() + 31),
    };
    const names = ['exp', 'app_id', 'meeting_id', 'can', 'iss', 'aud', ...Object.keys(fine)];
    const run = async (name, value) => {
      const answer = await read(good({ [name]: value }));
      const about = `${name} ${JSON.stringify(value)}`;
      if (answer.status === 200) assert.ok(fine[name]?.(value), about);
      else assertRefusal(answer, answer.status === 403 ? 403 : 401, undefined, about);
    };
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.integer(),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
    );
    const property = fc.asyncProperty(fc.constantFrom(...names), values, run);
    await fc.assert(property, { numRuns: 200 });
  });
});

const claimOf = (text, name) => parsed(`${Buffer.from(text.split('.')[1], 'base64url')}`)[name];

describe('a time that is not its own', { timeout: 300_000 }, () => {
  test('expired', () => {
    const late = () => read(good({ exp: now() - 60 }));
    return assertHarmless(late, 401, 'The grant has expired');
  });
  test('expired long ago', () =>
    assertHarmless(() => read(good({ exp: 1 })), 401, 'The grant has expired'));
  test('not yet valid', () => {
    const early = () => read(good({ nbf: now() + 300 }));
    return assertHarmless(early, 401, 'The grant is not valid yet');
  });
  test('good a moment ago, and remembered as such', async () => {
    let grant;
    let answer;
    // The first read of it may come too late on a busy machine: then another one is good a moment ago.
    do {
      grant = good({ exp: now() - 28 });
      answer = await read(grant);
    } while (answer.status !== 200);
    do answer = await read(grant);
    while (answer.status === 200);
    assertRefusal(answer, 401, 'The grant has expired');
    assert.ok(now() >= claimOf(grant, 'exp') + 30);
  });
  test('clocks may differ by some seconds', async () => {
    assert.equal((await read(good({ exp: now() - 5 }))).status, 200);
    assert.equal((await read(good({ nbf: now() + 15 }))).status, 200);
    assert.equal((await read(good({ exp: now() + 12 * 3600 - 5 }))).status, 200);
  });
});

describe('a grant that is not where it belongs', () => {
  const MISSING = 'The grant is missing';
  test('none at all', () => assertHarmless(() => read(), 401, MISSING));
  test('in the query', async () => {
    for (const name of ['token', 'access_token', 'authorization', 'jwt']) {
      const path = `${active()}?${name}=${good()}`;
      await assertHarmless(() => gateway.ask(undefined, 'GET', path), 401, MISSING, name);
    }
  });
  test('in a cookie', () =>
    assertHarmless(() => read(undefined, { cookie: `authorization=${good()}` }), 401, MISSING));
  test('in the header of an identity that is not configured', () =>
    assertHarmless(() => read(undefined, { 'cf-access-jwt-assertion': good() }), 401, MISSING));
  for (const [name, value] of Object.entries({
    'an empty header': () => '',
    'no scheme': () => good(),
    'another scheme': () => `Basic ${good()}`,
    'Bearer alone': () => 'Bearer',
    'Bearer and a space': () => 'Bearer ',
    'two tokens': () => `Bearer ${good()} ${good()}`,
    'two tokens by a comma': () => `Bearer ${good()}, Bearer ${good()}`,
    'a token in quotes': () => `Bearer "${good()}"`,
    'the API token itself': () => `Bearer ${emulator.api_token}`,
    'two headers, the good one first': () => [`Bearer ${good()}`, 'Bearer x'],
    'two headers, the good one last': () => ['Bearer x', `Bearer ${good()}`],
    'the same header twice': () => {
      const value = `Bearer ${good()}`;
      return [value, value];
    },
  })) {
    test(name, () => assertHarmless(bearing(value()), 401, /^The grant is (missing|not valid)$/));
  }
  test('a scheme in other letters is a scheme', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      assert.equal((await bearing(`${scheme} ${good()}`)()).status, 200, scheme);
    }
  });
  test('a token of 12,000 letters', () =>
    assertHarmless(() => read(`${good()}${'A'.repeat(12_000)}`), 401, INVALID));
});

/** An operation's request in a meeting, well formed. */
function requestOf({ path, ids, method, params }, where = meeting) {
  let rest = path;
  const known = { ...where, participant_id: where.participants[0].user_id };
  for (const name of ids) rest = rest.replace(`{${name}}`, known[name]);
  const body = method !== 'GET' && Object.keys(params).length ? params : undefined;
  return [method, gateway.path(where, rest), body];
}

const WORDS = {
  ...{ GetActiveSession: 'read', GetSessionParticipants: 'read', GetMeeting: 'read' },
  ...{ KickParticipants: 'kick', KickAllParticipants: 'kick_all', MuteParticipants: 'mute' },
  ...{ MuteAllParticipants: 'mute_all', CreatePoll: 'poll', UpdateMeeting: 'lock' },
  DeleteMeetingParticipant: 'ban',
};

describe('a good grant for something else', () => {
  for (const one of meetingOperations) {
    const word = WORDS[one.name];
    test(`${one.name} without ${word}`, async () => {
      const lacks = `The grant lacks the permission ${word}`;
      for (const can of [
        ALL.filter((own) => own !== word),
        [],
        [ALL.find((own) => own !== word)],
      ]) {
        await assertHarmless(() => gateway.ask(good({ can }), ...requestOf(one)), 403, lacks);
      }
    });

    test(`${one.name} of another meeting`, async () => {
      const message =
        one.name === 'GetSessionParticipants'
          ? "The session is not the granted meeting's"
          : 'The grant is for another meeting';
      const request = requestOf(one, other);
      const answer = await gateway.ask(good(), ...request);
      assertRefusal(answer, 403, message);
      assert.ok(!answer.text.includes(other.participants[0].user_id));
      const got = await emulator.requests(other.meeting_id);
      assert.equal(got.length, 0);
      assert.equal((await emulator.requests(other.session_id)).length, 0);
    });

    test(`${one.name} of another app and another account`, async () => {
      const [method, path, body] = requestOf(one);
      const app = 'The grant is for another app';
      const elsewhere = path.replace(meeting.app_id, '65060736-032b-4898-820d-0863dca72538');
      await assertHarmless(() => gateway.ask(good(), method, elsewhere, body), 403, app);
      const foreign = path.replace(gateway.account_id, 'f'.repeat(32));
      const account = 'The grant is for another account';
      await assertHarmless(() => gateway.ask(good(), method, foreign, body), 403, account);
    });
  }

  test('the audit without audit, and another meeting’s', async () => {
    const can = ALL.filter((own) => own !== 'audit');
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/audit`);
    const lacks = 'The grant lacks the permission audit';
    await assertHarmless(() => gateway.ask(good({ can }), 'GET', path), 403, lacks);
    const foreign = gateway.path(other, `meetings/${other.meeting_id}/audit`);
    const message = 'The grant is for another meeting';
    await assertHarmless(() => gateway.ask(good(), 'GET', foreign), 403, message);
  });

  test('a permission in other letters, or of a longer name, is none', async () => {
    for (const can of [['READ'], ['Read'], ['read '], ['reader'], ['*'], ['read,kick']]) {
      const requests = await sent();
      const answer = await read(good({ can }));
      // An unknown word may make the grant an odd one, or be worth nothing.
      assert.ok([401, 403].includes(answer.status), `${can} ${answer.text}`);
      assert.equal(await sent(), requests);
    }
  });

  test('one permission is not all that begin like it', async () => {
    for (const [has, wants] of [
      ['kick', 'KickAllParticipants'],
      ['kick_all', 'KickParticipants'],
      ['mute', 'MuteAllParticipants'],
      ['mute_all', 'MuteParticipants'],
    ]) {
      const one = meetingOperations.find(({ name }) => name === wants);
      const lacks = `The grant lacks the permission ${WORDS[wants]}`;
      const ask = () => gateway.ask(good({ can: [has] }), ...requestOf(one));
      await assertHarmless(ask, 403, lacks);
    }
  });
});

describe('what is a good grant', () => {
  test('of the secret, and of the one before it', async () => {
    assert.equal((await read(good())).status, 200);
    assert.equal((await read(good({}, { key: OLD_SECRET }))).status, 200);
  });
  test('with an audience among others, a name, and claims that mean nothing here', async () => {
    const more = {
      aud: ['x', 'the-page'],
      name: 'Ann Ünïcode',
      iat: now(),
      jti: 'x',
      roles: ['a'],
    };
    assert.equal((await read(good(more))).status, 200);
  });
  test('one that the command line makes', async () => {
    const settings = { grants: { issuer: 'my-app', audience: 'the-page' } };
    const file = config(emulator, gateway.secret, settings);
    const args = ['--app', meeting.app_id, '--meeting', meeting.meeting_id, '--sub', 'bob'];
    const folder = folderWith({ 'gateway.toml': file });
    const made = run('grant', folder, [...args, '--can', 'read']);
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    gateway.secrets.push(made.out.trim());
    assert.equal((await read(made.out.trim())).status, 200);
  });
});
