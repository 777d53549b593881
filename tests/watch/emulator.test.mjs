// A watch against the emulator process: participants, joins, leaves, and failures of the API.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Cloudflare, { InternalServerError, NotFoundError } from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';

const LIMIT = { timeout: 300_000 };

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
});
after(() => emulator?.stop());

/** A watch on its own meeting. A poll runs after the changes that it should see. */
async function setUp(context, participants = 3, options = {}) {
  const meeting = await emulator.meeting(participants);
  const { meeting_id } = meeting;
  const client = new Cloudflare(emulator.options);
  const all = { interval: 1, ...options };
  const watch = client.realtimeKit.activeSession.watch(meeting.app_id, meeting_id, {}, all);
  context.after(() => watch.return());
  return {
    client,
    meeting,
    users: meeting.participants.map(({ user_id }) => user_id),
    poll: async () => (await watch.next()).value,
    control: (route, body) => emulator.control('POST', route, { meeting_id, ...body }),
  };
}

const keys = (list) => list.map(({ key }) => key);
const changes = ({ joined, left, cameBack }) => [keys(joined), keys(left), keys(cameBack)];

describe('participants', LIMIT, () => {
  test('the first poll lists them without joins', async (context) => {
    const { meeting, users, poll } = await setUp(context);
    const first = await poll();
    assert.equal(first.session.id, meeting.session_id);
    assert.equal(first.session.live_participants, 3);
    assert.deepEqual(keys(first.participants), users);
    assert.ok(first.participants.every(({ present, peers }) => present && peers.length === 1));
    assert.deepEqual(changes(first), [[], [], []]);
    assert.equal(first.trouble, null);
    assert.equal(first.rateLimit.policy, 'default');
    const names = first.participants.map((one) => one.display_name ?? '');
    assert.deepEqual(
      names,
      meeting.participants.map(({ name }) => name ?? ''),
    );
    const [one] = first.participants;
    assert.equal(one.user_id, one.peers[0].user_id);
    assert.equal(one.custom_participant_id, meeting.participants[0].custom_participant_id);
  });

  test('reports a join, a leave and a return', async (context) => {
    const { users, poll, control } = await setUp(context);
    const first = await poll();
    await control('join', { custom_participant_id: 'late', name: 'Late' });
    const second = await poll();
    const [late] = second.joined;
    assert.equal(late.display_name, 'Late');
    assert.deepEqual(changes(second), [[late.key], [], []]);
    assert.equal(second.participants[3], late);
    for (const at of [0, 1, 2]) assert.equal(second.participants[at], first.participants[at]);
    await control('leave', { user_id: users[1] });
    const third = await poll();
    assert.deepEqual(changes(third), [[], [users[1]], []]);
    assert.equal(third.left[0], third.participants[1]);
    assert.equal(third.left[0].present, false);
    await control('join', { user_id: users[1] });
    const fourth = await poll();
    assert.deepEqual(changes(fourth), [[], [], [users[1]]]);
    assert.equal(fourth.participants[1].peers.length, 2);
    assert.deepEqual(changes(await poll()), [[], [], []]);
  });

  test('several devices are one participant', async (context) => {
    const { users, poll, control } = await setUp(context);
    await poll();
    await control('join', { user_id: users[0] });
    const two = await poll();
    assert.deepEqual(changes(two), [[], [], []]);
    assert.deepEqual(keys(two.participants), users);
    const { peers } = two.participants[0];
    assert.equal(peers.length, 2);
    await emulator.control('POST', 'advance', { seconds: 1 });
    await control('leave', { peer_id: peers[0].id });
    const one = await poll();
    assert.deepEqual(changes(one), [[], [], []]);
    assert.equal(one.participants[0].present, true);
  });

  test('there are none without a session; a new session starts over', async (context) => {
    const { meeting, users, poll, control } = await setUp(context);
    await poll();
    await control('end-session');
    const over = await poll();
    assert.deepEqual([over.session, over.participants, over.trouble], [null, [], null]);
    assert.deepEqual(changes(over), [[], users, []]);
    assert.ok(over.left.every(({ present }) => !present));
    assert.deepEqual(changes(await poll()), [[], [], []]);
    await control('join', { user_id: users[2] });
    const again = await poll();
    assert.notEqual(again.session.id, meeting.session_id);
    assert.deepEqual(changes(again), [[users[2]], [], []]);
    await control('end-session');
    await control('join', { user_id: users[0] });
    assert.deepEqual(changes(await poll()), [[users[0]], [users[2]], []]);
  });

  test('there may be none at first', async (context) => {
    const { poll, control } = await setUp(context, 0);
    const none = await poll();
    assert.deepEqual([none.session, none.participants, none.trouble], [null, [], null]);
    assert.equal(none.age, 0);
    await control('join', { custom_participant_id: 'first' });
    assert.equal((await poll()).joined[0].custom_participant_id, 'first');
  });

  test('there may be ten thousand', async (context) => {
    const { users, poll, control } = await setUp(context, 10_000);
    const first = await poll();
    assert.deepEqual(keys(first.participants), users);
    await control('join', { custom_participant_id: 'one more' });
    const second = await poll();
    assert.equal(second.joined.length, 1);
    assert.ok(first.participants.every((one, at) => one === second.participants[at]));
  });

  test('are requested in pages of perPage', async (context) => {
    const { meeting, users, poll } = await setUp(context, 7, { perPage: 3 });
    assert.deepEqual(keys((await poll()).participants), users);
    const requests = await emulator.requests(meeting.session_id);
    assert.equal(requests.length, 3);
    for (const [, at] of Object.entries(requests)) assert.match(JSON.stringify(at), /per_page=3&/);
  });
});

describe('when the API fails', LIMIT, () => {
  const FAULTS = [
    'status:code=503',
    'reset-before',
    'cut',
    'not-json',
    'empty',
    'no-content',
    'text',
  ];
  for (const operation of ['GetActiveSession', 'GetSessionParticipants']) {
    for (const fault of FAULTS) {
      test(`${operation}: ${fault} is reported without leaves, and it recovers`, async (context) => {
        const { meeting, poll, control } = await setUp(context);
        const first = await poll();
        await control('faults', { operation, steps: [fault, fault] });
        for (const failures of [1, 2]) {
          const { trouble, participants, session, at, age, ...rest } = await poll();
          assert.ok(trouble.error instanceof Error);
          assert.equal(trouble.error instanceof InternalServerError, /503/.test(fault));
          assert.equal(trouble.failures, failures);
          assert.deepEqual(participants, first.participants);
          assert.deepEqual(session, first.session);
          assert.equal(at, first.at);
          assert.ok(age >= 0);
          assert.deepEqual(changes(rest), [[], [], []]);
        }
        await control('join', { custom_participant_id: 'meanwhile' });
        const better = await poll();
        assert.equal(better.trouble, null);
        assert.equal(better.joined[0].custom_participant_id, 'meanwhile');
        // The next poll is the retry: one poll sends no request twice.
        const requests = await emulator.requests(meeting.meeting_id);
        assert.equal(requests.filter((one) => one.operation === 'GetActiveSession').length, 4);
      });
    }
  }

  test('a failed first poll has no participants', async (context) => {
    const { poll, control, users } = await setUp(context);
    await control('faults', { operation: 'GetActiveSession', steps: ['status:code=500'] });
    const none = await poll();
    const { at, age, session, participants, rateLimit } = none;
    assert.deepEqual([at, age, session, participants], [null, null, null, []]);
    assert.equal(none.trouble.failures, 1);
    assert.equal(rateLimit.policy, 'default');
    const first = await poll();
    assert.deepEqual(keys(first.participants), users);
    assert.deepEqual(changes(first), [[], [], []]);
  });

  test('an unknown route does not end the session', async (context) => {
    const { poll, control, users } = await setUp(context);
    await poll();
    const body = { success: false, errors: [{ code: 7003, message: 'No route for that URI' }] };
    const base64 = btoa(JSON.stringify(body));
    const steps = ['html:code=404', `body:base64=${base64}:code=404`];
    await control('faults', { operation: 'GetActiveSession', steps });
    for (const _ of steps) {
      const lost = await poll();
      assert.ok(lost.trouble.error instanceof NotFoundError);
      assert.deepEqual([keys(lost.participants), keys(lost.left)], [users, []]);
    }
  });
});
