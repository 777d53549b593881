// What must not move or freeze: rows under the pointer stay, a browser's translation stops no text, and a moderator
// need not wait for the next refresh.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ROOMY } from '../support/gateway.mjs';
import {
  apiRequests,
  eventually,
  pauseBetweenPolls,
  rows,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => {
  // A poll finds at once what has changed, however soon it follows another: the page's time passes faster. What the
  // API says is left would make the gateway's reads rare.
  testbed = await startTestbed({ reads: { ...ROOMY.reads, fresh_ms: 1 } });
  await testbed.emulator.control('POST', 'rate-limit', { limit: 1_000_000 });
});
after(() => testbed?.stop());

const join = ({ meeting_id }, name) =>
  testbed.emulator.control('POST', 'join', { meeting_id, custom_participant_id: name, name });
const NAMES = ['Bea', 'Cem', 'Dan', 'Eva', 'Finn'];
/** Opens the page of a meeting of these participants. */
const onPage = async (check, how = {}) => {
  const meeting = await testbed.emulator.meeting(0);
  for (const name of NAMES) await join(meeting, name);
  await testbed.onPage({ meeting, people: NAMES.length, ...how }, check);
};
const names = (page) => page.locator('.rows .who bdi[id^=name]').allInnerTexts();

test('rows under the pointer stay in their places, and are in order when it leaves', () =>
  onPage(
    async (page, meeting) => {
      // A pointer that does not move keeps them for ten seconds of the page's time.
      await pauseBetweenPolls(page);
      await rows(page).nth(2).hover();
      // By name it would be the first.
      await join(meeting, 'Ann');
      await page.clock.runFor(3000);
      // The list is drawn after a frame, which takes the page's time, too.
      const drawn = page.locator('.participants .segments', { hasText: 'Here now 6' });
      await eventually(() => page.clock.runFor(5).then(() => drawn.count()), 1);
      assert.deepEqual(await names(page), [...NAMES, 'Ann']);
      await page.locator('h1').hover();
      await rows(page).first().getByText('Ann').waitFor();
      assert.deepEqual(await names(page), ['Ann', ...NAMES]);
    },
    { clock: true },
  ));

test('a row that the keys act on stays active when others join before it', () =>
  onPage(async (page, meeting) => {
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const active = page.locator('.row.active');
    await active.getByText('Dan').waitFor();
    await join(meeting, 'Ann');
    await rows(page).first().getByText('Ann').waitFor();
    assert.equal(await active.locator('.who bdi').innerText(), 'Dan');
    const grid = page.getByRole('grid');
    const id = await grid.getAttribute('aria-activedescendant');
    assert.equal(id, await active.getAttribute('id'), 'a screen reader has the same row');
  }));

test('“Retry now” refreshes at once, whatever the pause is', () =>
  testbed.onPage({ push: false }, async (page, meeting) => {
    // Longer than any test. Before the gateway, which would share the failure for a moment.
    const down = (route) => route.fulfill({ status: 503, headers: { 'retry-after': '3600' } });
    await page.route('**/active-session', down);
    const retry = page.getByRole('button', { name: 'Retry now' });
    await retry.waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await join(meeting, 'Ann');
    const requests = apiRequests(page);
    await retry.click();
    await waitForCounts(page, 4, 0);
    await page.locator('.banner').waitFor({ state: 'detached' });
    assert.ok(requests.some((url) => url.includes('/active-session')));
  }));

/** Translates a page as browsers do: each text that may be translated becomes an element. Returns the texts. */
function translate() {
  const found = [];
  const visit = (node) => {
    if (node.shadowRoot) visit(node.shadowRoot);
    for (const child of [...node.childNodes]) {
      if (child.nodeType !== Node.TEXT_NODE) visit(child);
      else if (child.data.trim() && child.parentElement?.translate) {
        const font = document.createElement('font');
        font.textContent = `«${child.data}»`;
        child.replaceWith(font);
        found.push(child.data.trim());
      }
    }
  };
  visit(document.body);
  return found;
}

test('a browser’s translation does not freeze the texts of the element', () =>
  testbed.onPage({ participants: 3 }, async (page, meeting) => {
    await page.evaluate(() => document.body.append('translate me'));
    const translated = await page.evaluate(translate);
    assert.ok(translated.includes('translate me'));
    assert.ok(!translated.some((text) => /here now|Meeting|Participants/.test(text)), translated);
    await join(meeting, 'Ann');
    await waitForCounts(page, 4, 0);
    assert.ok((await names(page)).includes('Ann'));
    assert.equal(await page.locator('.fact.big b').innerText(), '4');
  }));
