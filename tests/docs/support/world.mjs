// The servers for the examples: an emulator with its default world, whose IDs are in the documents, and a
// gateway in front of it.

import { fileURLToPath } from 'node:url';
import { startEmulator } from '../../support/emulator.mjs';
import { startGateway } from '../../support/gateway.mjs';

/** The gateway's address in the documents. */
export const EXAMPLE_HOST = 'https://moderate.example.com';

export const EXAMPLE_HOSTS = fileURLToPath(new URL('example-hosts.mjs', import.meta.url));

/**
 * Starts an emulator, and a gateway if wanted.
 *
 * @param {{ gateway?: boolean | object, flags?: string[] }} [options] `gateway` may be settings
 */
export async function startWorld({ gateway = false, flags = [] } = {}) {
  const emulator = await startEmulator(...flags);
  const settings = typeof gateway === 'object' ? gateway : {};
  const front = gateway ? await startGateway(emulator, settings) : undefined;
  const { app_id, meeting_id, account_id, session_id } = emulator;
  const ids = { ACCOUNT_ID: account_id, APP_ID: app_id, MEETING_ID: meeting_id };
  return {
    emulator,
    gateway: front,
    grant: (claims) => front.grant({ app_id, meeting_id }, claims),
    /** The environment variables that the documents tell a reader to set. */
    env: {
      CLOUDFLARE_API_TOKEN: emulator.api_token,
      CLOUDFLARE_ACCOUNT_ID: account_id,
      CLOUDFLARE_BASE_URL: emulator.base_url,
      EXAMPLE_HOST,
      ...(front && { GATEWAY: front.url }),
    },
    /** The variables that a shell block may use. */
    variables: {
      ...ids,
      URL: emulator.url,
      SESSION_ID: session_id,
      ...(front && { GATEWAY: front.url, GRANT: front.grant({ app_id, meeting_id }) }),
    },
    stop: async () => {
      await front?.stop();
      await emulator.stop();
    },
  };
}
