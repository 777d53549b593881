// What a webhook of the emulator gets: the events after its registration, and none from before.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { eventually } from '../support/eventually.mjs';
import { startServer } from '../support/server.mjs';

let emulator, receiver;
before(async () => {
  [emulator, receiver] = await Promise.all([startEmulator(), startServer()]);
});
after(() => Promise.all([emulator?.stop(), receiver?.stop()]));

test('a webhook gets no event from before its registration', async () => {
  const kit = `${emulator.base_url}/accounts/${emulator.account_id}/realtime/kit`;
  // Often, for events are collected now and then.
  for (let n = 0; n < 20; n += 1) {
    // Three events: the start, and two joins.
    const { meeting_id } = await emulator.meeting(2);
    const events = ['meeting.started', 'meeting.participantJoined'];
    const id = await emulator.registerWebhook(`later-${n}`, `${receiver.url}/${n}`, events);
    await emulator.control('POST', 'join', { meeting_id, custom_participant_id: `after-${n}` });
    const own = () => receiver.requests.filter(({ url }) => url === `/${n}`);
    await eventually(() => own().length > 0, true);
    assert.deepEqual(
      own().map(({ body }) => JSON.parse(body).participant?.customParticipantId),
      [`after-${n}`],
    );
    const removed = await fetch(`${kit}/${emulator.app_id}/webhooks/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${emulator.api_token}` },
    });
    assert.equal(removed.status, 200);
  }
});

test('an event is delivered as was asked for when it happened', async (t) => {
  t.after(() => emulator.control('POST', 'webhooks', {}));
  const meeting = await emulator.meeting(1);
  const events = ['meeting.participantJoined'];
  await emulator.registerWebhook('modes', `${receiver.url}/modes`, events);
  const { meeting_id } = meeting;
  const join = (custom_participant_id) =>
    emulator.control('POST', 'join', { meeting_id, custom_participant_id });
  const deliver = (mode) => emulator.control('POST', 'webhooks', { deliver: mode });
  // Often, for events are collected now and then.
  for (let n = 0; n < 20; n += 1) {
    await deliver('drop');
    await join(`dropped-${n}`);
    await deliver('hold');
    await join(`held-${n}`);
    assert.deepEqual(await emulator.control('POST', 'webhooks/release', {}), { sent: 1 });
  }
  const received = receiver.requests
    .filter(({ url }) => url === '/modes')
    .map(({ body }) => JSON.parse(body).participant.customParticipantId);
  assert.deepEqual(
    received,
    Array.from({ length: 20 }, (_, n) => `held-${n}`),
  );
});
