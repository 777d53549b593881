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
  await tab(page, 'Activity').click();
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
    await both({ push: false }, async ({ ann, bob, bobWire, meeting }) => {
      const [, participant] = meeting.participants;
      const name = isolated(displayName(participant));
      await start(bob, 'Remove', participant);
      await dialog(bob).getByText('can rejoin with the same link').waitFor();
      const polls = bobWire.seen(POLL);
      bobWire.hold(POLL);
      // The poll before this one is over.
      await eventually(() => bobWire.seen(POLL) > polls, true);
      await start(ann, 'Remove', participant);
      await yes(ann, 'Remove');
      await waitForActivity(ann, `${name} was removed.`);
      await waitForCounts(ann, 2, 1);
      // Bob's page still lists the participant.
      await yes(bob, 'Remove');
      await waitForActivity(bob, `${name} had already left.`, 'calm');
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
      const kicked = `removed ${displayName(participant)}`;
      const wanted = [`Bob <b> ${kicked} (failed)`, `Ann A ${kicked}`];
      await eventually(() => actions(bob), wanted);
      await eventually(() => actions(ann), wanted);
    });
  });

  test('one bans a participant named in the other’s confirmation, which says so, and who did it', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const [, participant] = meeting.participants;
      await start(bob, 'Remove', participant);
      await dialog(bob).getByText('can rejoin with the same link').waitFor();
      await start(ann, 'Ban', participant);
      await yes(ann, 'Ban');
      await waitForActivity(ann, `${isolated(displayName(participant))} was banned.`);
      await dialog(bob).getByText('1 participant has already left').waitFor();
      const kick = dialog(bob).getByRole('button', { name: 'Remove', exact: true });
      assert.equal(await kick.isDisabled(), true);
      await bob.keyboard.press('Escape');
      await dialog(bob).waitFor({ state: 'detached' });
      assert.equal(await rowOf(bob, displayName(participant)).count(), 0);

      await bob.getByRole('radio', { name: /^Left/ }).check();
      // The audit tells Bob who did it. A second ban is not offered.
      await rowOf(bob, displayName(participant))
        .getByText(/Banned at .+ by .*Ann/)
        .waitFor();
      const again = `Ban ${isolated(displayName(participant))}`;
      assert.equal(await bob.getByRole('button', { name: again, exact: true }).count(), 0);
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
    await both({ clock: true, push: false }, async ({ ann, bob, bobWire, meeting }) => {
      const status = async () => (await testbed.state(meeting)).status;
      for (const page of [ann, bob]) await page.getByText('Meeting is unlocked').waitFor();
      bobWire.hold(`GET ${testbed.gateway.path(meeting, `meetings/${meeting.meeting_id} HTTP`)}`);
      await pressed(ann, 'Lock meeting');
      await waitForActivity(ann, 'Meeting locked.');
      // Bob's page does not know of it yet.
      await pressed(bob, 'Lock meeting');
      bobWire.hold();
      await waitForActivity(bob, 'Meeting locked.');
      for (const page of [ann, bob]) await page.locator('.badge.locked').waitFor();
      assert.equal(await status(), 'INACTIVE');
      await pressed(bob, 'Unlock meeting');
      await waitForActivity(bob, 'Meeting unlocked.');
      assert.equal(await status(), 'ACTIVE');
      // Ann's page reads the meeting's status from time to time.
      await ann.clock.runFor(25_000);
      await ann.locator('.badge.locked').waitFor({ state: 'detached' });
      await ann.getByText('Meeting is unlocked').waitFor();
    });
  });

  test('one kicks everybody while the other confirms a mute', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const [one, , other] = meeting.participants;
      await select(bob, displayName(one), displayName(other));
      await bob.locator('.bar').getByRole('button', { name: 'Mute' }).click();
      await dialog(bob).getByText('Mute 2 participants?').waitFor();
      await pressed(ann, 'Remove everyone…');
      await dialog(ann).getByLabel('Type “remove” to confirm').fill('remove');
      await yes(ann, 'Remove everyone');
      await waitForActivity(ann, 'were removed.');
      await dialog(bob).getByText('2 participants have already left').waitFor();
      const mute = dialog(bob).getByRole('button', { name: 'Mute', exact: true });
      assert.equal(await mute.isDisabled(), true);
      await yes(bob, 'Cancel');
      await bob.locator('.badge.ended').waitFor();
      await bob.locator('.bar', { hasText: '2 have left' }).waitFor();
      for (const name of ['Mute everyone…', 'Remove everyone…'])
        assert.equal(await bob.getByRole('button', { name }).isDisabled(), true);
      const operations = (await testbed.mutations(meeting)).map(({ operation }) => operation);
      assert.deepEqual(operations, ['KickAllParticipants']);
    });
  });

  test('a poll by one is listed for the other, with its moderator by the audit', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      await fillPoll(bob, 'Lunch?', ['Soup', 'Salad']);
      await startPoll(bob);
      await waitForActivity(bob, 'Poll started.');
      await tab(ann, 'Polls').click();
      await ann.locator('.asked li', { hasText: 'Lunch?' }).getByText('Bob <b>').waitFor();
      await tab(bob, 'Activity').click();
      await tab(bob, 'Polls').click();
      // A moderator's own poll is listed once, though the audit has it too.
      assert.equal(await bob.locator('.asked li').count(), 1);
      assert.equal((await testbed.state(meeting)).polls.length, 1);
      assert.ok(audited().includes('bob CreatePoll done'));
    });
  });
});
