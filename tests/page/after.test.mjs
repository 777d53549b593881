// The moderator page in Chromium, against the emulator as a process: what is seen after an act, before a
// look tells; what is left to do when a part of it failed; and links that are opened meanwhile.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import {
  PAGE,
  counted,
  dialog,
  fragment,
  isolated,
  rowOf,
  rows,
  told,
  visit,
} from '../support/page.mjs';

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

/** Runs `look` on the page of a new meeting. */
async function onPage({ participants = 3, given = {}, ...how }, look) {
  const meeting = await emulator.meeting(participants);
  const hash = fragment(emulator, meeting, TOKEN, given);
  await visit(browser, emulator.url, hash, (page) => look(page, meeting), {
    secret: TOKEN,
    ...how,
  });
}

const fault = ({ meeting_id }, operation, ...steps) =>
  emulator.control('POST', 'faults', { operation, meeting_id, steps });
const sent = async ({ meeting_id }, end) =>
  (await emulator.requests(meeting_id)).filter(({ path }) => path.endsWith(end));
const state = async ({ meeting_id }) =>
  (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0];
const called = ({ name, custom_participant_id }) => name.trim() || custom_participant_id;

/** Asks for something to be done to somebody, and says yes. */
async function act(page, verb, name) {
  await page.getByRole('button', { name: `${verb} ${isolated(name)}`, exact: true }).click();
  await dialog(page).getByRole('button', { name: verb, exact: true }).click();
}

test('who was kicked is marked at once, though nothing can be read, and gone by the next look', async () => {
  await onPage({ clock: true }, async (page, meeting) => {
    await counted(page, 3, 0);
    // From now on nothing is seen but what was done.
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route('**/active-session', async (route) => {
      await held;
      await route.continue();
    });
    const name = called(meeting.participants[1]);
    await act(page, 'Kick', name);
    await told(page, `${isolated(name)} was kicked.`);
    const row = rowOf(page, name);
    await row.locator('.mark', { hasText: 'removed' }).waitFor();
    assert.match(await row.getAttribute('class'), /absent/);
    // It is not said that they left, nor can they be kicked again.
    await counted(page, 3, 0);
    assert.equal(await row.getByRole('button', { name: /^Kick/ }).count(), 0);
    release();
    await page.clock.runFor(600);
    await counted(page, 2, 1);
    await row.waitFor({ state: 'detached' });
  });
});

test('a look comes soon after an act, once', async () => {
  await onPage({ clock: true, given: {} }, async (page, meeting) => {
    await counted(page, 3, 0);
    await page.locator('rtk-moderator').evaluate((element) => (element.interval = 600_000));
    await page.waitForLoadState('networkidle');
    const before = (await sent(meeting, '/active-session')).length;
    const [one, other] = meeting.participants.map(called);
    await act(page, 'Kick', one);
    await page.clock.runFor(600);
    await counted(page, 2, 1);
    await act(page, 'Kick', other);
    await page.clock.runFor(600);
    await counted(page, 1, 2);
    await page.clock.runFor(60_000);
    await page.waitForLoadState('networkidle');
    const looks = (await sent(meeting, '/active-session')).length - before;
    // The first may have begun before it was counted: a new interval begins with a look.
    assert.ok(looks === 2 || looks === 3, `${looks}`);
  });
});

test('who is still in after a kick is said to be, and can be kicked again', async () => {
  await onPage({}, async (page, meeting) => {
    await counted(page, 3, 0);
    const answers = page.waitForResponse((answer) => /\/participants\?/.test(answer.url()));
    const body = await (await answers).text();
    await page.route(/\/participants\?/, (route) =>
      route.fulfill({ contentType: 'application/json', body }),
    );
    const name = called(meeting.participants[1]);
    await act(page, 'Kick', name);
    const row = rowOf(page, name);
    await row.locator('.mark.still', { hasText: 'still in' }).waitFor();
    await page
      .locator('.activity.bad', { hasText: 'The newest look shows them still in.' })
      .waitFor();
    await page.locator('[role=status]', { hasText: 'is still in.' }).waitFor();
    await row.getByRole('button', { name: `Kick ${isolated(name)}`, exact: true }).waitFor();
    assert.doesNotMatch(await row.getAttribute('class'), /absent/);
    await page.unroute(/\/participants\?/);
    await counted(page, 2, 1);
  });
});

test('who was muted is marked for a moment, and for no longer than is known', async () => {
  await onPage({ clock: true }, async (page, meeting) => {
    await counted(page, 3, 0);
    const name = called(meeting.participants[1]);
    await act(page, 'Mute', name);
    await rowOf(page, name).locator('.mark', { hasText: 'just muted' }).waitFor();
    await page.clock.runFor(10_000);
    await rowOf(page, name).locator('.mark').waitFor({ state: 'detached' });
  });
});

test('when the lock before a kick of all fails, both are left to do, in order', async () => {
  await onPage({}, async (page, meeting) => {
    await counted(page, 3, 0);
    await fault(meeting, 'UpdateMeeting', 'status:code=400');
    await page.getByRole('button', { name: 'Kick all…', exact: true }).click();
    await dialog(page).getByLabel('Type “kick all” to confirm').fill('kick all');
    const first = dialog(page).getByRole('checkbox', { name: 'Lock the meeting first' });
    await first.check();
    await dialog(page).getByRole('button', { name: 'Kick all', exact: true }).click();
    await told(page, 'The meeting could not be locked. Nobody was kicked.', 'bad');
    assert.deepEqual(await sent(meeting, '/kick-all'), []);
    await page.getByRole('button', { name: 'Lock, then kick all…' }).click();
    assert.equal(await first.isChecked(), true);
    await dialog(page).getByLabel('Type “kick all” to confirm').fill('kick all');
    await dialog(page).getByRole('button', { name: 'Kick all', exact: true }).click();
    await told(page, 'Everybody was kicked.');
    await told(page, 'The meeting is locked.');
    const { status, counts } = await state(meeting);
    assert.deepEqual([status, counts.live_peers], ['INACTIVE', 0]);
    // First the lock, then who is in.
    const done = (await emulator.requests(meeting.meeting_id)).filter(
      ({ method, status }) => method !== 'GET' && status === 200,
    );
    assert.deepEqual(
      done.map(({ path }) => path.split('/').at(-1)),
      [meeting.meeting_id, 'kick-all'],
    );
  });
});

test('what was kicked with everybody is marked at once', async () => {
  await onPage({ clock: true }, async (page) => {
    await counted(page, 3, 0);
    await page.route('**/active-session', () => {});
    await page.getByRole('button', { name: 'Kick all…', exact: true }).click();
    await dialog(page).getByLabel('Type “kick all” to confirm').fill('kick all');
    await dialog(page).getByRole('button', { name: 'Kick all', exact: true }).click();
    await page.locator('.rows .mark').nth(2).waitFor();
    assert.equal(await rows(page).count(), 3);
  });
});

test('a new grant asks nothing in a pause that was asked for, and then at once', async () => {
  await onPage({ clock: true }, async (page, meeting) => {
    await counted(page, 3, 0);
    await page.getByText('The meeting is open').waitFor();
    await fault(meeting, 'GetActiveSession', 'status:code=429:retry-after=120');
    await page.clock.runFor(2100);
    await page.locator('.banner', { hasText: 'asks for a pause' }).waitFor();
    const count = async () => (await emulator.requests(meeting.meeting_id)).length;
    const before = await count();
    const hash = fragment(emulator, meeting, TOKEN).toString();
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.locator('rtk-moderator').evaluate((element) => element.updateComplete);
    await page.clock.runFor(100_000);
    await page.waitForLoadState('networkidle');
    assert.equal(await count(), before);
    await page.clock.runFor(20_000);
    await page.locator('.banner').waitFor({ state: 'detached' });
  });
});

test('a link to another address leaves the meeting on screen, and says why', async () => {
  await onPage({}, async (page, meeting) => {
    await counted(page, 3, 0);
    const hash = fragment(
      { ...emulator, base_url: 'https://api.example.com/v4' },
      meeting,
      'other',
    );
    await page.evaluate((hash) => (location.hash = hash), hash.toString());
    await dialog(page).getByText('This link is for another address').waitFor();
    await dialog(page).getByRole('button', { name: 'Stay here' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal(page.url(), `${emulator.url}/`);
    const { user_id } = meeting.participants[0];
    const left = { meeting_id: meeting.meeting_id, user_id };
    await emulator.control('POST', 'leave', left);
    await counted(page, 2, 1);
  });
});

test('a link to another meeting asks first; no is no, and the newest question counts', async () => {
  const other = await emulator.meeting(5);
  const third = await emulator.meeting(7);
  await onPage({}, async (page) => {
    await counted(page, 3, 0);
    const follow = (meeting) =>
      page.evaluate(
        (hash) => (location.hash = hash),
        fragment(emulator, meeting, TOKEN).toString(),
      );
    await follow(other);
    await dialog(page).getByText('Open another meeting?').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await counted(page, 3, 0);
    assert.deepEqual(await sent(other, '/active-session'), []);
    await follow(other);
    await dialog(page).waitFor();
    await follow(third);
    await dialog(page).getByRole('button', { name: 'Open it' }).click();
    await counted(page, 7, 0);
    assert.deepEqual(await sent(other, '/active-session'), []);
  });
});

test('where the watch has ended, nothing is called up to date', async () => {
  await onPage({}, async (page) => {
    await counted(page, 3, 0);
    await page.getByText('Up to date').waitFor();
    await page.locator('rtk-moderator').evaluate((element) => (element.interval = -1));
    await page.locator('.banner.bad').waitFor();
    assert.equal(await page.getByText('Up to date').count(), 0);
  });
});
