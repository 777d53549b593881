// Joins and leaves between two polls, as the package's watch reports them. The cases are shared with the
// crate's watch (src/watch/roster.rs).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Cloudflare from 'realtimekit-moderator';
import { fakeApi, fakeClock, peer } from '../support/watch-fakes.mjs';

const cases = JSON.parse(readFileSync(new URL('../cases/watch.json', import.meta.url), 'utf8'));

/** A participant as the cases write it: in brackets if absent. */
const name = ({ key, present }) => (present ? key : `(${key})`);

for (const { name: title, polls } of cases) {
  test(title, async (context) => {
    fakeClock(context);
    const api = fakeApi();
    const client = new Cloudflare(api.options);
    const watch = client.realtimeKit.activeSession.watch('app', 'meeting');
    let before;
    for (const poll of polls) {
      api.session = poll.session;
      api.peers = poll.peers.map(peer);
      const { value: now } = await watch.next();
      assert.equal(now.trouble, null);
      assert.equal(now.session?.id ?? null, poll.session);
      for (const list of ['joined', 'left', 'cameBack']) {
        assert.deepEqual(now[list].map(name), poll[list] ?? [], `${list}: ${JSON.stringify(poll)}`);
      }
      const shown = now.participants.map((one) => {
        return `${name(one)}: ${one.peers.map(({ id }) => id).join(' ')}`;
      });
      assert.deepEqual(shown, poll.participants);
      const find = (snapshot, key) => snapshot.participants.find((one) => one.key === key);
      for (const key of poll.same ?? []) assert.equal(find(now, key), find(before, key));
      before = now;
    }
    await watch.return();
  });
}

test('a participant has only the fields of the newest peer', async () => {
  const api = fakeApi();
  api.peers = [
    { ...peer('p1 ann out 10 11'), display_name: 'Ann', preset_name: 'host' },
    { ...peer('p2 ann in 12'), display_name: 'Anna', preset_name: null },
  ];
  const client = new Cloudflare(api.options);
  for await (const { participants } of client.realtimeKit.activeSession.watch('app', 'meeting')) {
    assert.deepEqual(participants, [
      { key: 'ann', user_id: 'ann', display_name: 'Anna', present: true, peers: api.peers },
    ]);
    break;
  }
});

test('a renamed participant is a new object, but has neither joined nor left', async (context) => {
  fakeClock(context);
  const api = fakeApi();
  api.peers = [peer('p1 ann in 10'), peer('p2 bob in 10')];
  const client = new Cloudflare(api.options);
  const watch = client.realtimeKit.activeSession.watch('app', 'meeting');
  const { value: before } = await watch.next();
  api.peers = [{ ...peer('p1 ann in 10'), display_name: 'Ann' }, peer('p2 bob in 10')];
  const { value: now } = await watch.next();
  assert.notEqual(now.participants[0], before.participants[0]);
  assert.equal(now.participants[0].display_name, 'Ann');
  assert.equal(now.participants[1], before.participants[1]);
  assert.deepEqual([now.joined, now.left, now.cameBack], [[], [], []]);
});
