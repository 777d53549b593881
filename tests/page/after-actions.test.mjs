// The moderator page in Chromium, served by the emulator: what it shows after an action and before the next
// poll, what is left to do after a partial failure, and links that are opened meanwhile.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulatorPage } from '../support/emulator-page.mjs';
import {
  apiRequests,
  dialog,
  displayName,
  fragment,
  isolated,
  rowOf,
  rows,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';

let host;
before(async () => {
  host = await startEmulatorPage();
});
after(() => host?.stop());

/** Starts an action on a participant and confirms it. */
async function act(page, verb, name) {
  await page.getByRole('button', { name: `${verb} ${isolated(name)}`, exact: true }).click();
  // One participant is muted without a question.
  if (verb !== 'Mute') await dialog(page).getByRole('button', { name: verb, exact: true }).click();
}

test('a kicked participant is marked at once, before any poll, and gone after the next one', async () => {
  await host.onPage({ clock: true }, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    // From now on polls get no response.
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route('**/active-session', async (route) => {
      await held;
      await route.continue();
    });
    const name = displayName(meeting.participants[1]);
    await act(page, 'Remove', name);
    await waitForActivity(page, `${isolated(name)} was removed.`);
    const row = rowOf(page, name);
    await row.locator('.mark', { hasText: 'Removed' }).waitFor();
    assert.match(await row.getAttribute('class'), /absent/);
    // They do not count as left, and cannot be kicked again.
    await waitForCounts(page, 3, 0);
    assert.equal(await row.getByRole('button', { name: /^Remove/ }).count(), 0);
    release();
    await page.clock.runFor(600);
    await waitForCounts(page, 2, 1);
    await row.waitFor({ state: 'detached' });
  });
});

test('an action brings the next poll forward, once', async () => {
  await host.onPage({ clock: true }, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await page.locator('rtk-moderator').evaluate((element) => (element.interval = 3_600_000));
    // A new interval begins with a poll; the next one is an hour away.
    await page.waitForFunction(
      () => document.querySelector('rtk-moderator').state.nextAt > Date.now() + 1_800_000,
    );
    const polls = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/active-session')) polls.push(request.url());
    });
    const [one, other] = meeting.participants.map(displayName);
    await act(page, 'Remove', one);
    await page.clock.runFor(600);
    await waitForCounts(page, 2, 1);
    await act(page, 'Remove', other);
    await page.clock.runFor(600);
    await waitForCounts(page, 1, 2);
    await page.clock.runFor(60_000);
    assert.equal(polls.length, 2);
  });
});

test('a kicked participant whom the next poll still lists is marked so, and can be kicked again', async () => {
  await host.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    const response = await page.waitForResponse((one) => /\/participants\?/.test(one.url()));
    const body = await response.text();
    await page.route(/\/participants\?/, (route) =>
      route.fulfill({ contentType: 'application/json', body }),
    );
    const name = displayName(meeting.participants[1]);
    await act(page, 'Remove', name);
    const row = rowOf(page, name);
    await row.locator('.mark.still', { hasText: 'Still here' }).waitFor();
    await page.locator('.activity.bad', { hasText: 'They still appear in the meeting.' }).waitFor();
    await page.locator('[role=status]', { hasText: 'is still in the meeting.' }).waitFor();
    await row.getByRole('button', { name: `Remove ${isolated(name)}`, exact: true }).waitFor();
    assert.doesNotMatch(await row.getAttribute('class'), /absent/);
    await page.unrouteAll({ behavior: 'wait' });
    await waitForCounts(page, 2, 1);
  });
});

test('a muted participant is marked for some seconds only: nothing tells whether they unmute', async () => {
  await host.onPage({ clock: true }, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    const name = displayName(meeting.participants[1]);
    await act(page, 'Mute', name);
    await rowOf(page, name).locator('.mark', { hasText: 'Muted just now' }).waitFor();
    await page.clock.runFor(10_000);
    await rowOf(page, name).locator('.mark').waitFor({ state: 'detached' });
  });
});

test('when the lock before a kick of everybody fails, the retry does both, in order', async () => {
  await host.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await host.fault(meeting, 'UpdateMeeting', 'status:code=400');
    await page.getByRole('button', { name: 'Remove everyone…', exact: true }).click();
    await dialog(page).getByLabel('Type “remove” to confirm').fill('remove');
    const first = dialog(page).getByRole('checkbox', { name: 'Lock the meeting first' });
    await first.check();
    await dialog(page).getByRole('button', { name: 'Remove everyone', exact: true }).click();
    await waitForActivity(page, 'Couldn’t lock the meeting. No one was removed.', 'bad');
    assert.deepEqual(await host.sent(meeting, '/kick-all'), []);
    await page.getByRole('button', { name: 'Lock, then remove everyone…' }).click();
    assert.equal(await first.isChecked(), true);
    await dialog(page).getByLabel('Type “remove” to confirm').fill('remove');
    await dialog(page).getByRole('button', { name: 'Remove everyone', exact: true }).click();
    await waitForActivity(page, 'were removed.');
    await waitForActivity(page, 'Meeting locked.');
    const { status, counts } = await host.state(meeting);
    assert.deepEqual([status, counts.live_peers], ['INACTIVE', 0]);
    // First the lock, then the kick.
    const done = (await host.emulator.requests(meeting.meeting_id)).filter(
      ({ method, status }) => method !== 'GET' && status === 200,
    );
    assert.deepEqual(
      done.map(({ path }) => path.split('/').at(-1)),
      [meeting.meeting_id, 'kick-all'],
    );
  });
});

test('a kick of everybody marks everybody at once', async () => {
  await host.onPage({ clock: true }, async (page) => {
    await waitForCounts(page, 3, 0);
    await page.route('**/active-session', () => {});
    await page.getByRole('button', { name: 'Remove everyone…', exact: true }).click();
    await dialog(page).getByLabel('Type “remove” to confirm').fill('remove');
    await dialog(page).getByRole('button', { name: 'Remove everyone', exact: true }).click();
    await page.locator('.rows .mark').nth(2).waitFor();
    assert.equal(await rows(page).count(), 3);
  });
});

test('a new grant does not end a pause that the API asked for', async () => {
  await host.onPage({ clock: true }, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await page.getByText('Meeting is unlocked').waitFor();
    await host.fault(meeting, 'GetActiveSession', 'status:code=429:retry-after=250');
    await page.clock.runFor(2100);
    await page.locator('.banner', { hasText: 'Too many requests' }).waitFor();
    assert.equal(await page.locator('.badge').textContent(), 'Live');
    // From here on time passes only by `runFor`.
    await page.clock.pauseAt(Date.now() + 60_000);
    const requests = apiRequests(page);
    const hash = fragment(host.emulator, meeting, host.token).toString();
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.locator('rtk-moderator').evaluate((element) => element.updateComplete);
    await page.clock.runFor(100_000);
    assert.deepEqual(requests, []);
    // Old data does not say that the meeting is live now.
    assert.equal(await page.locator('.badge').count(), 0);
    await page.clock.fastForward(250_000);
    await page.clock.resume();
    await page.locator('.banner').waitFor({ state: 'detached' });
    await page.locator('.badge', { hasText: 'Live' }).waitFor();
  });
});

test('a link to another server is refused, and the meeting stays on screen', async () => {
  await host.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    const hash = fragment(
      { ...host.emulator, base_url: 'https://api.example.com/v4' },
      meeting,
      'other',
    );
    await page.evaluate((hash) => (location.hash = hash), hash.toString());
    await dialog(page).getByText('This link is for another server').waitFor();
    await dialog(page).getByRole('button', { name: 'Stay' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal(page.url(), `${host.emulator.url}/`);
    const { user_id } = meeting.participants[0];
    const left = { meeting_id: meeting.meeting_id, user_id };
    await host.emulator.control('POST', 'leave', left);
    await waitForCounts(page, 2, 1);
  });
});

test('a link to another meeting asks first, and of two links the newer one counts', async () => {
  const other = await host.emulator.meeting(5);
  const third = await host.emulator.meeting(7);
  await host.onPage({}, async (page) => {
    await waitForCounts(page, 3, 0);
    const follow = (meeting) =>
      page.evaluate(
        (hash) => (location.hash = hash),
        fragment(host.emulator, meeting, host.token).toString(),
      );
    await follow(other);
    await dialog(page).getByText('Switch meetings?').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await waitForCounts(page, 3, 0);
    assert.deepEqual(await host.sent(other, '/active-session'), []);
    await follow(other);
    await dialog(page).waitFor();
    await follow(third);
    await dialog(page).getByRole('button', { name: 'Switch' }).click();
    await waitForCounts(page, 7, 0);
    assert.deepEqual(await host.sent(other, '/active-session'), []);
  });
});

test('when polling has ended with an error, nothing is called up to date', async () => {
  await host.onPage({}, async (page) => {
    await waitForCounts(page, 3, 0);
    await page.locator('.fact', { hasText: 'Live' }).waitFor();
    await page.locator('rtk-moderator').evaluate((element) => (element.interval = -1));
    await page.locator('.banner.bad').waitFor();
    assert.equal(await page.locator('.fact', { hasText: 'Live' }).count(), 0);
  });
});
