// Data that contradicts itself: a session that has participants, and an empty list of them. It is reported as trouble,
// and the last good list stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Cloudflare, { CloudflareError } from 'realtimekit-moderator';
import { fakeApi, fakeClock, peer } from '../support/watch-fakes.mjs';

/** A watch of a fake API, and its next snapshot. */
function setUp(context) {
  const clock = fakeClock(context);
  const api = fakeApi();
  const watch = new Cloudflare(api.options).realtimeKit.activeSession.watch('app', 'meeting');
  context.after(() => watch.return());
  return { api, clock, next: async () => (await watch.next()).value };
}

const names = (participants) => participants.map(({ key }) => key);

test('three participants and an empty list: trouble, and the last good list', async (context) => {
  const { api, next } = setUp(context);
  api.peers = [peer('p1 ann in 10'), peer('p2 bob in 11'), peer('p3 cy in 12')];
  api.live = 3;
  const first = await next();
  assert.equal(first.trouble, null);
  assert.deepEqual(names(first.participants), ['ann', 'bob', 'cy']);

  const { peers } = api;
  api.peers = [];
  const second = await next();
  assert.ok(second.trouble.error instanceof CloudflareError);
  assert.match(second.trouble.error.message, /has participants, but their list is empty/);
  assert.deepEqual([names(second.participants), second.left], [['ann', 'bob', 'cy'], []]);
  assert.equal(second.at, first.at);

  api.peers = peers;
  const third = await next();
  assert.deepEqual([third.trouble, third.joined, third.left, third.cameBack], [null, [], [], []]);
});

test('an empty list of an empty session is no trouble, nor is one of a session that says no number', async (context) => {
  const { api, next } = setUp(context);
  for (const live of [0, undefined, null, '3']) {
    api.live = live;
    const { trouble, session } = await next();
    assert.deepEqual([trouble, session.id], [null, 's1'], `${live}`);
  }
});
