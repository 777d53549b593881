// What tests do with a gateway of either kind: grants, requests, and the search for its secrets.

import assert from 'node:assert/strict';
import { ALL, now, token } from './grants.mjs';
import { ask } from './wire.mjs';

/** What is shorter is no token, but a word that a log may hold. */
const SHORTEST_TOKEN = 20;

/** Two configurations as one: what the second says counts, `undefined` takes away. */
export function merged(one, other) {
  const all = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const both = [one[name], value].every((x) => x && typeof x === 'object' && !Array.isArray(x));
    all[name] = both ? merged(one[name], value) : value;
  }
  return all;
}

/** The requests of a gateway before an emulator; `gateway` returns it. */
export const requestsTo = (gateway, emulator) => ({
  /** A grant for a meeting; claims of `undefined` are left out, `how` is of `token`. */
  grant: (meeting, claims = {}, how = {}) => {
    const { app_id, meeting_id } = meeting;
    const all = { sub: 'ann', exp: now() + 600, app_id, meeting_id, can: ALL, ...claims };
    const made = token(all, { key: gateway().secret, ...how });
    gateway().secrets.push(made);
    return made;
  },
  /** The options of a client that moderates a meeting through it. */
  options: (meeting, claims) => ({
    baseURL: gateway().base_url,
    apiToken: gateway().grant(meeting, claims),
    accountId: emulator.account_id,
  }),
  /** Where something of an app is. */
  path: ({ app_id }, rest) =>
    `/client/v4/accounts/${emulator.account_id}/realtime/kit/${app_id}/${rest}`,
  /** Asks with a grant; a body that is no text and no bytes goes as JSON. */
  ask: (auth, method, path, body, headers = {}) => {
    const asIs = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
    const text = asIs ? body : JSON.stringify(body);
    for (const shown of [auth, headers['cf-access-jwt-assertion']]) {
      if (shown?.length >= SHORTEST_TOKEN) gateway().secrets.push(shown);
    }
    const all = {
      ...(auth && { authorization: `Bearer ${auth}` }),
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }),
      ...headers,
    };
    return ask(gateway().url, { method, path, headers: all, body: text });
  },
});

/** Asserts that something shows none of the gateway's secrets. */
export function assertNoSecret(gateway, ...texts) {
  const all = texts.join('\n');
  for (const secret of new Set(gateway.secrets)) {
    assert.ok(!secret || !all.includes(secret), 'a secret');
  }
}
