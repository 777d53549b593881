// Protected participants, reasons in the audit, and the list of live meetings, through the gateway.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertRefusal, startGateway } from '../support/gateway.mjs';
import { json, startServer } from '../support/server.mjs';

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, ROOMY);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

/** Requests of a moderator for a meeting. */
const moderator = (meeting, claims) => {
  const grant = gateway.grant(meeting, claims);
  return (method, rest, body, more) =>
    gateway.ask(
      grant,
      method,
      gateway.path(meeting, `meetings/${meeting.meeting_id}${rest}`),
      body,
      more,
    );
};
const kick = (ids) => ['POST', '/active-session/kick', ids];
const mutations = async ({ meeting_id }) =>
  (await emulator.requests(meeting_id)).filter(({ method }) => method !== 'GET');
const stateOf = async ({ meeting_id }) =>
  (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0];

describe('protected participants', () => {
  test('a protected participant is acted on by none of their IDs, alone or with others', async () => {
    const meeting = await emulator.meeting(4);
    const [one, two] = meeting.participants;
    for (const id of [one.user_id, one.custom_participant_id]) {
      const ask = moderator(meeting, { protect: { ids: [id] } });
      for (const request of [
        kick({ participant_ids: [one.user_id] }),
        kick({ custom_participant_ids: [one.custom_participant_id] }),
        kick({ participant_ids: [two.user_id, one.user_id] }),
        ['POST', '/active-session/mute', { participant_ids: [one.user_id] }],
        ['DELETE', `/participants/${one.user_id}`],
        ['POST', '/active-session/kick-all'],
        ['POST', '/active-session/mute-all', { allow_unmute: true }],
      ])
        assertRefusal(
          await ask(...request),
          403,
          'The grant protects a participant',
          request.join(),
        );
      assert.deepEqual(await mutations(meeting), []);
    }
    // Others are not protected.
    const ask = moderator(meeting, { protect: { ids: [one.user_id] } });
    assert.equal((await ask(...kick({ participant_ids: [two.user_id] }))).status, 200);
    assert.equal((await ask('PATCH', '', { status: 'INACTIVE' })).status, 200);
  });

  test('a preset is protected, and so is the moderator', async () => {
    const meeting = await emulator.meeting(6);
    const { participants } = await stateOf(meeting);
    const preset = participants[0].preset_name;
    const other = participants.find(({ preset_name }) => preset_name !== preset);
    const ask = moderator(meeting, { protect: { presets: [preset] } });
    const kicked = (of, { user_id }) => of(...kick({ participant_ids: [user_id] }));
    assertRefusal(await kicked(ask, participants[0]), 403, /protects/);
    assert.equal((await kicked(ask, other)).status, 200);
    // Their own participant, by the app's ID.
    const self = participants.find((one) => one !== other && one.preset_name !== preset);
    const own = moderator(meeting, { sub: self.custom_participant_id, protect: {} });
    assertRefusal(await kicked(own, self), 403, /protects/);
    assert.equal(
      (await own('POST', '/active-session/mute-all', { allow_unmute: true })).status,
      200,
    );
  });

  test('without a roster nothing is done', async () => {
    const rules = { protect: { presets: ['group_call_host'] } };
    const unknown = 'Whether a participant is protected is not known';
    const meeting = await emulator.meeting(3);
    assertRefusal(await moderator(meeting, rules)('DELETE', '/participants/nobody'), 503, unknown);
    // No response is remembered for this one.
    const other = await emulator.meeting(3);
    await emulator.control('POST', 'faults', {
      ...{ operation: 'GetSessionParticipants', meeting_id: other.meeting_id },
      steps: Array(5).fill('status:code=500'),
    });
    const body = { participant_ids: [other.participants[0].user_id] };
    assertRefusal(await moderator(other, rules)(...kick(body)), 503, unknown);
    for (const one of [meeting, other]) assert.deepEqual(await mutations(one), []);
    await emulator.control('DELETE', 'faults');
  });

  test('someone who has come after the last read is protected from what concerns everyone', async (t) => {
    const limited = await startGateway(emulator, {
      ...ROOMY,
      reads: { ...ROOMY.reads, new_per_minute: 2 },
    });
    t.after(limited.stop);
    const meeting = await emulator.meeting(2);
    const grant = limited.grant(meeting, { protect: { ids: ['late'] } });
    const at = (rest) => limited.path(meeting, rest);
    const session = `meetings/${meeting.meeting_id}/active-session`;
    const ask = (method, rest, body) => limited.ask(grant, method, at(rest), body);
    const { body } = await ask('GET', session);
    // As the gateway reads it, so that it would be remembered. There are no more reads for this moderator.
    const query = 'per_page=200&sort_by=joinedAt&sort_order=ASC';
    const list = await ask('GET', `sessions/${body.data.id}/participants?${query}`);
    assert.equal(list.body.data.participants.length, 2);
    const { meeting_id } = meeting;
    await emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'late' });
    const unknown = 'Whether a participant is protected is not known';
    assertRefusal(await ask('POST', `${session}/kick-all`), 503, unknown);
    assertRefusal(await ask('POST', `${session}/mute-all`, { allow_unmute: true }), 503, unknown);
    assert.deepEqual(await mutations(meeting), []);
  });

  test('a list that does not say how long it is protects no one less', async (t) => {
    const peer = { id: 'peer', user_id: 'guest', preset_name: 'guest', left_at: null };
    const api = await startServer((request, response) => {
      const list = request.url.includes('/participants');
      json(response, { success: true, data: list ? { participants: [peer] } : { id: 'session' } });
    });
    t.after(api.stop);
    const base_url = `${api.url}/client/v4`;
    const before = await startGateway({ ...emulator, base_url }, ROOMY);
    t.after(before.stop);
    const meeting = { app_id: 'app', meeting_id: 'meeting' };
    const grant = before.grant(meeting, { protect: { presets: ['host'] } });
    const path = before.path(meeting, 'meetings/meeting/active-session/kick-all');
    assertRefusal(await before.ask(grant, 'POST', path), 503, /not known/);
    assert.ok(api.requests.every(({ method }) => method === 'GET'));
  });

  test('a repeat of a key gets the first response, although the session has ended by then', async () => {
    const meeting = await emulator.meeting(2);
    const ask = moderator(meeting, { protect: { presets: ['none_has_it'] } });
    const request = kick({ participant_ids: [meeting.participants[0].user_id] });
    const key = { 'idempotency-key': 'once' };
    const first = await ask(...request, key);
    assert.equal(first.status, 200, first.text);
    assert.equal((await moderator(meeting)('POST', '/active-session/kick-all')).status, 200);
    const again = await ask(...request, key);
    assert.equal(again.text, first.text);
    assert.equal(again.headers['idempotent-replayed'], 'true');
  });

  test('rules that cannot be enforced make a grant invalid', async () => {
    const meeting = await emulator.meeting(1);
    for (const protect of [
      7,
      'host',
      [],
      { preset: ['host'] },
      { presets: 'host' },
      { ids: [7] },
    ]) {
      const ask = moderator(meeting, { protect });
      assertRefusal(await ask('GET', '/active-session'), 401, /protect must be an object/);
    }
  });

  test('all pages of a large meeting count', async () => {
    const meeting = await emulator.meeting(450);
    const last = meeting.participants.at(-1);
    const ask = moderator(meeting, { protect: { ids: [last.custom_participant_id] } });
    assertRefusal(await ask(...kick({ participant_ids: [last.user_id] })), 403, /protects/);
    const [first] = meeting.participants;
    assert.equal((await ask(...kick({ participant_ids: [first.user_id] }))).status, 200);
  });
});

describe('a reason', () => {
  test('is in the audit, and does not go to the API', async () => {
    const meeting = await emulator.meeting(2);
    const ask = moderator(meeting);
    const [{ user_id }] = meeting.participants;
    const headers = { 'x-moderation-reason': encodeURIComponent('Störung & Spam') };
    const kicked = await ask(...kick({ participant_ids: [user_id] }), headers);
    assert.equal(kicked.status, 200);
    const { records } = (await ask('GET', '/audit')).body.data;
    assert.equal(records[0].moderator_reason, 'Störung & Spam');
    const [sent] = await mutations(meeting);
    assert.ok(!JSON.stringify(sent).includes('moderation-reason'));
  });

  test('that is no text on one line is refused', async () => {
    const meeting = await emulator.meeting(2);
    const ask = moderator(meeting);
    const body = { participant_ids: [meeting.participants[0].user_id] };
    for (const reason of ['%0A', '%FF', 'a=b', 'x'.repeat(1025)]) {
      const headers = { 'x-moderation-reason': reason };
      assertRefusal(await ask(...kick(body), headers), 400, /x-moderation-reason/, reason);
    }
    assert.deepEqual(await mutations(meeting), []);
  });
});

describe('the live meetings of an app', () => {
  const sessions = (meeting, claims, query = '?status=LIVE') =>
    gateway.ask(gateway.grant(meeting, claims), 'GET', gateway.path(meeting, `sessions${query}`));

  test('are listed for a grant for every meeting', async () => {
    const meeting = await emulator.meeting(3);
    const { status, body } = await sessions(meeting, { meeting_id: '*' });
    assert.equal(status, 200);
    const own = body.data.sessions.find(
      ({ associated_id }) => associated_id === meeting.meeting_id,
    );
    assert.deepEqual([own.live_participants, own.status], [3, 'LIVE']);
    const page = await sessions(meeting, { meeting_id: '*' }, '?status=LIVE&per_page=1');
    assert.equal(page.body.data.sessions.length, 1);
    // Such a grant is good for each of them.
    const ask = moderator(meeting, { meeting_id: '*' });
    assert.equal((await ask('GET', '/active-session')).status, 200);
  });

  test('are no business of other grants, and ended ones of nobody', async () => {
    const meeting = await emulator.meeting(1);
    assertRefusal(await sessions(meeting), 403, 'The grant is for another meeting');
    assertRefusal(
      await sessions(meeting, { meeting_id: '*', can: ['kick'] }),
      ...[403, 'The grant lacks the permission read'],
    );
    for (const query of ['', '?status=ENDED', '?status=LIVE&start_time=2020'])
      assertRefusal(await sessions(meeting, { meeting_id: '*' }, query), 400, undefined, query);
  });
});

test('a refusal is named in one word', async () => {
  const meeting = await emulator.meeting(1);
  const ask = moderator(meeting, { can: ['kick'] });
  const { errors } = (await ask('GET', '/active-session')).body;
  assert.deepEqual([errors[0].reason, errors[0].permission], ['permission', 'read']);
});
