// Actions that go on after the moderator has left their meeting, on the moderator page in Chromium: they stay visible,
// with their outcome, and say what was not done when access to that meeting has ended.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  button,
  dialog,
  eventually,
  recordAnnouncements,
  rows,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => (testbed = await startTestbed()));
after(() => testbed?.stop());

const COUNT = 12;
const EXPIRED = {
  status: 401,
  json: { success: false, errors: [{ code: 10000, message: 'x', reason: 'grant_expired' }] },
};

/** Begins a ban of everyone. */
async function banAll(page) {
  await rows(page).first().click();
  await page.keyboard.press('a');
  await page.keyboard.press('b');
  await dialog(page).getByLabel(`Type “${COUNT}” to confirm`).fill(`${COUNT}`);
  await dialog(page)
    .getByRole('button', { name: `Ban ${COUNT} participants` })
    .click();
}

/** Has the deletions of a meeting held back, and then given to `decide`. */
async function holdBans(page, { meeting_id }, decide) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let seen = 0;
  await page.route(
    (url) => url.pathname.includes(`/${meeting_id}/participants/`),
    async (route) => {
      if (route.request().method() !== 'DELETE') return route.continue();
      seen += 1;
      await held;
      return decide(route, seen);
    },
  );
  return { release, seen: () => seen };
}

const go = (page, id) =>
  page.locator('rtk-moderator').evaluate((element, id) => (element.meetingId = id), id);

test('a ban is shown, and can be stopped, in the meeting to which the moderator has gone', () =>
  testbed.onPage({ participants: COUNT, claims: { meeting_id: '*' } }, async (page, meeting) => {
    const other = await testbed.emulator.meeting(2);
    const held = await holdBans(page, meeting, (route) => route.continue());
    await banAll(page);
    await eventually(held.seen, 4);
    await button(page, 'All live meetings').click();
    await page.locator('.overview li').first().waitFor();
    const card = page.locator('.activity', { hasText: 'In another meeting, ' });
    await card.getByText(`Banning ${COUNT} participants…`).waitFor();
    await go(page, other.meeting_id);
    await waitForCounts(page, 2, 0);
    await card.getByText(`Banning ${COUNT} participants…`).waitFor();
    const announcements = await recordAnnouncements(page);
    await card.getByRole('button', { name: 'Stop' }).click();
    held.release();
    await card.getByText('4 banned, 8 stopped.').waitFor();
    await eventually(
      async () => (await announcements()).some((text) => /^In another meeting, .+4 ban/.test(text)),
      true,
    );
    // The rows of this meeting are another matter.
    await waitForCounts(page, 2, 0);
    await card.getByRole('button', { name: 'Retry 8' }).click();
    await card.getByText(`${COUNT} banned.`, { exact: true }).waitFor();
    const { participants } = await testbed.state(meeting);
    const rest = participants.filter(({ deleted, live_peers }) => !deleted || live_peers);
    assert.deepEqual(rest, []);
    assert.deepEqual(await testbed.mutations(other), []);
  }));

test('a grant for every meeting that is renewed elsewhere lets the ban go on', () =>
  testbed.onPage({ participants: COUNT, claims: { meeting_id: '*' } }, async (page, meeting) => {
    const other = await testbed.emulator.meeting(2);
    let renewed = false;
    const held = await holdBans(page, meeting, (route) =>
      renewed ? route.continue() : route.fulfill(EXPIRED),
    );
    await banAll(page);
    await eventually(held.seen, 4);
    await page
      .locator('rtk-moderator')
      .evaluate((element) => (element.getGrant = () => new Promise(() => {})));
    await go(page, other.meeting_id);
    await waitForCounts(page, 2, 0);
    held.release();
    const card = page.locator('.activity', { hasText: 'In another meeting, ' });
    await card.getByText('Your access has expired.').waitFor();
    renewed = true;
    await testbed.regrant(page, { ...other, meeting_id: '*' }, {});
    await card.getByText(`${COUNT} banned.`, { exact: true }).waitFor();
    const { participants } = await testbed.state(meeting);
    const rest = participants.filter(({ deleted, live_peers }) => !deleted || live_peers);
    assert.deepEqual(rest, []);
  }));

test('when access to the meeting that was left has ended, the ban counts the participants that it did not reach', () =>
  testbed.onPage({ participants: COUNT }, async (page, meeting) => {
    const other = await testbed.emulator.meeting(2);
    const held = await holdBans(page, meeting, (route, seen) =>
      seen > 4 ? route.fulfill(EXPIRED) : route.continue(),
    );
    await banAll(page);
    await eventually(held.seen, 4);
    await go(page, other.meeting_id);
    await testbed.regrant(page, other, {});
    await waitForCounts(page, 2, 0);
    held.release();
    const card = page.locator('.activity.bad', { hasText: 'In another meeting, ' });
    await card.getByText('4 banned, 8 failed.').waitFor();
    await card.getByText('Your access has expired. (401)').first().waitFor();
    // Nothing was sent with the grant of this meeting, and nothing more after the refusal.
    assert.ok(held.seen() <= 8, `${held.seen()}`);
    assert.deepEqual(await testbed.mutations(other), []);

    // Back in the meeting the rest can be done.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await go(page, meeting.meeting_id);
    await testbed.regrant(page, meeting, {});
    const back = page.locator('.activity.bad', { hasText: '4 banned, 8 failed.' });
    await back.waitFor();
    assert.equal(await card.count(), 0);
    await back.getByRole('button', { name: 'Retry 8' }).click();
    await waitForActivity(page, new RegExp(`^\\s*${COUNT} banned`));
  }));
