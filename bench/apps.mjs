// What is measured: ours and its peers, each as the code of an app (its imports, its client, its
// call), the folder that finds its imports, and the same call by hand.

import { fileURLToPath } from 'node:url';
import { OURS } from '../tests/support/bundle.mjs';

const tests = fileURLToPath(new URL('../tests/', import.meta.url));
const bench = fileURLToPath(new URL('.', import.meta.url));

const by7 = (client, app, meeting, account) =>
  `${client}.realtimeKit.activeSession.getActiveSession(${meeting}, { app_id: ${app}, account_id: ${account} })`;

export const ours = { name: 'ours', folder: tests, ...OURS };

export const bare = {
  name: 'fetch, by hand',
  folder: bench,
  imports: `
    async function request({ baseURL, apiToken, fetch: send = globalThis.fetch }, path) {
      const headers = { accept: 'application/json', authorization: 'Bearer ' + apiToken };
      const response = await send(baseURL + path, { method: 'GET', headers });
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    }`,
  client: (options) => options,
  call: (client, app, meeting, account) =>
    `request(${client}, \`/accounts/\${${account}}/realtime/kit/\${${app}}/meetings/\${${meeting}}/active-session\`)`,
};

export const sdk6 = {
  ...ours,
  name: 'cloudflare@6.5.0',
  folder: bench,
  imports: `import Cloudflare from 'cloudflare-6';`,
};

export const sdk7 = {
  ...sdk6,
  name: 'cloudflare@7.3.0',
  imports: `import Cloudflare from 'cloudflare-7';`,
  call: by7,
};

export const shaken7 = {
  ...sdk7,
  name: '7.3.0, tree-shaken',
  imports: `
    import { createClient } from 'cloudflare-7/tree-shakable';
    import { BaseActiveSession } from 'cloudflare-7/resources/realtime-kit/active-session';`,
  client: (options) => `createClient({ ...${options}, resources: [BaseActiveSession] })`,
};

/** Only weighed: another service's client of the same kind. */
export const livekit = {
  name: 'livekit-server-sdk',
  folder: bench,
  imports: `import { RoomServiceClient } from 'livekit-server-sdk';`,
  client: () => `new RoomServiceClient('https://example.com', 'key', 'secret')`,
  call: (client) => `${client}.listRooms()`,
};

/** Only weighed: one request function in Rust, without serde (floor/). */
export const floor = {
  name: 'floor: a bare request in Rust',
  folder: bench,
  imports: `import init, { request } from '/floor/dist/floor.js';`,
  client: () => `init()`,
  call: (client) => `${client}.then(() => request('GET', '/api', 'a'))`,
};

/** An answer of the API's, as a stub `fetch` gives it. */
export const ANSWER = JSON.stringify({
  data: { id: 's', status: 'LIVE', live_participants: 3, meeting_display_name: 'Weekly' },
  success: true,
});

/** The code of a function `once()` that makes one call over a stub `fetch`. */
export function stubbed(app, prepare = '') {
  return `
    ${prepare}
    ${app.imports}
    const answer = ${JSON.stringify(ANSWER)};
    const init = { headers: { 'content-type': 'application/json' } };
    const stub = async () => new Response(answer, init);
    const client = ${app.client("{ apiToken: 'a', baseURL: 'https://example.com/v4', fetch: stub }")};
    const once = () => ${app.call('client', "'app'", "'meeting'", "'account'")};`;
}
