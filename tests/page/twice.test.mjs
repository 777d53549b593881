// The element more than once on a page, changed and moved while it runs: in Chromium, under the policy of the
// moderator page, against the emulator as a process.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { PAGE, dialog, fragment, isolated, visit } from '../support/page.mjs';

const TOKEN = 'tok-7f3a-secret';

let emulator, browser;
before(async () => {
  emulator = await startEmulator('--token', TOKEN, '--rate-limit', '0', '--serve', PAGE);
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await emulator?.stop();
});

const called = ({ name, custom_participant_id }) => name.trim() || custom_participant_id;

/** Opens the page for a meeting, and beside its element another one for another meeting. */
async function beside(look) {
  const [one, other] = [await emulator.meeting(3), await emulator.meeting(5)];
  const { base_url, account_id } = emulator;
  await visit(browser, emulator.url, fragment(emulator, one, TOKEN), async (page) => {
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
      [base_url, account_id, other, TOKEN],
    );
    const [first, second] = [page.locator('main rtk-moderator'), page.locator('#second')];
    const inNow = (element, count) =>
      element.locator('.people .segments', { hasText: new RegExp(`In now ${count}`) }).waitFor();
    await inNow(first, 3);
    await inNow(second, 5);
    await look({ page, first, second, one, other, inNow });
  });
}

test('two elements moderate a meeting each, and neither the other’s', async () => {
  await beside(async ({ page, first, second, one, other, inNow }) => {
    const [person] = other.participants.slice(1);
    const kick = `Kick ${isolated(called(person))}`;
    await second.getByRole('button', { name: kick, exact: true }).click();
    await dialog(page).getByRole('button', { name: 'Kick', exact: true }).click();
    await inNow(second, 4);
    await inNow(first, 3);
    assert.equal(await first.locator('.activity').count(), 0);
    const { meetings } = await emulator.control('GET', `state?meeting_id=${one.meeting_id}`);
    assert.equal(meetings[0].counts.live_peers, 3);
    // A key in one of them is not the other's.
    await second.locator('.grid').focus();
    await page.keyboard.press('a');
    await second.locator('.bar', { hasText: '4 selected' }).waitFor();
    assert.equal(await first.locator('.bar').count(), 0);
  });
});

test('its attributes may change while it runs: another meeting, another language, nobody’s keys', async () => {
  await beside(async ({ first, second, one, inNow }) => {
    await second.evaluate((element, id) => element.setAttribute('meeting-id', id), one.meeting_id);
    await inNow(second, 3);
    await second.evaluate((element) => element.setAttribute('lang', 'de'));
    await second.getByRole('searchbox', { name: 'Personen suchen' }).waitFor();
    await first.getByRole('searchbox', { name: 'Search people' }).waitFor();
    await second.evaluate((element) => element.removeAttribute('meeting-id'));
    await second.getByText('Kein Meeting').waitFor();
    await second.evaluate((element, id) => element.setAttribute('meeting-id', id), one.meeting_id);
    await second.locator('.rows .row').nth(2).waitFor();
  });
});

test('moved within the page it keeps what is on screen, and goes on', async () => {
  await beside(async ({ page, second, other }) => {
    await second.getByRole('searchbox').fill('zzz');
    await second.getByText('Nobody matches.').waitFor();
    await page.evaluate(() => document.body.prepend(document.querySelector('#second')));
    assert.equal(await second.getByRole('searchbox').inputValue(), 'zzz');
    await second.getByRole('button', { name: 'Show everybody' }).click();
    const { meeting_id } = other;
    await emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'late' });
    await second.locator('.rows .row').nth(5).waitFor();
  });
});
