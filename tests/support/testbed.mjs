// The testbed of most page tests: an emulator, a gateway in front of it that serves the page, Chromium, and
// for each page a proxy of its own to the gateway, which can break connections without harm to the others.

import { startChromium } from './browser.mjs';
import { startEmulator } from './emulator.mjs';
import { ROOMY, startGateway } from './gateway.mjs';
import { now } from './grants.mjs';
import { LIMIT, PAGE, fragment, rows, visit } from './page.mjs';
import { startWireBreaker } from './wire-breaker.mjs';

/**
 * Starts all three; `stop` ends them.
 *
 * @param {any} [settings] additions to the gateway's configuration
 */
export async function startTestbed(settings = {}) {
  const emulator = await startEmulator('--rate-limit', '0');
  const gateway = await startGateway(emulator, { ...ROOMY, page: { dir: PAGE }, ...settings });
  const browser = await startChromium();

  /** The fields of a link to the page that `url` serves. */
  const link = (url, meeting, { token, timeout }) => {
    const place = { base_url: `${url}/client/v4`, account_id: gateway.account_id };
    return fragment(place, meeting, token, { timeout });
  };

  const testbed = {
    ...{ emulator, gateway, browser },
    stop: async () => {
      await browser.close();
      await gateway.stop();
      await emulator.stop();
    },

    /**
     * Opens the page of a meeting, a new one if none is given, and runs `check` on it.
     *
     * @param {any} given `claims` of the grant beyond an hour of everything; `people` to wait for;
     *   `timeout` of the client; `begin` prepares the meeting and the proxy; the rest is for `visit`
     * @param {(page: any, meeting: any, wire: any, response: any) => Promise<void>} check
     */
    onPage: async (given, check) => {
      const { participants = 3, claims = {}, timeout = LIMIT, begin, ...how } = given;
      const { people = participants } = given;
      const meeting = given.meeting ?? (await emulator.meeting(participants));
      const wire = await startWireBreaker(new URL(gateway.url).port);
      const url = `http://127.0.0.1:${wire.port}`;
      const token = gateway.grant(meeting, { exp: now() + 3600, ...claims });
      const hash = link(url, meeting, { token, timeout });
      await begin?.(meeting, wire);
      try {
        await visit(
          ...[browser, url, hash],
          async (page, response) => {
            const last = Math.min(people, 10) - 1;
            if (last >= 0) await rows(page).nth(last).waitFor();
            await check(page, meeting, wire, response);
          },
          { secret: token, ...how },
        );
      } finally {
        await wire.stop();
      }
    },

    /** Queues faults for the next requests of an operation in a meeting. */
    fault: ({ meeting_id }, operation, ...steps) =>
      emulator.control('POST', 'faults', { operation, meeting_id, steps }),

    /** The state of a meeting in the emulator. */
    state: async ({ meeting_id }) => {
      const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
      return meetings[0];
    },

    /** The requests for changes in a meeting that reached the emulator, in order. */
    mutations: async ({ meeting_id }) =>
      (await emulator.requests(meeting_id)).filter(({ method }) => method !== 'GET'),

    /** Gives the page another grant, as an embedding app does. */
    regrant: (page, meeting, claims) => {
      const token = gateway.grant(meeting, { exp: now() + 3600, ...claims });
      return page
        .locator('rtk-moderator')
        .evaluate((element, token) => void (element.grant = token), token);
    },
  };
  return testbed;
}
