// The element's logic while the gateway pushes, without a view: snapshots come at once, the data stays current, and
// other moderators are known. In Node, from the sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Audit } from '../../www/element/model/audit.js';
import { EMPTY_STATE, Meeting, ageOf } from '../../www/element/model/meeting.js';
import { others } from '../../www/element/model/moderators.js';
import { OptimisticState } from '../../www/element/model/optimistic-state.js';

const [OPEN, CLOSED] = [1, 3];
const quiet = { session: null, trouble: null, actions: [], moderators: null };

/** A meeting over a watch that yields `snapshots`, each with the state of its WebSocket, or none at all. */
async function states(context, snapshots, { noSocket = false } = {}) {
  const { WebSocket } = globalThis;
  context.after(() => Object.assign(globalThis, { WebSocket }));
  globalThis.WebSocket = noSocket ? undefined : class {};
  const seen = [];
  const statuses = [];
  const given = [];
  async function* watch(app, id, params, options) {
    given.push(options);
    const socket = options.WebSocket && new options.WebSocket('ws://gateway', []);
    for (const { readyState, ...snapshot } of snapshots) {
      if (socket) socket.readyState = readyState;
      yield { ...quiet, at: Date.now(), nextAt: Date.now() + 45_000, ...snapshot };
    }
  }
  const getMeetingById = async () => (statuses.push('read'), { data: { status: 'ACTIVE' } });
  const client = { realtimeKit: { activeSession: { watch }, meetings: { getMeetingById } } };
  const meeting = new Meeting({
    ...{ client, app: 'a', meeting: 'm', interval: 60_000 },
    changed: (_, began) => {
      seen.push({ ...meeting.state, began });
      if (seen.length === snapshots.length) meeting.stop();
    },
    statusChanged: () => statuses.push(meeting.state.locked),
  });
  await meeting.start();
  return { seen, statuses, given };
}

test('pushed snapshots come at once, whatever the interval is', async (context) => {
  const { seen } = await states(context, Array(5).fill({ readyState: OPEN }));
  assert.deepEqual(
    seen.map(({ pushed }) => pushed),
    Array(5).fill(true),
  );
  // Data that is only just newer than an action may not show it.
  for (const { began, at } of seen) assert.equal(began, at - 500);
});

test('a snapshot after the connection has ended, or without WebSockets, is polled', async (context) => {
  const ended = await states(context, [{ readyState: CLOSED }]);
  assert.equal(ended.seen[0].pushed, false);
  const none = await states(context, [{}], { noSocket: true });
  assert.equal(none.seen[0].pushed, false);
  assert.equal(none.given[0].WebSocket, undefined);
});

test('pushed data is current until a silence, unless it was old or reading fails', async (context) => {
  const now = Date.now();
  const trouble = { error: new Error('503'), since: now, failures: 1 };
  const { seen } = await states(context, [
    { readyState: OPEN },
    { readyState: OPEN, at: now - 60_000 },
    { readyState: OPEN, trouble },
    { readyState: CLOSED },
  ]);
  const ages = seen.map((state) => ageOf({ ...state, at: now - 20_000 }, now));
  assert.deepEqual(ages, [0, 20_000, 20_000, 20_000]);
  assert.equal(ageOf({ ...seen[0], at: now - 20_000 }, now + 60_000), 80_000);
  assert.equal(ageOf(EMPTY_STATE, now), null);
});

test('a pushed lock is shown without a read, and one without content causes a read', async (context) => {
  const lock = { operation: 'UpdateMeeting', outcome: 'done', set: 'INACTIVE', id: '1' };
  const refused = { ...lock, outcome: 'refused', set: 'ACTIVE' };
  const { statuses } = await states(context, [
    { readyState: OPEN },
    { readyState: OPEN, actions: [lock, refused] },
    { readyState: OPEN, actions: [{ at: 1 }] },
  ]);
  // The first good snapshot causes a read, too.
  assert.deepEqual(
    statuses.filter((one) => one !== false),
    ['read', true, 'read'],
  );
});

test('the others are named without this moderator, and counted with those who are not named', () => {
  const watching = (...subs) => subs.map((sub) => ({ sub, name: sub.toUpperCase(), since: 1 }));
  for (const [watched, expected] of [
    [null, [[], 0]],
    [{ count: 1, moderators: watching('ann') }, [[], 0]],
    [{ count: 2, moderators: watching('bob', 'ann') }, [['BOB'], 1]],
    [{ count: 60, moderators: watching('bob', 'ann') }, [['BOB'], 59]],
    [{ count: 60, moderators: watching('bob', 'cyd') }, [['BOB', 'CYD'], 59]],
    [{ count: 1, moderators: [{ sub: 'dan', since: 1 }] }, [['dan'], 1]],
  ]) {
    const { moderators, count } = others(watched, 'ann');
    assert.deepEqual([moderators, count], expected);
  }
});

test('pushed records are in the audit log once, also after a read', async () => {
  const record = (id, time) => ({
    ...{ id, time: `2026-01-01T00:00:0${time}Z`, moderator: 'bob' },
    ...{ operation: 'KickParticipants', outcome: 'done' },
  });
  const page = async () => ({ records: [record('b', 2), record('a', 1)], paging: {} });
  const audit = new Audit({ page, changed: () => {} });
  audit.add([record('b', 2)]);
  assert.equal(audit.records.length, 1);
  await audit.read();
  audit.add([record('c', 3)]);
  assert.deepEqual(
    audit.records.map(({ id }) => id),
    ['c', 'b', 'a'],
  );
});

test('a mark has the moderator who did it, until it turns out that it did not work', () => {
  const ada = { key: 'ada', present: true, joins: 1 };
  const marks = new OptimisticState();
  marks.note('kick', [ada], 1000, 'Ann');
  assert.deepEqual([marks.of('ada'), marks.by('ada')], ['kick', 'Ann']);
  marks.refreshed(new Map([['ada', ada]]), 2000, 2000);
  assert.deepEqual([marks.of('ada'), marks.by('ada')], ['still', '']);
  assert.equal(marks.by('bob'), '');
});
