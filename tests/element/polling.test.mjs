// The element's logic without a view: when it polls, and the marks on participants between an action and the
// next poll. In Node, from the sources, with a fake clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Polling } from '../../www/element/model/polling.js';
import { OptimisticState } from '../../www/element/model/optimistic-state.js';
import { pausedUntil } from '../../www/element/model/meeting.js';
import { toParticipant } from '../../www/element/model/participants.js';

/** Runs the pending microtasks. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** Polls over a fake watch, and the times at which it was called. */
function setUp(context, { interval, notBefore, trouble = () => null } = {}) {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const controller = new AbortController();
  const polls = [];
  const seen = [];
  /** @type {{ response?: Promise<void>, options?: object }} */
  const api = {};
  async function* watch(options) {
    api.options = options;
    for (;;) {
      polls.push(Date.now() - 1_000_000);
      await api.response;
      yield { trouble: trouble(polls.length), nextAt: Date.now() + 500 };
    }
  }
  const { signal } = controller;
  const given = { watch, signal, now: Date.now, notBefore };
  const looks = new Polling({ ...given, ...(interval && { interval }) });
  const over = (async () => {
    for await (const one of looks) {
      seen.push(one);
      if (seen.length === 9) break;
    }
  })();
  const pass = async (ms) => {
    await settle();
    context.mock.timers.tick(ms);
    await settle();
  };
  context.after(async () => {
    controller.abort();
    await over;
  });
  return { api, polls, controller, looks, over, pass, seen };
}

test('a poll every two seconds, or at the given interval', async (context) => {
  for (const [interval, every, base] of [
    [undefined, 2000, 500],
    [100, 100, 100],
    [60_000, 60_000, 500],
  ])
    await context.test(`${every} ms`, async (context) => {
      const { api, polls, pass, seen } = setUp(context, { interval });
      await pass(every - 1);
      assert.deepEqual(polls, [0]);
      await pass(1);
      await pass(every);
      assert.deepEqual(polls, [0, every, 2 * every]);
      assert.equal(api.options.interval, base);
      assert.deepEqual(
        seen.map(({ snapshot, began }) => snapshot.nextAt - began),
        seen.map(() => Math.max(every, 500)),
      );
    });
});

test('a poll that is requested early comes at once, and once', async (context) => {
  const { polls, looks, pass, seen } = setUp(context);
  await pass(700);
  looks.soon();
  looks.soon();
  await pass(0);
  assert.deepEqual(polls, [0, 700]);
  assert.equal(seen[1].began, 1_000_700);
  await pass(1999);
  assert.deepEqual(polls, [0, 700]);
  await pass(1);
  assert.deepEqual(polls, [0, 700, 2700]);
});

test('a poll that is requested during a poll follows it', async (context) => {
  const { api, polls, looks, pass, seen } = setUp(context);
  await pass(0);
  let respond;
  api.response = new Promise((resolve) => (respond = resolve));
  await pass(2000);
  assert.deepEqual(polls, [0, 2000]);
  looks.soon();
  await pass(300);
  assert.deepEqual(polls, [0, 2000]);
  api.response = undefined;
  respond();
  await pass(0);
  assert.deepEqual(polls, [0, 2000, 2300]);
  // The snapshot of the second poll says that it began before the request.
  assert.deepEqual(
    seen.map(({ began }) => began - 1_000_000),
    [0, 2000, 2300],
  );
  await pass(1999);
  assert.equal(polls.length, 3);
});

test('after a failure the watch alone decides how long to wait', async (context) => {
  const { polls, pass } = setUp(context, { trouble: (look) => (look === 1 ? {} : null) });
  await pass(0);
  assert.deepEqual(polls, [0, 0]);
});

test('no poll before the end of a pause, nor after the stop', async (context) => {
  const { polls, controller, looks, over, pass } = setUp(context, { notBefore: 1_009_000 });
  looks.soon();
  await pass(8999);
  looks.soon();
  await pass(0);
  assert.deepEqual(polls, []);
  await pass(1);
  assert.deepEqual(polls, [9000]);
  controller.abort();
  await over;
  await pass(5000);
  assert.deepEqual(polls, [9000]);
});

test('only a rate limit is a pause', () => {
  const pause = (status) => pausedUntil({ trouble: { error: { status } }, nextAt: 7 });
  assert.deepEqual([pause(429), pause(500), pause(401)], [7, 0, 0]);
  assert.equal(pausedUntil({ trouble: null, nextAt: 7 }), 0);
});

const participant = (key, { present = true, peers = 1 } = {}) =>
  toParticipant({
    ...{ key, user_id: key, display_name: key, present },
    peers: Array.from({ length: peers }, (_, place) => ({ id: `${key}${place}` })),
  });
const known = (...participants) => new Map(participants.map((one) => [one.key, one]));

test('a kicked participant is marked until a later poll', () => {
  const marks = new OptimisticState();
  marks.note('kick', [participant('a'), participant('b', { present: false })], 100);
  assert.deepEqual([marks.of('a'), marks.removed('a'), marks.of('b')], ['kick', true, undefined]);
  // A poll that began before the kick says nothing.
  assert.deepEqual(marks.refreshed(known(participant('a')), 99, 200), []);
  assert.equal(marks.removed('a'), true);
  marks.passed(10_000_000);
  assert.equal(marks.removed('a'), true, 'while polling fails');
  assert.deepEqual(marks.refreshed(known(participant('a', { present: false })), 300, 300), []);
  assert.equal(marks.of('a'), undefined);
});

test('a participant who is still in after a ban is reported once, and marked for a while', () => {
  const marks = new OptimisticState();
  const a = participant('a');
  marks.note('ban', [a], 100);
  assert.deepEqual(marks.refreshed(known(a), 100, 200), [a]);
  assert.deepEqual([marks.of('a'), marks.removed('a')], ['still', false]);
  assert.deepEqual(marks.refreshed(known(a), 300, 300), []);
  marks.passed(30_199);
  assert.equal(marks.of('a'), 'still');
  marks.passed(30_201);
  assert.equal(marks.of('a'), undefined);
});

test('a participant who came back is present again, without a report', () => {
  const marks = new OptimisticState();
  marks.note('kick', [participant('a')], 100);
  assert.deepEqual(marks.refreshed(known(participant('a', { peers: 2 })), 100, 200), []);
  assert.equal(marks.of('a'), undefined);
});

test('a muted participant is marked for a moment: no poll shows it', () => {
  const marks = new OptimisticState();
  marks.note('mute', [participant('a')], 100);
  assert.deepEqual(marks.refreshed(known(participant('a')), 100, 200), []);
  assert.deepEqual([marks.of('a'), marks.removed('a')], ['mute', false]);
  marks.passed(8101);
  assert.equal(marks.of('a'), undefined);
});
