// A test of an app, run by node:test. It forgets to stop an emulator.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmulator } from 'realtimekit-emulator';
import Cloudflare from 'realtimekit-moderator';

test('a kick is retried after a lost connection, and acts', async () => {
  const emulator = await startEmulator();
  const { appId, meetingId, participants } = await emulator.createMeeting();
  await emulator.faults(['reset-before'], { operation: 'KickParticipants', meetingId });
  const client = new Cloudflare(emulator.clientOptions);
  const { data } = await client.realtimeKit.activeSession.kickParticipants(appId, meetingId, {
    custom_participant_ids: [participants[0].customParticipantId],
  });
  assert.equal(data.participants.length, 1);
  const { meetings } = await emulator.state(meetingId);
  assert.equal(meetings[0].counts.live_peers, 2);
  await emulator[Symbol.asyncDispose]();
  await assert.rejects(emulator.state());
});

test('the same seed gives the same world; time passes when the test says', async () => {
  const emulators = await Promise.all([startEmulator({ seed: 7 }), startEmulator({ seed: 7 })]);
  assert.equal(emulators[0].meetingId, emulators[1].meetingId);
  const [before] = await Promise.all(emulators.map((one) => one.state()));
  await emulators[0].advance(60);
  const after = await emulators[0].state();
  assert.equal(Date.parse(after.now) - Date.parse(before.now), 60_000);
  console.log(`left running: ${emulators.map(({ url }) => url).join(' ')}`);
});
