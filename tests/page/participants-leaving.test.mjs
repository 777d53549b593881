// Participants leave and come back while they are selected, named in a confirmation, shown in the details or
// acted on: the page says so, acts only on those who were chosen, and loses none of them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  dialog,
  displayName,
  eventually,
  isolated,
  rowOf,
  rows,
  select,
  tab,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => {
  testbed = await startTestbed();
});
after(() => testbed?.stop());

const leave = ({ meeting_id }, { user_id }) =>
  testbed.emulator.control('POST', 'leave', { meeting_id, user_id });
const join = ({ meeting_id }, { user_id }) =>
  testbed.emulator.control('POST', 'join', { meeting_id, user_id });
const bar = (page, name) => page.locator('.bar').getByRole('button', { name, exact: true });
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true });
/** The participants named by each mutation, in order. */
const targets = async (meeting) =>
  (await testbed.mutations(meeting)).map(({ body }) =>
    (typeof body === 'string' ? JSON.parse(body) : body).participant_ids.sort(),
  );
const ids = (...people) => people.map(({ user_id }) => user_id).sort();

describe('a participant who leaves', { concurrency: 3 }, () => {
  test('while selected is named in the bar, and left out of the action', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [one, two, three] = meeting.participants;
      await select(page, displayName(one), displayName(three));
      await leave(meeting, one);
      await page.locator('.bar', { hasText: '1 has left' }).waitFor();
      await page.locator('.bar', { hasText: '2 selected' }).waitFor();
      await bar(page, 'Mute').click();
      await dialog(page)
        .getByText(`Mute ${isolated(displayName(three))}?`)
        .waitFor();
      await dialog(page).getByText('1 participant has already left').waitFor();
      await yes(page, 'Mute').click();
      await waitForActivity(page, `${isolated(displayName(three))} was muted.`);
      assert.deepEqual(await targets(meeting), [ids(three)]);
      const { session } = await testbed.state(meeting);
      assert.equal(session.peers.find(({ user_id }) => user_id === two.user_id).muted, false);
    });
  });

  test('while selected, and comes back, is selected as before', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [one, , three] = meeting.participants;
      await select(page, displayName(one), displayName(three));
      await leave(meeting, one);
      await page.locator('.bar', { hasText: '1 has left' }).waitFor();
      await join(meeting, one);
      await page.locator('.bar', { hasText: '1 has left' }).waitFor({ state: 'detached' });
      await eventually(() => page.locator('.row.selected').count(), 2);
      await bar(page, 'Remove').click();
      await yes(page, 'Remove 2 participants').click();
      await waitForActivity(page, '2 removed.');
      assert.deepEqual(await targets(meeting), [ids(one, three)]);
    });
  });

  test('as the last one selected disables every button but ban, and the focus stays', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [one, , three] = meeting.participants;
      await select(page, displayName(one), displayName(three));
      await bar(page, 'Remove').focus();
      await leave(meeting, one);
      await leave(meeting, three);
      await page.locator('.bar', { hasText: '2 have left' }).waitFor();
      const focus = () =>
        page.evaluate(() => document.activeElement.shadowRoot.activeElement.innerText.trim());
      assert.equal(await focus(), 'Remove');
      assert.equal(await bar(page, 'Remove').isDisabled(), true);
      await page.keyboard.press('Enter');
      assert.equal(await dialog(page).count(), 0);
      assert.equal(await bar(page, 'Ban').isEnabled(), true);
      assert.deepEqual(await testbed.mutations(meeting), []);
    });
  });

  test('while a confirmation for several is open is taken off its list and its count', async () => {
    await testbed.onPage({ participants: 4 }, async (page, meeting) => {
      const [one, two, three] = meeting.participants;
      await select(page, displayName(one), displayName(two), displayName(three));
      await bar(page, 'Remove').click();
      await dialog(page).getByText('Remove 3 participants?').waitFor();
      await leave(meeting, two);
      await dialog(page).getByText('Remove 2 participants?').waitFor();
      await dialog(page).getByText('1 participant has already left').waitFor();
      const listed = await dialog(page).locator('.names li > bdi').allTextContents();
      assert.deepEqual(listed.sort(), [displayName(one), displayName(three)].sort());
      await yes(page, 'Remove 2 participants').click();
      await waitForActivity(page, '2 removed.');
      assert.deepEqual(await targets(meeting), [ids(one, three)]);
    });
  });

  test('during a kick of many is reported as left, and the others are kicked', async () => {
    await testbed.onPage({ participants: 30 }, async (page, meeting, wire) => {
      await waitForCounts(page, 30, 0);
      await page.getByRole('checkbox', { name: 'Select all 30' }).click();
      // The first of two requests gets its response after the last participant, named in the second, left.
      wire.hold('/kick HTTP');
      await bar(page, 'Remove').click();
      const last = await dialog(page).locator('.names li:last-child > bdi').textContent();
      await dialog(page).getByLabel('Type “30” to confirm').fill('30');
      const leaver = meeting.participants.find((one) => displayName(one) === last);
      await yes(page, 'Remove 30 participants').click();
      await page.locator('.activity.busy', { hasText: 'Removing 30 participants…' }).waitFor();
      await leave(meeting, leaver);
      wire.hold();
      await waitForActivity(page, '29 removed, 1 had already left.');
      assert.equal((await testbed.state(meeting)).counts.live_peers, 0);
      const { session, ended_sessions } = await testbed.state(meeting);
      const { peers } = session ?? ended_sessions.at(-1);
      assert.equal(peers.filter(({ departure }) => departure === 'kicked').length, 29);
    });
  });

  test('while the details are open gets the time of leaving there, and only a ban is offered', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [, one] = meeting.participants;
      await page.getByRole('button', { name: displayName(one), exact: true }).click();
      await dialog(page).getByText('Here now').waitFor();
      await yes(page, 'Remove').waitFor();
      await leave(meeting, one);
      await yes(page, 'Remove').waitFor({ state: 'detached' });
      await dialog(page)
        .getByText(/Left at \d/)
        .waitFor();
      const offered = await dialog(page).locator('.buttons').getByRole('button').allInnerTexts();
      assert.deepEqual(
        offered.map((text) => text.trim()),
        ['Ban'],
      );
      await testbed.emulator.control('POST', 'advance', { seconds: 30 });
      await join(meeting, one);
      await yes(page, 'Remove').waitFor();
      await eventually(() => dialog(page).locator('.stays li').count(), 2);
    });
  });

  test('by a kick comes back with the same link, and by a ban does not', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [one, two] = meeting.participants;
      for (const [verb, participant] of [
        ['Remove', one],
        ['Ban', two],
      ]) {
        const name = isolated(displayName(participant));
        await page.getByRole('button', { name: `${verb} ${name}`, exact: true }).click();
        await yes(page, verb).click();
        await waitForActivity(page, `${name} was`);
        await rowOf(page, displayName(participant)).waitFor({ state: 'detached' });
      }
      await testbed.emulator.control('POST', 'advance', { seconds: 30 });
      await join(meeting, one);
      await assert.rejects(join(meeting, two), /deleted/);
      await rowOf(page, displayName(one)).waitFor();
      assert.equal(await rows(page).count(), 2);
      assert.equal(await rowOf(page, displayName(one)).locator('.joins').textContent(), '2');
      await tab(page, 'Activity').click();
      await page.getByRole('radio', { name: 'Joins & leaves' }).check();
      const eventsOf = async (name) =>
        (await page.locator('.events li', { hasText: name }).locator('p').allInnerTexts()).map(
          (text) => text.replace(/\s+/g, ' ').trim(),
        );
      await eventually(
        () => eventsOf(displayName(one)),
        [`${displayName(one)} rejoined`, `${displayName(one)} left`, `${displayName(one)} joined`],
      );
      assert.deepEqual(await eventsOf(displayName(two)), [
        `${displayName(two)} left`,
        `${displayName(two)} joined`,
      ]);
    });
  });
});
