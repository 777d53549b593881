// Ten thousand participants: they are found, scrolled through, selected and acted on, and the page stays small.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIMIT, dialog, nextPoll, rows, waitForActivity, waitForCounts } from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

const MANY = 10_000;
/** Far more than are ever visible. */
const MOST_ROWS = 80;

let testbed, meeting, total;
before(async () => {
  testbed = await startTestbed();
  // Some participants have two peers.
  meeting = await testbed.emulator.meeting(MANY);
  total = new Set(meeting.participants.map(({ user_id }) => user_id)).size;
});
after(() => testbed?.stop());

const format = (count) => count.toLocaleString('en-GB');
const onPage = (check, how = {}) =>
  testbed.onPage({ meeting, people: 10, ...how }, async (page, _, wire) => {
    page.setDefaultTimeout(3 * LIMIT);
    await check(page, wire);
  });
/** Whether the list has fewer rows than before. Runs in the page. */
const isFiltered = (before) => {
  const { shadowRoot } = document.querySelector('rtk-moderator');
  return Number(shadowRoot.querySelector('[role=grid]').getAttribute('aria-rowcount')) < before;
};
/** Waits for another poll, which is slow and rare for so many. */
const refresh = (page) => nextPoll(page, () => page.clock.runFor(30_000));
const bar = (page, name) => page.locator('.bar').getByRole('button', { name, exact: true });

test('all are counted and found, and only the visible ones have rows', async () => {
  await onPage(async (page) => {
    await waitForCounts(page, format(total), 0);
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), String(total + 1));
    assert.ok((await rows(page).count()) < MOST_ROWS);
    // To the end by scrolling, and back by a key.
    await grid.evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
    const last = page.locator(`.row[aria-rowindex="${total + 1}"]`);
    await last.waitFor();
    assert.ok((await rows(page).count()) < MOST_ROWS);
    const [row, box] = [await last.boundingBox(), await grid.boundingBox()];
    assert.ok(Math.abs(row.y + row.height - box.y - box.height) < 2, 'the last is at the end');
    await grid.focus();
    await page.keyboard.press('Home');
    await page.locator('.row.active[aria-rowindex="2"]').waitFor();

    const [first] = await page.locator('.rows .who bdi').allTextContents();
    await page.getByRole('searchbox').fill(first);
    await page.waitForFunction(isFiltered, total + 1);
    for (const name of await page.locator('.rows .who bdi').allTextContents())
      assert.ok(name.toLowerCase().includes(first.toLowerCase()), name);
    await page.getByRole('searchbox').fill('nobody is called that');
    await page.getByText('No participants match.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('radio', { name: /^Here now/ }).check();
    await rows(page).first().waitFor();
  });
});

test('all that match are selected, by a checkbox and by a range, and only they are acted on', async () => {
  await onPage(async (page) => {
    await waitForCounts(page, format(total), 0);
    const role = 'webinar_presenter';
    await page.getByLabel('Role', { exact: true }).selectOption(role);
    await page.waitForFunction(isFiltered, total + 1);
    const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await page.getByRole('checkbox', { name: `Select all ${format(count)}` }).click();
    await page.locator('.bar', { hasText: `${format(count)} selected` }).waitFor();
    // A range that ends outside the view selects the same participants.
    await bar(page, 'Clear selection').click();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+End');
    await page.locator('.bar', { hasText: `${format(count)} selected` }).waitFor();
    // A search narrows them down.
    await page.keyboard.press('Escape');
    const name = await page.locator('.rows .who bdi').first().textContent();
    await page.getByRole('searchbox').fill(name);
    await page.waitForFunction(isFiltered, count + 1);
    const few = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await page.getByRole('checkbox', { name: /^Select all/ }).click();
    await page.locator('.bar', { hasText: `${format(few)} selected` }).waitFor();
    const wanted = (await testbed.state(meeting)).participants
      .filter((one) => one.preset_name === role && one.name.includes(name) && one.live_peers > 0)
      .map(({ user_id }) => user_id);
    assert.equal(wanted.length, few);
    await bar(page, 'Mute').click();
    // One participant is muted without a question.
    const mute = dialog(page).getByRole('button', { name: `Mute ${format(few)} participants` });
    if (few > 1) await mute.click();
    await waitForActivity(page, few > 1 ? `${format(few)} muted.` : 'was muted.');
    const { session } = await testbed.state(meeting);
    const muted = session.peers.filter((peer) => peer.muted).map(({ user_id }) => user_id);
    assert.deepEqual([...new Set(muted)].sort(), wanted.sort());
  });
});

test('a thousand are kicked with progress, and the page does not grow from poll to poll', async () => {
  await onPage(
    async (page, wire) => {
      await waitForCounts(page, format(total), 0);
      await page.getByRole('grid').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('x');
      const number = async (locator) => Number((await locator.textContent()).replace(/\D/g, ''));
      while ((await number(page.locator('.bar b'))) < 1000)
        await page.keyboard.press('Shift+PageDown');
      await bar(page, 'Remove').click();
      const count = await number(
        dialog(page).getByRole('heading', { name: /^Remove .+ participants\?$/ }),
      );
      // Only the first 200 are named, and the rest is counted.
      assert.equal(await dialog(page).locator('.names li').count(), 201);
      await dialog(page)
        .getByText(`and ${format(count - 200)} more`)
        .waitFor();
      // So many must be typed.
      await dialog(page).getByLabel(/Type/).fill(String(count));
      // No request ends before its progress is observed.
      wire.hold('/kick HTTP');
      await dialog(page)
        .getByRole('button', { name: `Remove ${format(count)}` })
        .click();
      const bars = [];
      await page.exposeFunction('progressed', (value) => void bars.push(value));
      await page.locator('.activity progress').evaluate((bar) => {
        new MutationObserver(() => globalThis.progressed(bar.value)).observe(bar.getRootNode(), {
          ...{ subtree: true, childList: true, characterData: true, attributes: true },
        });
      });
      wire.hold();
      await waitForActivity(page, `${format(count)} removed.`);
      assert.ok(bars.length > 2 && bars.every((value, i) => !i || value >= bars[i - 1]));
      await refresh(page);
      await waitForCounts(page, format(total - count), format(count));
      assert.ok((await rows(page).count()) < MOST_ROWS);

      const devtools = await page.context().newCDPSession(page);
      const memory = async () => {
        await devtools.send('HeapProfiler.collectGarbage');
        const { nodes } = await devtools.send('Memory.getDOMCounters');
        const { usedSize } = await devtools.send('Runtime.getHeapUsage');
        return { nodes, usedSize };
      };
      const before = await memory();
      for (const part of [1, 2]) {
        await page.getByRole('grid').evaluate((grid, part) => {
          grid.scrollTo({ top: (grid.scrollHeight / 3) * part });
        }, part);
        await refresh(page);
      }
      await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: 0 }));
      await page.locator('.row[aria-rowindex="2"]').waitFor();
      const after = await memory();
      assert.ok(after.nodes < before.nodes + 2000, `${before.nodes} to ${after.nodes}`);
      assert.ok(after.usedSize < before.usedSize * 1.5, `${before.usedSize} to ${after.usedSize}`);
    },
    { clock: true },
  );
});
