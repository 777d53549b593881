// What most tests of the page stand on: an emulator, a gateway before it that serves the page, Chromium, and
// for each page a wire of its own to the gateway, which can be broken without harm to the others.

import { startChromium } from './browser.mjs';
import { startEmulator } from './emulator.mjs';
import { ROOMY, startGateway } from './gateway.mjs';
import { now } from './grants.mjs';
import { PAGE, fragment, rows, visit } from './page.mjs';
import { startWireBreaker } from './wire-breaker.mjs';

/** How long anything may take on a machine that does much else: several pages are open at once. */
const PATIENCE = 30_000;

/** What somebody without a name is called by. */
export const called = ({ name, custom_participant_id }) => name.trim() || custom_participant_id;

/**
 * Starts all three; `stop` ends them.
 *
 * @param {any} [settings] what the gateway's configuration has besides
 */
export async function startStage(settings = {}) {
  const emulator = await startEmulator('--rate-limit', '0');
  const gateway = await startGateway(emulator, { ...ROOMY, page: { dir: PAGE }, ...settings });
  const browser = await startChromium();

  /** A link's fields to the page that `url` serves. */
  const link = (url, meeting, { token, timeout }) => {
    const place = { base_url: `${url}/client/v4`, account_id: gateway.account_id };
    return fragment(place, meeting, token, { timeout });
  };

  const stage = {
    ...{ emulator, gateway, browser },
    stop: async () => {
      await browser.close();
      await gateway.stop();
      await emulator.stop();
    },

    /**
     * Opens the page of a meeting, a new one if none is given, and runs `look` on it.
     *
     * @param {any} given `claims` of the grant beyond an hour of everything; `people` to wait for;
     *   `timeout` of the client; `begin` what is done to the meeting and the wire before; the rest is of
     *   `visit`
     * @param {(page: any, meeting: any, wire: any, opened: any) => Promise<void>} look
     */
    onPage: async (given, look) => {
      const { participants = 3, claims = {}, timeout = 10_000, begin, ...how } = given;
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
          async (page, opened) => {
            const last = Math.min(people, 10) - 1;
            if (last >= 0) await rows(page).nth(last).waitFor();
            await look(page, meeting, wire, opened);
          },
          { secret: token, patience: PATIENCE, ...how },
        );
      } finally {
        await wire.stop();
      }
    },

    /** What the next requests of an operation in a meeting meet at the API. */
    fault: ({ meeting_id }, operation, ...steps) =>
      emulator.control('POST', 'faults', { operation, meeting_id, steps }),

    /** What the emulator knows of a meeting. */
    state: async ({ meeting_id }) => {
      const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
      return meetings[0];
    },

    /** The requests of a meeting that would change something, in order. */
    asked: async ({ meeting_id }) =>
      (await emulator.requests(meeting_id)).filter(({ method }) => method !== 'GET'),

    /** Gives the page another grant, as an app does that has made one. */
    regrant: (page, meeting, claims) => {
      const token = gateway.grant(meeting, { exp: now() + 3600, ...claims });
      return page
        .locator('rtk-moderator')
        .evaluate((element, token) => void (element.grant = token), token);
    },
  };
  return stage;
}
