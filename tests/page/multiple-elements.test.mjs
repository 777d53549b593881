// Two elements on one page, and an element that is changed and moved while it runs: in Chromium, under the
// policy of the moderator page, served by the emulator.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulatorPage } from '../support/emulator-page.mjs';
import { dialog, displayName, isolated } from '../support/page.mjs';

let host;
before(async () => {
  host = await startEmulatorPage();
});
after(() => host?.stop());

/** Opens the page of a meeting, and adds an element for another meeting. */
async function withTwo(check) {
  const other = await host.emulator.meeting(5);
  const { base_url, account_id } = host.emulator;
  await host.onPage({}, async (page, one) => {
    await page.evaluate(
      ([gateway, account, { app_id, meeting_id }, grant]) => {
        const element = document.createElement('rtk-moderator');
        const place = {
          gateway,
          'account-id': account,
          'app-id': app_id,
          'meeting-id': meeting_id,
        };
        for (const [name, value] of Object.entries(place)) element.setAttribute(name, value);
        element.id = 'second';
        element.style.blockSize = '600px';
        document.querySelector('main').style.blockSize = '600px';
        document.querySelector('main').after(element);
        element.grant = grant;
      },
      [base_url, account_id, other, host.token],
    );
    const [first, second] = [page.locator('main rtk-moderator'), page.locator('#second')];
    const inNow = (element, count) =>
      element
        .locator('.participants .segments', { hasText: new RegExp(`Here now ${count}`) })
        .waitFor();
    await inNow(first, 3);
    await inNow(second, 5);
    await check({ page, first, second, one, other, inNow });
  });
}

test('two elements each moderate their own meeting', async () => {
  await withTwo(async ({ page, first, second, one, other, inNow }) => {
    const [person] = other.participants.slice(1);
    const kick = `Remove ${isolated(displayName(person))}`;
    await second.getByRole('button', { name: kick, exact: true }).click();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await inNow(second, 4);
    await inNow(first, 3);
    assert.equal(await first.locator('.activity').count(), 0);
    assert.equal((await host.state(one)).counts.live_peers, 3);
    // A key in one element does nothing in the other.
    await second.locator('.grid').focus();
    await page.keyboard.press('a');
    await second.locator('.bar', { hasText: '4 selected' }).waitFor();
    assert.equal(await first.locator('.bar').count(), 0);
  });
});

test('attributes may change while the element runs: another meeting, another language, no meeting', async () => {
  await withTwo(async ({ first, second, one, inNow }) => {
    await second.evaluate((element, id) => element.setAttribute('meeting-id', id), one.meeting_id);
    await inNow(second, 3);
    await second.evaluate((element) => element.setAttribute('lang', 'de'));
    await second.getByRole('searchbox', { name: 'Nach Namen suchen' }).waitFor();
    await first.getByRole('searchbox', { name: 'Search by name' }).waitFor();
    await second.evaluate((element) => element.removeAttribute('meeting-id'));
    await second.getByText('Nicht mit einem Meeting verbunden').waitFor();
    await second.evaluate((element, id) => element.setAttribute('meeting-id', id), one.meeting_id);
    await second.locator('.rows .row').nth(2).waitFor();
  });
});

test('an element that is moved within the page keeps its state and goes on polling', async () => {
  await withTwo(async ({ page, second, other }) => {
    await second.getByRole('searchbox').fill('zzz');
    await second.getByText('No participants match.').waitFor();
    await page.evaluate(() => document.body.prepend(document.querySelector('#second')));
    assert.equal(await second.getByRole('searchbox').inputValue(), 'zzz');
    await second.getByRole('button', { name: 'Clear filters' }).click();
    const { meeting_id } = other;
    await host.emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'late' });
    await second.locator('.rows .row').nth(5).waitFor();
  });
});
