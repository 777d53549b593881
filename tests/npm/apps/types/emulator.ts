import { pagePath } from 'realtimekit-gateway';
import { type Emulator, type FaultStep, startEmulator } from 'realtimekit-emulator';

const steps: FaultStep[] = ['reset-after', 'status:code=503:retry-after=1', 'ok', 'delay:ms=50'];

export async function test(): Promise<string> {
  await using emulator: Emulator = await startEmulator({ startTime: new Date(0), cors: ['*'] });
  const { meetingId, participants } = await emulator.createMeeting({ participants: 1 });
  await emulator.faults(steps, { operation: 'CreatePoll', meetingId });
  await emulator.leave({ meetingId, peerId: participants[0]!.peerId });
  const [request] = await emulator.requests();
  const headers: Record<string, string> = emulator.faultHeaders('cut');
  // @ts-expect-error no such fault
  await emulator.faults('explode');
  // @ts-expect-error no such option
  await startEmulator({ particpants: 1 });
  return `${pagePath()} ${request?.status} ${headers}`;
}
