// The moderator page while the gateway pushes: what another moderator does is shown and announced at once, with
// their name, and without a poll or a read of the audit.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  button,
  dialog,
  displayName,
  eventually,
  isolated,
  recordAnnouncements,
  rowOf,
  tab,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => {
  testbed = await startTestbed({ live: { moderators: true } });
});
after(() => testbed?.stop());

const [POLL, AUDIT, SOCKET] = ['/active-session HTTP', '/audit?', '/watch'];
const pushed = (page) =>
  page.waitForFunction(() => document.querySelector('rtk-moderator').state.pushed);

/** Opens the page of one meeting for Ann and for Bob, and waits until both are pushed to. */
async function both(given, check) {
  const meeting = await testbed.emulator.meeting(given.participants ?? 3);
  const claims = (sub, name, more = {}) => ({ ...given, meeting, claims: { sub, name, ...more } });
  await testbed.onPage(claims('ann', 'Ann A'), (ann) =>
    testbed.onPage(claims('bob', 'Bob <b>', given.bob), async (bob, _, wire) => {
      await pushed(ann);
      await pushed(bob);
      await bob.locator('.top .moderators', { hasText: /./ }).waitFor();
      await check({ ann, bob, wire, meeting, said: await recordAnnouncements(bob) });
    }),
  );
}

/** Removes or bans a participant, and waits until it is done. */
async function remove(page, verb, participant) {
  const name = isolated(displayName(participant));
  await button(page, `${verb} ${name}`).click();
  await dialog(page).getByRole('button', { name: verb, exact: true }).click();
  await waitForActivity(page, `${name} was ${verb === 'Ban' ? 'banned' : 'removed'}.`);
}

/** How many of the moderators' actions are in the timeline. */
async function actions(page) {
  await tab(page, 'Activity').click();
  await page.getByRole('radio', { name: 'Moderator actions' }).check();
  return (await page.locator('.events .action p').allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' ').trim(),
  );
}

describe('pushed', { concurrency: 3 }, () => {
  test('a removal by another moderator is shown and announced with their name, without a poll', async () => {
    await both({}, async ({ ann, bob, wire, meeting, said }) => {
      const [, participant] = meeting.participants;
      const name = displayName(participant);
      await eventually(() => wire.seen(AUDIT), 2);
      const before = [wire.seen(POLL), wire.seen(AUDIT)];
      await remove(ann, 'Remove', participant);
      // The pointer keeps the card on screen, which otherwise disappears after some seconds.
      await ann.locator('.activity').hover();
      const sentence = `${isolated('Ann A')} removed ${isolated(name)}.`;
      await eventually(async () => (await said()).some((text) => text.includes(sentence)), true);
      await bob.locator('.activity.other', { hasText: 'Ann A' }).getByText(name).waitFor();
      await waitForCounts(bob, 2, 1);
      await bob.getByRole('radio', { name: /^Left/ }).check();
      await rowOf(bob, name)
        .getByText(/Removed at .+ by .*Ann A/)
        .waitFor();
      await eventually(() => actions(bob), [`Ann A removed ${name}`]);
      assert.deepEqual([wire.seen(POLL), wire.seen(AUDIT)], before);
      // Ann has the card of her own action, and no second one.
      assert.equal(await ann.locator('.activity').count(), 1);
      await eventually(() => actions(ann), [`Ann A removed ${name}`]);
    });
  });

  test('what happened between the first read of the audit and the connection is not missing', async () => {
    const meeting = await testbed.emulator.meeting(3);
    let read, release;
    const wasRead = new Promise((resolve) => (read = resolve));
    const held = new Promise((resolve) => (release = resolve));
    const before = (page) =>
      page.route(
        (url) => url.pathname.endsWith('/audit'),
        async (route) => {
          const response = await route.fetch();
          read();
          await held;
          await route.fulfill({ response });
        },
      );
    const begin = (_, wire) => wire.lose(SOCKET);
    await testbed.onPage({ meeting, before, begin }, async (page, _, wire) => {
      await wasRead;
      const { gateway } = testbed;
      const [{ user_id }] = meeting.participants;
      const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/mute`);
      const noah = gateway.grant(meeting, { sub: 'noah', name: 'Noah' });
      const body = { participant_ids: [user_id] };
      assert.equal((await gateway.ask(noah, 'POST', path, body)).status, 200);
      wire.lose();
      await pushed(page);
      release();
      await tab(page, 'Activity').click();
      await page.locator('.events .action', { hasText: 'Noah' }).waitFor();
    });
  });

  test('a ban is two requests, and one piece of news', async () => {
    await both({}, async ({ ann, bob, meeting, said }) => {
      const [, participant] = meeting.participants;
      // The pointer keeps the card on screen, which otherwise disappears after some seconds.
      const card = bob.locator('.activity.other');
      await Promise.all([card.hover(), remove(ann, 'Ban', participant)]);
      await waitForCounts(bob, 2, 1);
      await eventually(() => actions(bob), [`Ann A banned ${displayName(participant)}`]);
      const told = (await said()).filter((text) => text.includes('Ann A'));
      assert.equal(told.length, 1);
      assert.match(told[0], /Ann A.* banned /);
      assert.equal(await card.count(), 1);
      await card.getByRole('button', { name: 'Dismiss' }).click();
      await card.waitFor({ state: 'detached' });
    });
  });

  test('a lock by another moderator is shown at once', async () => {
    await both({}, async ({ ann, bob, said }) => {
      await button(ann, 'Lock meeting').click();
      await bob.locator('.badge.locked').waitFor();
      const sentence = `${isolated('Ann A')} locked the meeting.`;
      await eventually(async () => (await said()).some((text) => text.includes(sentence)), true);
      await button(ann, 'Unlock meeting').click();
      await bob.locator('.badge.locked').waitFor({ state: 'detached' });
    });
  });

  test('without the permission “audit” a lock is shown, and no one is named', async () => {
    const can = ['read', 'kick', 'lock'];
    await both({ bob: { can } }, async ({ ann, bob, meeting, said }) => {
      await button(ann, 'Lock meeting').click();
      await bob.locator('.badge.locked').waitFor();
      await remove(ann, 'Remove', meeting.participants[1]);
      await waitForCounts(bob, 2, 1);
      assert.ok((await said()).every((text) => !text.includes('Ann A')));
      assert.equal(await bob.locator('.activity.other').count(), 0);
    });
  });

  test('the header and the meeting panel show who else moderates', async () => {
    await both({}, async ({ ann, bob, meeting }) => {
      const header = (page) => page.locator('.top .moderators');
      await header(ann).getByText('Bob <b>').waitFor();
      await header(bob).getByText('Ann A').waitFor();
      assert.doesNotMatch(await header(bob).innerText(), /Bob/);
      const cyd = { meeting, claims: { sub: 'cyd', name: 'Cyd' } };
      await testbed.onPage(cyd, async () => {
        await header(bob).getByText('Ann A').getByText('Cyd').waitFor();
        await bob.locator('.facts', { hasText: 'Cyd' }).waitFor();
        await bob.setViewportSize({ width: 390, height: 844 });
        await header(bob).getByText('2 other moderators').waitFor();
        await bob.setViewportSize({ width: 1280, height: 720 });
      });
      await bob.locator('.top .moderators', { hasNotText: 'Cyd' }).waitFor();
    });
  });

  test('data without changes is current while the connection lives, and old after a silence', async () => {
    await testbed.onPage({ clock: true, push: true }, async (page) => {
      await pushed(page);
      const fact = page.locator('.top .fact', { hasText: /^\s*Live\s*$/ });
      // Old for a poll, and far from the silence of 25 s, for a machine on which some time passes meanwhile.
      await page.clock.fastForward(10_000);
      await fact.waitFor();
      assert.equal(await page.locator('.banner').count(), 0);
      await page.clock.fastForward(30_000);
      await page.locator('.banner', { hasText: 'Waiting for an update.' }).waitFor();
    });
  });

  test('another grant has another connection, and a renewed one keeps it', async () => {
    await testbed.onPage({ claims: { sub: 'ann' } }, async (page, meeting, wire) => {
      await pushed(page);
      const sockets = wire.seen(SOCKET);
      await testbed.regrant(page, meeting, {
        sub: 'ann',
        exp: Math.ceil(Date.now() / 1000) + 7200,
      });
      await testbed.emulator.control('POST', 'join', {
        ...{ meeting_id: meeting.meeting_id, custom_participant_id: 'late' },
      });
      await waitForCounts(page, 4, 0);
      assert.equal(wire.seen(SOCKET), sockets);
      await testbed.regrant(page, meeting, { sub: 'bob', name: 'Bob' });
      await eventually(() => wire.seen(SOCKET), sockets + 1);
      await testbed.regrant(page, meeting, { sub: 'bob', can: ['kick'] });
      await page
        .locator('.banner')
        .getByText('You don’t have permission to view this meeting. (403)')
        .waitFor();
    });
  });

  test('a grant that has expired is no renewal: the page says that it gets no more updates', async () => {
    await testbed.onPage({ claims: { sub: 'ann' } }, async (page, meeting) => {
      await pushed(page);
      await testbed.regrant(page, meeting, { sub: 'ann', exp: Math.ceil(Date.now() / 1000) - 60 });
      await page.locator('.banner').getByText('Your access has expired. (401)').waitFor();
      await waitForCounts(page, 3, 0);
    });
  });

  test('the gateway cannot read the meeting: the page says so, keeps the list, and recovers', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      await pushed(page);
      await testbed.fault(meeting, 'GetActiveSession', ...Array(200).fill('status:code=500'));
      const banner = page.locator('.banner.bad', { hasText: 'Can’t get updates since' });
      await banner.getByText('Cloudflare isn’t responding. (500)').waitFor();
      await page.locator('.top .fact.stale').waitFor();
      await waitForCounts(page, 3, 0);
      await testbed.emulator.control('DELETE', 'faults');
      await banner.waitFor({ state: 'detached' });
      await page.locator('.top .fact', { hasText: /^\s*Live\s*$/ }).waitFor();
    });
  });

  test('if the connection is refused the page polls, and shows the same', async () => {
    const begin = (_, wire) => wire.lose(SOCKET);
    await testbed.onPage({ begin }, async (page, meeting, wire) => {
      await eventually(() => wire.seen(SOCKET) > 0, true);
      const polls = wire.seen(POLL);
      await eventually(() => wire.seen(POLL) > polls + 1, true);
      const [, participant] = meeting.participants;
      await remove(page, 'Remove', participant);
      await waitForCounts(page, 2, 1);
      wire.lose();
      await pushed(page);
    });
  });
});
