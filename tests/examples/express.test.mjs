// examples/express, an app with a sign-in, in Chromium.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start, startExample } from './support/example.mjs';

let app;
before(async () => (app = await startExample('express', start)));
after(() => app?.stop());

test('a moderator signs in, and removes a participant', () =>
  app.onPage(async (page) => {
    await page.getByRole('button', { name: 'Ann' }).click();
    await app.kick(page);
  }));

test('another person gets no grant, and the app says why', () =>
  app.onPage(
    async (page) => {
      await page.getByRole('button', { name: 'Bo' }).click();
      await page.locator('output', { hasText: 'not your meeting' }).waitFor();
      await page.getByText('The app can’t get access for you.').waitFor();
      assert.equal(await page.locator('rtk-moderator .row').count(), 0);
    },
    { errors: [/status of 403/] },
  ));

test('nobody gets one without a sign-in', async () => {
  const response = await fetch(`${app.url}/moderator-grant`);
  assert.deepEqual([response.status, await response.text()], [401, 'sign in first']);
});
