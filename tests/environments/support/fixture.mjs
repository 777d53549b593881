// One emulator for the tests of a file, and what an app is told to ask it.

import { startEmulator } from '../../support/emulator.mjs';

/** `given` is for the app; `answer` is what it must come back with. */
export async function startWorld() {
  const emulator = await startEmulator('--cors', '*', '--rate-limit', '0');
  const { options, app_id, meeting_id, session_id } = emulator;
  return {
    given: { options, app_id, meeting_id },
    answer: session_id,
    stop: emulator.stop,
    emulator,
  };
}
