// The moderator page served by the emulator itself, without a gateway, in Chromium.

import { startChromium } from './browser.mjs';
import { startEmulator } from './emulator.mjs';
import { PAGE, fragment, visit } from './page.mjs';

const TOKEN = 'tok-7f3a-secret';

/** Starts both; `stop` ends them. `flags` are further ones of the emulator. */
export async function startEmulatorPage(...flags) {
  const [emulator, browser] = await Promise.all([
    startEmulator('--token', TOKEN, '--rate-limit', '0', '--serve', PAGE, ...flags),
    startChromium(),
  ]);
  const fault = ({ meeting_id }, operation, ...steps) =>
    emulator.control('POST', 'faults', { operation, meeting_id, steps });

  return {
    ...{ emulator, browser, fault },
    token: TOKEN,

    /** Runs `check` on the page of a new meeting; `given` are fields of the link. */
    onPage: async ({ participants = 3, faults = [], given = {}, ...how }, check) => {
      const meeting = await emulator.meeting(participants);
      for (const [operation, ...steps] of faults) await fault(meeting, operation, ...steps);
      const hash = fragment(emulator, meeting, TOKEN, given);
      const all = { secret: TOKEN, ...how };
      await visit(browser, emulator.url, hash, (page) => check(page, meeting), all);
    },

    /** The state of a meeting in the emulator. */
    state: async ({ meeting_id }) => {
      const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
      return meetings[0];
    },

    /** The requests for a meeting whose path ends so. */
    sent: async ({ meeting_id }, end) =>
      (await emulator.requests(meeting_id)).filter(({ path }) => path.endsWith(end)),

    stop: async () => {
      await browser.close();
      await emulator.stop();
    },
  };
}
