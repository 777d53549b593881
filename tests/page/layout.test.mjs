// Nothing leaves its place: texts stay within their cell, panel or dialog, in states with long texts, on desktops,
// phones and at 400 % zoom.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  SIZES,
  button,
  dialog,
  eventually,
  fillPoll,
  rows,
  tab,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => (testbed = await startTestbed()));
after(() => testbed?.stop());

// The page measures its own size, a moment after the window has it.
const LAYOUTS = {
  desktop: '.app.wide:not(.short)',
  phone: '.app.narrow:not(.short)',
  zoom: '.app.narrow.short',
};
const LONG = 'Ann Moderator with a rather long name';

/** In the page: the texts that stick out of their place, as far as they are visible. */
function outside() {
  const root = document.querySelector('rtk-moderator').shadowRoot;
  const PLACES = '[role=gridcell], .row, .tools, .banner, .top, .stack, .bar, .tabs, dialog, .card';
  const found = [];
  for (const text of allTexts(root)) {
    const place = text.parentElement.closest(PLACES);
    if (!place || text.parentElement.closest('option')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = { ...edges(range) };
    // What an element between hides is no problem.
    let hidden = false;
    for (let at = text.parentElement; at !== place; at = at.parentElement) {
      const { overflow, clipPath } = getComputedStyle(at);
      if (overflow !== 'visible') clip(box, edges(at));
      // For screen readers only.
      hidden ||= clipPath !== 'none';
    }
    const own = edges(place);
    const empty = box.right <= box.left || box.bottom <= box.top;
    const scrolls = getComputedStyle(place).overflow !== 'visible';
    const out =
      box.left < own.left - 1 ||
      box.right > own.right + 1 ||
      (!scrolls && (box.top < own.top - 1 || box.bottom > own.bottom + 1));
    if (out && !empty && !hidden)
      found.push(`${place.className || place.role}: ${text.data.trim()}`);
  }
  return found;

  function allTexts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
      const { currentNode: text } = walker;
      if (text.data.trim() && text.parentElement?.checkVisibility()) texts.push(text);
    }
    return texts.filter(({ parentElement }) => parentElement.localName !== 'style');
  }
  function edges(of) {
    const { left, right, top, bottom } = of.getBoundingClientRect();
    return { left, right, top, bottom };
  }
  function clip(box, by) {
    box.left = Math.max(box.left, by.left);
    box.right = Math.min(box.right, by.right);
    box.top = Math.max(box.top, by.top);
    box.bottom = Math.min(box.bottom, by.bottom);
  }
}

/** Checks a state, reached once, at each size. */
const check = (name, how, reach) =>
  test(name, () =>
    testbed.onPage({ context: { viewport: SIZES.desktop }, ...how }, async (page, meeting) => {
      await reach(page, meeting);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await page.locator(LAYOUTS[size]).waitFor();
        assert.deepEqual(await page.evaluate(outside), [], size);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wider, false, size);
      }
    }),
  );

const claims = { name: LONG };
check('a participant who was removed by a moderator with a long name', { claims }, async (page) => {
  await page.locator('.rows .check input').nth(1).click();
  await page.keyboard.press('r');
  await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
  await waitForCounts(page, 2, 1);
  await page.getByRole('radio', { name: 'All 3' }).check();
  await page.locator('.row.absent .gone.kick').waitFor();
});

const protect = { presets: ['group_call_host', 'group_call_participant'] };
check(
  'protected participants of the same long name',
  { claims: { protect } },
  async (page, meeting) => {
    const { meeting_id } = meeting;
    for (const custom_participant_id of ['one', 'two'])
      await testbed.emulator.control('POST', 'join', {
        meeting_id,
        custom_participant_id,
        name: LONG,
      });
    await waitForCounts(page, 5, 0);
    await page.locator('.rows .id').nth(1).waitFor();
  },
);

for (const locale of ['en-GB', 'de-DE']) {
  const context = { viewport: SIZES.desktop, locale };
  for (const [place, panel] of ['meeting', 'polls', 'timeline'].entries())
    check(`the panel “${panel}” in ${locale}`, { context }, async (page) => {
      await page.getByRole('tab').nth(place).click();
      await page.locator('.stack').first().waitFor();
    });
  check(`a confirmation in ${locale}`, { context, participants: 14 }, async (page) => {
    await rows(page).first().click();
    await page.keyboard.press('a');
    await page.keyboard.press('b');
    await dialog(page).waitFor();
  });
}

check('the API fails', { push: false }, async (page, meeting) => {
  await testbed.fault(meeting, 'GetActiveSession', 'status:code=503:retry-after=3600');
  await page.getByRole('button', { name: 'Retry now' }).waitFor();
});

test('on a small phone the title shrinks before the header has another line', () =>
  testbed.onPage({ context: { viewport: SIZES.desktop } }, async (page) => {
    await button(page, 'Lock meeting').click();
    await page.locator('.badge.locked').waitFor();
    await page.setViewportSize({ width: 320, height: 640 });
    await page.locator(LAYOUTS.phone).waitFor();
    const middles = await page.locator('.top :is(h1, .badge), .top > button').evaluateAll((parts) =>
      parts.map((part) => {
        const { top, bottom } = part.getBoundingClientRect();
        return (top + bottom) / 2;
      }),
    );
    assert.equal(middles.length, 4);
    assert.ok(Math.max(...middles) - Math.min(...middles) < 4, String(middles));
  }));

test('on a wide touch screen a moderator who may only watch sees the names', () => {
  const context = { viewport: SIZES.desktop, hasTouch: true, isMobile: true };
  return testbed.onPage({ context, claims: { can: ['read'] } }, async (page) => {
    await page.locator(`${LAYOUTS.desktop}.read-only`).waitFor();
    const { width } = await page.locator('.rows .name').first().boundingBox();
    assert.ok(width >= 140, `${width}`);
  });
});

test('the fields of a poll are apart', () =>
  testbed.onPage({}, async (page) => {
    await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
    const [soup, salad] = await Promise.all(
      [1, 2].map((place) => page.getByLabel(`Option ${place}`, { exact: true }).boundingBox()),
    );
    assert.ok(salad.y >= soup.y + soup.height + 4);
  }));

test('a long confirmation begins at its title, a short one at its safe button', () =>
  testbed.onPage({ participants: 14 }, async (page) => {
    const focused = () => page.locator('dialog[open] :focus').innerText();
    for (const [size, name] of [
      ['zoom', 'Ban 14 participants?'],
      ['desktop', 'Cancel'],
    ]) {
      await page.setViewportSize(SIZES[size]);
      await page.locator(LAYOUTS[size]).waitFor();
      await rows(page).first().click();
      await page.keyboard.press('a');
      await page.keyboard.press('b');
      await dialog(page).waitFor();
      await eventually(focused, name);
      const box = await dialog(page).getByRole('heading').boundingBox();
      assert.ok(box.y > 0, 'the title is visible');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
  }));

test('a meeting that cannot be read offers no actions', async () => {
  const meeting = await testbed.emulator.meeting(2);
  const missing = { ...meeting, meeting_id: '00000000-0000-4000-8000-000000000000' };
  for (const viewport of Object.values(SIZES))
    await testbed.onPage({ meeting: missing, people: 0, context: { viewport } }, async (page) => {
      await page.getByRole('heading', { name: 'Meeting not found' }).waitFor();
      assert.equal(await tab(page, 'Meeting').count(), 0);
      assert.equal(await page.getByRole('button', { name: /Lock|Freeze|everyone/ }).count(), 0);
    });
  const denied = { meeting, people: 0, claims: { can: ['kick'] } };
  await testbed.onPage(denied, async (page) => {
    await page.getByRole('heading', { name: 'Can’t open this meeting' }).waitFor();
    assert.equal(await page.getByText('Loading…').count(), 0);
    assert.equal(await page.getByRole('tab').count(), 0);
  });
});

for (const locale of ['en-GB', 'de-DE'])
  test(`a phone full of messages keeps a part of the list, and nothing covers anything, in ${locale}`, () => {
    const context = { viewport: SIZES.phone, hasTouch: true, isMobile: true, locale };
    const given = { context, participants: 30, push: false };
    return testbed.onPage(given, async (page, meeting) => {
      await testbed.fault(meeting, 'MuteParticipants', ...Array(9).fill('status:code=400'));
      for (const place of [0, 1, 2]) await page.locator('.rows .check input').nth(place).click();
      await page.locator('.bar button').first().click();
      await dialog(page).getByRole('button').last().click();
      await page.locator('.activity.bad .failures').waitFor();
      await testbed.fault(meeting, 'GetActiveSession', 'status:code=503:retry-after=3600');
      await page.locator('.banner.bad').waitFor();
      const boxes = await page
        .locator(':is(.top, .banners, .participants > .tools, .grid, .bar, .activities)')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
      assert.equal(boxes.length, 6);
      for (const [place, { top }] of boxes.slice(1).entries())
        assert.ok(top >= boxes[place].bottom - 1, `${place}: ${boxes[place].bottom} and ${top}`);
      assert.ok(boxes[3].height >= 120, `${boxes[3].height}`);
      // All of it can be reached.
      await page.locator('.activities').scrollIntoViewIfNeeded();
      await page.getByRole('tab').first().click();
      const tops = await page
        .locator('.bar button:not(.quiet)')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
      assert.equal(new Set(tops).size, 1, 'the actions are in one line');
      // A panel shares its place with the messages below it.
      await tab(page, 'Meeting').click();
      await page.locator('#panel.scroll').waitFor();
      const panel = await page.locator('#panel').boundingBox();
      const cards = await page.locator('.activities').boundingBox();
      const tabs = await page.locator('.tabs').boundingBox();
      assert.ok(panel.height >= 120, `${panel.height}`);
      assert.ok(cards.y >= panel.y + panel.height - 1 && cards.y + cards.height <= tabs.y + 1);
    });
  });
