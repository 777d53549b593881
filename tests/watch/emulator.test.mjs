// A watch on the emulator as a process: who is in, who comes and who goes, and what becomes of it
// when the API fails.

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

/** A watch on a meeting of its own. Each look is asked for after what it is to see. */
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
    look: async () => (await watch.next()).value,
    control: (route, body) => emulator.control('POST', route, { meeting_id, ...body }),
  };
}

const keys = (list) => list.map(({ key }) => key);
const moves = ({ joined, left, cameBack }) => [keys(joined), keys(left), keys(cameBack)];

describe('who is in', LIMIT, () => {
  test('is told by the first look, of which nobody has come', async (context) => {
    const { meeting, users, look } = await setUp(context);
    const first = await look();
    assert.equal(first.session.id, meeting.session_id);
    assert.equal(first.session.live_participants, 3);
    assert.deepEqual(keys(first.participants), users);
    assert.ok(first.participants.every(({ present, peers }) => present && peers.length === 1));
    assert.deepEqual(moves(first), [[], [], []]);
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

  test('is told again when somebody comes, goes and comes back', async (context) => {
    const { users, look, control } = await setUp(context);
    const first = await look();
    await control('join', { custom_participant_id: 'late', name: 'Late' });
    const second = await look();
    const [late] = second.joined;
    assert.equal(late.display_name, 'Late');
    assert.deepEqual(moves(second), [[late.key], [], []]);
    assert.equal(second.participants[3], late);
    for (const at of [0, 1, 2]) assert.equal(second.participants[at], first.participants[at]);
    await control('leave', { user_id: users[1] });
    const third = await look();
    assert.deepEqual(moves(third), [[], [users[1]], []]);
    assert.equal(third.left[0], third.participants[1]);
    assert.equal(third.left[0].present, false);
    await control('join', { user_id: users[1] });
    const fourth = await look();
    assert.deepEqual(moves(fourth), [[], [], [users[1]]]);
    assert.equal(fourth.participants[1].peers.length, 2);
    assert.deepEqual(moves(await look()), [[], [], []]);
  });

  test('is one, by however many devices', async (context) => {
    const { users, look, control } = await setUp(context);
    await look();
    await control('join', { user_id: users[0] });
    const two = await look();
    assert.deepEqual(moves(two), [[], [], []]);
    assert.deepEqual(keys(two.participants), users);
    const { peers } = two.participants[0];
    assert.equal(peers.length, 2);
    await emulator.control('POST', 'advance', { seconds: 1 });
    await control('leave', { peer_id: peers[0].id });
    const one = await look();
    assert.deepEqual(moves(one), [[], [], []]);
    assert.equal(one.participants[0].present, true);
  });

  test('is nobody without a session; a new one is begun anew', async (context) => {
    const { meeting, users, look, control } = await setUp(context);
    await look();
    await control('end-session');
    const over = await look();
    assert.deepEqual([over.session, over.participants, over.trouble], [null, [], null]);
    assert.deepEqual(moves(over), [[], users, []]);
    assert.ok(over.left.every(({ present }) => !present));
    assert.deepEqual(moves(await look()), [[], [], []]);
    await control('join', { user_id: users[2] });
    const again = await look();
    assert.notEqual(again.session.id, meeting.session_id);
    assert.deepEqual(moves(again), [[users[2]], [], []]);
    await control('end-session');
    await control('join', { user_id: users[0] });
    assert.deepEqual(moves(await look()), [[users[0]], [users[2]], []]);
  });

  test('may be nobody at first', async (context) => {
    const { look, control } = await setUp(context, 0);
    const none = await look();
    assert.deepEqual([none.session, none.participants, none.trouble], [null, [], null]);
    assert.equal(none.age, 0);
    await control('join', { custom_participant_id: 'first' });
    assert.equal((await look()).joined[0].custom_participant_id, 'first');
  });

  test('may be ten thousand', async (context) => {
    const { users, look, control } = await setUp(context, 10_000);
    const first = await look();
    assert.deepEqual(keys(first.participants), users);
    await control('join', { custom_participant_id: 'one more' });
    const second = await look();
    assert.equal(second.joined.length, 1);
    assert.ok(first.participants.every((one, at) => one === second.participants[at]));
  });

  test('is asked for in pages of the size that is said', async (context) => {
    const { meeting, users, look } = await setUp(context, 7, { perPage: 3 });
    assert.deepEqual(keys((await look()).participants), users);
    const asked = await emulator.requests(meeting.session_id);
    assert.equal(asked.length, 3);
    for (const [, at] of Object.entries(asked)) assert.match(JSON.stringify(at), /per_page=3&/);
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
      test(`${operation}: ${fault} is told, nobody has left, and it recovers`, async (context) => {
        const { meeting, look, control } = await setUp(context);
        const first = await look();
        await control('faults', { operation, steps: [fault, fault] });
        for (const failures of [1, 2]) {
          const { trouble, participants, session, at, age, ...rest } = await look();
          assert.ok(trouble.error instanceof Error);
          assert.equal(trouble.error instanceof InternalServerError, /503/.test(fault));
          assert.equal(trouble.failures, failures);
          assert.deepEqual(participants, first.participants);
          assert.deepEqual(session, first.session);
          assert.equal(at, first.at);
          assert.ok(age >= 0);
          assert.deepEqual(moves(rest), [[], [], []]);
        }
        await control('join', { custom_participant_id: 'meanwhile' });
        const better = await look();
        assert.equal(better.trouble, null);
        assert.equal(better.joined[0].custom_participant_id, 'meanwhile');
        // The next look is the retry: nothing is sent twice by one.
        const asked = await emulator.requests(meeting.meeting_id);
        assert.equal(asked.filter((one) => one.operation === 'GetActiveSession').length, 4);
      });
    }
  }

  test('before anything is known, there is nothing to show', async (context) => {
    const { look, control, users } = await setUp(context);
    await control('faults', { operation: 'GetActiveSession', steps: ['status:code=500'] });
    const none = await look();
    const { at, age, session, participants, rateLimit } = none;
    assert.deepEqual([at, age, session, participants], [null, null, null, []]);
    assert.equal(none.trouble.failures, 1);
    assert.equal(rateLimit.policy, 'default');
    const first = await look();
    assert.deepEqual(keys(first.participants), users);
    assert.deepEqual(moves(first), [[], [], []]);
  });

  test('a path that leads nowhere is no end of a session', async (context) => {
    const { look, control, users } = await setUp(context);
    await look();
    const body = { success: false, errors: [{ code: 7003, message: 'No route for that URI' }] };
    const base64 = btoa(JSON.stringify(body));
    const steps = ['html:code=404', `body:base64=${base64}:code=404`];
    await control('faults', { operation: 'GetActiveSession', steps });
    for (const _ of steps) {
      const lost = await look();
      assert.ok(lost.trouble.error instanceof NotFoundError);
      assert.deepEqual([keys(lost.participants), keys(lost.left)], [users, []]);
    }
  });
});
