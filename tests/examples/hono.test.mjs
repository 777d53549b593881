// examples/hono: a Hono app on Workers before the gateway of Workers. wrangler builds and runs it.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startWorkers } from '../support/gateway-workers.mjs';
import { startExample } from './support/example.mjs';

/** The one that deploys the gateway: a second copy of workerd would be 120 MB. */
const wrangler = fileURLToPath(new URL('../../gateway/workers/node_modules/.bin', import.meta.url));

/** Writes the file with the settings, as README.md says. */
async function configure(folder, env) {
  const { GATEWAY, APP_ID, MEETING_ID, GRANT_SECRET } = env;
  const vars = { GATEWAY, APP_ID, MEETING_ID, GRANT_SECRET, SESSION_SECRET: 'of this test' };
  const lines = Object.entries(vars).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(`${folder}/.dev.vars`, lines.join(''));
  Object.assign(env, { WRANGLER_SEND_METRICS: 'false', PATH: `${env.PATH}:${wrangler}` });
}

let app;
before(async () => {
  const dev = (port) => ['dev', '--', '--port', `${port}`];
  app = await startExample('hono', dev, { startGateway: startWorkers, configure });
});
after(() => app?.stop());

test('a moderator signs in and removes a participant, which is in the audit of Workers', () =>
  app.onPage(async (page) => {
    await page.getByRole('button', { name: 'Ann' }).click();
    await app.kick(page);
    const recorded = app.gateway.auditLines().filter(({ outcome }) => outcome === 'done');
    assert.deepEqual(
      recorded.map(({ moderator, operation, meeting_id }) => [moderator, operation, meeting_id]),
      [['ann', 'KickParticipants', app.meeting.meeting_id]],
    );
  }));

test('another person gets no grant, and the app says why', () =>
  app.onPage(
    async (page) => {
      await page.getByRole('button', { name: 'Bo' }).click();
      await page.locator('output', { hasText: 'not your meeting' }).waitFor();
      assert.equal(await page.locator('rtk-moderator .row').count(), 0);
    },
    { errors: [/status of 403/] },
  ));

test('a sign-in of another page does not count, and without one there is no grant', async () => {
  const signIn = await fetch(`${app.url}/sign-in/ann`, {
    ...{ method: 'POST', body: '', redirect: 'manual' },
    headers: { origin: 'https://evil.example', 'content-type': 'text/plain' },
  });
  assert.equal(signIn.status, 403);
  const forged = { cookie: 'session=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.' };
  for (const headers of [{}, forged]) {
    const response = await fetch(`${app.url}/moderator-grant`, { headers });
    assert.deepEqual([response.status, await response.text()], [401, 'sign in first']);
  }
});
