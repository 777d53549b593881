// The element's logic without a view: how long actions continue, pause, stop and are checked afterwards. In Node,
// from the sources, with a fake API and a fake clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Actions } from '../../www/element/model/actions.js';
import { toParticipant } from '../../www/element/model/participants.js';
import { verify } from '../../www/element/model/removal-checks.js';

const participant = (key, present = true) =>
  toParticipant({ key, user_id: key, display_name: key, present, peers: [{ id: `p-${key}` }] });
const crowd = (count) => Array.from({ length: count }, (_, place) => participant(`u${place}`));
const byKey = (...all) => new Map(all.map((one) => [one.key, one]));
const always = () => true;

/** An error as the client throws it. */
const failure = (status, more = {}) => Object.assign(new Error(`${status}`), { status, ...more });

const settle = async () => {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
};

/** Actions on an API whose responses are what `respond(method, given, calls)` returns, with a fake clock. */
function over(context, respond, given = {}) {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const calls = [];
  const call =
    (method) =>
    (_app, _meeting, ...rest) => {
      const options = rest.at(-1);
      calls.push([method, rest[0], options]);
      return {
        withResponse: async () => {
          const data = (await respond(method, rest[0], calls.length, options)) ?? {};
          return { data, response: { headers: new Headers() } };
        },
      };
    };
  const resource = new Proxy({}, { get: (_, method) => call(method) });
  const actions = new Actions({
    api: () => ({
      kit: { activeSession: resource, meetings: resource },
      ids: ['app', 'meeting'],
      renewed: true,
    }),
    ...{ mayKick: () => true, changed: () => {}, ended: () => {}, ...given },
  });
  const pass = async (ms) => {
    await settle();
    context.mock.timers.tick(ms);
    await settle();
  };
  return { actions, calls, pass };
}
const results = (action) => action.targets.map(({ result }) => result);
const count = (action, result) => results(action).filter((one) => one === result).length;

test('a ban of 300 pauses at each rate limit, and bans everyone once', async (context) => {
  let left = 63;
  const banned = [];
  const { actions, pass } = over(context, (method, id) => {
    if (method !== 'deleteMeetingParticipant') return;
    if (left === 0) throw failure(429, { retryAfter: 40 });
    left -= 1;
    banned.push(id);
  });
  const over300 = actions.onParticipants('ban', crowd(300));
  await pass(0);
  const [action] = actions.list;
  assert.equal(banned.length, 63);
  assert.equal(action.running, true);
  assert.deepEqual([action.waitsFor, action.waitUntil], ['limit', 1_040_000]);
  // Nothing is sent while it waits.
  left = 1000;
  await pass(39_999);
  assert.equal(banned.length, 63);
  await pass(1);
  await over300;
  assert.equal(action.outcome, 'done');
  assert.equal(new Set(banned).size, 300);
  assert.equal(banned.length, 300);
});

test('a stopped ban sends nothing more, and can be continued', async (context) => {
  let left = 10;
  const { actions, calls, pass } = over(context, (method) => {
    if (method !== 'deleteMeetingParticipant') return;
    if (left === 0) throw failure(429, { retryAfter: 60 });
    left -= 1;
  });
  const over50 = actions.onParticipants('ban', crowd(50));
  await pass(0);
  const [action] = actions.list;
  actions.queue.stop(action);
  await over50;
  assert.deepEqual([count(action, 'done'), count(action, 'stopped')], [10, 40]);
  assert.equal(action.outcome, 'partly');
  const before = calls.length;
  await pass(100_000);
  assert.equal(calls.length, before);
  left = 1000;
  await actions.retry(action);
  assert.deepEqual([count(action, 'done'), action.outcome], [50, 'done']);
});

test('stopping aborts a request that waits for a rate limit, but no other', async (context) => {
  for (const limited of [true, false])
    await context.test(`${limited}`, async (context) => {
      let respond;
      let signal;
      const api = (_method, _given, _count, options) => {
        ({ signal } = options);
        return new Promise((resolve, reject) => {
          respond = resolve;
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        });
      };
      const limitedUntil = () => (limited ? Infinity : 0);
      const { actions, pass } = over(context, api, { limitedUntil });
      const done = actions.onParticipants('kick', crowd(1));
      await pass(0);
      actions.queue.stop(actions.list[0]);
      assert.equal(signal.aborted, limited);
      if (!limited) respond();
      await done;
      assert.deepEqual(results(actions.list[0]), [limited ? 'stopped' : 'done']);
    });
});

test('a long action waits for the next grant when its own expires', async (context) => {
  let valid = 2;
  const { actions, calls, pass } = over(context, () => {
    if (valid === 0) throw failure(401);
    valid -= 1;
  });
  const done = actions.onParticipants('kick', crowd(100));
  await pass(0);
  const [action] = actions.list;
  assert.deepEqual([action.waitsFor, action.running, calls.length], ['grant', true, 3]);
  valid = 100;
  actions.queue.granted();
  await done;
  assert.deepEqual([action.outcome, calls.length], ['done', 5]);
});

test('60 kicks on a lost connection stop after one call', async (context) => {
  for (const maybeApplied of [true, false])
    await context.test(`${maybeApplied}`, async (context) => {
      const { actions, calls } = over(context, () => {
        throw Object.assign(new Error('no connection'), { maybeApplied });
      });
      const action = await actions.onParticipants('kick', crowd(60));
      assert.equal(calls.length, 1);
      const [first, rest] = maybeApplied ? ['unknown', 'failed'] : ['failed', 'failed'];
      assert.deepEqual([results(action)[0], results(action)[59]], [first, rest]);
      assert.equal(action.outcome, first);
    });
});

test('bans stop after a 403', async (context) => {
  const { actions, calls } = over(context, () => {
    throw failure(403);
  });
  const action = await actions.onParticipants('ban', crowd(60));
  // Four are in flight.
  assert.ok(calls.length <= 4, `${calls.length}`);
  assert.ok(calls.every(([method]) => method === 'deleteMeetingParticipant'));
  assert.equal(count(action, 'failed'), 60);
});

test('a list whose response was lost is not sent again in halves', async (context) => {
  const { actions, calls } = over(context, () => {
    throw failure(404, { maybeApplied: true });
  });
  const action = await actions.onParticipants('kick', crowd(8));
  assert.equal(calls.length, 1);
  assert.equal(count(action, 'unknown'), 8);
});

test('a running action is not retried', async (context) => {
  let respond;
  const { actions, calls, pass } = over(
    context,
    () => new Promise((resolve) => (respond = resolve)),
  );
  const done = actions.onParticipants('kick', crowd(2));
  await pass(0);
  const [action] = actions.list;
  action.targets[0].result = 'failed';
  await actions.retry(action);
  assert.equal(calls.length, 1);
  respond();
  await done;
});

test('participants that the gateway could not reach within a limit are sent later', async (context) => {
  let limited = true;
  const { actions, calls, pass } = over(context, () =>
    limited
      ? {
          failed: [
            { id: 'u3', code: 429, message: 'wait' },
            { id: 'u4', code: 1011, message: 'Not tried' },
            { id: 'u5', code: 500, message: 'broke' },
          ],
        }
      : {},
  );
  const done = actions.onParticipants('kick', crowd(6));
  await pass(0);
  limited = false;
  await pass(5000);
  const action = await done;
  assert.deepEqual(calls[1][1], { participant_ids: ['u3', 'u4'] });
  assert.deepEqual(results(action), ['done', 'done', 'done', 'done', 'done', 'failed']);
});

test('a poll waits for the end of a limit, and is not sent twice', async (context) => {
  let limited = true;
  const { actions, calls, pass } = over(context, () => {
    if (limited) throw failure(429, { retryAfter: 3 });
  });
  const done = actions.onMeeting('poll', { poll: { question: '?' } });
  await pass(0);
  assert.equal(actions.list[0].waitsFor, 'limit');
  limited = false;
  await pass(3000);
  assert.equal((await done).outcome, 'done');
  assert.equal(calls.length, 2);
});

test('a lost response is no rate limit', async (context) => {
  const { actions, calls } = over(context, () => {
    throw failure(429, { maybeApplied: true });
  });
  assert.equal((await actions.onMeeting('poll', { poll: {} })).outcome, 'unknown');
  assert.equal(calls.length, 1);
});

test('a reason goes with each request, encoded for a header', async (context) => {
  const { actions, calls } = over(context, () => {});
  const more = { reason: 'Störung, zweimal' };
  await actions.onParticipants('ban', crowd(1), always, more);
  await actions.onMeeting('kickAll', more);
  const reasons = calls.map(([, , options]) => options.headers['x-moderation-reason']);
  assert.deepEqual(
    reasons.map(decodeURIComponent),
    calls.map(() => more.reason),
  );
  assert.ok(/^[\x21-\x7E]+$/.test(reasons[0]));
  await actions.onMeeting('lock');
  assert.equal(calls.at(-1)[2].headers, undefined);
});

test('a freeze mutes and locks, and its end undoes both', async (context) => {
  let broken = false;
  const { actions, calls } = over(context, (method) => {
    if (broken && method === 'updateMeetingById') throw failure(500);
  });
  const sent = () => calls.splice(0).map(([method, given]) => [method, given]);
  assert.equal((await actions.onMeeting('freeze')).outcome, 'done');
  assert.deepEqual(sent(), [
    ['muteAllParticipants', { allow_unmute: false }],
    ['updateMeetingById', { status: 'INACTIVE' }],
  ]);
  assert.equal((await actions.onMeeting('unfreeze')).outcome, 'done');
  assert.deepEqual(sent(), [
    ['updateMeetingById', { status: 'ACTIVE' }],
    ['muteAllParticipants', { allow_unmute: true }],
  ]);
  broken = true;
  const half = await actions.onMeeting('freeze');
  assert.deepEqual([half.outcome, half.why.status], ['partly', 500]);
});

test('the number of participants that the API acted on is kept', async (context) => {
  const { actions } = over(context, () => ({ data: { kicked_participants_count: 32 } }));
  assert.equal((await actions.onMeeting('kickAll')).count, 32);
});

test('a ban without the permission to kick says that they stay', async (context) => {
  const { actions } = over(context, () => {}, { mayKick: () => false });
  assert.equal((await actions.onParticipants('ban', crowd(1))).banOnly, true);
  const absent = await actions.onParticipants('ban', [participant('x', false)]);
  assert.equal(absent.banOnly, undefined);
});

test('a later refresh settles removals with a lost response', async (context) => {
  let lost = true;
  const { actions } = over(context, (method) => {
    if (lost && method !== 'deleteMeetingParticipant')
      throw Object.assign(new Error('lost'), { maybeApplied: true });
  });
  const [a, b] = crowd(2);
  const kick = await actions.onParticipants('kick', [a, b]);
  const ban = await actions.onParticipants('ban', [a]);
  const mute = await actions.onParticipants('mute', [a]);
  const kickAll = await actions.onMeeting('kickAll');
  lost = false;
  const all = [kick, ban, mute, kickAll];
  assert.ok(all.every(({ outcome }) => outcome === 'unknown'));
  const after = byKey(participant('u0', false), b);
  // A refresh that began before says nothing.
  assert.deepEqual(verify(actions.list, after, kick.endedAt - 1), []);
  const settled = verify(actions.list, after, kick.endedAt);
  assert.deepEqual(new Set(settled), new Set([kick, ban]));
  assert.deepEqual(results(kick), ['done', 'failed']);
  assert.deepEqual(
    kick.targets.map(({ verified }) => verified),
    ['left', 'present'],
  );
  assert.deepEqual([kick.outcome, ban.outcome], ['partly', 'done']);
  // A mute leaves no trace, and someone is still there.
  assert.deepEqual([mute.outcome, kickAll.outcome], ['unknown', 'unknown']);
  verify(actions.list, byKey(participant('u0', false)), kick.endedAt);
  assert.equal(kickAll.outcome, 'done');
  assert.deepEqual(verify(actions.list, after, kick.endedAt), []);
});
