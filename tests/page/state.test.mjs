// The moderator page in Chromium, against the emulator as a process: the state it shows, where its
// grant comes from and goes to, the keys, the timeline, the languages.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { ALL, now, token as sign } from '../support/grants.mjs';
import {
  PAGE,
  counted,
  dialog,
  fragment,
  isolated,
  rows,
  tab,
  told,
  visit,
} from '../support/page.mjs';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const TOKEN = 'tok-7f3a-secret';

let emulator, browser, plain;
before(async () => {
  plain = await mkdtemp(join(tmpdir(), 'plain-page-'));
  await writeFile(
    join(plain, 'index.html'),
    '<!doctype html><script type="module">import Cloudflare from "/pkg/index.js"; globalThis.Cloudflare = Cloudflare;</script>',
  );
  emulator = await startEmulator(
    ...['--token', TOKEN, '--rate-limit', '0', '--serve', PAGE],
    ...['--serve', `pkg=${path('pkg')}`, '--serve', `plain=${plain}`],
  );
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await emulator?.stop();
  await rm(plain, { recursive: true, force: true });
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

const called = ({ name, custom_participant_id }) => name.trim() || custom_participant_id;

test('an error is shown with the age of the data, and goes when it is over', async () => {
  await onPage({}, async (page, meeting) => {
    await counted(page, 3, 0);
    await fault(meeting, 'GetActiveSession', 'status:code=500', 'status:code=500');
    await page.locator('.banner').getByText('Could not refresh').waitFor();
    await page.getByText(/Data is \d+ secs? old/).waitFor();
    assert.equal(await rows(page).count(), 3);
    // What is seen from another tab is not stale either.
    assert.match(await page.title(), /^Not readable · /);
    await page.getByText('Up to date').waitFor({ timeout: 20_000 });
    await page.locator('.banner').waitFor({ state: 'detached' });
    assert.match(await page.title(), /^3 in now · /);
  });
});

test('a connection that is lost is told of, and since when', async () => {
  await onPage({}, async (page, meeting) => {
    await counted(page, 3, 0);
    await fault(meeting, 'GetActiveSession', ...Array(20).fill('reset-before'));
    await page.locator('.banner', { hasText: /Connection lost since \d\d:\d\d:\d\d/ }).waitFor();
    await emulator.control('DELETE', 'faults');
    await page.getByText('Up to date').waitFor({ timeout: 30_000 });
  });
});

test('a rate limit is a pause, not an error', async () => {
  const faults = [['GetActiveSession', 'status:code=429:retry-after=1']];
  await onPage({ faults }, async (page) => {
    await page
      .locator('.banner')
      .getByText(/RealtimeKit asks for a pause until \d\d:\d\d:\d\d/)
      .waitFor();
    await counted(page, 3, 0);
  });
});

test('no session is a calm state, which a session ends', async () => {
  await onPage({ participants: 0 }, async (page, { meeting_id }) => {
    await page.getByRole('heading', { name: 'No active session' }).waitFor();
    await page.locator('.badge', { hasText: 'Not started' }).waitFor();
    assert.equal(await page.locator('.banner').count(), 0);
    await emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'first' });
    await counted(page, 1, 0);
  });
});

test('a wrong token is refused in words that do not hold it', async () => {
  await onPage({ given: { token: 'wrong-token' } }, async (page) => {
    await page.locator('.banner').getByText('The gateway refuses').waitFor();
    const shown = await page
      .locator('rtk-moderator')
      .evaluate((element) => element.outerHTML + element.shadowRoot.innerHTML);
    assert.ok(!shown.includes('wrong-token'));
  });
});

test('without a fragment a form asks; another origin is refused', async () => {
  const meeting = await emulator.meeting(2);
  await visit(browser, emulator.url, '', async (page) => {
    await page.getByLabel('Grant').fill(TOKEN);
    await page.getByLabel('Account ID').fill(emulator.account_id);
    await page.getByLabel('App ID').fill(meeting.app_id);
    await page.getByLabel('Meeting ID').fill(meeting.meeting_id);
    const address = await page.getByLabel('API address').inputValue();
    await page.getByLabel('API address').fill('https://api.example.com/client/v4');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('The API address must begin with').waitFor();
    await page.getByLabel('API address').fill(address);
    await page.getByRole('button', { name: 'Open' }).click();
    await counted(page, 2, 0);
  });
});

test('a grant that is entered says itself which meeting it is for', async () => {
  const { app_id, meeting_id } = await emulator.meeting(0);
  const grant = sign({ sub: 'ann', exp: now() + 60, app_id, meeting_id, can: ALL }, { key: 'k' });
  await visit(browser, emulator.url, '', async (page) => {
    await page.getByLabel('Grant').fill(grant);
    assert.equal(await page.getByLabel('App ID').inputValue(), app_id);
    assert.equal(await page.getByLabel('Meeting ID').inputValue(), meeting_id);
  });
});

test('another link in the same tab is another meeting, and leaves the address bar too', async () => {
  const other = await emulator.meeting(5);
  await onPage({}, async (page) => {
    await counted(page, 3, 0);
    await page.getByRole('button', { name: 'Mute all…' }).click();
    await dialog(page).waitFor();
    const hash = fragment(emulator, other, TOKEN);
    await page.evaluate((hash) => (location.hash = hash), hash.toString());
    await dialog(page).getByRole('button', { name: 'Open it' }).click();
    await counted(page, 5, 0);
    // What was asked there is not asked here.
    assert.equal(await dialog(page).count(), 0);
    assert.equal(page.url(), `${emulator.url}/`);
  });
});

test('hidden it reads nothing, and seen again it reads at once', async () => {
  await onPage({ clock: true }, async (page, meeting) => {
    await counted(page, 3, 0);
    const show = (visible) =>
      page.evaluate((hidden) => {
        const value = hidden ? 'hidden' : 'visible';
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, !visible);
    // Then all has been asked for that is asked for at first.
    await page.getByText('The meeting is open').waitFor();
    await show(false);
    const { meeting_id, participants } = meeting;
    const count = async () => (await emulator.requests(meeting_id)).length;
    // The look that was due is still made.
    await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/active-session')),
      page.clock.runFor(3000),
    ]);
    const before = await count();
    const { user_id } = participants[0];
    await emulator.control('POST', 'leave', { meeting_id, user_id });
    await page.clock.runFor(20_000);
    await page.waitForLoadState('networkidle');
    assert.equal(await count(), before);
    await show(true);
    await counted(page, 2, 1);
  });
});

test('everything is done by keys, and not while somebody types', async () => {
  await onPage({ participants: 8 }, async (page, meeting) => {
    await counted(page, 8, 0);
    const names = await page.locator('.rows .who bdi').allTextContents();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 selected').first().waitFor();
    const chosen = await page.locator('.row.selected .who bdi').allTextContents();
    assert.deepEqual(chosen, names.slice(1, 4));
    await page.keyboard.press('m');
    await dialog(page).getByText('Mute 3 people?').waitFor();
    await page.keyboard.press('Enter');
    await told(page, '3 muted.');
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
    await dialog(page).getByText('Keyboard shortcuts').waitFor();
    await dialog(page).getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    assert.equal(await dialog(page).count(), 0);
    // Without letters the list is still moved in, selected from and opened.
    await tab(page, 'Room').click();
    await page.locator('.grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('m');
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').first().waitFor();
    await page.keyboard.press('Enter');
    await dialog(page).locator('#details-name').waitFor();
    await page.keyboard.press('Escape');
    const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting.meeting_id}`);
    assert.equal(meetings[0].counts.muted_peers, 3);
  });
});

test('the focus stays in the list when the row it was on goes', async () => {
  await onPage({ participants: 6 }, async (page, { meeting_id, participants }) => {
    await counted(page, 6, 0);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const active = page.locator('.row.active .who bdi');
    const name = await active.textContent();
    const gone = participants.find((one) => called(one) === name);
    await emulator.control('POST', 'leave', { meeting_id, user_id: gone.user_id });
    await counted(page, 5, 1);
    const role = await page.evaluate(() =>
      document.activeElement.shadowRoot.activeElement.getAttribute('role'),
    );
    assert.equal(role, 'grid');
    assert.notEqual(await active.textContent(), name);
    assert.equal(await page.locator('.row.active').getAttribute('aria-rowindex'), '4');
  });
});

test('who has left before an action is told of, and nothing is sent', async () => {
  await onPage({}, async (page, { meeting_id, participants }) => {
    const [, one] = participants;
    const name = called(one);
    await page.getByRole('button', { name: `Kick ${isolated(name)}`, exact: true }).click();
    await dialog(page)
      .getByText(`Kick ${isolated(name)}?`)
      .waitFor();
    await emulator.control('POST', 'leave', { meeting_id, user_id: one.user_id });
    await dialog(page).getByText('1 person left already').waitFor();
    const yes = dialog(page).getByRole('button', { name: 'Kick', exact: true });
    assert.equal(await yes.isDisabled(), true);
  });
});

test('in the timeline a long name takes two lines, and hides nothing else', async () => {
  await onPage({}, async (page, { meeting_id }) => {
    const name = 'Ann '.repeat(100).trim();
    const join = { meeting_id, custom_participant_id: 'long', name };
    await emulator.control('POST', 'join', join);
    await counted(page, 4, 0);
    await tab(page, 'Timeline').click();
    const line = page.locator('.events .join p', { hasText: 'Ann Ann' });
    assert.equal(await line.getAttribute('title'), name);
    const [whole, part] = await line.evaluate((p) => {
      const { height, bottom } = p.getBoundingClientRect();
      const range = document.createRange();
      range.selectNode(p.lastChild);
      return [height, range.getBoundingClientRect().bottom - bottom];
    });
    assert.ok(whole < 80, `${whole}`);
    assert.ok(part < 2, 'that they joined is in sight');
  });
});

test('the timeline tells what happened, draws it, and goes into files that run nothing', async () => {
  await onPage({}, async (page, { meeting_id, participants }) => {
    const formula = '=HYPERLINK("http://evil.example")';
    const join = { meeting_id, custom_participant_id: 'evil', name: formula };
    await emulator.control('POST', 'join', join);
    await counted(page, 4, 0);
    await emulator.control('POST', 'advance', { seconds: 60 });
    const [, one] = participants;
    await page.getByRole('button', { name: `Kick ${isolated(called(one))}`, exact: true }).click();
    await dialog(page).getByRole('button', { name: 'Kick', exact: true }).click();
    await counted(page, 3, 1);
    await tab(page, 'Timeline').click();
    await page.locator('.events .join', { hasText: formula }).waitFor();
    await page.locator('.events .leave', { hasText: called(one) }).waitFor();
    await page.locator('.events .action', { hasText: called(one) }).waitFor();
    await page.getByText('there is no audit').waitFor();
    await page.getByRole('img', { name: 'People over time: 3 now, at most 4' }).waitFor();
    const drawn = await page.locator('.plot canvas').evaluate((canvas) =>
      canvas
        .getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value) => value > 0),
    );
    assert.ok(drawn);
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
      [['kick', [called(one)]]],
    );
    assert.equal(events.filter(({ event }) => event === 'join').length, 4);
  });
});

test('it speaks German to who wants that', async () => {
  await onPage({ context: { locale: 'de-DE' } }, async (page) => {
    await page.getByRole('searchbox', { name: 'Personen suchen' }).waitFor();
    await page
      .locator('.segments', { hasText: /Anwesend 3/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Alle entfernen …' }).click();
    await dialog(page).getByLabel('Zum Bestätigen „alle entfernen“ eingeben').waitFor();
    const element = page.locator('rtk-moderator');
    await element.evaluate((element) => (element.lang = 'en'));
    await dialog(page).getByText('Kick everybody?').waitFor();
  });
});

test('a plain module page imports the package and calls; its log shows no token', async () => {
  const meeting = await emulator.meeting(2);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${emulator.url}/plain/index.html`);
  await page.waitForFunction(() => 'Cloudflare' in globalThis);
  const devtools = await page.context().newCDPSession(page);
  const logged = [];
  devtools.on('Runtime.consoleAPICalled', ({ args }) => logged.push(...args));
  await devtools.send('Runtime.enable');
  const live = await page.evaluate(
    async ({ options, app_id, meeting_id }) => {
      const client = new globalThis.Cloudflare(options);
      const { activeSession } = client.realtimeKit;
      const answer = await activeSession.getActiveSession(app_id, meeting_id);
      console.log(client, client.realtimeKit, activeSession);
      console.log(JSON.stringify(client));
      return answer.data.live_participants;
    },
    { options: emulator.options, ...meeting },
  );
  assert.equal(live, 2);
  assert.equal(logged.length, 4);
  // What the console shows at first, and on opening each of them.
  const shown = [JSON.stringify(logged)];
  for (const { objectId } of logged.filter((value) => value.objectId)) {
    const properties = { objectId, ownProperties: false, generatePreview: true };
    shown.push(JSON.stringify(await devtools.send('Runtime.getProperties', properties)));
  }
  assert.ok(shown.join('').includes('realtimeKit'));
  assert.ok(!shown.join('').includes(TOKEN));
  await page.context().close();
});
