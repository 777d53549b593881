// The element's logic without a view: actions on participants and on the meeting, and their outcomes. In Node,
// from the sources, with a fake API.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Actions } from '../../www/element/model/actions.js';
import { formats } from '../../www/element/model/format.js';
import de from '../../www/element/locales/de.js';
import en from '../../www/element/locales/en.js';
import { problemOf, progress } from '../../www/element/model/outcomes.js';
import { stillPresent } from '../../www/element/model/removal-checks.js';
import { toParticipant } from '../../www/element/model/participants.js';

const participant = (key, present = true) =>
  toParticipant({ key, user_id: key, display_name: key, present, peers: [{ id: `p-${key}` }] });
const crowd = (count) => Array.from({ length: count }, (_, place) => participant(`u${place}`));

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
    api: () => ({
      kit: { activeSession: resource, meetings: resource },
      ids: ['app', 'meeting'],
      renewed: true,
    }),
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
  const action = await actions.onParticipants('kick', crowd(60));
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
  const action = await actions.onParticipants('mute', [participant('a'), participant('b', false)]);
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
  const action = await actions.onParticipants('kick', crowd(20));
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
  const action = await actions.onParticipants('mute', crowd(5), always);
  assert.deepEqual(results(action), ['done', 'failed', 'unknown', 'gone', 'done']);
  assert.deepEqual(action.targets[1].why, { status: 500, message: 'broke' });
  assert.equal(action.outcome, 'partly');
  broken = false;
  await actions.retry(action);
  assert.deepEqual(calls.at(-1)[1], { participant_ids: ['u1', 'u2'] });
  assert.deepEqual(results(action), ['done', 'done', 'done', 'gone', 'done']);
  const before = calls.length;
  await actions.retry(action);
  assert.equal(calls.length, before, 'nothing is left to retry');
});

test('after a refused grant the remaining lists are not sent', async () => {
  for (const status of [401, 403]) {
    const { actions, calls } = over(() => {
      throw failure(status);
    });
    const action = await actions.onParticipants('kick', crowd(60));
    assert.equal(calls.length, 1);
    assert.equal(action.outcome, 'failed');
    assert.ok(action.targets.every(({ why }) => why.status === status && why.message === 'no'));
  }
});

test('an action that may have worked is unknown, not failed', async () => {
  const { actions } = over(() => {
    throw failure(502, true);
  });
  assert.equal((await actions.onParticipants('kick', crowd(1))).outcome, 'unknown');
  assert.equal((await actions.onMeeting('poll', { poll: {} })).outcome, 'unknown');
});

test('a ban deletes the participant, then kicks; a 404 means they were banned already', async () => {
  const { actions, calls } = over((method, id) => {
    if (method === 'deleteMeetingParticipant' && id === 'b') throw failure(404);
  });
  const action = await actions.onParticipants('ban', [
    participant('a'),
    participant('b'),
    participant('c', false),
  ]);
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
  const action = await actions.onParticipants('ban', [participant('a')], always);
  assert.equal(action.outcome, 'failed');
  // The text says what the first half did.
  assert.match(en(formats('en')).did(action), /is banned but may still be in the meeting/);
  assert.match(
    de(formats('de')).did(action),
    /ist ausgeschlossen, aber vielleicht noch im Meeting/,
  );
  broken = false;
  await actions.retry(action);
  assert.deepEqual(
    calls.map(([method]) => method),
    ['deleteMeetingParticipant', 'kickParticipants', 'kickParticipants'],
  );
  assert.equal(action.outcome, 'done');
});

test('a banned participant who joined before the ban is reported once', async () => {
  const { actions, calls } = over(() => {});
  const [absent, present] = [participant('out', false), participant('in')];
  await actions.onParticipants('ban', [absent, present]);
  assert.deepEqual(
    calls.filter(([method]) => method === 'kickParticipants'),
    [['kickParticipants', { participant_ids: ['in'] }]],
  );
  const seen = (...participants) => new Map(participants.map((one) => [one.key, one]));
  assert.deepEqual(actions.bannedButPresent(seen(absent, present)), []);
  const slipped = participant('out');
  assert.deepEqual(actions.bannedButPresent(seen(slipped, present)), [slipped]);
  assert.deepEqual(actions.bannedButPresent(seen(slipped, present)), []);
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
  const action = await actions.onParticipants('kick', crowd(3));
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
  await actions.onParticipants('kick', crowd(60));
  assert.deepEqual(meetings, ['first', 'first', 'first']);
});

test('a moderator who may not kick can still ban', async () => {
  const { actions, calls } = over(() => {}, { mayKick: false });
  assert.equal((await actions.onParticipants('ban', [participant('a')])).outcome, 'done');
  assert.deepEqual(calls, [['deleteMeetingParticipant', 'a']]);
});

test('actions on the meeting: their requests, and the reason of a failure', async () => {
  const { actions, calls } = over((method) => {
    if (method === 'kickAllParticipants') throw failure(409);
  });
  await actions.onMeeting('muteAll', { allowUnmute: true });
  await actions.onMeeting('lock');
  await actions.onMeeting('unlock');
  const poll = { question: '?', options: ['a', 'b'], anonymous: true, hide_votes: false };
  await actions.onMeeting('poll', { poll });
  const failed = await actions.onMeeting('kickAll');
  assert.deepEqual(calls, [
    ['muteAllParticipants', { allow_unmute: true }],
    ['updateMeetingById', { status: 'INACTIVE' }],
    ['updateMeetingById', { status: 'ACTIVE' }],
    ['createPoll', poll],
    ['kickAllParticipants', undefined],
  ]);
  assert.deepEqual([failed.outcome, failed.why], ['failed', { status: 409, message: 'no' }]);
});

test('a problem has the status, the gateway’s word and the API’s message', () => {
  assert.deepEqual(problemOf(failure(400)), { status: 400, message: 'no' });
  const refused = { status: 401, errors: [{ reason: 'grant_expired', message: 'expired' }] };
  assert.deepEqual(problemOf(refused), {
    ...{ status: 401, reason: 'grant_expired', message: 'expired' },
  });
  const lacks = { reason: 'permission', permission: 'read', message: 'lacks' };
  assert.equal(problemOf({ status: 403, errors: [lacks] }).reason, 'permission_read');
  assert.deepEqual(problemOf(new Error('broke')), { status: undefined, message: 'broke' });
  assert.deepEqual(problemOf(undefined), { status: undefined, message: 'undefined' });
});

test('old actions lose their details and then go, except polls in doubt', async () => {
  let lost = true;
  const { actions } = over(() => {
    if (lost) throw failure(502, true);
  });
  const doubtful = await actions.onMeeting('poll', { poll: { question: '?' } });
  lost = false;
  const first = await actions.onParticipants('mute', crowd(6000));
  const [target] = first.targets;
  assert.deepEqual([target.participant.name, target.participant.id], ['u0', 'u0']);
  assert.deepEqual([target.participant.text, target.participant.visits], ['', []]);
  assert.equal(first.targets.length, 6000);
  const second = await actions.onParticipants('mute', crowd(6000));
  assert.deepEqual([first.targets.length, first.more, first.hidden], [0, 6000, true]);
  assert.equal(second.targets.length, 6000, 'the newest is whole');
  for (let time = 0; time < 600; time += 1) await actions.onMeeting('muteAll');
  assert.ok(actions.list.length <= 501, `${actions.list.length}`);
  assert.ok(actions.list.includes(doubtful));
});

test('a participant who is still in after a kick brings its dismissed outcome back', async () => {
  const { actions } = over(() => {});
  const [a, b] = crowd(2);
  const kick = await actions.onParticipants('kick', [a, b]);
  await actions.onParticipants('mute', [b]);
  actions.dismiss(kick);
  stillPresent(actions.list, [b]);
  assert.deepEqual([kick.still, kick.hidden], [1, false]);
});
