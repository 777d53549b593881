// `_` in place of the account in a path: the gateway's own account.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Cloudflare from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';
import { assertRefusal, startGateway } from '../support/gateway.mjs';

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator);
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

test('reads, actions, the audit log and a watch work without the account', async () => {
  const meeting = await emulator.meeting(3);
  const { app_id, meeting_id, session_id, participants } = meeting;
  const client = new Cloudflare({ ...gateway.options(meeting), accountId: '_' });
  const { activeSession, meetings, sessions } = client.realtimeKit;
  const kicked = { participant_ids: [participants[0].user_id] };
  await activeSession.kickParticipants(app_id, meeting_id, kicked);
  const { data } = await sessions.getSessionParticipants(app_id, session_id);
  assert.equal(data.participants.length, 3);
  const audit = (await meetings.getAudit(app_id, meeting_id)).data;
  assert.equal(audit.records[0].operation, 'KickParticipants');
  for await (const snapshot of activeSession.watch(app_id, meeting_id)) {
    assert.equal(snapshot.trouble, null);
    if (snapshot.participants.filter(({ present }) => present).length === 2) break;
  }
  for (const { path } of await emulator.requests(meeting_id))
    assert.ok(path.includes(`/accounts/${emulator.account_id}/`), path);
});

test('another account is still refused', async () => {
  const meeting = await emulator.meeting(1);
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
  const other = path.replace(emulator.account_id, '__');
  const response = await gateway.ask(gateway.grant(meeting), 'GET', other);
  assertRefusal(response, 403, 'The grant is for another account');
});
