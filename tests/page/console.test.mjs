// The moderator page in Chromium, through the gateway: freeze, protected participants, reasons, the overview,
// alerts, rate limits, unknown meetings, and devices that differ: touch, zoom, print, a wrong clock.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { now } from '../support/grants.mjs';
import {
  button,
  dialog,
  displayName,
  eventually,
  fragment,
  isolated,
  rowOf,
  rows,
  select,
  tab,
  visit,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => {
  testbed = await startTestbed();
});
after(() => testbed?.stop());

/** Opens a page for a grant, without the checks of a testbed's page. */
const open = (meeting, claims, check, { fields = {}, context } = {}) => {
  const secret = testbed.gateway.grant(meeting, { exp: now() + 3600, ...claims });
  const place = {
    base_url: testbed.gateway.base_url,
    account_id: testbed.emulator.account_id,
  };
  const hash = fragment(place, meeting, secret, fields);
  return visit(testbed.browser, testbed.gateway.url, hash, check, { secret, context });
};

test('one press freezes the meeting, and one undoes both', async () => {
  await testbed.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await button(page, 'Freeze').click();
    await waitForActivity(page, 'Meeting frozen.');
    const frozen = await testbed.state(meeting);
    assert.equal(frozen.status, 'INACTIVE');
    assert.ok(frozen.session.peers.every(({ muted, may_unmute }) => muted && !may_unmute));
    await button(page, 'Unfreeze').click();
    // The pointer keeps the outcome on screen, which otherwise disappears after some seconds.
    await page.locator('.activity.good', { hasText: 'Meeting unfrozen.' }).hover();
    const free = await testbed.state(meeting);
    assert.equal(free.status, 'ACTIVE');
    assert.ok(free.session.peers.every(({ may_unmute }) => may_unmute));
    // One offer to undo at a time, and one entry for each.
    assert.equal(await button(page, 'Undo').count(), 1);
    await tab(page, 'Activity').click();
    await page.getByRole('radio', { name: 'Moderator actions' }).check();
    await page.locator('.events .action', { hasText: 'unfroze the meeting' }).waitFor();
    await eventually(() => page.locator('.events .action').count(), 2);
  });
});

test('everyone except chosen roles is muted', async () => {
  await testbed.onPage({ participants: 8 }, async (page, meeting) => {
    await waitForCounts(page, 8, 0);
    await button(page, 'Mute everyone except…').click();
    await dialog(page)
      .getByRole('checkbox', { name: /^Group call host/ })
      .waitFor();
    assert.ok(
      await dialog(page)
        .getByRole('checkbox', { name: /^Group call host/ })
        .isChecked(),
    );
    // Those exempt are not said to be muted.
    const text = await dialog(page).locator('#ask-text').innerText();
    assert.match(text, /^[1-7] participants? will be muted\.$/);
    await button(page, 'Mute the others').click();
    await waitForActivity(page, 'muted.');
    const { session, participants } = await testbed.state(meeting);
    const preset = new Map(participants.map((one) => [one.user_id, one.preset_name]));
    for (const { user_id, muted } of session.peers)
      assert.equal(muted, !/host|present/.test(preset.get(user_id)), preset.get(user_id));
  });
});

test('protected participants have a shield, and no actions', async () => {
  const claims = { protect: { presets: ['group_call_host'] } };
  await testbed.onPage({ participants: 5, claims }, async (page, meeting) => {
    await waitForCounts(page, 5, 0);
    const { participants } = await testbed.state(meeting);
    const shields = page.getByRole('img', { name: 'Protected' });
    const hosts = participants.filter(({ preset_name }) => preset_name === 'group_call_host');
    await eventually(() => shields.count(), hosts.length);
    const row = page.locator('.rows .row').filter({ has: shields }).first();
    assert.equal(await row.locator('.actions button').count(), 0);
    await page.getByRole('checkbox', { name: 'Select all 5' }).click();
    await page.locator('.bar').getByRole('button', { name: 'Mute' }).click();
    await dialog(page)
      .getByText(/protected and will be skipped/)
      .waitFor();
    await dialog(page).getByRole('button', { name: /^Mute/ }).click();
    await waitForActivity(page, `${5 - hosts.length} muted.`);
  });
});

test('a reason is in the audit, the timeline, the files and the history, and is remembered', async () => {
  await testbed.onPage({}, async (page, meeting) => {
    const [one, two] = meeting.participants;
    const name = displayName(one);
    await button(page, `Remove ${isolated(name)}`).click();
    await dialog(page).getByLabel('Reason (optional)').fill('Störung');
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await waitForActivity(page, `${isolated(name)} was removed.`);
    await waitForCounts(page, 2, 1);
    await tab(page, 'Activity').click();
    await page.locator('.events .action', { hasText: 'Störung' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(page, 'JSON').click(),
    ]);
    const entry = JSON.parse(await readFile(await download.path(), 'utf8')).find(
      ({ event }) => event === 'action',
    );
    assert.deepEqual(
      [entry.reason, entry.target_ids, entry.meeting_id],
      ['Störung', [one.user_id], meeting.meeting_id],
    );
    assert.equal(entry.request_id.length, 1);
    await page.getByRole('radio', { name: /^Left/ }).check();
    await rowOf(page, name)
      .getByText(/Removed at .+ by/)
      .waitFor();
    await button(page, name).click();
    await dialog(page).getByText('removed', { exact: false }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: /^Here now/ }).check();
    await button(page, `Ban ${isolated(displayName(two))}`).click();
    await page.locator('datalist option[value="Störung"]').waitFor({ state: 'attached' });
  });
});

test('a grant for every meeting lists the live ones, and opens one', async () => {
  const meeting = await testbed.emulator.meeting(4);
  await open({ ...meeting, meeting_id: '' }, { meeting_id: '*' }, async (page) => {
    await page.getByRole('heading', { name: 'All live meetings' }).waitFor();
    await page.locator('.overview button', { hasText: '4 here now' }).first().click();
    await rows(page).first().waitFor();
    await button(page, 'All live meetings').click();
    await page.getByRole('heading', { name: 'All live meetings' }).waitFor();
  });
});

test('a copied host name is reported, and can be switched off', async () => {
  await testbed.onPage({ participants: 4 }, async (page, meeting) => {
    await waitForCounts(page, 4, 0);
    const { meeting_id } = meeting;
    const { participants } = await testbed.state(meeting);
    const host = participants.find(({ preset_name }) => preset_name === 'group_call_host');
    const name = displayName(meeting.participants.find((one) => one.user_id === host.user_id));
    const join = { meeting_id, custom_participant_id: 'copy-1', name: name.toUpperCase() };
    await testbed.emulator.control('POST', 'join', join);
    const alert = page.locator('.banner.alert');
    await alert.filter({ hasText: 'joined with the name of a host or presenter' }).waitFor();
    await button(page, 'Settings and shortcuts').click();
    await dialog(page).getByRole('checkbox', { name: 'Someone uses a host’s name' }).uncheck();
    await page.keyboard.press('Escape');
    await alert.waitFor({ state: 'detached' });
    const again = { ...join, custom_participant_id: 'copy-2' };
    await testbed.emulator.control('POST', 'join', again);
    await waitForCounts(page, 6, 0);
    assert.equal(await alert.count(), 0);
  });
});

test('a meeting that does not exist cannot be found', async () => {
  const meeting = await testbed.emulator.meeting(1);
  const wrong = { ...meeting, meeting_id: '00000000-0000-4000-8000-000000000000' };
  await open(wrong, {}, async (page) => {
    await page.getByRole('heading', { name: 'Meeting not found' }).waitFor();
    assert.equal(await page.locator('.fact', { hasText: 'Live' }).count(), 0);
    await page.locator('.badge.failing').waitFor();
  });
});

test('an action under a rate limit says when it continues, and can be cancelled', async () => {
  await testbed.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await page.route(
      (url) => url.pathname.endsWith(meeting.meeting_id),
      (route) =>
        route.request().method() === 'PATCH'
          ? route.fulfill({ status: 429, headers: { 'retry-after': '250' }, json: {} })
          : route.continue(),
    );
    await button(page, 'Lock meeting').click();
    const card = page.locator('.activity.busy');
    await card.getByText(/Too many requests\. Continuing in \d+ s/).waitFor();
    await card.getByRole('button', { name: 'Cancel' }).click();
    await waitForActivity(page, 'Couldn’t lock the meeting.', 'bad');
    assert.equal((await testbed.state(meeting)).status, 'ACTIVE');
  });
});

test('keys act on visible rows only, and hidden selected ones are counted', async () => {
  await testbed.onPage({ participants: 6 }, async (page, meeting) => {
    await waitForCounts(page, 6, 0);
    const names = meeting.participants.map(displayName);
    await select(page, names[0], names[1]);
    await page.getByRole('searchbox').fill('nobody is called that');
    await page.locator('.bar').getByText('2 selected, 2 hidden').waitFor();
    await page.locator('.search').getByText('0 of 6').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('b');
    assert.equal(await dialog(page).count(), 0);
    assert.deepEqual(await testbed.mutations(meeting), []);
  });
});

describe('on devices that differ', () => {
  const inContext = (context, check, participants = 30) =>
    testbed.onPage({ participants, context }, check);

  test('at 400 % zoom everything can be reached by scrolling', async () => {
    await inContext({ viewport: { width: 320, height: 256 } }, async (page) => {
      await page.locator('.app.short').waitFor();
      await rows(page).first().scrollIntoViewIfNeeded();
      const box = await page.getByRole('grid').boundingBox();
      assert.ok(box.height >= 150, `${box.height}`);
      const scrolls = await page
        .locator('.app')
        .evaluate((app) => app.scrollHeight > app.clientHeight);
      assert.ok(scrolls);
    });
  });

  test('on a touch screen targets and fields are large, and all can be selected', async () => {
    const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await inContext(context, async (page) => {
      await rows(page).first().waitFor();
      const small = await page.evaluate(() => {
        const { shadowRoot } = document.querySelector('rtk-moderator');
        const all = [...shadowRoot.querySelectorAll('button:not(.plain), select, .check label')];
        return all
          .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML.slice(0, 90));
      });
      assert.deepEqual(small, []);
      const size = await page
        .getByRole('searchbox')
        .evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
      assert.ok(size >= 16, `${size}`);
      await page.getByRole('checkbox', { name: 'Select all 30' }).click();
      await page.locator('.bar').getByText('30 selected').waitFor();
      await button(page, 'Ascending').click();
      await button(page, 'Descending').waitFor();
    });
  });

  test('a printer gets every row', async () => {
    await inContext({}, async (page) => {
      await rows(page).first().waitFor();
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      assert.equal(await rows(page).count(), 30);
      await page.emulateMedia({ media: 'print' });
      const last = await rows(page).last().boundingBox();
      assert.ok(last.y > 900, `${last.y}`);
    });
  });

  test('a clock that is three hours off changes no duration and expires no grant', async () => {
    const meeting = await testbed.emulator.meeting(2);
    const claims = { exp: now() + 3600 };
    const check = async (page) => {
      await rows(page).first().waitFor();
      await waitForCounts(page, 2, 0);
      assert.equal(await page.locator('.banner').count(), 0);
      assert.equal(await page.getByText('Access expired').count(), 0);
    };
    const secret = testbed.gateway.grant(meeting, claims);
    const place = { base_url: testbed.gateway.base_url, account_id: testbed.emulator.account_id };
    await visit(
      ...[testbed.browser, testbed.gateway.url, fragment(place, meeting, secret), check],
      {
        before: (page) =>
          page.addInitScript(() => {
            const { now } = Date;
            Date.now = () => now() + 3 * 3_600_000;
          }),
      },
    );
  });

  test('the sign-in takes a whole link, and stays in the tab if it is kept', async () => {
    const meeting = await testbed.emulator.meeting(3);
    const secret = testbed.gateway.grant(meeting, { exp: now() + 3600 });
    const place = { base_url: testbed.gateway.base_url, account_id: testbed.emulator.account_id };
    const link = `${testbed.gateway.url}/#${fragment(place, meeting, secret)}`;
    await visit(testbed.browser, testbed.gateway.url, '', async (page) => {
      const field = page.getByLabel('Moderator link');
      await field.fill('https://example.com/');
      await button(page, 'Open meeting').click();
      await page.getByText('This isn’t a moderator link.').waitFor();
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      await field.fill(link.replace(testbed.gateway.url, 'https://other.example'));
      await field.fill(link);
      await page.getByLabel('Stay signed in after a reload').check();
      await button(page, 'Open meeting').click();
      await waitForCounts(page, 3, 0);
      await page.reload();
      await waitForCounts(page, 3, 0);
      await button(page, 'Settings and shortcuts').click();
      await page.getByLabel('Stay signed in after a reload').uncheck();
      await page.reload();
      await page.getByText('This page was reloaded').waitFor();
    });
  });
});
