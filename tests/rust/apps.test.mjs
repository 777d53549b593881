// The example apps in Rust, built as a reader builds them, and used in Chromium against a gateway and an emulator.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { LIMIT, eventually } from '../support/eventually.mjs';
import { ROOMY, startGateway } from '../support/gateway.mjs';
import { buildApps, serveApps } from '../support/rust-apps.mjs';

const APPS = ['leptos', 'yew'];

let apps, emulator, gateway, browser;
before(async () => {
  apps = await serveApps(buildApps(...APPS));
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, { ...ROOMY, origins: [apps.url] });
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
  await emulator?.stop();
  await apps?.stop();
});

/** Opens an app for a new meeting, and runs `check` on it. */
async function onApp(app, participants, check) {
  const meeting = await emulator.meeting(participants);
  const fields = new URLSearchParams({
    ...{ gateway: gateway.base_url, account: emulator.account_id, grant: gateway.grant(meeting) },
    ...{ app: meeting.app_id, meeting: meeting.meeting_id },
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT);
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  const requests = [];
  page.on('request', (request) => {
    if (request.url().startsWith(gateway.base_url)) requests.push(request);
  });
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.clock.install();
  await page.goto(`${apps.url}/${app}#${fields}`);
  const rows = page.getByRole('listitem');
  await eventually(() => rows.count(), participants);
  await check(page, meeting, { rows, requests, sockets });
  assert.deepEqual(problems, []);
  await page.close();
}

const state = async ({ meeting_id }) => {
  const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
  return meetings[0];
};

for (const app of APPS) {
  describe(app, () => {
    test('shows the meeting, and who joins and leaves', () =>
      onApp(app, 3, async (page, { meeting_id, participants }, { rows }) => {
        await page.getByRole('heading', { name: 'Test meeting' }).waitFor();
        const name = 'Latecomer';
        const late = { meeting_id, custom_participant_id: 'late', name };
        await emulator.control('POST', 'join', late);
        await rows.filter({ hasText: name }).waitFor();
        const { user_id } = participants[0];
        await emulator.control('POST', 'leave', { meeting_id, user_id });
        await eventually(() => rows.count(), 3);
        assert.equal(await page.getByRole('alert').count(), 0);
      }));

    test('removes a participant', () =>
      onApp(app, 3, async (page, meeting, { rows }) => {
        await rows.first().getByRole('button', { name: 'Remove' }).click();
        await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor();
        await eventually(() => rows.count(), 2);
        const { session } = await state(meeting);
        assert.equal(session.peers.filter(({ departure }) => departure === 'kicked').length, 1);
      }));

    test('says who of several could not be muted', () =>
      onApp(app, 2, async (page, meeting) => {
        const { custom_participant_id } = meeting.participants[0];
        await page.getByLabel('IDs').fill(`${custom_participant_id} nobody`);
        await page.getByRole('button', { name: 'Mute' }).click();
        await page
          .getByRole('status')
          .filter({ hasText: /^Not for all\. nobody: / })
          .waitFor();
        const { session } = await state(meeting);
        assert.equal(session.peers.filter(({ muted }) => muted).length, 1);
      }));

    test('does not create a second poll after a lost response', () =>
      onApp(app, 1, async (page, meeting) => {
        await emulator.control('POST', 'faults', {
          ...{ operation: 'CreatePoll', meeting_id: meeting.meeting_id },
          steps: ['status:code=502:act=after'],
        });
        await page.getByLabel('Question').fill('Break?');
        const ask = page.getByRole('button', { name: 'Ask' });
        await ask.click();
        await page.getByText('It may be open. To be sure, send it again.').waitFor();
        const again = page.waitForResponse((response) => /\/poll$/.test(response.url()));
        await ask.click();
        await again;
        const { polls } = await state(meeting);
        assert.equal(polls.length, 1);
      }));

    test('sends nothing after it is closed', () =>
      onApp(app, 1, async (page, _, { requests, sockets }) => {
        await eventually(() => sockets.length, 1);
        await page.getByRole('button', { name: 'Open or close' }).click();
        await page.getByRole('listitem').waitFor({ state: 'detached' });
        await eventually(() => sockets[0].isClosed(), true);
        const closed = requests.length;
        await page.clock.fastForward(LIMIT);
        // Were a poll due, it would be sent before this request.
        await page.evaluate((url) => fetch(url).catch(() => {}), `${gateway.base_url}/last`);
        assert.deepEqual(
          requests.slice(closed).map((request) => new URL(request.url()).pathname),
          ['/client/v4/last'],
        );
        assert.equal(sockets.length, 1);
      }));

    test('names what is wrong with its address', async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(LIMIT);
      await page.goto(`${apps.url}/${app}#account=${emulator.account_id}`);
      await page.getByText('base_url must not be api.cloudflare.com in a browser').waitFor();
      await page.close();
    });
  });
}
