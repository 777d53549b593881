// The moderator page in Chromium, served by the emulator: the state it shows, where its grant comes from and
// goes to, keys, timeline, languages.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEmulatorPage } from '../support/emulator-page.mjs';
import { ALL, now, token as sign } from '../support/grants.mjs';
import {
  LIMIT,
  apiRequests,
  dialog,
  displayName,
  eventually,
  fragment,
  isolated,
  nextPoll,
  pauseBetweenPolls,
  rows,
  setVisible,
  tab,
  visit,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';

const PKG = fileURLToPath(new URL('../../pkg', import.meta.url));

let host, plain;
before(async () => {
  plain = await mkdtemp(join(tmpdir(), 'plain-page-'));
  await writeFile(
    join(plain, 'index.html'),
    '<!doctype html><script type="module">import Cloudflare from "/pkg/index.js"; globalThis.Cloudflare = Cloudflare;</script>',
  );
  host = await startEmulatorPage('--serve', `pkg=${PKG}`, '--serve', `plain=${plain}`);
});
after(async () => {
  await host?.stop();
  await rm(plain, { recursive: true, force: true });
});

test('an error is shown with the age of the data, and disappears after the next good poll', async () => {
  await host.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await host.fault(meeting, 'GetActiveSession', ...Array(50).fill('status:code=500'));
    await page.locator('.banner').getByText('Can’t get updates since').waitFor();
    await page.getByText(/Last updated \d+ secs? ago/).waitFor();
    assert.equal(await rows(page).count(), 3);
    // The title, all that a background tab shows, is not stale either.
    await page.waitForFunction(() => document.title.startsWith('Unavailable · '));
    await host.emulator.control('DELETE', 'faults');
    await page.locator('.fact', { hasText: 'Live' }).waitFor();
    await page.locator('.banner').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.title.startsWith('3 here now · '));
  });
});

test('before and after a meeting nothing says that it is live', async () => {
  await host.onPage({ participants: 0 }, async (page, meeting) => {
    await page.locator('.badge.waiting').waitFor();
    assert.equal(await page.locator('.fact').count(), 0);
    await host.emulator.control('POST', 'join', {
      ...{ meeting_id: meeting.meeting_id, custom_participant_id: 'one', name: 'One' },
    });
    await page.locator('.fact', { hasText: 'Live' }).waitFor();
    await host.emulator.control('POST', 'end-session', { meeting_id: meeting.meeting_id });
    await page.locator('.badge.ended').waitFor();
    assert.equal(await page.locator('.fact', { hasText: /Live|Updated/ }).count(), 0);
  });
});

test('a lost connection is shown with the time of the loss', async () => {
  await host.onPage({}, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    await host.fault(meeting, 'GetActiveSession', ...Array(50).fill('reset-before'));
    await page
      .locator('.banner', { hasText: /You’re offline. Last update \d\d:\d\d:\d\d/ })
      .waitFor();
    await host.emulator.control('DELETE', 'faults');
    await page.locator('.fact', { hasText: 'Live' }).waitFor();
  });
});

test('a rate limit is shown as a pause, not as an error', async () => {
  const faults = [['GetActiveSession', 'status:code=429:retry-after=250']];
  await host.onPage({ faults, clock: true }, async (page) => {
    await page
      .locator('.banner')
      .getByText(/Updates resume at \d\d:\d\d:\d\d/)
      .waitFor();
    // Nothing says that the meeting cannot be opened.
    await page.getByRole('heading', { name: 'Loading participants…' }).waitFor();
    await page.locator('.badge', { hasText: 'Connecting…' }).waitFor();
    await page.clock.fastForward(250_000);
    await waitForCounts(page, 3, 0);
  });
});

test('a meeting without a session is no error, and shows a session that starts', async () => {
  await host.onPage({ participants: 0 }, async (page, { meeting_id }) => {
    await page.getByRole('heading', { name: 'The meeting hasn’t started' }).waitFor();
    await page.locator('.badge', { hasText: 'Not started' }).waitFor();
    assert.equal(await page.locator('.banner').count(), 0);
    await host.emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'first' });
    await waitForCounts(page, 1, 0);
  });
});

test('the error for a wrong token does not contain it', async () => {
  await host.onPage({ given: { token: 'wrong-token' } }, async (page) => {
    await page.locator('.banner').getByText('Your access isn’t valid. (401)').waitFor();
    const shown = await page
      .locator('rtk-moderator')
      .evaluate((element) => element.outerHTML + element.shadowRoot.innerHTML);
    assert.ok(!shown.includes('wrong-token'));
  });
});

test('without a fragment a form asks for the fields, and refuses another origin', async () => {
  const meeting = await host.emulator.meeting(2);
  await visit(host.browser, host.emulator.url, '', async (page) => {
    await page.getByText('Enter details by hand').click();
    await page.getByLabel('Access token').fill(host.token);
    await page.getByLabel('Account ID').fill(host.emulator.account_id);
    await page.getByLabel('App ID').fill(meeting.app_id);
    await page.getByLabel('Meeting ID').fill(meeting.meeting_id);
    const address = await page.getByLabel('Gateway address').inputValue();
    await page.getByLabel('Gateway address').fill('https://api.example.com/client/v4');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('This link belongs to another server (api.example.com).').waitFor();
    await page.getByLabel('Gateway address').fill(address);
    await page.getByRole('button', { name: 'Open' }).click();
    await waitForCounts(page, 2, 0);
  });
});

test('the form fills in the meeting from the grant', async () => {
  const { app_id, meeting_id } = await host.emulator.meeting(0);
  const grant = sign({ sub: 'ann', exp: now() + 60, app_id, meeting_id, can: ALL }, { key: 'k' });
  await visit(host.browser, host.emulator.url, '', async (page) => {
    await page.getByText('Enter details by hand').click();
    await page.getByLabel('Access token').fill(grant);
    assert.equal(await page.getByLabel('App ID').inputValue(), app_id);
    assert.equal(await page.getByLabel('Meeting ID').inputValue(), meeting_id);
  });
});

test('another link in the same tab opens its meeting, and its grant leaves the address bar', async () => {
  const other = await host.emulator.meeting(5);
  await host.onPage({}, async (page) => {
    await waitForCounts(page, 3, 0);
    await page.getByRole('button', { name: 'Mute everyone…' }).click();
    await dialog(page).waitFor();
    const hash = fragment(host.emulator, other, host.token);
    await page.evaluate((hash) => (location.hash = hash), hash.toString());
    await dialog(page).getByRole('button', { name: 'Switch' }).click();
    await waitForCounts(page, 5, 0);
    // The open confirmation belonged to the first meeting.
    assert.equal(await dialog(page).count(), 0);
    assert.equal(page.url(), `${host.emulator.url}/`);
  });
});

test('a hidden page does not poll, and polls at once when it is visible again', async () => {
  await host.onPage({ clock: true }, async (page, meeting) => {
    await waitForCounts(page, 3, 0);
    // The last of the requests that a page starts with.
    await page.getByText('Meeting is unlocked').waitFor();
    await pauseBetweenPolls(page);
    await setVisible(page, false);
    // The poll that was due is still made.
    await nextPoll(page, () => page.clock.runFor(3000));
    const { meeting_id, participants } = meeting;
    const { user_id } = participants[0];
    await host.emulator.control('POST', 'leave', { meeting_id, user_id });
    const requests = apiRequests(page);
    await page.clock.runFor(20_000);
    assert.deepEqual(requests, []);
    const polled = page.waitForRequest((request) => request.url().endsWith('/active-session'));
    await setVisible(page, true);
    await polled;
    await page.clock.resume();
    await waitForCounts(page, 2, 1);
  });
});

test('every action has a key, which does nothing while a field has the focus', async () => {
  await host.onPage({ participants: 8 }, async (page, meeting) => {
    await waitForCounts(page, 8, 0);
    const names = await page.locator('.rows .who bdi').allTextContents();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 selected').first().waitFor();
    const chosen = await page.locator('.row.selected .who bdi').allTextContents();
    assert.deepEqual(chosen, names.slice(1, 4));
    await page.keyboard.press('m');
    await dialog(page).getByText('Mute 3 participants?').waitFor();
    await page.keyboard.press('Enter');
    await waitForActivity(page, '3 muted.');
    await page.keyboard.press('a');
    await page.getByText('8 selected').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.bar').waitFor({ state: 'detached' });

    await page.keyboard.press('/');
    await page.keyboard.type('amxr?');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'amxr?');
    assert.equal(await dialog(page).count(), 0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await dialog(page).locator('#details-name').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.keyboard.press('3');
    await page.getByLabel('Question', { exact: true }).waitFor();
    await page.keyboard.press('?');
    await dialog(page).getByText('Settings and shortcuts').waitFor();
    await dialog(page).getByRole('checkbox', { name: 'Use single-key shortcuts' }).uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    assert.equal(await dialog(page).count(), 0);
    // With letter keys off, the list can still be navigated, selected from and opened.
    await tab(page, 'Meeting').click();
    await page.locator('.grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('m');
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').first().waitFor();
    await page.keyboard.press('Enter');
    await dialog(page).locator('#details-name').waitFor();
    await page.keyboard.press('Escape');
    const { meetings } = await host.emulator.control(
      'GET',
      `state?meeting_id=${meeting.meeting_id}`,
    );
    assert.equal(meetings[0].counts.muted_peers, 3);
  });
});

test('the focus stays in the list when the focused row disappears', async () => {
  await host.onPage({ participants: 6 }, async (page, { meeting_id, participants }) => {
    await waitForCounts(page, 6, 0);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const active = page.locator('.row.active .who bdi');
    const name = await active.textContent();
    const gone = participants.find((one) => displayName(one) === name);
    await host.emulator.control('POST', 'leave', { meeting_id, user_id: gone.user_id });
    await waitForCounts(page, 5, 1);
    const role = await page.evaluate(() =>
      document.activeElement.shadowRoot.activeElement.getAttribute('role'),
    );
    assert.equal(role, 'grid');
    assert.notEqual(await active.textContent(), name);
    assert.equal(await page.locator('.row.active').getAttribute('aria-rowindex'), '4');
  });
});

test('a confirmation says that the participant left, and sends nothing', async () => {
  await host.onPage({}, async (page, { meeting_id, participants }) => {
    const [, one] = participants;
    const name = displayName(one);
    await page.getByRole('button', { name: `Remove ${isolated(name)}`, exact: true }).click();
    await dialog(page)
      .getByText(`Remove ${isolated(name)}?`)
      .waitFor();
    await host.emulator.control('POST', 'leave', { meeting_id, user_id: one.user_id });
    await dialog(page).getByText('1 participant has already left').waitFor();
    const yes = dialog(page).getByRole('button', { name: 'Remove', exact: true });
    assert.equal(await yes.isDisabled(), true);
  });
});

test('in the timeline a long name takes two lines and hides nothing else', async () => {
  await host.onPage({}, async (page, { meeting_id }) => {
    const name = 'Ann '.repeat(100).trim();
    const join = { meeting_id, custom_participant_id: 'long', name };
    await host.emulator.control('POST', 'join', join);
    await waitForCounts(page, 4, 0);
    await tab(page, 'Activity').click();
    const line = page.locator('.events .join p', { hasText: 'Ann Ann' });
    assert.equal(await line.getAttribute('title'), name);
    const [whole, part] = await line.evaluate((p) => {
      const { height, bottom } = p.getBoundingClientRect();
      const range = document.createRange();
      range.selectNode(p.lastChild);
      return [height, range.getBoundingClientRect().bottom - bottom];
    });
    assert.ok(whole < 80, `${whole}`);
    assert.ok(part < 2, 'the event after the name is visible');
  });
});

test('the timeline lists and draws what happened, and its files run nothing', async () => {
  await host.onPage({}, async (page, { meeting_id, participants }) => {
    const formula = '=HYPERLINK("http://evil.example")';
    const join = { meeting_id, custom_participant_id: 'evil', name: formula };
    await host.emulator.control('POST', 'join', join);
    await waitForCounts(page, 4, 0);
    await host.emulator.control('POST', 'advance', { seconds: 60 });
    const [, one] = participants;
    await page
      .getByRole('button', { name: `Remove ${isolated(displayName(one))}`, exact: true })
      .click();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await waitForCounts(page, 3, 1);
    await tab(page, 'Activity').click();
    await page.locator('.events .join', { hasText: formula }).waitFor();
    await page.locator('.events .leave', { hasText: displayName(one) }).waitFor();
    await page.locator('.events .action', { hasText: displayName(one) }).waitFor();
    await page.getByText('Only actions taken in this tab are shown.').waitFor();
    await page.getByRole('img', { name: 'Participants over time: 3 now, peak 4.' }).waitFor();
    const drawn = (part) =>
      page.locator(`.plot .${part}`).evaluate((path) => {
        const { width, height } = path.getBoundingClientRect();
        return width + height > 0;
      });
    for (const part of ['line', 'harsh.mark']) await eventually(() => drawn(part), true);
    assert.equal(await page.locator('.plot .mild.mark').getAttribute('d'), '');
    const saved = async (name) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const csv = await saved('CSV');
    assert.ok(csv.startsWith('\uFEFF"time","event","name"'));
    assert.ok(csv.includes(`,"'=HYPERLINK(""http://evil.example"")",`));
    const events = JSON.parse(await saved('JSON'));
    assert.deepEqual(
      events
        .filter(({ event }) => event === 'action')
        .map(({ action, targets }) => [action, targets]),
      [['kick', [displayName(one)]]],
    );
    assert.equal(events.filter(({ event }) => event === 'join').length, 4);
  });
});

test('the page is in German for a German browser, and follows the lang attribute', async () => {
  await host.onPage({ context: { locale: 'de-DE' } }, async (page) => {
    await page.getByRole('searchbox', { name: 'Nach Namen suchen' }).waitFor();
    await page
      .locator('.segments', { hasText: /Anwesend 3/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Alle entfernen …' }).click();
    await dialog(page).getByLabel('Zum Bestätigen „entfernen“ eingeben').waitFor();
    const element = page.locator('rtk-moderator');
    await element.evaluate((element) => (element.lang = 'en'));
    await dialog(page).getByText('Remove everyone and end the meeting?').waitFor();
  });
});

test('a plain module page imports the package and calls; its console shows no token', async () => {
  const meeting = await host.emulator.meeting(2);
  const page = await (await host.browser.newContext()).newPage();
  page.setDefaultTimeout(LIMIT);
  await page.goto(`${host.emulator.url}/plain/index.html`);
  await page.waitForFunction(() => 'Cloudflare' in globalThis);
  const devtools = await page.context().newCDPSession(page);
  const logged = [];
  devtools.on('Runtime.consoleAPICalled', ({ args }) => logged.push(...args));
  await devtools.send('Runtime.enable');
  const live = await page.evaluate(
    async ({ options, app_id, meeting_id }) => {
      const client = new globalThis.Cloudflare(options);
      const { activeSession } = client.realtimeKit;
      const response = await activeSession.getActiveSession(app_id, meeting_id);
      console.log(client, client.realtimeKit, activeSession);
      console.log(JSON.stringify(client));
      return response.data.live_participants;
    },
    { options: host.emulator.options, ...meeting },
  );
  assert.equal(live, 2);
  await eventually(() => logged.length, 4);
  // The console's output, and each logged object opened.
  const shown = [JSON.stringify(logged)];
  for (const { objectId } of logged.filter((value) => value.objectId)) {
    const properties = { objectId, ownProperties: false, generatePreview: true };
    shown.push(JSON.stringify(await devtools.send('Runtime.getProperties', properties)));
  }
  assert.ok(shown.join('').includes('realtimeKit'));
  assert.ok(!shown.join('').includes(host.token));
  await page.context().close();
});
