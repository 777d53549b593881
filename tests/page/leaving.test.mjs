// People leave while they are selected, asked about, shown close up or acted on, and come back: the page
// says so, acts on nobody who is not meant, and loses nobody.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  counted,
  dialog,
  isolated,
  reaches,
  rowOf,
  rows,
  select,
  tab,
  told,
} from '../support/page.mjs';
import { called, startStage } from '../support/stage.mjs';

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const leave = ({ meeting_id }, { user_id }) =>
  stage.emulator.control('POST', 'leave', { meeting_id, user_id });
const join = ({ meeting_id }, { user_id }) =>
  stage.emulator.control('POST', 'join', { meeting_id, user_id });
const bar = (page, name) => page.locator('.bar').getByRole('button', { name, exact: true });
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true });
/** Who was named in the requests that changed something, in order. */
const named = async (meeting) =>
  (await stage.asked(meeting)).map(({ body }) =>
    (typeof body === 'string' ? JSON.parse(body) : body).participant_ids.sort(),
  );
const ids = (...people) => people.map(({ user_id }) => user_id).sort();

describe('who leaves', { concurrency: 3 }, () => {
  test('while selected: the bar says so, the question leaves them out, the others are acted on', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [one, two, three] = meeting.participants;
      await select(page, called(one), called(three));
      await leave(meeting, one);
      await page.locator('.bar', { hasText: '1 of them left' }).waitFor();
      await page.locator('.bar', { hasText: '2 selected' }).waitFor();
      await bar(page, 'Mute').click();
      await dialog(page)
        .getByText(`Mute ${isolated(called(three))}?`)
        .waitFor();
      await dialog(page).getByText('1 person left already, or cannot be acted on').waitFor();
      await yes(page, 'Mute').click();
      await told(page, `${isolated(called(three))} was muted.`);
      assert.deepEqual(await named(meeting), [ids(three)]);
      const { session } = await stage.state(meeting);
      assert.equal(session.peers.find(({ user_id }) => user_id === two.user_id).muted, false);
    });
  });

  test('while selected, and comes back: meant again, as they were', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [one, , three] = meeting.participants;
      await select(page, called(one), called(three));
      await leave(meeting, one);
      await page.locator('.bar', { hasText: '1 of them left' }).waitFor();
      await join(meeting, one);
      await page.locator('.bar', { hasText: '1 of them left' }).waitFor({ state: 'detached' });
      assert.equal(await page.locator('.row.selected').count(), 2);
      await bar(page, 'Kick').click();
      await yes(page, 'Kick 2').click();
      await told(page, '2 kicked.');
      assert.deepEqual(await named(meeting), [ids(one, three)]);
    });
  });

  test('all who are selected: nothing can be pressed but a ban, and the focus is not lost', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [one, , three] = meeting.participants;
      await select(page, called(one), called(three));
      await bar(page, 'Kick').focus();
      await leave(meeting, one);
      await leave(meeting, three);
      await page.locator('.bar', { hasText: '2 of them left' }).waitFor();
      const focus = () =>
        page.evaluate(() => document.activeElement.shadowRoot.activeElement.innerText.trim());
      assert.equal(await focus(), 'Kick');
      assert.equal(await bar(page, 'Kick').isDisabled(), true);
      await page.keyboard.press('Enter');
      assert.equal(await dialog(page).count(), 0);
      assert.equal(await bar(page, 'Ban').isEnabled(), true);
      assert.deepEqual(await stage.asked(meeting), []);
    });
  });

  test('while the question about many is open: it names and counts those who are left', async () => {
    await stage.onPage({ participants: 4 }, async (page, meeting) => {
      const [one, two, three] = meeting.participants;
      await select(page, called(one), called(two), called(three));
      await bar(page, 'Kick').click();
      await dialog(page).getByText('Kick 3 people?').waitFor();
      await leave(meeting, two);
      await dialog(page).getByText('Kick 2 people?').waitFor();
      await dialog(page).getByText('1 person left already').waitFor();
      const listed = await dialog(page).locator('.names li bdi:first-child').allTextContents();
      assert.deepEqual(listed.sort(), [called(one), called(three)].sort());
      await yes(page, 'Kick 2').click();
      await told(page, '2 kicked.');
      assert.deepEqual(await named(meeting), [ids(one, three)]);
    });
  });

  test('while a kick of many is under way: the rest is kicked, and who left is told of', async () => {
    await stage.onPage({ participants: 30 }, async (page, meeting) => {
      await counted(page, 30, 0);
      await page.getByRole('checkbox', { name: 'Select all 30 shown' }).click();
      // Of two lists the first takes its time.
      await stage.fault(meeting, 'KickParticipants', 'delay:ms=1500');
      await bar(page, 'Kick').click();
      const last = await dialog(page).locator('.names li:last-child bdi:first-child').textContent();
      const who = meeting.participants.find((one) => called(one) === last);
      await yes(page, 'Kick 30').click();
      await page.locator('.activity.busy', { hasText: 'Kicking 30 people…' }).waitFor();
      await leave(meeting, who);
      await told(page, '29 kicked, 1 had left already.');
      assert.equal((await stage.state(meeting)).counts.live_peers, 0);
      const { session, ended_sessions } = await stage.state(meeting);
      const { peers } = session ?? ended_sessions.at(-1);
      assert.equal(peers.filter(({ departure }) => departure === 'kicked').length, 29);
    });
  });

  test('while shown close up: it says when, and offers only what can still be done', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [, one] = meeting.participants;
      await page.getByRole('button', { name: called(one), exact: true }).click();
      await dialog(page).getByText('In now').waitFor();
      await yes(page, 'Kick').waitFor();
      await leave(meeting, one);
      await yes(page, 'Kick').waitFor({ state: 'detached' });
      await dialog(page)
        .getByText(/left \d/)
        .waitFor();
      const offered = await dialog(page).locator('.buttons').getByRole('button').allInnerTexts();
      assert.deepEqual(
        offered.map((text) => text.trim()),
        ['Ban'],
      );
      await stage.emulator.control('POST', 'advance', { seconds: 30 });
      await join(meeting, one);
      await yes(page, 'Kick').waitFor();
      assert.equal(await dialog(page).locator('.stays li').count(), 2);
    });
  });

  test('who was kicked comes back by the same link, who was banned does not', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [one, two] = meeting.participants;
      for (const [verb, who] of [
        ['Kick', one],
        ['Ban', two],
      ]) {
        const name = isolated(called(who));
        await page.getByRole('button', { name: `${verb} ${name}`, exact: true }).click();
        await yes(page, verb).click();
        await told(page, `${name} was`);
        await rowOf(page, called(who)).waitFor({ state: 'detached' });
      }
      await stage.emulator.control('POST', 'advance', { seconds: 30 });
      await join(meeting, one);
      await assert.rejects(join(meeting, two), /deleted/);
      await rowOf(page, called(one)).waitFor();
      assert.equal(await rows(page).count(), 2);
      assert.equal(await rowOf(page, called(one)).locator('.joins').textContent(), '2');
      await tab(page, 'Timeline').click();
      await page.getByRole('radio', { name: 'People' }).check();
      const told_of = async (name) =>
        (await page.locator('.events li', { hasText: name }).locator('p').allInnerTexts()).map(
          (text) => text.replace(/\s+/g, ' ').trim(),
        );
      await reaches(
        () => told_of(called(one)),
        [`${called(one)} came back`, `${called(one)} left`, `${called(one)} joined`],
      );
      assert.deepEqual(await told_of(called(two)), [
        `${called(two)} left`,
        `${called(two)} joined`,
      ]);
    });
  });
});
