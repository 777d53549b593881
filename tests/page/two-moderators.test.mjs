// Two moderators in one meeting, each with their own page and grant: they act on the same participant and on
// the meeting, and each sees the other's actions.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  dialog,
  displayName,
  eventually,
  fillPoll,
  isolated,
  rowOf,
  select,
  startPoll,
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

/** The request line of a poll: while its response is held back, a page keeps its old list. */
const POLL = '/active-session HTTP';

/** Opens the page of one meeting for Ann and for Bob. */
async function both({ clock, ...given }, check) {
  const meeting = await testbed.emulator.meeting(given.participants ?? 3);
  const claims = (sub, name) => ({ ...given, meeting, claims: { sub, name } });
  await testbed.onPage({ ...claims('ann', 'Ann A'), clock }, (ann, _, annWire) =>
    testbed.onPage(claims('bob', 'Bob <b>'), (bob, _, bobWire) =>
      check({ ann, bob, annWire, bobWire, meeting }),
    ),
  );
}

const pressed = (page, name) => page.getByRole('button', { name, exact: true }).click();
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const start = (page, verb, participant) =>
  pressed(page, `${verb} ${isolated(displayName(participant))}`);
/** The moderators' actions in the timeline, newest first. */
async function actions(page) {
  await tab(page, 'Timeline').click();
  await page.getByRole('radio', { name: 'Actions' }).check();
  return (await page.locator('.events .action p').allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' ').trim(),
  );
}
/** The audit's outcomes: moderator, operation, outcome. */
const audited = () =>
  testbed.gateway
    .auditLines()
    .filter(({ outcome }) => outcome)
    .map(({ moderator, operation, outcome }) => `${moderator} ${operation} ${outcome}`);

describe('two moderators', { concurrency: 3 }, () => {
  test('both kick the same participant: the second sees that nothing was done', async () => {
    await both({}, async ({ ann, bob, bobWire, meeting }) => {
      const [, participant] = meeting.participants;
      const name = isolated(displayName(participant));
      await start(bob, 'Kick', participant);
      await dialog(bob).getByText('can come back with the same link').waitFor();
      const polls = bobWire.seen(POLL);
      bobWire.hold(POLL);
      // The poll before this one is over.
      await eventually(() => bobWire.seen(POLL) > polls, true);
      await start(ann, 'Kick', participant);
      await yes(ann, 'Kick');
      await waitForActivity(ann, `${name} was kicked.`);
      await waitForCounts(ann, 2, 1);
      // Bob's page still lists the participant.
      await yes(bob, 'Kick');
      await waitForActivity(bob, `${name} has left already: nothing was done.`, 'calm');
      assert.equal(
        await bob.locator('.activity').getByRole('button', { name: 'Retry' }).count(),
        0,
      );
      bobWire.hold();
      const kicks = await testbed.mutations(meeting);
      assert.deepEqual(
        kicks.map(({ status, acted }) => [status, acted]),
        [
          [200, true],
          [404, false],
        ],
      );
      await waitForCounts(bob, 2, 1);
      // Each timeline has both actions with their moderators.
      const kick = `Kick ${displayName(participant)}`;
      const wanted = [`${kick} Bob <b> · refused`, `${kick} Ann A`];
      await eventually(() => actions(bob), wanted);
      await eventually(() => actions(ann), wanted);
    });
  });

  test('one bans a participant named in the other’s confirmation, which says so; a second ban works', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const [, participant] = meeting.participants;
      await start(bob, 'Kick', participant);
      await dialog(bob).getByText('can come back with the same link').waitFor();
      await start(ann, 'Ban', participant);
      await yes(ann, 'Ban');
      await waitForActivity(ann, `${isolated(displayName(participant))} was banned.`);
      await dialog(bob).getByText('1 person left already').waitFor();
      const kick = dialog(bob).getByRole('button', { name: 'Kick', exact: true });
      assert.equal(await kick.isDisabled(), true);
      await bob.keyboard.press('Escape');
      await dialog(bob).waitFor({ state: 'detached' });
      assert.equal(await rowOf(bob, displayName(participant)).count(), 0);

      await bob.getByRole('radio', { name: /^Left/ }).check();
      await start(bob, 'Ban', participant);
      await yes(bob, 'Ban');
      await waitForActivity(bob, `${isolated(displayName(participant))} was banned.`);
      const state = await testbed.state(meeting);
      assert.equal(state.counts.deleted, 1);
      assert.equal(state.counts.live_peers, 2);
      const acts = (await testbed.mutations(meeting)).filter(({ acted }) => acted);
      assert.deepEqual(
        acts.map(({ operation }) => operation),
        ['DeleteMeetingParticipant', 'KickParticipants'],
      );
    });
  });

  test('both lock, one unlocks, and each page shows the current state', async () => {
    await both({ clock: true }, async ({ ann, bob, meeting }) => {
      const status = async () => (await testbed.state(meeting)).status;
      for (const page of [ann, bob]) await page.getByText('The meeting is open').waitFor();
      await pressed(ann, 'Lock');
      await waitForActivity(ann, 'The meeting is locked.');
      await pressed(bob, 'Lock');
      await waitForActivity(bob, 'The meeting is locked.');
      for (const page of [ann, bob]) await page.locator('.badge.locked').waitFor();
      assert.equal(await status(), 'INACTIVE');
      await pressed(bob, 'Unlock');
      await waitForActivity(bob, 'The meeting is unlocked.');
      assert.equal(await status(), 'ACTIVE');
      // Ann's page reads the meeting's status from time to time.
      await ann.clock.runFor(25_000);
      await ann.locator('.badge.locked').waitFor({ state: 'detached' });
      await ann.getByText('The meeting is open').waitFor();
    });
  });

  test('one kicks everybody while the other confirms a mute', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const [one, , other] = meeting.participants;
      await select(bob, displayName(one), displayName(other));
      await bob.locator('.bar').getByRole('button', { name: 'Mute' }).click();
      await dialog(bob).getByText('Mute 2 people?').waitFor();
      await pressed(ann, 'Kick all…');
      await dialog(ann).getByLabel('Type “kick all” to confirm').fill('kick all');
      await yes(ann, 'Kick all');
      await waitForActivity(ann, 'Everybody was kicked.');
      await dialog(bob).getByText('2 people left already').waitFor();
      const mute = dialog(bob).getByRole('button', { name: 'Mute', exact: true });
      assert.equal(await mute.isDisabled(), true);
      await yes(bob, 'Cancel');
      await bob.locator('.badge.ended').waitFor();
      await bob.locator('.bar', { hasText: '2 of them left' }).waitFor();
      for (const name of ['Mute all…', 'Kick all…'])
        assert.equal(await bob.getByRole('button', { name }).isDisabled(), true);
      const operations = (await testbed.mutations(meeting)).map(({ operation }) => operation);
      assert.deepEqual(operations, ['KickAllParticipants']);
    });
  });

  test('a poll by one is listed for the other, with its moderator by the audit', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      await fillPoll(bob, 'Lunch?', ['Soup', 'Salad']);
      await startPoll(bob);
      await waitForActivity(bob, 'The poll was started.');
      await tab(ann, 'Polls').click();
      await ann.locator('.asked li', { hasText: 'Lunch?' }).getByText('Bob <b>').waitFor();
      await tab(bob, 'Timeline').click();
      await tab(bob, 'Polls').click();
      // A moderator's own poll is listed once, though the audit has it too.
      assert.equal(await bob.locator('.asked li').count(), 1);
      assert.equal((await testbed.state(meeting)).polls.length, 1);
      assert.ok(audited().includes('bob CreatePoll done'));
    });
  });
});
