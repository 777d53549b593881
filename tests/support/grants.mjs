// Grants and identity tokens made by hand, so that every misuse of one can be written down; and
// the server that publishes an identity provider's keys.

import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { after } from 'node:test';
import { json, startServer } from './server.mjs';

/** Everything that a grant can allow. */
export const ALL = [
  ...['read', 'kick', 'kick_all', 'mute', 'mute_all', 'poll', 'ban', 'lock', 'audit'],
];

/** Seconds since 1970, as tokens have it. */
export const now = () => Math.floor(Date.now() / 1000);

/** A segment of a token. Text goes as it is, so that it need not be JSON. */
export function segment(value) {
  const text = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

const SIGNERS = {
  none: () => '',
  HS256: (text, key) => createHmac('sha256', key).update(text).digest('base64url'),
  HS384: (text, key) => createHmac('sha384', key).update(text).digest('base64url'),
  HS512: (text, key) => createHmac('sha512', key).update(text).digest('base64url'),
  RS256: (text, key) => sign('RSA-SHA256', Buffer.from(text), key).toString('base64url'),
  ES256: (text, key) =>
    sign('SHA256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  EdDSA: (text, key) => sign(null, Buffer.from(text), key).toString('base64url'),
};

/**
 * A signed token. `payload` replaces the claims by a text, `header` adds to the header or, as a
 * text, replaces it; `signedAs` signs otherwise than the header says.
 */
export function token(claims, { key, alg = 'HS256', header = {}, payload, signedAs = alg }) {
  const head = typeof header === 'string' ? header : { alg, typ: 'JWT', ...header };
  const text = `${segment(head)}.${segment(payload ?? claims)}`;
  return `${text}.${SIGNERS[signedAs](text, key)}`;
}

const PAIRS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

let keys = 0;

/** A key pair: to sign with, and as a provider publishes it. */
export function keyPair(alg, kid = `key-${(keys += 1)}`) {
  const { publicKey, privateKey } = PAIRS[alg]();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  return { alg, kid, jwk, publicKey, privateKey };
}

/** How to stop those that were started: a test that fails leaves none behind. */
const providers = [];
after(() => Promise.all(providers.map((stop) => stop())));

/** A provider that publishes keys; `keys`, or all that it `published`, may change at any time. */
export async function startProvider(...pairs) {
  let held;
  const provider = {
    keys: pairs.map((pair) => pair.jwk),
    published: undefined,
    issuer: 'https://team.example.com',
    audience: 'the-page',
    /** How often it was asked. */
    asked: () => server.requests.length,
    /** From now on it answers when what is returned is called. */
    hold: () => {
      let release;
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    /** A token of it for somebody. */
    token: (pair, claims = {}, options = {}) =>
      token(
        {
          ...{ iss: provider.issuer, aud: [provider.audience], sub: 'user-1' },
          ...{ email: 'ann@example.com', iat: now(), exp: now() + 600, ...claims },
        },
        {
          ...{ key: pair.privateKey, alg: pair.alg },
          ...{ ...options, header: { kid: pair.kid, ...options.header } },
        },
      ),
  };
  const server = await startServer(async (_request, response) => {
    await held;
    json(response, provider.published ?? { keys: provider.keys });
  });
  let stopped;
  const stop = () => (stopped ??= server.stop());
  providers.push(stop);
  return Object.assign(provider, { url: `${server.url}/certs`, stop });
}
