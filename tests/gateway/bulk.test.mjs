// A list of people of which some are unknown: the API acts on nobody then, the gateway on everybody
// else, on each once, and says who is left.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Official from 'cloudflare';
import Ours from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertRefusal, startGateway } from '../support/gateway.mjs';

const NOBODY = '00000000-0000-4000-8000-00000000000';

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, ROOMY);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

const send = (verb, meeting, body, { of = gateway, headers, claims } = {}) => {
  const path = of.path(meeting, `meetings/${meeting.meeting_id}/active-session/${verb}`);
  return of.ask(of.grant(meeting, claims), 'POST', path, body, headers);
};

async function stateOf({ meeting_id }) {
  return (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0];
}

/** What was sent for a meeting, and the IDs that each request which acted named. */
async function sentFor({ meeting_id }) {
  const { requests } = await emulator.control('GET', `requests?path=${meeting_id}`);
  const posts = requests.filter(({ method }) => method === 'POST');
  const acted = posts
    .filter((one) => one.acted)
    .flatMap(({ body }) => Object.values(JSON.parse(body)).flat());
  return { posts, acted };
}

const peers = (meeting, ...places) => places.map((n) => meeting.participants[n].peer_id).sort();
const told = (answer) => answer.body.data.participants.map(({ id }) => id).sort();
const failedIds = (answer) => answer.body.failed.map(({ id }) => id).sort();

for (const verb of ['kick', 'mute']) {
  describe(`a ${verb} of many`, () => {
    test('who are all there is one request, and nothing failed', async () => {
      const meeting = await emulator.meeting(6);
      const participant_ids = meeting.participants.map(({ user_id }) => user_id);
      const answer = await send(verb, meeting, { participant_ids });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.data.participants.length, 6);
      assert.ok(!answer.body.failed?.length);
      assert.equal((await sentFor(meeting)).posts.length, 1);
    });

    test('of whom some are not there acts on the rest, on each once', async () => {
      const meeting = await emulator.meeting(6);
      const [a, b, c, d] = meeting.participants;
      const participant_ids = [`${NOBODY}1`, a.user_id, b.user_id, `${NOBODY}2`, c.user_id];
      const custom_participant_ids = ['no such name', d.custom_participant_id];
      const answer = await send(verb, meeting, { participant_ids, custom_participant_ids });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.body.success, true);
      assert.deepEqual(told(answer), peers(meeting, 0, 1, 2, 3));
      assert.deepEqual(failedIds(answer), [`${NOBODY}1`, `${NOBODY}2`, 'no such name'].sort());
      for (const one of answer.body.failed) {
        assert.equal(one.code, 404);
        assert.match(one.message, /No user found/);
        assert.ok(!one.maybe_applied);
      }
      const wanted = [a.user_id, b.user_id, c.user_id, d.custom_participant_id];
      assert.deepEqual((await sentFor(meeting)).acted.sort(), wanted.sort());
      const { counts } = await stateOf(meeting);
      if (verb === 'kick') assert.equal(counts.live_peers, 2);
      else assert.equal(counts.muted_peers, 4);
    });

    test('of whom nobody is there is the API’s refusal, and says who', async () => {
      const meeting = await emulator.meeting(2);
      const participant_ids = [`${NOBODY}1`, `${NOBODY}2`];
      const answer = await send(verb, meeting, { participant_ids });
      assert.equal(answer.status, 404);
      assert.match(answer.text, /No user found/);
      assert.equal(answer.body.success, false);
      assert.deepEqual(failedIds(answer), participant_ids);
      const { counts } = await stateOf(meeting);
      assert.deepEqual([counts.live_peers, counts.muted_peers], [2, 0]);
    });

    test('of one who is not there is the API’s refusal', async () => {
      const meeting = await emulator.meeting(2);
      const answer = await send(verb, meeting, { participant_ids: [`${NOBODY}1`] });
      assert.equal(answer.status, 404);
      assert.equal((await sentFor(meeting)).posts.length, 1);
    });

    test('twice the same one acts once', async () => {
      const meeting = await emulator.meeting(3);
      const { user_id } = meeting.participants[0];
      const participant_ids = [user_id, `${NOBODY}1`, user_id];
      const answer = await send(verb, meeting, { participant_ids });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(told(answer), peers(meeting, 0));
      assert.deepEqual(failedIds(answer), [`${NOBODY}1`]);
    });

    test('in a meeting without a session is the API’s refusal, once', async () => {
      const meeting = await emulator.meeting(0);
      const participant_ids = [1, 2, 3, 4].map((n) => `${NOBODY}${n}`);
      const answer = await send(verb, meeting, { participant_ids });
      assert.equal(answer.status, 404);
      const { posts } = await sentFor(meeting);
      assert.equal(posts.length, 1);
      assert.deepEqual(JSON.parse(posts[0].body), { participant_ids });
    });

    test('costs no more requests than it may, and leaves nobody out', async () => {
      const made = await startGateway(emulator, { ...ROOMY, bulk: { max_requests: 4 } });
      const meeting = await emulator.meeting(20);
      const known = meeting.participants.map(({ user_id }) => user_id);
      const participant_ids = known.flatMap((id, n) => [id, `00000000-0000-4000-8000-${n + 1e11}`]);
      const answer = await send(verb, meeting, { participant_ids }, { of: made });
      const { posts, acted } = await sentFor(meeting);
      assert.ok(posts.length <= 4, `${posts.length}`);
      assert.equal(new Set(acted).size, acted.length);
      const rest = participant_ids.filter((id) => !acted.includes(id));
      assert.deepEqual(failedIds(answer), rest.sort());
      await made.stop();
    });
  });
}

test('beyond what its moderator may cost in a minute the rest is not tried', async () => {
  const settings = { ...ROOMY, mutations: { ...ROOMY.mutations, requests_per_minute: 5 } };
  const made = await startGateway(emulator, settings);
  const [meeting, other] = [await emulator.meeting(3), await emulator.meeting(3)];
  const unknown = Array.from({ length: 20 }, (_, n) => `00000000-0000-4000-8000-${n + 1e11}`);
  const participant_ids = [...unknown, ...meeting.participants.map(({ user_id }) => user_id)];
  const answer = await send('kick', meeting, { participant_ids }, { of: made });
  // Of each of the five the API has named one; nobody was acted on.
  assert.equal(answer.status, 404);
  assert.equal((await emulator.requests(meeting.meeting_id)).length, 5);
  assert.deepEqual(failedIds(answer), [...participant_ids].sort());
  const rest = answer.body.failed.filter(({ message }) => message.startsWith('Not tried: '));
  assert.equal(rest.length, participant_ids.length - 5);
  assert.ok(answer.body.failed.every((one) => !one.maybe_applied));
  assert.ok(meeting.participants.every((one) => rest.some(({ id }) => id === one.user_id)));

  const ids = { participant_ids: [other.participants[0].user_id] };
  const refused = await send('kick', other, ids, { of: made });
  assertRefusal(refused, 429);
  assert.match(refused.headers['retry-after'], /^\d+$/);
  assert.equal((await emulator.requests(other.meeting_id)).length, 0);
  const bobs = await send('kick', other, ids, { of: made, claims: { sub: 'bob' } });
  assert.equal(bobs.status, 200, bobs.text);
  await made.stop();
});

test('the one whose fate is not known is said to be so', async () => {
  const meeting = await emulator.meeting(4);
  const known = meeting.participants.map(({ user_id }) => user_id);
  // The list is refused; what the gateway then sends is carried out, and never answered.
  const steps = ['ok', ...Array(30).fill('reset-after')];
  const { meeting_id } = meeting;
  await emulator.control('POST', 'faults', { operation: 'KickParticipants', meeting_id, steps });
  const answer = await send('kick', meeting, { participant_ids: [...known, `${NOBODY}1`] });
  const unknown = answer.body.failed.filter((one) => one.maybe_applied).map(({ id }) => id);
  const { acted } = await sentFor(meeting);
  for (const id of acted) assert.ok(unknown.includes(id), id);
  assert.ok(unknown.length > 0);
  assert.ok(answer.status === 200 || answer.status >= 400);
  await emulator.control('DELETE', 'faults');
});

test('both clients get the answer, and what failed', async () => {
  for (const Sdk of [Ours, Official]) {
    const meeting = await emulator.meeting(3);
    const client = new Sdk(gateway.options(meeting));
    const participant_ids = [meeting.participants[0].user_id, `${NOBODY}1`];
    const { data, failed } = await client.realtimeKit.activeSession.kickParticipants(
      ...[meeting.app_id, meeting.meeting_id],
      { participant_ids, account_id: emulator.account_id },
    );
    assert.equal(data.participants.length, 1);
    assert.deepEqual(
      failed.map(({ id, code }) => [id, code]),
      [[`${NOBODY}1`, 404]],
    );
  }
});

test('asked again with its key, the same answer comes, and nothing more is done', async () => {
  const meeting = await emulator.meeting(3);
  const participant_ids = [meeting.participants[0].user_id, `${NOBODY}1`];
  const headers = { 'idempotency-key': 'bulk-1' };
  const first = await send('kick', meeting, { participant_ids }, { headers });
  const { posts } = await sentFor(meeting);
  const again = await send('kick', meeting, { participant_ids }, { headers });
  assert.equal(again.text, first.text);
  assert.equal((await sentFor(meeting)).posts.length, posts.length);
});
