// Several alerts on the moderator page in Chromium: they leave room for the list, also at 400 % zoom, and lead to the
// participants they are about.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  SIZES,
  button,
  dialog,
  displayName,
  eventually,
  focusedName,
  recordAnnouncements,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => (testbed = await startTestbed()));
after(() => testbed?.stop());

const alerts = (page) => page.locator('.banner.alert');

/** Has participants join with the host's name until so many of them are none of the hosts. */
async function copyHost(page, meeting, count) {
  const { meeting_id } = meeting;
  const { session, participants } = await testbed.state(meeting);
  const isHost = ({ preset_name }) => preset_name !== 'group_call_participant';
  const host = participants.find(isHost);
  const name = displayName(meeting.participants.find((one) => one.user_id === host.user_id));
  const copies = [];
  for (let joined = 1; copies.length < count; joined += 1) {
    const custom_participant_id = `copy-${joined}`;
    await testbed.emulator.control('POST', 'join', { meeting_id, custom_participant_id, name });
    const { participants } = await testbed.state(meeting);
    const one = participants.find((one) => one.custom_participant_id === custom_participant_id);
    if (!isHost(one)) copies.push(custom_participant_id);
    await waitForCounts(page, session.peers.length + joined, 0);
  }
  return copies;
}

for (const [size, viewport] of Object.entries(SIZES))
  test(`one of many alerts is shown, and the others on request: ${size}`, () =>
    testbed.onPage({ context: { viewport } }, async (page, meeting) => {
      const announcements = await recordAnnouncements(page);
      await copyHost(page, meeting, 12);
      const more = button(page, '11 more alerts');
      await more.waitFor();
      assert.equal(await alerts(page).count(), 1);
      assert.match((await announcements()).join(' '), /joined with the name of a host/);
      const { height } = await page.locator('.banners').boundingBox();
      assert.ok(height < viewport.height / 2, `${height}`);

      // By keyboard.
      await more.focus();
      await page.keyboard.press('Enter');
      await eventually(() => alerts(page).count(), 12);
      assert.equal(await more.getAttribute('aria-expanded'), 'true');
      // The list keeps its room, or the whole element scrolls.
      const grid = await page.getByRole('grid').boundingBox();
      assert.ok(grid.height > 150, `${grid.height}`);
      const last = alerts(page).last().getByRole('button', { name: 'Dismiss' });
      await last.focus();
      await page.keyboard.press('Enter');
      await eventually(() => alerts(page).count(), 11);
      await button(page, 'Dismiss all').click();
      await eventually(() => alerts(page).count(), 0);
    }));

test('dismissing an alert shows the next one, and the focus stays', () =>
  testbed.onPage({}, async (page, meeting) => {
    await copyHost(page, meeting, 2);
    await button(page, '1 more alert').waitFor();
    await button(page, 'Dismiss').focus();
    await page.keyboard.press('Enter');
    await button(page, '1 more alert').waitFor({ state: 'detached' });
    assert.equal(await alerts(page).count(), 1);
    assert.equal(await focusedName(page), 'Dismiss');
  }));

test('an alert opens its participant, and is gone with them', () =>
  testbed.onPage({}, async (page, meeting) => {
    const [copy] = await copyHost(page, meeting, 1);
    await alerts(page)
      .getByRole('button', { name: /joined with the name of a host/ })
      .click();
    await dialog(page).getByText(copy).waitFor();
    await dialog(page).getByRole('button', { name: 'Remove' }).click();
    await dialog(page).getByRole('heading', { name: 'Remove' }).waitFor();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await alerts(page).waitFor({ state: 'detached' });
    const { participants } = await testbed.state(meeting);
    const out = participants.filter(({ live_peers }) => live_peers === 0);
    assert.deepEqual(
      out.map((one) => one.custom_participant_id),
      [copy],
    );
  }));
