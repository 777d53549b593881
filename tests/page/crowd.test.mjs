// Ten thousand people: they are found, selected and acted on, seen to the last, and the page stays small.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { counted, dialog, rows, told } from '../support/page.mjs';
import { startStage } from '../support/stage.mjs';

const MANY = 10_000;
/** Far more than are ever in sight. */
const MOST_ROWS = 80;

let stage, meeting, total;
before(async () => {
  stage = await startStage();
  // Of as many peers, some people have two.
  meeting = await stage.emulator.meeting(MANY);
  total = new Set(meeting.participants.map(({ user_id }) => user_id)).size;
});
after(() => stage?.stop());

const words = (count) => count.toLocaleString('en-GB');
const onPage = (look, how = {}) =>
  stage.onPage({ meeting, people: 10, timeout: 120_000, ...how }, async (page, ...rest) => {
    page.setDefaultTimeout(60_000);
    await look(page, ...rest);
  });
/** Of so many each look is dear, and the next one far away: until it has been. */
async function look(page) {
  const { at } = await page.evaluate(() => document.querySelector('rtk-moderator').state);
  await page.clock.runFor(30_000);
  await page.waitForFunction((at) => document.querySelector('rtk-moderator').state.at > at, at);
}
const bar = (page, name) => page.locator('.bar').getByRole('button', { name, exact: true });

test('all are counted and found, and few are rows, to the last of them', async () => {
  await onPage(async (page) => {
    await counted(page, words(total), 0);
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), String(total + 1));
    assert.ok((await rows(page).count()) < MOST_ROWS);
    // By the wheel to the end, and by a key to the beginning.
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
    await page.locator('.rows .row').first().waitFor();
    for (const name of await page.locator('.rows .who bdi').allTextContents())
      assert.ok(name.toLowerCase().includes(first.toLowerCase()), name);
    await page.getByRole('searchbox').fill('nobody is called that');
    await page.getByText('Nobody matches.').waitFor();
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await page.getByRole('radio', { name: /^In now/ }).check();
    await rows(page).first().waitFor();
  });
});

test('all that match are selected, by a box and by a range, and acted on, nobody else', async () => {
  await onPage(async (page) => {
    await counted(page, words(total), 0);
    const role = 'webinar_presenter';
    await page.getByLabel('Role', { exact: true }).selectOption(role);
    await page.waitForFunction(
      (all) =>
        Number(
          document
            .querySelector('rtk-moderator')
            .shadowRoot.querySelector('[role=grid]')
            .getAttribute('aria-rowcount'),
        ) < all,
      total,
    );
    const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await page.getByRole('checkbox', { name: `Select all ${words(count)} shown` }).click();
    await page.locator('.bar', { hasText: `${words(count)} selected` }).waitFor();
    // A range over what is not in sight is the same people.
    await bar(page, 'Clear').click();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+End');
    await page.locator('.bar', { hasText: `${words(count)} selected` }).waitFor();
    // Of whom only those that a search leaves in are kept by hand.
    await page.keyboard.press('Escape');
    const name = await page.locator('.rows .who bdi').first().textContent();
    await page.getByRole('searchbox').fill(name);
    await page.waitForFunction(
      (before) =>
        Number(
          document
            .querySelector('rtk-moderator')
            .shadowRoot.querySelector('[role=grid]')
            .getAttribute('aria-rowcount'),
        ) < before,
      count + 1,
    );
    const few = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await page.getByRole('checkbox', { name: /^Select all/ }).click();
    await page.locator('.bar', { hasText: `${words(few)} selected` }).waitFor();
    const wanted = (await stage.state(meeting)).participants
      .filter((one) => one.preset_name === role && one.name.includes(name) && one.live_peers > 0)
      .map(({ user_id }) => user_id);
    assert.equal(wanted.length, few);
    await bar(page, 'Mute').click();
    await dialog(page)
      .getByRole('button', { name: few > 1 ? `Mute ${words(few)}` : 'Mute', exact: true })
      .click();
    await told(page, few > 1 ? `${words(few)} muted.` : 'was muted.');
    const { session } = await stage.state(meeting);
    const muted = session.peers.filter((peer) => peer.muted).map(({ user_id }) => user_id);
    assert.deepEqual([...new Set(muted)].sort(), wanted.sort());
  });
});

test('a thousand are kicked with progress, and the page does not grow by looks', async () => {
  await onPage(
    async (page) => {
      await counted(page, words(total), 0);
      await page.getByRole('grid').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('x');
      // By pages of the list, as one does who looks at whom he selects.
      const target = 1000;
      const selected = async () =>
        Number((await page.locator('.bar b').textContent()).replace(/\D/g, ''));
      for (let count = 1; count < target; count = await selected())
        await page.keyboard.press('Shift+PageDown');
      const count = await selected();
      await bar(page, 'Kick').click();
      await dialog(page)
        .getByText(`Kick ${words(count)} people?`)
        .waitFor();
      // Not all of them are named, and that is said.
      assert.equal(await dialog(page).locator('.names li').count(), 201);
      await dialog(page)
        .getByText(`and ${words(count - 200)} more`)
        .waitFor();
      await dialog(page)
        .getByRole('button', { name: `Kick ${words(count)}` })
        .click();
      const bars = [];
      await page.exposeFunction('progressed', (value) => void bars.push(value));
      await page.locator('.activity progress').evaluate((bar) => {
        new MutationObserver(() => globalThis.progressed(bar.value)).observe(bar.getRootNode(), {
          ...{ subtree: true, childList: true, characterData: true, attributes: true },
        });
      });
      await told(page, `${words(count)} kicked.`);
      assert.ok(bars.length > 2 && bars.every((value, i) => !i || value >= bars[i - 1]));
      await look(page);
      await counted(page, words(total - count), words(count));
      assert.ok((await rows(page).count()) < MOST_ROWS);

      const devtools = await page.context().newCDPSession(page);
      const held = async () => {
        await devtools.send('HeapProfiler.collectGarbage');
        const { nodes } = await devtools.send('Memory.getDOMCounters');
        const { usedSize } = await devtools.send('Runtime.getHeapUsage');
        return { nodes, usedSize };
      };
      const before = await held();
      for (const part of [1, 2]) {
        await page.getByRole('grid').evaluate((grid, part) => {
          grid.scrollTo({ top: (grid.scrollHeight / 3) * part });
        }, part);
        await look(page);
      }
      await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: 0 }));
      await page.locator('.row[aria-rowindex="2"]').waitFor();
      const after = await held();
      assert.ok(after.nodes < before.nodes + 2000, `${before.nodes} to ${after.nodes}`);
      assert.ok(after.usedSize < before.usedSize * 1.5, `${before.usedSize} to ${after.usedSize}`);
    },
    { clock: true },
  );
});
