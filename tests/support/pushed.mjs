// A watch before a gateway without a network: an API and sockets that a test controls, and a meeting with Ann in it.

import assert from 'node:assert/strict';
import Cloudflare from 'realtimekit-moderator';
import { PUSHES, fakeSockets, snapshot, welcome } from './fake-socket.mjs';
import { fakeApi, peer } from './watch-fakes.mjs';

export const ANN = peer('a ann in 1');
export const BOB = peer('b bob in 2');

/** A watch of a meeting with Ann in it, whose first snapshot came by polling. */
export async function start({ options, client: own, headers = PUSHES } = {}) {
  const api = fakeApi();
  api.headers = headers;
  api.peers = [ANN];
  const fake = fakeSockets();
  const client = new Cloudflare({ ...api.options, ...own });
  const watch = client.realtimeKit.activeSession.watch(
    'app',
    'meeting',
    {},
    { WebSocket: fake.FakeSocket, ...options },
  );
  const first = (await watch.next()).value;
  assert.deepEqual([first.trouble, first.actions, first.moderators], [null, [], null]);
  return { api, client, watch, ...fake };
}

/** The same, connected: a snapshot has come. */
export async function connected(given) {
  const all = await start(given);
  const [opening, update] = [all.next(), all.watch.next()];
  const socket = await opening;
  socket.receive(welcome(7), snapshot(7, [ANN]));
  const { value } = await update;
  assert.deepEqual(keys(value), { participants: ['ann'], joined: [], left: [], cameBack: [] });
  return { ...all, socket };
}

/** Who is in each list of a snapshot. */
export const keys = ({ participants, joined, left, cameBack }) => {
  const of = (list) => list.map(({ key }) => key);
  return {
    participants: of(participants),
    joined: of(joined),
    left: of(left),
    cameBack: of(cameBack),
  };
};

/** Messages of the gateway. */
export const change = (seq, peers, fields = {}) => ({
  ...{ type: 'change', seq, read_at: Date.now(), peers },
  ...fields,
});
export const heartbeat = (seq, fields = {}) => ({
  ...{ type: 'heartbeat', seq, now: Date.now(), read_at: Date.now() },
  ...fields,
});
export const problem = (fields = {}) => ({
  ...{ since: Date.now(), failures: 2, next_at: Date.now() + 9000 },
  ...{ error: { status: 502, code: 1006, message: 'the API is down' } },
  ...fields,
});

/** Takes snapshots until the watch connects again. */
export async function again({ next, watch }) {
  const values = [];
  const opening = next();
  let socket;
  opening.then((found) => (socket = found));
  for (;;) {
    const update = watch.next();
    const { value } = (await Promise.race([update, opening.then(() => ({}))])) ?? {};
    if (value) values.push(value);
    if (socket) return { socket, values, update: value ? watch.next() : update };
  }
}
