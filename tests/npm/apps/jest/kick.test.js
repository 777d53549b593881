// A test of an app, run by Jest as CommonJS.

const { startEmulator } = require('realtimekit-emulator');

let emulator;
beforeAll(async () => {
  emulator = await startEmulator({ participants: 5 });
});
afterAll(() => emulator.stop());

test('a participant leaves and joins', async () => {
  const { meetingId, participants } = await emulator.createMeeting({ participants: 2 });
  const [{ userId }] = participants;
  expect((await emulator.leave({ meetingId, userId })).left).toHaveLength(1);
  const live = async () => (await emulator.state(meetingId)).meetings[0].counts.live_peers;
  expect(await live()).toBe(1);
  await emulator.join({ meetingId, customParticipantId: 'ada', name: 'Ada' });
  expect(await live()).toBe(2);
});

test('a wrong fault is refused with its reason', async () => {
  const wrong = emulator.faults('explode');
  await expect(wrong).rejects.toThrow(/^the emulator refuses POST faults: 400 .*explode/);
});

test('a wrong option is refused before it starts', async () => {
  await expect(startEmulator({ particpants: 1 })).rejects.toThrow('particpants is no option');
  await expect(startEmulator({ participants: -1 })).rejects.toThrow(/the emulator ended \(2\): /);
});
