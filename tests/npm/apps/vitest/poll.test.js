// A test of an app, run by Vitest.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulator } from 'realtimekit-emulator';
import Cloudflare, { APIConnectionError } from 'realtimekit-moderator';

let emulator;
beforeAll(async () => {
  emulator = await startEmulator({ participants: 0, rateLimit: 0 });
});
afterAll(() => emulator?.stop());

test('a poll whose response is lost is made once', async () => {
  const { appId, meetingId } = await emulator.createMeeting({ participants: 3 });
  await emulator.faults('reset-after', { operation: 'CreatePoll' });
  const client = new Cloudflare(emulator.clientOptions);
  const poll = { question: 'Break?', options: ['now', 'later'] };
  const lost = client.realtimeKit.activeSession.createPoll(appId, meetingId, poll);
  await expect(lost).rejects.toBeInstanceOf(APIConnectionError);
  const { meetings } = await emulator.state(meetingId);
  expect(meetings[0].counts.polls).toBe(1);
  const [request, ...more] = await emulator.requests(meetingId);
  expect([request.operation, request.acted, more.length]).toEqual(['CreatePoll', true, 0]);
});

test('a read is sent again after a 503', async () => {
  const { appId, meetingId } = await emulator.createMeeting();
  const client = new Cloudflare(emulator.clientOptions);
  const headers = emulator.faultHeaders('status:code=503:retry-after-ms=1', 'ok');
  const session = client.realtimeKit.activeSession.getActiveSession(
    appId,
    meetingId,
    {},
    { headers },
  );
  expect((await session).data.live_participants).toBe(3);
  const requests = await emulator.requests(meetingId);
  expect(requests.map(({ status }) => status)).toEqual([503, 200]);
});
