// What interrupts the page before, during and after an action: a network that is off, a hidden tab, a grant
// that expires.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { now } from '../support/grants.mjs';
import {
  dialog,
  displayName,
  eventually,
  isolated,
  recordAnnouncements,
  rows,
  select,
  setVisible,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => {
  testbed = await startTestbed();
});
after(() => testbed?.stop());

const join = ({ meeting_id }, custom_participant_id) =>
  testbed.emulator.control('POST', 'join', { meeting_id, custom_participant_id });
const offline = (page, off) => page.context().setOffline(off);
const banner = (page, mood, text) => page.locator(`.banner.${mood}`, { hasText: text });
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const bar = (page, name) => page.locator('.bar').getByRole('button', { name, exact: true });

describe('with the network off', { concurrency: 3 }, () => {
  test('the page says so and keeps what it knows; it polls soon after the network is back', async () => {
    await testbed.onPage({ clock: true }, async (page, meeting) => {
      const announcements = await recordAnnouncements(page);
      await offline(page, true);
      await banner(page, 'bad', /You’re offline. Last update \d\d:\d\d:\d\d/).waitFor();
      await page.clock.runFor(60_000);
      await page.locator('.fact.stale', { hasText: /Last updated 1 min/ }).waitFor();
      assert.equal(await rows(page).count(), 3);
      await page.waitForFunction(() => document.title.startsWith('Unavailable'));
      // From now on time passes only by `runFor`, and the next poll is far away.
      await page.clock.pauseAt(Date.now() + 600_000);
      await page.waitForFunction(
        () => document.querySelector('rtk-moderator').state.nextAt > Date.now() + 10_000,
      );
      await join(meeting, 'late');
      await offline(page, false);
      await page.waitForFunction(() => navigator.onLine);
      await Promise.all([
        page.waitForRequest((request) => request.url().endsWith('/active-session')),
        page.clock.runFor(5_000),
      ]);
      await page.clock.resume();
      await waitForCounts(page, 4, 0);
      await page.locator('.banner').waitFor({ state: 'detached' });
      await eventually(async () => (await announcements()).at(-1), 'Back online.');
      assert.match((await announcements())[0], /^You’re offline./);
    });
  });

  test('an action sends nothing, and its retry works when the network is back', async () => {
    // An open connection stays open, and its next message would show at once that nothing was done.
    await testbed.onPage({ push: false }, async (page, meeting) => {
      const [, one] = meeting.participants;
      const name = isolated(displayName(one));
      await page.getByRole('button', { name: `Remove ${name}`, exact: true }).click();
      // With the panels, which need the network.
      await dialog(page).waitFor();
      await offline(page, true);
      await yes(page, 'Remove');
      // A browser does not say whether it sent anything.
      await waitForActivity(page, `We don’t know whether ${name} was removed.`, 'bad');
      assert.deepEqual(await testbed.mutations(meeting), []);
      await offline(page, false);
      // The next refresh shows that it did not.
      await waitForActivity(page, `${name} is still in the meeting.`, 'bad');
      await page.getByRole('button', { name: 'Retry', exact: true }).click();
      await waitForActivity(page, `${name} was removed.`);
      assert.equal((await testbed.mutations(meeting)).length, 1);
      assert.equal((await testbed.state(meeting)).counts.live_peers, 2);
    });
  });

  test('a poll is in doubt, is sent again only on request, and is created once', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      await page.getByRole('tab', { name: 'Polls' }).click();
      await page.getByLabel('Question', { exact: true }).fill('Lunch?');
      await page.getByLabel('Option 1', { exact: true }).fill('Soup');
      await page.getByLabel('Option 2', { exact: true }).fill('Salad');
      await offline(page, true);
      await page.getByRole('button', { name: 'Start poll' }).click();
      await waitForActivity(page, 'We don’t know whether the poll started.', 'bad');
      // The draft is still there.
      assert.equal(await page.getByLabel('Question', { exact: true }).inputValue(), 'Lunch?');
      await offline(page, false);
      await page.getByRole('button', { name: 'Start poll' }).click();
      await dialog(page).getByText('participants will see it twice').waitFor();
      await yes(page, 'Send again');
      await waitForActivity(page, 'Poll started.');
      assert.equal((await testbed.state(meeting)).polls.length, 1);
    });
  });
});

describe('a hidden tab', { concurrency: 3 }, () => {
  test('finishes a running action, and shows its outcome when it is visible again', async () => {
    await testbed.onPage({ participants: 30 }, async (page, meeting, wire) => {
      await waitForCounts(page, 30, 0);
      wire.hold('/mute HTTP');
      await page.getByRole('checkbox', { name: 'Select all 30' }).click();
      await bar(page, 'Mute').click();
      await yes(page, 'Mute 30 participants');
      await page.locator('.activity.busy').waitFor();
      await setVisible(page, false);
      wire.hold();
      await waitForActivity(page, '30 muted.');
      assert.equal((await testbed.mutations(meeting)).length, 2);
      assert.equal((await testbed.state(meeting)).counts.muted_peers, 30);
      await setVisible(page, true);
      await waitForActivity(page, '30 muted.');
    });
  });

  test('keeps an outcome on screen until it has been visible for a while', async () => {
    await testbed.onPage({ clock: true }, async (page, meeting, wire) => {
      const [, one] = meeting.participants;
      const text = `${isolated(displayName(one))} was muted.`;
      wire.hold('/mute HTTP');
      await page
        .getByRole('button', { name: `Mute ${isolated(displayName(one))}`, exact: true })
        .click();
      await setVisible(page, false);
      wire.hold();
      await waitForActivity(page, text);
      // From here on time passes only by `runFor`.
      await page.clock.pauseAt(Date.now() + 60_000);
      await setVisible(page, true);
      await page.clock.runFor(3_000);
      assert.equal(await page.locator('.activity.good', { hasText: text }).count(), 1);
      await page.clock.runFor(10_000);
      await page.locator('.activity').waitFor({ state: 'detached' });
    });
  });

  test('still tells the embedding app that the grant expires, once', async () => {
    await testbed.onPage(
      { clock: true, claims: { iat: now() - 3000, exp: now() + 900 } },
      async (page) => {
        await page.evaluate(() => {
          globalThis.expiries = [];
          document.addEventListener('rtk-moderator-grant-expiring', ({ detail }) =>
            globalThis.expiries.push(detail.expires),
          );
        });
        await setVisible(page, false);
        await page.clock.runFor(301_000);
        assert.equal(await page.evaluate(() => globalThis.expiries.length), 1);
        await page.clock.runFor(60_000);
        assert.equal(await page.evaluate(() => globalThis.expiries.length), 1);
      },
    );
  });
});

describe('a grant', { concurrency: 3 }, () => {
  test('that expires is announced ten minutes before, and a new one interrupts nothing', async () => {
    const claims = { iat: now() - 3000, exp: now() + 900 };
    await testbed.onPage({ clock: true, claims }, async (page, meeting) => {
      const [one, two] = meeting.participants;
      const announcements = await recordAnnouncements(page);
      assert.equal(await page.locator('.banner').count(), 0);
      await page.getByText(/Access ends in 1\d min/).waitFor();
      await select(page, displayName(one), displayName(two));
      await page.clock.runFor(301_000);
      await banner(page, 'warn', /Your access ends in \d+ min/).waitFor();
      const announced = async () =>
        (await announcements()).filter((text) => text.startsWith('Your access ends')).length;
      await eventually(announced, 1);
      await bar(page, 'Mute').click();
      await dialog(page).getByText('Mute 2 participants?').waitFor();
      await testbed.regrant(page, meeting);
      await page.locator('.banner').waitFor({ state: 'detached' });
      // Neither the confirmation nor the selection is lost.
      await dialog(page).getByText('Mute 2 participants?').waitFor();
      await yes(page, 'Mute 2 participants');
      await waitForActivity(page, '2 muted.');
      assert.equal((await testbed.state(meeting)).counts.muted_peers, 2);
    });
  });

  test('that has expired: actions fail with the gateway’s message, and work with a new one', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [one, two, three] = meeting.participants;
      await page.getByRole('button', { name: 'Mute everyone…' }).waitFor();
      await testbed.regrant(page, meeting, { exp: now() - 3600 });
      await banner(page, 'bad', 'Your access has expired. Open a new moderator link').waitFor();
      await banner(page, 'bad', 'Your access has expired. (401)').waitFor();
      assert.equal(await rows(page).count(), 3);
      await select(page, displayName(one), displayName(three));
      await bar(page, 'Remove').click();
      await yes(page, 'Remove 2 participants');
      await waitForActivity(page, '0 removed, 2 failed.', 'bad');
      await page
        .locator('.failures li', { hasText: 'Your access has expired. (401)' })
        .nth(1)
        .waitFor();
      assert.deepEqual(await testbed.mutations(meeting), []);
      await testbed.regrant(page, meeting);
      await page.locator('.banner').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Retry 2' }).click();
      await waitForActivity(page, '2 removed.');
      const { participants } = await testbed.state(meeting);
      const present = participants.filter(({ live_peers }) => live_peers > 0);
      assert.deepEqual(
        present.map(({ user_id }) => user_id),
        [two.user_id],
      );
    });
  });

  test('that expires during an action: it waits for a new one, and acts on nobody twice', async () => {
    await testbed.onPage({ participants: 30 }, async (page, meeting, wire) => {
      await waitForCounts(page, 30, 0);
      // The first of two requests is under way when the grant expires.
      wire.hold('/kick HTTP');
      await page.getByRole('checkbox', { name: 'Select all 30' }).click();
      await bar(page, 'Remove').click();
      const remove = dialog(page).getByRole('button', { name: 'Remove 30 participants' });
      // So many must be typed.
      assert.equal(await remove.isDisabled(), true);
      await dialog(page).getByLabel('Type “30” to confirm').fill('30');
      await remove.click();
      const busy = page.locator('.activity.busy');
      await busy.getByText('Removing 30 participants…').waitFor();
      await eventually(() => wire.seen('/kick HTTP'), 1);
      await testbed.regrant(page, meeting, { exp: now() - 3600 });
      wire.hold();
      await busy.getByText('25 of 30 removed.').waitFor();
      await busy.getByText('Open a new moderator link').waitFor();
      assert.equal((await testbed.state(meeting)).counts.live_peers, 5);
      await testbed.regrant(page, meeting);
      await waitForActivity(page, '30 removed.');
      const lists = (await testbed.mutations(meeting)).map(({ body }) => body);
      const people = lists.flatMap(
        (body) => (typeof body === 'string' ? JSON.parse(body) : body).participant_ids,
      );
      assert.equal(people.length, 30);
      assert.equal(new Set(people).size, 30, 'nobody twice');
    });
  });

  test('that allows less removes the buttons it does not allow, and disables an open confirmation', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [, one] = meeting.participants;
      const name = isolated(displayName(one));
      await page.getByRole('button', { name: `Remove ${name}`, exact: true }).click();
      await dialog(page).getByText(`Remove ${name}?`).waitFor();
      await testbed.regrant(page, meeting, { can: ['read', 'mute'] });
      const kick = dialog(page).getByRole('button', { name: 'Remove', exact: true });
      await page.waitForFunction(
        () =>
          document.querySelector('rtk-moderator').shadowRoot.querySelector('dialog[open] .danger')
            ?.disabled,
      );
      assert.equal(await kick.isDisabled(), true);
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('button', { name: /^(Remove|Ban|Lock)/ }).count(), 0);
      await page.getByRole('button', { name: `Mute ${name}`, exact: true }).click();
      await waitForActivity(page, `${name} was muted.`);
      assert.equal((await testbed.mutations(meeting)).length, 1);
    });
  });
});

test('a ban that has begun is completed when the moderator leaves the meeting', () =>
  testbed.onPage({ claims: { meeting_id: '*' } }, async (page, meeting, wire) => {
    const [one, two, three] = meeting.participants;
    await select(page, displayName(one), displayName(two));
    wire.hold('DELETE ');
    await bar(page, 'Ban').click();
    await yes(page, 'Ban 2 participants');
    await eventually(() => wire.seen('DELETE '), 2);
    await page.getByRole('button', { name: 'All live meetings' }).click();
    await page.locator('.overview li').first().waitFor();
    wire.hold();
    // Their links are dead, so they must not stay in the meeting either.
    await eventually(async () => {
      const { participants } = await testbed.state(meeting);
      return participants.filter(({ live_peers }) => live_peers > 0).map(({ user_id }) => user_id);
    }, [three.user_id]);
  }));

test('a double click mutes once', () =>
  testbed.onPage({}, async (page, meeting, wire) => {
    wire.hold('/mute HTTP');
    const mute = rows(page).first().getByRole('button', { name: /^Mute/ });
    await mute.dblclick();
    await eventually(() => wire.seen('/mute HTTP'), 1);
    wire.hold();
    await waitForActivity(page, /was muted\./);
    assert.equal(await page.locator('.activity').count(), 1);
    // Later it is another action.
    await mute.click();
    await eventually(async () => (await testbed.mutations(meeting)).length, 2);
  }));

test('an action that waits for the panels does not go to another meeting', () => {
  let load;
  const loading = new Promise((resolve) => (load = resolve));
  const before = (page) =>
    page.route(/panels/, async (route) => {
      await loading;
      await route.continue();
    });
  return testbed.onPage({ claims: { meeting_id: '*' }, before }, async (page) => {
    const other = await testbed.emulator.meeting(2);
    await page.getByRole('button', { name: 'Lock meeting', exact: true }).click();
    await page
      .locator('rtk-moderator')
      .evaluate((element, id) => (element.meetingId = id), other.meeting_id);
    await waitForCounts(page, 2, 0);
    load();
    await rows(page).first().getByRole('button', { name: /^Mute/ }).click();
    await waitForActivity(page, /was muted\./);
    const operations = (await testbed.mutations(other)).map(({ operation }) => operation);
    assert.deepEqual(operations, ['MuteParticipants']);
  });
});
