// The moderator page in Chromium, served by the emulator: the list, and the actions on participants and on
// the meeting.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulatorPage } from '../support/emulator-page.mjs';
import {
  LIMIT,
  dialog,
  displayName,
  eventually,
  fillPoll,
  focusedName,
  fragment,
  isolated,
  rowOf,
  rows,
  select,
  startPoll,
  tab,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';

let host;
before(async () => {
  host = await startEmulatorPage();
});
after(() => host?.stop());

/** The participants with a connection, by the emulator. */
const live = async (meeting) =>
  (await host.state(meeting)).participants
    .filter(({ live_peers }) => live_peers > 0)
    .map(({ user_id }) => user_id);

test('participants are listed, and markup in a name is text', async () => {
  await host.onPage({}, async (page, meeting) => {
    const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const { meeting_id } = meeting;
    const join = { meeting_id, custom_participant_id: 'evil', name: hostile };
    await host.emulator.control('POST', 'join', join);
    // Joined twice, yet one participant.
    await host.emulator.control('POST', 'join', join);
    const [gone] = meeting.participants;
    await host.emulator.control('POST', 'leave', { meeting_id, user_id: gone.user_id });

    await rowOf(page, hostile).waitFor();
    await waitForCounts(page, 3, 1);
    assert.equal(await rows(page).count(), 3);
    assert.equal(await rowOf(page, hostile).locator('.joins').textContent(), '2');
    assert.equal(await page.locator('img, .row script').count(), 0);
    await page.locator('.badge', { hasText: 'Live' }).waitFor();

    await page.getByRole('radio', { name: /^Left/ }).check();
    await rowOf(page, displayName(gone)).waitFor();
    assert.equal(await rows(page).count(), 1);
    assert.match(await rows(page).textContent(), /Group call host/);
    await page.getByRole('radio', { name: /^All/ }).check();
    await page.getByRole('searchbox').fill('ÓNERROR');
    await eventually(() => rows(page).count(), 1);
    await rowOf(page, hostile).waitFor();
    await page.getByRole('searchbox').fill('nobody is called that');
    await page.getByText('No participants match.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await eventually(() => rows(page).count(), 4);
  });
});

test('names are readable at every page width', async () => {
  await host.onPage({}, async (page) => {
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

test('of a thousand participants only the visible ones have rows', async () => {
  await host.onPage({ participants: 1000 }, async (page) => {
    await waitForCounts(page, '1,000', 0);
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

test('the list can be sorted and filtered', async () => {
  await host.onPage({ participants: 12 }, async (page, meeting) => {
    const { meeting_id, participants } = meeting;
    await waitForCounts(page, 12, 0);
    const again = participants[7];
    await host.emulator.control('POST', 'join', { meeting_id, user_id: again.user_id });
    await page.getByRole('button', { name: 'Times joined' }).click();
    await page.locator('.rows .row:first-child .joins', { hasText: '2' }).waitFor();
    const head = page.locator('[role=columnheader]', { hasText: 'Times joined' });
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await page.getByLabel('Role', { exact: true }).selectOption('group_call_host');
    await page.locator('.rows .row').nth(1).waitFor({ state: 'detached' });
    assert.equal(await rows(page).count(), 1);
    assert.match(await rows(page).textContent(), /Group call host/);
  });
});

test('a participant is kicked after a confirmation', async () => {
  await host.onPage({}, async (page, meeting) => {
    const { user_id } = meeting.participants[1];
    const name = displayName(meeting.participants[1]);
    const kick = page.getByRole('button', { name: `Remove ${isolated(name)}`, exact: true });
    await kick.click();
    await dialog(page)
      .getByText(`Remove ${isolated(name)}?`)
      .waitFor();
    await dialog(page).getByText('can rejoin with the same link').waitFor();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await kick.click();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await waitForActivity(page, `${isolated(name)} was removed.`);
    await waitForCounts(page, 2, 1);
    const inside = await live(meeting);
    assert.equal(inside.length, 2);
    assert.ok(!inside.includes(user_id));
    assert.equal((await host.sent(meeting, '/kick')).length, 1);
  });
});

test('a dismissed confirmation does nothing, whatever was confirmed before', async () => {
  await host.onPage({}, async (page, meeting) => {
    const [one, other] = meeting.participants.map(displayName);
    const kick = (name) =>
      page.getByRole('button', { name: `Remove ${isolated(name)}`, exact: true }).click();
    await kick(one);
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await waitForActivity(page, `${isolated(one)} was removed.`);
    await kick(other);
    await dialog(page)
      .getByText(`Remove ${isolated(other)}?`)
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await kick(other);
    await dialog(page).waitFor();
    // Some browsers close a dialog at Escape without a cancel event, and keep its last return value.
    await page.locator('dialog.confirm').evaluate((dialog) => dialog.close());
    await dialog(page).waitFor({ state: 'detached' });
    // A kick that was wrongly started would be finished before this.
    await page.getByRole('button', { name: 'Lock meeting', exact: true }).click();
    await waitForActivity(page, 'Meeting locked.');
    assert.equal((await host.sent(meeting, '/kick')).length, 1);
    assert.equal((await live(meeting)).length, 2);
  });
});

test('a kick of several skips participants who left meanwhile, and says so', async () => {
  await host.onPage({ participants: 30 }, async (page, meeting) => {
    await waitForCounts(page, 30, 0);
    const boxes = page.locator('.rows .row input');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await page.getByText('4 selected').first().waitFor();
    const chosen = await page.locator('.row.selected .who bdi').allTextContents();
    // No poll succeeds before the confirmation: the page cannot know that one participant left.
    await host.fault(meeting, 'GetActiveSession', ...Array(20).fill('status:code=500'));
    await page.locator('.banner.bad').waitFor();
    const gone = meeting.participants.find((one) => displayName(one) === chosen[0]);
    const { meeting_id } = meeting;
    await host.emulator.control('POST', 'leave', { meeting_id, user_id: gone.user_id });
    await page.locator('.bar').getByRole('button', { name: 'Remove' }).click();
    await dialog(page).getByText('Remove 4 participants?').waitFor();
    const named = await dialog(page).locator('li > bdi').allTextContents();
    assert.deepEqual(named.sort(), [...chosen].sort());
    await dialog(page).getByRole('button', { name: 'Remove 4 participants', exact: true }).click();
    await waitForActivity(page, '3 removed, 1 had already left.');
    assert.equal((await live(meeting)).length, 26);
    await host.emulator.control('DELETE', 'faults');
  });
});

test('a retry repeats an action only for the participants it failed for', async () => {
  await host.onPage({ participants: 60 }, async (page, meeting) => {
    await waitForCounts(page, 60, 0);
    // The second of three lists is refused.
    await host.fault(meeting, 'MuteParticipants', 'ok', 'status:code=400', 'ok');
    await page.getByRole('checkbox', { name: 'Select all 60' }).click();
    await page.locator('.bar').getByRole('button', { name: 'Mute' }).click();
    await dialog(page).getByText('They can unmute themselves if').waitFor();
    await dialog(page).getByRole('button', { name: 'Mute 60 participants' }).click();
    await waitForActivity(page, '35 muted, 25 failed.', 'bad');
    assert.equal(await page.locator('.failures li').count(), 25);
    await page.getByText('25 selected').first().waitFor();
    const before = await host.sent(meeting, '/mute');
    await page.getByRole('button', { name: 'Retry 25' }).click();
    await waitForActivity(page, '60 muted.');
    const [again, ...more] = (await host.sent(meeting, '/mute')).slice(before.length);
    assert.deepEqual(more, []);
    const refused = before.find(({ status }) => status === 400);
    assert.deepEqual(again.body, refused.body);
    assert.equal((await host.state(meeting)).counts.muted_peers, 60);
  });
});

test('a ban says that it cannot be undone, and keeps the participant out', async () => {
  await host.onPage({}, async (page, meeting) => {
    const { user_id } = meeting.participants[2];
    const name = displayName(meeting.participants[2]);
    await page.getByRole('button', { name: `Ban ${isolated(name)}`, exact: true }).click();
    await dialog(page).getByText('their link stops working').waitFor();
    await dialog(page).getByText('can’t undo this here').waitFor();
    await dialog(page).getByRole('button', { name: 'Ban', exact: true }).click();
    await waitForActivity(page, `${isolated(name)} was banned.`);
    const { participants } = await host.state(meeting);
    const banned = participants.find((one) => one.user_id === user_id);
    assert.deepEqual([banned.deleted, banned.live_peers], [true, 0]);
    // The list says so, and offers no second ban.
    await page.getByRole('radio', { name: /^Left/ }).check();
    await rowOf(page, name)
      .getByText(/Banned at /)
      .waitFor();
    for (const verb of ['Ban', 'Remove'])
      assert.equal(
        await page.getByRole('button', { name: `${verb} ${isolated(name)}`, exact: true }).count(),
        0,
      );
    // Others who left can be banned.
    const other = meeting.participants[0];
    const { meeting_id } = meeting;
    await host.emulator.control('POST', 'leave', { meeting_id, user_id: other.user_id });
    await page
      .getByRole('button', { name: `Ban ${isolated(displayName(other))}`, exact: true })
      .waitFor();
    await rowOf(page, displayName(other))
      .getByText(/Left at /)
      .waitFor();
  });
});

test('a kick of everybody must be typed, and ends the session', async () => {
  await host.onPage({}, async (page, meeting) => {
    await page.getByRole('button', { name: 'Remove everyone…' }).click();
    await dialog(page).getByText('any recording will stop').waitFor();
    const yes = dialog(page).getByRole('button', { name: 'Remove everyone', exact: true });
    assert.equal(await yes.isDisabled(), true);
    await dialog(page).getByLabel('Type “remove” to confirm').fill('Remove');
    await dialog(page).getByRole('checkbox', { name: 'Lock the meeting first' }).check();
    await yes.click();
    await waitForActivity(page, 'were removed.');
    await page.locator('.badge', { hasText: 'Ended' }).waitFor();
    const after = await host.state(meeting);
    assert.equal(after.counts.live_peers, 0);
    assert.equal(after.status, 'INACTIVE');
    await page.getByRole('button', { name: 'Show who attended' }).click();
    await eventually(() => rows(page).count(), 3);
  });
});

test('a mute of everybody sends whether they may unmute themselves', async () => {
  for (const may of [true, false]) {
    await host.onPage({}, async (page, meeting) => {
      await page.getByRole('button', { name: 'Mute everyone…' }).click();
      const check = dialog(page).getByRole('checkbox', { name: 'Let them unmute themselves' });
      await check.setChecked(may);
      await dialog(page).getByRole('button', { name: 'Mute everyone', exact: true }).click();
      await waitForActivity(page, 'were muted.');
      const { session } = await host.state(meeting);
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

test('a lock of the meeting can be undone', async () => {
  await host.onPage({}, async (page, meeting) => {
    await page.getByRole('button', { name: 'Lock meeting', exact: true }).click();
    // The pointer keeps the outcome on screen.
    await page.locator('.activity', { hasText: 'Meeting locked.' }).hover();
    await page.locator('.badge.locked').waitFor();
    assert.equal((await host.state(meeting)).status, 'INACTIVE');
    await page.getByRole('button', { name: 'Undo' }).click();
    await waitForActivity(page, 'Meeting unlocked.');
    await page.locator('.badge.locked').waitFor({ state: 'detached' });
    assert.equal((await host.state(meeting)).status, 'ACTIVE');
  });
});

test('a poll is created once, however often its form is submitted', async () => {
  await host.onPage({}, async (page, meeting) => {
    await host.fault(meeting, 'CreatePoll', 'delay:ms=300');
    await fillPoll(page, 'Lunch?', ['Soup', 'Soup']);
    await startPoll(page);
    await page.getByText('Two options are the same.').waitFor();
    await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
    await page.getByRole('button', { name: 'Add option' }).click();
    await eventually(() => focusedName(page), 'Option 3');
    await page.keyboard.type('<b>Cake</b>');
    await page.locator('.preview', { hasText: '<b>Cake</b>' }).waitFor();
    await page.getByLabel('Anonymous voting').check();
    await page.getByLabel('Hide results until they vote').check();
    await page.locator('form.poll').evaluate((form) => {
      for (let i = 0; i < 3; i += 1) form.requestSubmit();
    });
    await waitForActivity(page, 'Poll started.');
    const { polls } = await host.state(meeting);
    assert.equal(polls.length, 1);
    const [{ body }, ...more] = await host.sent(meeting, '/poll');
    assert.deepEqual(more, []);
    const wanted = { question: 'Lunch?', options: ['Soup', 'Salad', '<b>Cake</b>'] };
    const request = typeof body === 'string' ? JSON.parse(body) : body;
    assert.deepEqual(request, { ...wanted, anonymous: true, hide_votes: true });
    await eventually(() => page.getByLabel('Question', { exact: true }).inputValue(), '');
    await page.locator('.asked', { hasText: 'Lunch?' }).waitFor();
    await page.getByText('Results appear only inside the meeting.').waitFor();
  });
});

for (const step of ['cut', 'hang-after', 'status:code=502:act=after']) {
  test(`a poll whose response is lost (${step}) is sent again only on request`, async () => {
    await host.onPage({ clock: true }, async (page, meeting) => {
      await host.fault(meeting, 'CreatePoll', step);
      await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
      await startPoll(page);
      await eventually(async () => (await host.state(meeting)).counts.polls, 1);
      // A response that never comes ends with the client's timeout.
      if (step === 'hang-after') await page.clock.fastForward(LIMIT);
      await waitForActivity(page, 'We don’t know whether the poll started.', 'bad');
      await page.locator('.asked .doubt', { hasText: 'it may be running' }).waitFor();
      assert.equal((await host.state(meeting)).counts.polls, 1);

      await startPoll(page);
      await dialog(page).getByText('participants will see it twice').waitFor();
      await dialog(page).getByRole('button', { name: 'Cancel' }).click();
      assert.equal((await host.sent(meeting, '/poll')).length, 1);

      await page.getByRole('button', { name: 'Send again…' }).click();
      await dialog(page).getByRole('button', { name: 'Send again' }).click();
      await waitForActivity(page, 'Poll started.');
      assert.equal((await host.state(meeting)).counts.polls, 2);
    });
  });
}

test('a poll can be kept as a template on this device, and deleted', async () => {
  await host.onPage({}, async (page, meeting) => {
    await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
    await page.getByRole('button', { name: 'Save as template' }).click();
    const kept = page.locator('.kept button', { hasText: 'Lunch?' });
    await kept.waitFor();
    await page.goto(`${host.emulator.url}/#${fragment(host.emulator, meeting, host.token)}`);
    await page.reload();
    await page.goto(`${host.emulator.url}/#${fragment(host.emulator, meeting, host.token)}`);
    await tab(page, 'Polls').click();
    await kept.click();
    await eventually(() => page.getByLabel('Option 2', { exact: true }).inputValue(), 'Salad');
    await page.getByRole('button', { name: `Delete the template ${isolated('Lunch?')}` }).click();
    await kept.waitFor({ state: 'detached' });
  });
});

test('a failed action says so, and can be retried while polling fails', async () => {
  await host.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await host.fault(meeting, 'GetActiveSession', ...Array(50).fill('status:code=500'));
    await host.fault(meeting, 'MuteAllParticipants', 'status:code=400');
    await page.locator('.banner').getByText('Can’t get updates since').waitFor();
    await page.getByRole('button', { name: 'Mute everyone…' }).click();
    await dialog(page).getByRole('button', { name: 'Mute everyone', exact: true }).click();
    await waitForActivity(page, '400', 'bad');
    assert.equal((await host.state(meeting)).counts.muted_peers, 0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForActivity(page, 'were muted.');
    assert.equal((await host.state(meeting)).counts.muted_peers, 3);
  });
});
