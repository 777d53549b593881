// One emulator for the tests of a file, and the settings and the expected result of an app's call.

import { startEmulator } from '../../support/emulator.mjs';

/** `settings` are for the app; `expected` is what its call must return. */
export async function startFixture() {
  const emulator = await startEmulator('--cors', '*', '--rate-limit', '0');
  const { options, app_id, meeting_id, session_id } = emulator;
  return {
    settings: { options, app_id, meeting_id },
    expected: session_id,
    stop: emulator.stop,
    emulator,
  };
}
