// The moderator page in Chromium, against the emulator as a process: the list, and what is done to
// people and to the room.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import {
  PAGE,
  counted,
  dialog,
  fillPoll,
  fragment,
  isolated,
  rowOf,
  rows,
  select,
  startPoll,
  tab,
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
async function onPage({ participants = 3, faults = [], given = {}, ...how }, look) {
  const meeting = await emulator.meeting(participants);
  for (const [operation, ...steps] of faults) await fault(meeting, operation, ...steps);
  const hash = fragment(emulator, meeting, TOKEN, given);
  await visit(browser, emulator.url, hash, (page) => look(page, meeting), {
    secret: TOKEN,
    ...how,
  });
}

const fault = ({ meeting_id }, operation, ...steps) =>
  emulator.control('POST', 'faults', { operation, meeting_id, steps });

/** What the emulator knows of the meeting. */
async function state({ meeting_id }) {
  const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
  return meetings[0];
}

/** The requests of this meeting whose path ends so. */
const sent = async ({ meeting_id }, end) =>
  (await emulator.requests(meeting_id)).filter(({ path }) => path.endsWith(end));

const live = async (meeting) =>
  (await state(meeting)).participants
    .filter((who) => who.live_peers > 0)
    .map(({ user_id }) => user_id);

/** What somebody without a name is called by. */
const called = ({ name, custom_participant_id }) => name.trim() || custom_participant_id;

test('who is in is listed, and a name is but a name', async () => {
  await onPage({}, async (page, meeting) => {
    const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const { meeting_id } = meeting;
    const join = { meeting_id, custom_participant_id: 'evil', name: hostile };
    await emulator.control('POST', 'join', join);
    // Twice in, yet one person.
    await emulator.control('POST', 'join', join);
    const [gone] = meeting.participants;
    await emulator.control('POST', 'leave', { meeting_id, user_id: gone.user_id });

    await rowOf(page, hostile).waitFor();
    await counted(page, 3, 1);
    assert.equal(await rows(page).count(), 3);
    assert.equal(await rowOf(page, hostile).locator('.joins').textContent(), '2');
    assert.equal(await page.locator('img, .row script').count(), 0);
    await page.locator('.badge', { hasText: 'Live' }).waitFor();

    await page.getByRole('radio', { name: /^Left/ }).check();
    await rowOf(page, called(gone)).waitFor();
    assert.equal(await rows(page).count(), 1);
    assert.match(await rows(page).textContent(), /group_call_host/);
    await page.getByRole('radio', { name: /^All/ }).check();
    await page.getByRole('searchbox').fill('ÉVIL');
    await rowOf(page, hostile).waitFor();
    assert.equal(await rows(page).count(), 1);
    await page.getByRole('searchbox').fill('nobody is called that');
    await page.getByText('Nobody matches.').waitFor();
    await page.getByRole('button', { name: 'Show everybody' }).click();
    assert.equal(await rows(page).count(), 4);
  });
});

test('a name is there to be read, however wide the page', async () => {
  await onPage({}, async (page) => {
    await rows(page).first().waitFor();
    for (const width of [320, 390, 600, 640, 768, 800, 900, 1000, 1024, 1100, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const size = width < 640 ? 'narrow' : width < 1000 ? 'middle' : 'wide';
      await page.locator(`.app.${size}`).waitFor();
      await rows(page).first().waitFor();
      const name = await rows(page).first().locator('.who bdi').first().boundingBox();
      assert.ok(name && name.width >= 40 && name.height >= 12, `${width}: ${name?.width}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wider, false, `${width}`);
    }
  });
});

test('a thousand are read, of whom those in sight are rows', async () => {
  await onPage({ participants: 1000 }, async (page) => {
    await counted(page, '1,000', 0);
    await rows(page).first().waitFor();
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '1001');
    const there = await rows(page).count();
    assert.ok(there > 10 && there < 80, `${there}`);
    await grid.focus();
    await page.keyboard.press('End');
    await page.locator('.row.active[aria-rowindex="1001"]').waitFor();
    const [row, box] = await Promise.all([
      page.locator('.row.active').boundingBox(),
      grid.boundingBox(),
    ]);
    assert.ok(row.y >= box.y && row.y + row.height <= box.y + box.height + 1);
  });
});

test('the list is sorted and filtered as wished', async () => {
  await onPage({ participants: 12 }, async (page, meeting) => {
    const { meeting_id, participants } = meeting;
    await counted(page, 12, 0);
    const again = participants[7];
    await emulator.control('POST', 'join', { meeting_id, user_id: again.user_id });
    await page.getByRole('button', { name: 'Joins' }).click();
    await page.locator('.rows .row:first-child .joins', { hasText: '2' }).waitFor();
    const head = page.locator('[role=columnheader]', { hasText: 'Joins' });
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await page.getByLabel('Role', { exact: true }).selectOption('group_call_host');
    await page.locator('.rows .row').nth(1).waitFor({ state: 'detached' });
    assert.equal(await rows(page).count(), 1);
    assert.match(await rows(page).textContent(), /group_call_host/);
  });
});

test('one is kicked, after a question', async () => {
  await onPage({}, async (page, meeting) => {
    const { user_id } = meeting.participants[1];
    const name = called(meeting.participants[1]);
    const kick = page.getByRole('button', { name: `Kick ${isolated(name)}`, exact: true });
    await kick.click();
    await dialog(page)
      .getByText(`Kick ${isolated(name)}?`)
      .waitFor();
    await dialog(page).getByText('can come back with the same link').waitFor();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await kick.click();
    await dialog(page).getByRole('button', { name: 'Kick', exact: true }).click();
    await told(page, `${isolated(name)} was kicked.`);
    await counted(page, 2, 1);
    const inside = await live(meeting);
    assert.equal(inside.length, 2);
    assert.ok(!inside.includes(user_id));
    assert.equal((await sent(meeting, '/kick')).length, 1);
  });
});

test('a question that is left without an answer does nothing, whatever was answered before', async () => {
  await onPage({}, async (page, meeting) => {
    const [one, other] = meeting.participants.map(called);
    const kick = (name) =>
      page.getByRole('button', { name: `Kick ${isolated(name)}`, exact: true }).click();
    await kick(one);
    await dialog(page).getByRole('button', { name: 'Kick', exact: true }).click();
    await told(page, `${isolated(one)} was kicked.`);
    await kick(other);
    await dialog(page)
      .getByText(`Kick ${isolated(other)}?`)
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await kick(other);
    // As some browsers do at Escape: closed without a word, after a dialog that was told yes.
    await page.locator('dialog.confirm').evaluate((dialog) => dialog.close());
    await dialog(page).waitFor({ state: 'detached' });
    // What had been done for an answer would be done before this.
    await page.getByRole('button', { name: 'Lock', exact: true }).click();
    await told(page, 'The meeting is locked.');
    assert.equal((await sent(meeting, '/kick')).length, 1);
    assert.equal((await live(meeting)).length, 2);
  });
});

test('many are kicked at once; who has left meanwhile is left alone, and told of', async () => {
  await onPage({ participants: 30 }, async (page, meeting) => {
    await counted(page, 30, 0);
    const boxes = page.locator('.rows .row input');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await page.getByText('4 selected').first().waitFor();
    const chosen = await page.locator('.row.selected .who bdi').allTextContents();
    // Nothing is read until the question is answered: the page cannot know that somebody left.
    await fault(meeting, 'GetActiveSession', ...Array(20).fill('status:code=500'));
    await page.locator('.banner.bad').waitFor();
    const gone = meeting.participants.find((one) => called(one) === chosen[0]);
    const { meeting_id } = meeting;
    await emulator.control('POST', 'leave', { meeting_id, user_id: gone.user_id });
    await page.locator('.bar').getByRole('button', { name: 'Kick' }).click();
    await dialog(page).getByText('Kick 4 people?').waitFor();
    const named = await dialog(page).locator('li bdi:first-child').allTextContents();
    assert.deepEqual(named.sort(), [...chosen].sort());
    await dialog(page).getByRole('button', { name: 'Kick 4', exact: true }).click();
    await told(page, '3 kicked, 1 had left already.');
    assert.equal((await live(meeting)).length, 26);
    await emulator.control('DELETE', 'faults');
  });
});

test('whom an action failed for can be tried again, and nobody else', async () => {
  await onPage({ participants: 60 }, async (page, meeting) => {
    await counted(page, 60, 0);
    // The second of three lists is refused.
    await fault(meeting, 'MuteParticipants', 'ok', 'status:code=400', 'ok');
    await page.getByRole('checkbox', { name: 'Select all 60 shown' }).click();
    await page.locator('.bar').getByRole('button', { name: 'Mute' }).click();
    await dialog(page).getByText('until they unmute themselves').waitFor();
    await dialog(page).getByRole('button', { name: 'Mute 60' }).click();
    await told(page, '35 muted, 25 not muted.', 'bad');
    assert.equal(await page.locator('.failures li').count(), 25);
    await page.getByText('25 selected').first().waitFor();
    const before = await sent(meeting, '/mute');
    await page.getByRole('button', { name: 'Retry these 25' }).click();
    await told(page, '60 muted.');
    const [again, ...more] = (await sent(meeting, '/mute')).slice(before.length);
    assert.deepEqual(more, []);
    const refused = before.find(({ status }) => status === 400);
    assert.deepEqual(again.body, refused.body);
    assert.equal((await state(meeting)).counts.muted_peers, 60);
  });
});

test('a ban cannot be undone, says so, and keeps them out', async () => {
  await onPage({}, async (page, meeting) => {
    const { user_id } = meeting.participants[2];
    const name = called(meeting.participants[2]);
    await page.getByRole('button', { name: `Ban ${isolated(name)}`, exact: true }).click();
    await dialog(page).getByText('cannot come back with this link').waitFor();
    await dialog(page).getByText('There is no undo').waitFor();
    await dialog(page).getByRole('button', { name: 'Ban', exact: true }).click();
    await told(page, `${isolated(name)} was banned.`);
    const { participants } = await state(meeting);
    const banned = participants.find((one) => one.user_id === user_id);
    assert.deepEqual([banned.deleted, banned.live_peers], [true, 0]);
    // And also who has left.
    await page.getByRole('radio', { name: /^Left/ }).check();
    await page.getByRole('button', { name: `Ban ${isolated(name)}`, exact: true }).waitFor();
    assert.equal(
      await page.getByRole('button', { name: `Kick ${isolated(name)}`, exact: true }).count(),
      0,
    );
  });
});

test('all are kicked when it is typed, and the session is over', async () => {
  await onPage({}, async (page, meeting) => {
    await page.getByRole('button', { name: 'Kick all…' }).click();
    await dialog(page).getByText('ends the session for everybody').waitFor();
    const yes = dialog(page).getByRole('button', { name: 'Kick all', exact: true });
    assert.equal(await yes.isDisabled(), true);
    await dialog(page).getByLabel('Type “kick all” to confirm').fill('Kick all');
    await dialog(page).getByRole('checkbox', { name: 'Lock the meeting first' }).check();
    await yes.click();
    await told(page, 'Everybody was kicked.');
    await page.locator('.badge', { hasText: 'Ended' }).waitFor();
    const after = await state(meeting);
    assert.equal(after.counts.live_peers, 0);
    assert.equal(after.status, 'INACTIVE');
    await page.getByRole('button', { name: 'Show who was in' }).click();
    assert.equal(await rows(page).count(), 3);
  });
});

test('all are muted, and whether they may unmute themselves is said', async () => {
  for (const may of [true, false]) {
    await onPage({}, async (page, meeting) => {
      await page.getByRole('button', { name: 'Mute all…' }).click();
      const check = dialog(page).getByRole('checkbox', { name: 'They may unmute themselves' });
      await check.setChecked(may);
      await dialog(page).getByRole('button', { name: 'Mute all', exact: true }).click();
      await told(page, 'Everybody was muted.');
      const { session } = await state(meeting);
      assert.deepEqual(
        session.peers.map(({ muted, may_unmute }) => [muted, may_unmute]),
        [
          [true, may],
          [true, may],
          [true, may],
        ],
      );
    });
  }
});

test('the meeting is locked, and that is undone', async () => {
  await onPage({}, async (page, meeting) => {
    await page.getByRole('button', { name: 'Lock', exact: true }).click();
    await told(page, 'The meeting is locked.');
    await page.locator('.badge.locked').waitFor();
    assert.equal((await state(meeting)).status, 'INACTIVE');
    await page.getByRole('button', { name: 'Undo' }).click();
    await told(page, 'The meeting is unlocked.');
    await page.locator('.badge.locked').waitFor({ state: 'detached' });
    assert.equal((await state(meeting)).status, 'ACTIVE');
  });
});

test('a poll is made once, however often its button is pressed', async () => {
  await onPage({}, async (page, meeting) => {
    await fault(meeting, 'CreatePoll', 'delay:ms=300');
    await fillPoll(page, 'Lunch?', ['Soup', 'Soup']);
    await startPoll(page);
    await page.getByText('two are the same').waitFor();
    await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
    await page.getByRole('button', { name: 'Add an option' }).click();
    await page.keyboard.type('<b>Cake</b>');
    await page.locator('.preview', { hasText: '<b>Cake</b>' }).waitFor();
    await page.getByLabel('Anonymous').check();
    await page.getByLabel('Hide votes').check();
    await page.locator('form.poll').evaluate((form) => {
      for (let i = 0; i < 3; i += 1) form.requestSubmit();
    });
    await told(page, 'The poll was started.');
    const { polls } = await state(meeting);
    assert.equal(polls.length, 1);
    const [{ body }, ...more] = await sent(meeting, '/poll');
    assert.deepEqual(more, []);
    const wanted = { question: 'Lunch?', options: ['Soup', 'Salad', '<b>Cake</b>'] };
    const asked = typeof body === 'string' ? JSON.parse(body) : body;
    assert.deepEqual(asked, { ...wanted, anonymous: true, hide_votes: true });
    assert.equal(await page.getByLabel('Question', { exact: true }).inputValue(), '');
    await page.locator('.asked', { hasText: 'Lunch?' }).waitFor();
    await page.getByText('neither lists polls nor tells results').waitFor();
  });
});

for (const step of ['cut', 'hang-after', 'status:code=502:act=after']) {
  test(`a poll whose answer is lost (${step}) is sent again only if wished`, async () => {
    await onPage({}, async (page, meeting) => {
      await fault(meeting, 'CreatePoll', step);
      await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
      await startPoll(page);
      await told(page, 'the poll may have been started. RealtimeKit cannot list polls', 'bad');
      await page.locator('.asked .doubt', { hasText: 'it may have been started' }).waitFor();
      assert.equal((await state(meeting)).counts.polls, 1);

      await startPoll(page);
      await dialog(page).getByText('there will be two').waitFor();
      await dialog(page).getByRole('button', { name: 'Cancel' }).click();
      assert.equal((await sent(meeting, '/poll')).length, 1);

      await page.getByRole('button', { name: 'Send again…' }).click();
      await dialog(page).getByRole('button', { name: 'Send again' }).click();
      await told(page, 'The poll was started.');
      assert.equal((await state(meeting)).counts.polls, 2);
    });
  });
}

test('a poll is kept as a template on this device, and no longer if not wished', async () => {
  await onPage({}, async (page, meeting) => {
    await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
    await page.getByRole('button', { name: 'Keep as template' }).click();
    const kept = page.locator('.kept button', { hasText: 'Lunch?' });
    await kept.waitFor();
    await page.goto(`${emulator.url}/#${fragment(emulator, meeting, TOKEN)}`);
    await page.reload();
    await page.goto(`${emulator.url}/#${fragment(emulator, meeting, TOKEN)}`);
    await tab(page, 'Polls').click();
    await kept.click();
    assert.equal(await page.getByLabel('Option 2', { exact: true }).inputValue(), 'Salad');
    await page.getByRole('button', { name: `Delete the template ${isolated('Lunch?')}` }).click();
    await kept.waitFor({ state: 'detached' });
  });
});

test('an action that fails says so, and can be tried again though nothing can be read', async () => {
  await onPage({}, async (page, meeting) => {
    await counted(page, 3, 0);
    await fault(meeting, 'GetActiveSession', ...Array(50).fill('status:code=500'));
    await fault(meeting, 'MuteAllParticipants', 'status:code=400');
    await page.locator('.banner').getByText('Could not refresh').waitFor();
    await page.getByRole('button', { name: 'Mute all…' }).click();
    await dialog(page).getByRole('button', { name: 'Mute all', exact: true }).click();
    await told(page, '400', 'bad');
    assert.equal((await state(meeting)).counts.muted_peers, 0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await told(page, 'Everybody was muted.');
    assert.equal((await state(meeting)).counts.muted_peers, 3);
  });
});
