// What comes between the page and the meeting: the network that is off, a tab that nobody sees, a grant that
// ends, before, while and after something is done.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { now } from '../support/grants.mjs';
import { counted, dialog, hear, isolated, rows, select, told } from '../support/page.mjs';
import { called, startStage } from '../support/stage.mjs';

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const join = ({ meeting_id }, custom_participant_id) =>
  stage.emulator.control('POST', 'join', { meeting_id, custom_participant_id });
const offline = (page, off) => page.context().setOffline(off);
const banner = (page, mood, text) => page.locator(`.banner.${mood}`, { hasText: text });
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const bar = (page, name) => page.locator('.bar').getByRole('button', { name, exact: true });

/** As a browser tells that a tab is hidden, or seen again. */
const show = (page, visible) =>
  page.evaluate((hidden) => {
    const value = hidden ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !visible);

describe('the network', { concurrency: 3 }, () => {
  test('is off: it is told, what is known stays and ages; back on, it looks soon', async () => {
    await stage.onPage({ clock: true }, async (page, meeting) => {
      const heard = await hear(page);
      await offline(page, true);
      await banner(page, 'bad', /Connection lost since \d\d:\d\d:\d\d/).waitFor();
      await page.clock.runFor(60_000);
      await page.locator('.fact.stale', { hasText: /Data is 1 min/ }).waitFor();
      assert.equal(await rows(page).count(), 3);
      assert.match(await page.title(), /^Not readable/);
      // From now on time goes as it is told. The next look is far away by now.
      await page.clock.pauseAt(Date.now() + 600_000);
      await page.waitForFunction(
        () => document.querySelector('rtk-moderator').state.nextAt > Date.now() + 10_000,
      );
      await join(meeting, 'late');
      await offline(page, false);
      await page.waitForFunction(() => navigator.onLine);
      await page.clock.runFor(5_000);
      await counted(page, 4, 0);
      await page.locator('.banner').waitFor({ state: 'detached' });
      const said = await heard();
      assert.match(said[0], /^Connection lost since/);
      assert.equal(said.at(-1), 'The connection is back.');
    });
  });

  test('is off while something is asked for: nothing goes out, and it is done when it is back', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [, one] = meeting.participants;
      const name = isolated(called(one));
      await page.getByRole('button', { name: `Kick ${name}`, exact: true }).click();
      await offline(page, true);
      await yes(page, 'Kick');
      // A browser does not tell whether anything was sent.
      await told(page, `${name} may have been kicked: the answer was lost.`, 'bad');
      assert.deepEqual(await stage.asked(meeting), []);
      await offline(page, false);
      await page.getByText('Up to date').waitFor({ timeout: 30_000 });
      await page.getByRole('button', { name: 'Retry' }).click();
      await told(page, `${name} was kicked.`);
      assert.equal((await stage.asked(meeting)).length, 1);
      assert.equal((await stage.state(meeting)).counts.live_peers, 2);
    });
  });

  test('is off before a poll: it may have been made, is sent again only if wished, and made once', async () => {
    await stage.onPage({}, async (page, meeting) => {
      await page.getByRole('tab', { name: 'Polls' }).click();
      await page.getByLabel('Question', { exact: true }).fill('Lunch?');
      await page.getByLabel('Option 1', { exact: true }).fill('Soup');
      await page.getByLabel('Option 2', { exact: true }).fill('Salad');
      await offline(page, true);
      await page.getByRole('button', { name: 'Start poll' }).click();
      await told(page, 'the poll may have been started', 'bad');
      // What was written is still there.
      assert.equal(await page.getByLabel('Question', { exact: true }).inputValue(), 'Lunch?');
      await offline(page, false);
      await page.getByRole('button', { name: 'Start poll' }).click();
      await dialog(page).getByText('there will be two').waitFor();
      await yes(page, 'Send again');
      await told(page, 'The poll was started.');
      assert.equal((await stage.state(meeting)).polls.length, 1);
    });
  });
});

describe('a hidden tab', { concurrency: 3 }, () => {
  test('carries on what was begun, and shows it to who comes back', async () => {
    await stage.onPage({ participants: 30 }, async (page, meeting) => {
      await counted(page, 30, 0);
      await stage.fault(meeting, 'MuteParticipants', 'delay:ms=800');
      await page.getByRole('checkbox', { name: 'Select all 30 shown' }).click();
      await bar(page, 'Mute').click();
      await yes(page, 'Mute 30');
      await page.locator('.activity.busy').waitFor();
      await show(page, false);
      await told(page, '30 muted.');
      assert.equal((await stage.asked(meeting)).length, 2);
      assert.equal((await stage.state(meeting)).counts.muted_peers, 30);
      await show(page, true);
      await told(page, '30 muted.');
    });
  });

  test('keeps what it says of what was done until somebody has had time to read it', async () => {
    await stage.onPage({ clock: true }, async (page, meeting) => {
      const [, one] = meeting.participants;
      const text = `${isolated(called(one))} was muted.`;
      await stage.fault(meeting, 'MuteParticipants', 'delay:ms=400');
      await page
        .getByRole('button', { name: `Mute ${isolated(called(one))}`, exact: true })
        .click();
      await yes(page, 'Mute');
      await show(page, false);
      await told(page, text);
      await page.clock.runFor(60_000);
      await show(page, true);
      await page.clock.runFor(3_000);
      assert.equal(await page.locator('.activity.good', { hasText: text }).count(), 1);
      await page.clock.runFor(10_000);
      await page.locator('.activity').waitFor({ state: 'detached' });
    });
  });

  test('tells an app of a grant that ends all the same', async () => {
    await stage.onPage({ clock: true, claims: { exp: now() + 900 } }, async (page) => {
      await page.evaluate(() => {
        globalThis.told = [];
        document.addEventListener('rtk-moderator-grant-expiring', ({ detail }) =>
          globalThis.told.push(detail.expires),
        );
      });
      await show(page, false);
      await page.clock.runFor(301_000);
      assert.equal(await page.evaluate(() => globalThis.told.length), 1);
      await page.clock.runFor(60_000);
      // Once.
      assert.equal(await page.evaluate(() => globalThis.told.length), 1);
    });
  });
});

describe('a grant', { concurrency: 3 }, () => {
  test('that ends soon is told of ten minutes before, and a new one in time changes nothing else', async () => {
    const claims = { exp: now() + 900 };
    await stage.onPage({ clock: true, claims }, async (page, meeting) => {
      const [one, two] = meeting.participants;
      const heard = await hear(page);
      assert.equal(await page.locator('.banner').count(), 0);
      await page.getByText(/Grant ends in 1\d min/).waitFor();
      await select(page, called(one), called(two));
      await page.clock.runFor(301_000);
      await banner(page, 'warn', /Your grant ends in \d+ min/).waitFor();
      const said = (await heard()).filter((text) => text.startsWith('Your grant ends'));
      assert.equal(said.length, 1);
      await bar(page, 'Mute').click();
      await dialog(page).getByText('Mute 2 people?').waitFor();
      await stage.regrant(page, meeting);
      await page.locator('.banner').waitFor({ state: 'detached' });
      // Neither the question nor who is selected is lost.
      await dialog(page).getByText('Mute 2 people?').waitFor();
      await yes(page, 'Mute 2');
      await told(page, '2 muted.');
      assert.equal((await stage.state(meeting)).counts.muted_peers, 2);
    });
  });

  test('that has ended: nothing is done, in the gateway’s words; with a new one it is', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [one, two, three] = meeting.participants;
      await page.getByRole('button', { name: 'Mute all…' }).waitFor();
      await stage.regrant(page, meeting, { exp: now() - 3600 });
      await banner(page, 'bad', 'Your grant has ended. Open a new link').waitFor();
      await banner(page, 'bad', 'The gateway refuses: The grant has expired (401)').waitFor();
      assert.equal(await rows(page).count(), 3);
      await select(page, called(one), called(three));
      await bar(page, 'Kick').click();
      await yes(page, 'Kick 2');
      await told(page, '0 kicked, 2 not kicked.', 'bad');
      await page
        .locator('.failures li', { hasText: 'The grant has expired (401)' })
        .nth(1)
        .waitFor();
      assert.deepEqual(await stage.asked(meeting), []);
      await stage.regrant(page, meeting);
      await page.locator('.banner').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Retry these 2' }).click();
      await told(page, '2 kicked.');
      const { participants } = await stage.state(meeting);
      const inside = participants.filter(({ live_peers }) => live_peers > 0);
      assert.deepEqual(
        inside.map(({ user_id }) => user_id),
        [two.user_id],
      );
    });
  });

  test('that ends in the midst: what was done is told apart from what was not, and goes on', async () => {
    await stage.onPage({ participants: 30 }, async (page, meeting) => {
      await counted(page, 30, 0);
      // The first list is on its way when it ends.
      await stage.fault(meeting, 'KickParticipants', 'delay:ms=1000');
      await page.getByRole('checkbox', { name: 'Select all 30 shown' }).click();
      await bar(page, 'Kick').click();
      await yes(page, 'Kick 30');
      await page.locator('.activity.busy', { hasText: 'Kicking 30 people…' }).waitFor();
      await stage.regrant(page, meeting, { exp: now() - 3600 });
      await told(page, '25 kicked, 5 not kicked.', 'bad');
      const why = await page.locator('.failures li > span').allInnerTexts();
      assert.deepEqual([...new Set(why)], ['The grant has expired (401)']);
      assert.equal((await stage.state(meeting)).counts.live_peers, 5);
      await stage.regrant(page, meeting);
      await counted(page, 5, 25);
      await page.getByRole('button', { name: 'Retry these 5' }).click();
      await told(page, '30 kicked.');
      const lists = (await stage.asked(meeting)).map(({ body }) => body);
      const people = lists.flatMap(
        (body) => (typeof body === 'string' ? JSON.parse(body) : body).participant_ids,
      );
      assert.equal(people.length, 30);
      assert.equal(new Set(people).size, 30, 'nobody twice');
    });
  });

  test('of less than before takes away what it does not allow, also in an open question', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [, one] = meeting.participants;
      const name = isolated(called(one));
      await page.getByRole('button', { name: `Kick ${name}`, exact: true }).click();
      await dialog(page).getByText(`Kick ${name}?`).waitFor();
      await stage.regrant(page, meeting, { can: ['read', 'mute'] });
      const kick = dialog(page).getByRole('button', { name: 'Kick', exact: true });
      await page.waitForFunction(
        () =>
          document.querySelector('rtk-moderator').shadowRoot.querySelector('dialog[open] .danger')
            ?.disabled,
      );
      assert.equal(await kick.isDisabled(), true);
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('button', { name: /^(Kick|Ban|Lock)/ }).count(), 0);
      await page.getByRole('button', { name: `Mute ${name}`, exact: true }).click();
      await yes(page, 'Mute');
      await told(page, `${name} was muted.`);
      assert.equal((await stage.asked(meeting)).length, 1);
    });
  });
});
