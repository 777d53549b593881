// A poll is made at most once, whatever happens to its response. Idempotent calls are retried.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Official from 'cloudflare';
import Cloudflare, {
  APIConnectionError,
  NotFoundError,
  RateLimitError,
} from 'realtimekit-moderator';
import { faults, startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { freePort } from '../support/listen.mjs';
import { manualTimeouts } from '../support/timers.mjs';

const POLL = { question: 'Tea?', options: ['yes', 'no'] };

/** Faults after the server has acted. The caller cannot know that it has. */
const ACTED = [
  'reset-after',
  'close-after',
  'hang-after',
  'cut',
  'cut:chunked',
  'cut:end=reset',
  'stall',
  'stall:chunked',
  'not-json',
  'html:code=502:act=after',
  ...[408, 409, 500, 502, 503, 504].map((code) => `status:code=${code}:act=after`),
];

let emulator;
let client;
const timeouts = manualTimeouts();
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  client = new Cloudflare(emulator.options);
});
after(() => {
  timeouts.restore();
  return emulator?.stop();
});

/** Whether the response to a request with this fault never ends. */
const neverEnds = (fault) => /^(hang|stall)/.test(fault);

async function stateOf(meeting) {
  const state = await emulator.control('GET', `state?meeting_id=${meeting.meeting_id}`);
  return state.meetings[0];
}

const polls = async (meeting) => (await stateOf(meeting)).polls.length;
const sent = async (meeting) => (await emulator.requests(meeting.meeting_id)).length;

function createPoll(sdk, meeting, options, params = POLL) {
  const ids = [meeting.app_id, meeting.meeting_id];
  return sdk.realtimeKit.activeSession.createPoll(...ids, params, options);
}

function kick(meeting, options) {
  const params = { participant_ids: [meeting.participants[0].user_id] };
  const ids = [meeting.app_id, meeting.meeting_id];
  return client.realtimeKit.activeSession.kickParticipants(...ids, params, options);
}

const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`answered ${JSON.stringify(value)}`),
    (error) => error,
  );

describe('a poll that may exist is not sent again', { concurrency: 8 }, () => {
  for (const fault of ACTED) {
    test(`after ${fault}`, { timeout: 300_000 }, async () => {
      const meeting = await emulator.meeting();
      const timeout = timeouts.next();
      const call = rejection(createPoll(client, meeting, { headers: faults(fault), timeout }));
      if (neverEnds(fault)) {
        await eventually(() => polls(meeting), 1);
        await timeouts.expire(timeout);
      }
      const error = await call;
      assert.ok(error instanceof Cloudflare.APIError, `${error.stack}`);
      assert.equal(error.maybeApplied, true);
      assert.equal(error.attempts, 1);
      assert.equal(await polls(meeting), 1);
      assert.equal(await sent(meeting), 1);
      const code = /code=(\d+)/.exec(fault)?.[1];
      if (code) assert.equal(error.status, Number(code));
    });
  }
});

describe('a kick is retried after the same faults', { concurrency: 8 }, () => {
  for (const fault of ACTED) {
    test(`after ${fault}`, { timeout: 300_000 }, async () => {
      const meeting = await emulator.meeting();
      const timeout = timeouts.next();
      const call = rejection(kick(meeting, { headers: faults(fault), timeout }));
      if (neverEnds(fault)) {
        await eventually(async () => (await stateOf(meeting)).counts.live_peers, 2);
        await timeouts.expire(timeout);
      }
      // The first attempt worked, so the second finds no participant.
      const error = await call;
      assert.ok(error instanceof NotFoundError, `${error.stack}`);
      assert.equal(error.maybeApplied, true);
      assert.equal(error.attempts, 2);
      assert.equal(await sent(meeting), 2);
      assert.equal((await stateOf(meeting)).counts.live_peers, 2);
    });
  }

  test('and works if the first attempt did not', async () => {
    const meeting = await emulator.meeting();
    const headers = faults('status:code=503:retry-after-ms=1', 'status:code=409:retry-after-ms=1');
    const result = await kick(meeting, { headers });
    assert.equal(result.data.participants.length, 1);
    assert.equal((await stateOf(meeting)).counts.live_peers, 2);
    assert.equal(await sent(meeting), 3);
  });
});

test('a poll that was certainly refused is retried, and made once', async () => {
  for (const fault of [
    'status:code=429:retry-after-ms=1',
    'status:code=500:should-retry=true:retry-after-ms=1',
  ]) {
    const meeting = await emulator.meeting();
    const result = await createPoll(client, meeting, { headers: faults(fault) });
    assert.equal(result.data.poll.question, POLL.question);
    assert.equal(await polls(meeting), 1);
    assert.equal(await sent(meeting), 2);
  }
});

test('a poll refused at every attempt was not made', async () => {
  const meeting = await emulator.meeting();
  const refusal = 'status:code=429:retry-after-ms=1';
  const headers = faults(...Array(4).fill(refusal));
  const error = await rejection(createPoll(client, meeting, { headers, maxRetries: 3 }));
  assert.ok(error instanceof RateLimitError);
  assert.equal(error.maybeApplied, false);
  assert.equal(error.attempts, 4);
  assert.equal(await polls(meeting), 0);
});

test('x-should-retry: false prevents a retry', async () => {
  const meeting = await emulator.meeting();
  const headers = faults('status:code=429:should-retry=false');
  const error = await rejection(createPoll(client, meeting, { headers }));
  assert.equal(error.attempts, 1);
  assert.equal(await sent(meeting), 1);
});

test('a refused first attempt is not maybeApplied', async () => {
  const meeting = await emulator.meeting();
  const ids = [meeting.app_id, meeting.meeting_id];
  const unknown = { custom_participant_ids: ['nobody-of-this-name'] };
  const error = await rejection(client.realtimeKit.activeSession.kickParticipants(...ids, unknown));
  assert.ok(error instanceof NotFoundError);
  assert.equal(error.maybeApplied, false);
  assert.equal(error.attempts, 1);
});

test('a failed read is not maybeApplied', async () => {
  const meeting = await emulator.meeting();
  const headers = faults('reset-after');
  const ids = [meeting.app_id, meeting.meeting_id];
  const error = await rejection(
    client.realtimeKit.activeSession.getActiveSession(...ids, {}, { headers, maxRetries: 0 }),
  );
  assert.ok(error instanceof APIConnectionError);
  assert.equal(error.maybeApplied, false);
});

test('a refused connection is not maybeApplied', async () => {
  const baseURL = `http://127.0.0.1:${await freePort()}`;
  const disconnected = new Cloudflare({ ...emulator.options, baseURL, maxRetries: 0 });
  const meeting = { app_id: 'app', meeting_id: 'meeting' };
  const error = await rejection(createPoll(disconnected, meeting));
  assert.ok(error instanceof APIConnectionError);
  assert.equal(error.maybeApplied, false);
  assert.equal(error.attempts, 1);
});

test('the faults are effective: the official SDK makes two polls', async () => {
  const { baseURL, apiToken, accountId } = emulator.options;
  const official = new Official({ baseURL, apiToken });
  for (const fault of ['reset-after', 'status:code=500:act=after:retry-after-ms=1']) {
    const meeting = await emulator.meeting();
    const params = { account_id: accountId, ...POLL };
    await createPoll(official, meeting, { headers: faults(fault) }, params);
    assert.equal(await polls(meeting), 2);
  }
});

describe('a poll has an idempotency key', () => {
  const keys = async (meeting) =>
    (await emulator.requests(meeting.meeting_id)).map(({ headers }) => headers['idempotency-key']);

  test('the same in all attempts, a new one for each poll', async () => {
    const meeting = await emulator.meeting();
    const fault = 'status:code=429:retry-after-ms=1';
    await createPoll(client, meeting, { headers: faults(fault, fault) });
    await createPoll(client, meeting);
    const [first, ...others] = await keys(meeting);
    assert.match(first, /^once(-\d{1,5}){6}$/);
    assert.deepEqual(others.slice(0, 2), [first, first]);
    assert.equal(new Set([first, ...others]).size, 2);
  });

  test('the given one, or none if the header is null', async () => {
    const meeting = await emulator.meeting();
    await createPoll(client, meeting, { idempotencyKey: 'mine' });
    await createPoll(client, meeting, { headers: { 'Idempotency-Key': null } });
    assert.deepEqual(await keys(meeting), ['mine', undefined]);
  });

  test('other calls have none by default', async () => {
    const meeting = await emulator.meeting();
    await kick(meeting);
    assert.deepEqual(await keys(meeting), [undefined]);
  });
});
