// Two moderators in one meeting, each with a page and a grant of their own: they act on the same person and
// on the same room, and each sees what the other did.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  counted,
  dialog,
  fillPoll,
  isolated,
  reaches,
  rowOf,
  select,
  startPoll,
  tab,
  told,
} from '../support/page.mjs';
import { called, startStage } from '../support/stage.mjs';

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

/** The line of a look at the session: held back, a page does not learn who is in. */
const LOOK = '/active-session HTTP';

/** Opens the page of one meeting for Ann and for Bob. */
async function both({ clock, ...given }, look) {
  const meeting = await stage.emulator.meeting(given.participants ?? 3);
  const claims = (sub, name) => ({ ...given, meeting, claims: { sub, name } });
  await stage.onPage({ ...claims('ann', 'Ann A'), clock }, (ann, _, annWire) =>
    stage.onPage(claims('bob', 'Bob <b>'), (bob, _, bobWire) =>
      look({ ann, bob, annWire, bobWire, meeting }),
    ),
  );
}

const pressed = (page, name) => page.getByRole('button', { name, exact: true }).click();
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const ask = (page, verb, who) => pressed(page, `${verb} ${isolated(called(who))}`);
/** What the timeline tells of what moderators did, newest first. */
async function deeds(page) {
  await tab(page, 'Timeline').click();
  await page.getByRole('radio', { name: 'Actions' }).check();
  return (await page.locator('.events .action p').allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' ').trim(),
  );
}
/** Who did what by the gateway's audit, and what came of it. */
const audited = () =>
  stage.gateway
    .auditLines()
    .filter(({ outcome }) => outcome)
    .map(({ moderator, operation, outcome }) => `${moderator} ${operation} ${outcome}`);

describe('two moderators', { concurrency: 3 }, () => {
  test('both kick the same person: one does it, the other is told that nothing was done', async () => {
    await both({}, async ({ ann, bob, bobWire, meeting }) => {
      const [, who] = meeting.participants;
      const name = isolated(called(who));
      await ask(bob, 'Kick', who);
      await dialog(bob).getByText('can come back with the same link').waitFor();
      bobWire.hold(LOOK);
      await ask(ann, 'Kick', who);
      await yes(ann, 'Kick');
      await told(ann, `${name} was kicked.`);
      await counted(ann, 2, 1);
      // Bob's page has not seen that.
      await yes(bob, 'Kick');
      await told(bob, `${name} has left already: nothing was done.`, 'calm');
      assert.equal(
        await bob.locator('.activity').getByRole('button', { name: 'Retry' }).count(),
        0,
      );
      bobWire.hold();
      const kicks = await stage.asked(meeting);
      assert.deepEqual(
        kicks.map(({ status, acted }) => [status, acted]),
        [
          [200, true],
          [404, false],
        ],
      );
      await counted(bob, 2, 1);
      // Each has what the other did, with who it was.
      const wanted = [`Kick ${called(who)} Bob <b> · refused`, `Kick ${called(who)} Ann A`];
      await reaches(() => deeds(bob), wanted);
      await reaches(() => deeds(ann), wanted, 25_000);
    });
  });

  test('one bans whom the other is asked about: the question says so, and a ban again is a ban', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const [, who] = meeting.participants;
      await ask(bob, 'Kick', who);
      await dialog(bob).getByText('can come back with the same link').waitFor();
      await ask(ann, 'Ban', who);
      await yes(ann, 'Ban');
      await told(ann, `${isolated(called(who))} was banned.`);
      await dialog(bob).getByText('1 person left already').waitFor();
      const kick = dialog(bob).getByRole('button', { name: 'Kick', exact: true });
      assert.equal(await kick.isDisabled(), true);
      await bob.keyboard.press('Escape');
      await dialog(bob).waitFor({ state: 'detached' });
      assert.equal(await rowOf(bob, called(who)).count(), 0);

      await bob.getByRole('radio', { name: /^Left/ }).check();
      await ask(bob, 'Ban', who);
      await yes(bob, 'Ban');
      await told(bob, `${isolated(called(who))} was banned.`);
      const state = await stage.state(meeting);
      assert.equal(state.counts.deleted, 1);
      assert.equal(state.counts.live_peers, 2);
      const acts = (await stage.asked(meeting)).filter(({ acted }) => acted);
      assert.deepEqual(
        acts.map(({ operation }) => operation),
        ['DeleteMeetingParticipant', 'KickParticipants'],
      );
    });
  });

  test('both lock, one unlocks: each page comes to say what is so', async () => {
    await both({ clock: true }, async ({ ann, bob, meeting }) => {
      const status = async () => (await stage.state(meeting)).status;
      for (const page of [ann, bob]) await page.getByText('The meeting is open').waitFor();
      await pressed(ann, 'Lock');
      await told(ann, 'The meeting is locked.');
      await pressed(bob, 'Lock');
      await told(bob, 'The meeting is locked.');
      for (const page of [ann, bob]) await page.locator('.badge.locked').waitFor();
      assert.equal(await status(), 'INACTIVE');
      await pressed(bob, 'Unlock');
      await told(bob, 'The meeting is unlocked.');
      assert.equal(await status(), 'ACTIVE');
      // Ann's page asks now and then whether it still is.
      await ann.clock.runFor(25_000);
      await ann.locator('.badge.locked').waitFor({ state: 'detached' });
      await ann.getByText('The meeting is open').waitFor();
    });
  });

  test('one kicks everybody while the other is about to mute some', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const [one, , other] = meeting.participants;
      await select(bob, called(one), called(other));
      await bob.locator('.bar').getByRole('button', { name: 'Mute' }).click();
      await dialog(bob).getByText('Mute 2 people?').waitFor();
      await pressed(ann, 'Kick all…');
      await dialog(ann).getByLabel('Type “kick all” to confirm').fill('kick all');
      await yes(ann, 'Kick all');
      await told(ann, 'Everybody was kicked.');
      await dialog(bob).getByText('2 people left already').waitFor();
      const mute = dialog(bob).getByRole('button', { name: 'Mute', exact: true });
      assert.equal(await mute.isDisabled(), true);
      await yes(bob, 'Cancel');
      await bob.locator('.badge.ended').waitFor();
      await bob.locator('.bar', { hasText: '2 of them left' }).waitFor();
      for (const name of ['Mute all…', 'Kick all…'])
        assert.equal(await bob.getByRole('button', { name }).isDisabled(), true);
      const operations = (await stage.asked(meeting)).map(({ operation }) => operation);
      assert.deepEqual(operations, ['KickAllParticipants']);
    });
  });

  test('a poll of one is known to the other, and by the audit who asked it', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      await fillPoll(bob, 'Lunch?', ['Soup', 'Salad']);
      await startPoll(bob);
      await told(bob, 'The poll was started.');
      await tab(ann, 'Polls').click();
      await ann.locator('.asked li', { hasText: 'Lunch?' }).getByText('Bob <b>').waitFor();
      await tab(bob, 'Timeline').click();
      await tab(bob, 'Polls').click();
      // One's own is there once, though the audit has it too.
      assert.equal(await bob.locator('.asked li').count(), 1);
      assert.equal((await stage.state(meeting)).polls.length, 1);
      assert.ok(audited().includes('bob CreatePoll done'));
    });
  });
});
