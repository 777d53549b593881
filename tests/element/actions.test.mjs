// The element's logic without a view: actions on participants and on the meeting, and their outcomes. In Node,
// from the sources, with a fake API.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Actions } from '../../www/element/actions.js';
import { formats } from '../../www/element/format.js';
import de from '../../www/element/texts/de.js';
import en from '../../www/element/texts/en.js';
import { progress, reason } from '../../www/element/outcomes.js';
import { personOf } from '../../www/element/people.js';

const person = (key, present = true) =>
  personOf({ key, user_id: key, display_name: key, present, peers: [{ id: `p-${key}` }] });
const crowd = (count) => Array.from({ length: count }, (_, place) => person(`u${place}`));

/** An error as the client throws it. */
const failure = (status, maybeApplied = false) =>
  Object.assign(new Error(`${status}`), {
    ...{ status, maybeApplied, headers: { 'x-request-id': `e-${status}` } },
    error: { error: { message: 'no' } },
  });

/** Actions on an API whose responses are what `respond(method, body)` returns. */
function over(respond, { mayKick = true } = {}) {
  const calls = [];
  const call = (method) => (_app, _meeting, given) => {
    calls.push([method, given]);
    return {
      withResponse: async () => {
        const data = (await respond(method, given, calls.length)) ?? {};
        return { data, response: { headers: new Headers({ 'x-request-id': `${calls.length}` }) } };
      },
    };
  };
  const resource = new Proxy({}, { get: (_, method) => call(method) });
  const events = [];
  const actions = new Actions({
    api: () => ({ kit: { activeSession: resource, meetings: resource }, ids: ['app', 'meeting'] }),
    mayKick: () => mayKick,
    changed: () => events.push(actions.list[0] && progress(actions.list[0])),
    ended: (action) => events.push(action.outcome),
  });
  return { actions, calls, events };
}
const results = (action) => action.targets.map(({ result }) => result);
const always = () => true;

test('many participants are sent in lists, with progress after each', async () => {
  const { actions, calls, events } = over(() => {});
  const action = await actions.onPeople('kick', crowd(60));
  assert.deepEqual(
    calls.map(([method, body]) => [method, body.participant_ids.length]),
    [
      ['kickParticipants', 25],
      ['kickParticipants', 25],
      ['kickParticipants', 10],
    ],
  );
  assert.equal(action.outcome, 'done');
  assert.deepEqual(events, [0, 25, 50, 60, 60, 'done']);
  assert.equal(action.requests.length, 3);
});

test('participants who left are not sent to the API', async () => {
  const { actions, calls } = over(() => {});
  const action = await actions.onPeople('mute', [person('a'), person('b', false)]);
  assert.deepEqual(calls, [['muteParticipants', { participant_ids: ['a'] }]]);
  assert.deepEqual(results(action), ['done', 'gone']);
  assert.equal(action.outcome, 'partly');
});

test('a list refused because of one participant is retried without them, and acts on nobody twice', async () => {
  const done = [];
  const { actions } = over((_method, { participant_ids }) => {
    if (participant_ids.includes('u7')) throw failure(404);
    done.push(...participant_ids);
  });
  const action = await actions.onPeople('kick', crowd(20));
  assert.deepEqual(
    action.targets.filter(({ result }) => result === 'gone').map(({ key }) => key),
    ['u7'],
  );
  assert.equal(done.length, 19);
  assert.equal(new Set(done).size, 19);
});

test('participants that the gateway reports as failed are retried alone', async () => {
  let broken = true;
  const { actions, calls } = over(() =>
    broken
      ? {
          failed: [
            { id: 'u1', code: 500, message: 'broke' },
            { id: 'u2', code: 502, message: 'lost', maybe_applied: true },
            { id: 'u3', code: 404, message: 'No user found' },
          ],
        }
      : {},
  );
  const action = await actions.onPeople('mute', crowd(5));
  assert.deepEqual(results(action), ['done', 'failed', 'unknown', 'gone', 'done']);
  assert.equal(action.targets[1].why, 'broke (500)');
  assert.equal(action.outcome, 'partly');
  broken = false;
  await actions.retry(action, always);
  assert.deepEqual(calls.at(-1)[1], { participant_ids: ['u1', 'u2'] });
  assert.deepEqual(results(action), ['done', 'done', 'done', 'gone', 'done']);
  const before = calls.length;
  await actions.retry(action, always);
  assert.equal(calls.length, before, 'nothing is left to retry');
});

test('after a refused grant or a rate limit the remaining lists are not sent', async () => {
  for (const status of [401, 403, 429]) {
    const { actions, calls } = over(() => {
      throw failure(status);
    });
    const action = await actions.onPeople('kick', crowd(60));
    assert.equal(calls.length, 1);
    assert.equal(action.outcome, 'failed');
    assert.ok(action.targets.every(({ why }) => why === `no (${status})`));
  }
});

test('an action that may have worked is unknown, not failed', async () => {
  const { actions } = over(() => {
    throw failure(502, true);
  });
  assert.equal((await actions.onPeople('kick', crowd(1))).outcome, 'unknown');
  assert.equal((await actions.onRoom('poll', { poll: {} })).outcome, 'unknown');
});

test('a ban deletes the participant, then kicks; a 404 means they were banned already', async () => {
  const { actions, calls } = over((method, id) => {
    if (method === 'deleteMeetingParticipant' && id === 'b') throw failure(404);
  });
  const action = await actions.onPeople('ban', [person('a'), person('b'), person('c', false)]);
  assert.deepEqual(
    calls
      .slice(0, 3)
      .map(([method, id]) => [method, id])
      .sort(),
    [
      ['deleteMeetingParticipant', 'a'],
      ['deleteMeetingParticipant', 'b'],
      ['deleteMeetingParticipant', 'c'],
    ],
  );
  assert.deepEqual(calls.slice(3), [['kickParticipants', { participant_ids: ['a', 'b'] }]]);
  assert.equal(action.outcome, 'done');
});

test('the retry of a ban whose kick failed sends only the kick', async () => {
  let broken = true;
  const { actions, calls } = over((method) => {
    if (method === 'kickParticipants' && broken) throw failure(500);
  });
  const action = await actions.onPeople('ban', [person('a')]);
  assert.equal(action.outcome, 'failed');
  // The text says what the first half did.
  assert.match(en(formats('en')).did(action), /can no longer join, but may still be in/);
  assert.match(de(formats('de')).did(action), /kann nicht mehr beitreten/);
  broken = false;
  await actions.retry(action, always);
  assert.deepEqual(
    calls.map(([method]) => method),
    ['deleteMeetingParticipant', 'kickParticipants', 'kickParticipants'],
  );
  assert.equal(action.outcome, 'done');
});

test('a banned participant who joined before the ban is reported once', async () => {
  const { actions, calls } = over(() => {});
  const [absent, present] = [person('out', false), person('in')];
  await actions.onPeople('ban', [absent, present]);
  assert.deepEqual(
    calls.filter(([method]) => method === 'kickParticipants'),
    [['kickParticipants', { participant_ids: ['in'] }]],
  );
  const seen = (...people) => new Map(people.map((one) => [one.key, one]));
  assert.deepEqual(actions.slippedIn(seen(absent, present)), []);
  const slipped = person('out');
  assert.deepEqual(actions.slippedIn(seen(slipped, present)), [slipped]);
  assert.deepEqual(actions.slippedIn(seen(slipped, present)), []);
});

test('the outcomes in a refusal by the gateway count, and nothing is sent again', async () => {
  const failed = [
    { id: 'u0', code: 404, message: 'gone' },
    { id: 'u1', code: 502, message: 'lost', maybe_applied: true },
    { id: 'u2', code: 1011, message: 'Not tried' },
  ];
  const { actions, calls } = over(() => {
    const error = failure(404);
    throw Object.assign(error, { error: { ...error.error, failed } });
  });
  const action = await actions.onPeople('kick', crowd(3));
  assert.deepEqual(results(action), ['gone', 'unknown', 'failed']);
  assert.equal(calls.length, 1);
});

test('an action continues in the meeting it began in, whatever the element shows by then', async () => {
  let meeting = 'first';
  const meetings = [];
  const call = async (_app, of) => {
    meetings.push(of);
    meeting = 'second';
    return { data: {}, response: { headers: new Headers() } };
  };
  const kickParticipants = (...given) => ({ withResponse: () => call(...given) });
  const actions = new Actions({
    api: () => ({ kit: { activeSession: { kickParticipants } }, ids: ['app', meeting] }),
    mayKick: () => true,
    changed: () => {},
    ended: () => {},
  });
  await actions.onPeople('kick', crowd(60));
  assert.deepEqual(meetings, ['first', 'first', 'first']);
});

test('a moderator who may not kick can still ban', async () => {
  const { actions, calls } = over(() => {}, { mayKick: false });
  assert.equal((await actions.onPeople('ban', [person('a')])).outcome, 'done');
  assert.deepEqual(calls, [['deleteMeetingParticipant', 'a']]);
});

test('actions on the meeting: their requests, and the reason of a failure', async () => {
  const { actions, calls } = over((method) => {
    if (method === 'kickAllParticipants') throw failure(409);
  });
  await actions.onRoom('muteAll', { allowUnmute: true });
  await actions.onRoom('lock');
  await actions.onRoom('unlock');
  const poll = { question: '?', options: ['a', 'b'], anonymous: true, hide_votes: false };
  await actions.onRoom('poll', { poll });
  const failed = await actions.onRoom('kickAll');
  assert.deepEqual(calls, [
    ['muteAllParticipants', { allow_unmute: true }],
    ['updateMeetingById', { status: 'INACTIVE' }],
    ['updateMeetingById', { status: 'ACTIVE' }],
    ['createPoll', poll],
    ['kickAllParticipants', undefined],
  ]);
  assert.deepEqual([failed.outcome, failed.why], ['failed', 'no (409)']);
});

test('a reason is the API’s message where there is one', () => {
  assert.equal(reason(failure(400)), 'no (400)');
  assert.equal(reason({ status: 403, errors: [{ message: 'not you' }] }), 'not you (403)');
  assert.equal(reason(new Error('broke')), 'broke');
  assert.equal(reason(undefined), 'undefined');
});

test('old actions lose their details and then go, except polls in doubt', async () => {
  let lost = true;
  const { actions } = over(() => {
    if (lost) throw failure(502, true);
  });
  const doubtful = await actions.onRoom('poll', { poll: { question: '?' } });
  lost = false;
  const first = await actions.onPeople('mute', crowd(6000));
  const [target] = first.targets;
  assert.deepEqual([target.person.name, target.person.id], ['u0', 'u0']);
  assert.deepEqual([target.person.text, target.person.stays], ['', []]);
  assert.equal(first.targets.length, 6000);
  const second = await actions.onPeople('mute', crowd(6000));
  assert.deepEqual([first.targets.length, first.more, first.hidden], [0, 6000, true]);
  assert.equal(second.targets.length, 6000, 'the newest is whole');
  for (let time = 0; time < 600; time += 1) await actions.onRoom('muteAll');
  assert.ok(actions.list.length <= 501, `${actions.list.length}`);
  assert.ok(actions.list.includes(doubtful));
});

test('a participant who is still in after a kick brings its dismissed outcome back', async () => {
  const { actions } = over(() => {});
  const [a, b] = crowd(2);
  const kick = await actions.onPeople('kick', [a, b]);
  await actions.onPeople('mute', [b]);
  actions.dismiss(kick);
  actions.stillIn([b]);
  assert.deepEqual([kick.still, kick.hidden], [1, false]);
});
