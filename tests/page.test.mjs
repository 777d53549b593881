// The moderator page in Chromium, against the emulator as a process.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { startEmulator } from './support/emulator.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const TOKEN = 'tok-7f3a-secret';
const QUIET = ['disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];

let emulator, browser, plain;

before(async () => {
  plain = await mkdtemp(join(tmpdir(), 'plain-page-'));
  await writeFile(
    join(plain, 'index.html'),
    '<!doctype html><script type="module">import Cloudflare from "/pkg/index.js"; globalThis.Cloudflare = Cloudflare;</script>',
  );
  emulator = await startEmulator(
    ...['--token', TOKEN, '--rate-limit', '0', '--serve', path('www')],
    ...['--serve', `pkg=${path('pkg')}`, '--serve', `plain=${plain}`],
  );
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-component-update',
      '--disable-sync',
      ...QUIET.map((flag) => `--${flag}`),
    ],
  });
});

after(async () => {
  await browser?.close();
  await emulator?.stop();
  await rm(plain, { recursive: true, force: true });
});

/** Runs `look` on the page of a new meeting, and checks what nothing may ever do. */
async function onPage({ participants = 3, faults = [], given = {}, clock = false }, look) {
  const meeting = await emulator.meeting(participants);
  for (const [operation, ...steps] of faults) await fault(meeting, operation, ...steps);
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(10_000);
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => said.push(`dialog: ${dialog.message()}`));
  if (clock) await page.clock.install();
  await page.goto(`${emulator.url}/#${fragment(meeting, given)}`);
  try {
    await look(page, meeting);
    assert.equal(page.url(), `${emulator.url}/`);
    // The browser itself notes failed requests; nothing else is ever said.
    const noted = said.filter((text) => !/^Failed to load resource/.test(text));
    assert.deepEqual(noted, []);
    assert.ok(!said.join('\n').includes(TOKEN));
  } finally {
    await page.context().close();
  }
}

function fragment(meeting, given = {}) {
  const { base_url, account_id } = emulator;
  const { app_id, meeting_id } = meeting;
  const fields = { base_url, token: TOKEN, account_id, app_id, meeting_id, timeout: 1500 };
  return new URLSearchParams({ ...fields, ...given });
}

const fault = ({ meeting_id }, operation, ...steps) =>
  emulator.control('POST', 'faults', { operation, meeting_id, steps });

/** What the emulator knows of the meeting. */
async function state({ meeting_id }) {
  const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
  return meetings[0];
}

const rows = (page) => page.locator('#people li');

async function says(page, text, kind) {
  await page.locator(`#message.${kind}`, { hasText: text }).waitFor();
}

async function fillPoll(page, question = 'Lunch?', options = 'Soup\nSalad\n') {
  await page.getByLabel('Question').fill(question);
  await page.getByLabel('Options').fill(options);
}
const sendPoll = (page) => page.getByRole('button', { name: 'Start poll' }).click();

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

    const evil = rows(page).filter({ has: page.getByText(hostile, { exact: true }) });
    await evil.waitFor();
    await page.getByText('3 in, 1 left').waitFor();
    assert.equal(await evil.count(), 1);
    assert.equal(await rows(page).count(), 4);
    assert.equal(await page.locator('img, li script').count(), 0);
    await rows(page).last().getByText(gone.name).waitFor();
    assert.match(await rows(page).last().textContent(), /group_call_host.*joined.*left/s);
    // The session may have been read before the last of them left: then the next reading tells.
    await page.locator('#live').getByText('4', { exact: true }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();

    await page.getByRole('searchbox').fill('EVIL');
    assert.equal(await rows(page).count(), 1);
    await page.getByRole('searchbox').fill('nobody is called that');
    await page.getByText('Nobody matches.').waitFor();
  });
});

test('a name is there to be read, however wide the page', async () => {
  await onPage({}, async (page) => {
    await rows(page).first().waitFor();
    for (const width of [320, 390, 600, 768, 800, 900, 1000, 1024, 1100, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const name = await rows(page).first().locator('.name').boundingBox();
      assert.ok(name && name.width >= 40 && name.height >= 12, `${width}: ${name?.width}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wider, false, `${width}`);
    }
  });
});

test('more than one page of participants is read', async () => {
  await onPage({ participants: 430 }, async (page) => {
    await page.getByText('430 in, 0 left').waitFor();
  });
});

test('one is kicked, after a question', async () => {
  await onPage({}, async (page, meeting) => {
    const { name, user_id } = meeting.participants[1];
    const kick = page.getByRole('button', { name: `Kick ${name}` });
    await kick.click();
    await page.getByText('can come back with the same link').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await kick.click();
    await page.getByRole('button', { name: 'Kick', exact: true }).click();
    await says(page, `${name} was kicked.`, 'done');
    await page.getByText('2 in, 1 left').waitFor();
    const { participants } = await state(meeting);
    const live = participants.filter((who) => who.live_peers > 0).map((who) => who.user_id);
    assert.equal(live.length, 2);
    assert.ok(!live.includes(user_id));
    const kicks = (await emulator.requests(meeting.meeting_id)).filter(({ path }) =>
      path.endsWith('/kick'),
    );
    assert.equal(kicks.length, 1);
  });
});

test('all are kicked, and the session is over', async () => {
  await onPage({}, async (page, meeting) => {
    await page.getByRole('button', { name: 'Kick all…' }).click();
    await page.getByText('ends the session for everybody').waitFor();
    await page.getByRole('button', { name: 'Kick all', exact: true }).click();
    await says(page, 'Everybody was kicked.', 'done');
    await page.getByText('Ended', { exact: true }).waitFor();
    assert.equal((await state(meeting)).counts.live_peers, 0);
  });
});

test('a poll is made once, however often its button is pressed', async () => {
  await onPage({}, async (page, meeting) => {
    await fault(meeting, 'CreatePoll', 'delay:ms=300');
    await fillPoll(page, 'Lunch?', 'Soup\nSoup');
    await sendPoll(page);
    await page.getByText('Give 2 to 10 different options').waitFor();
    await fillPoll(page);
    await page.getByLabel('Anonymous').check();
    await page.getByLabel('Hide votes').check();
    await page.evaluate(() => {
      for (let i = 0; i < 3; i += 1) document.querySelector('#poll').requestSubmit();
    });
    await says(page, 'The poll was started.', 'done');
    assert.equal((await state(meeting)).counts.polls, 1);
    const sent = await pollsSent(meeting);
    assert.equal(sent.length, 1);
    assert.equal(await page.getByLabel('Question').inputValue(), '');
  });
});

const pollsSent = async (meeting) =>
  (await emulator.requests(meeting.meeting_id)).filter(({ path }) => path.endsWith('/poll'));

for (const step of ['cut', 'hang-after', 'status:code=502:act=after']) {
  test(`a poll whose answer is lost (${step}) is sent again only if wished`, async () => {
    await onPage({}, async (page, meeting) => {
      await fault(meeting, 'CreatePoll', step);
      await fillPoll(page);
      await sendPoll(page);
      await says(page, 'it may have worked. RealtimeKit cannot list polls', 'warning');
      assert.equal((await state(meeting)).counts.polls, 1);

      await sendPoll(page);
      await page.getByText('there will be two').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      assert.equal((await pollsSent(meeting)).length, 1);

      await sendPoll(page);
      await page.getByRole('button', { name: 'Send again' }).click();
      await says(page, 'The poll was started.', 'done');
      assert.equal((await state(meeting)).counts.polls, 2);
    });
  });
}

test('an error is shown with the age of the data, and goes when it is over', async () => {
  await onPage({}, async (page, meeting) => {
    await page.getByText('3 in, 0 left').waitFor();
    await fault(meeting, 'GetActiveSession', 'status:code=500', 'status:code=500');
    await page.getByText('Could not refresh').waitFor();
    await page.getByText(/Data is \d+ s old/).waitFor();
    assert.equal(await rows(page).count(), 3);
    await page.getByText('Up to date').waitFor({ timeout: 20_000 });
    assert.equal(await page.locator('#trouble').textContent(), '');
  });
});

test('an action that fails can be tried again, though nothing can be read', async () => {
  await onPage({}, async (page, meeting) => {
    await page.getByText('3 in, 0 left').waitFor();
    await fault(meeting, 'GetActiveSession', ...Array(50).fill('status:code=500'));
    await fault(meeting, 'CreatePoll', 'status:code=400');
    await page.getByText('Could not refresh').waitFor();
    await fillPoll(page);
    await sendPoll(page);
    await page.locator('#message.error', { hasText: '400' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Start poll' }).isEnabled(), true);
  });
});

test('an action that fails says so', async () => {
  await onPage({}, async (page, meeting) => {
    await fault(meeting, 'CreatePoll', 'status:code=400');
    await fillPoll(page);
    await sendPoll(page);
    await page.locator('#message.error', { hasText: '400' }).waitFor();
    assert.equal((await state(meeting)).counts.polls, 0);
  });
});

test('a rate limit is a pause, not an error', async () => {
  const faults = [['GetActiveSession', 'status:code=429:retry-after=1']];
  await onPage({ faults }, async (page) => {
    await page.getByText('asks for a pause: too many requests. Next look in 1 s.').waitFor();
    await page.getByText('3 in, 0 left').waitFor();
  });
});

test('no session is a calm state, which a session ends', async () => {
  await onPage({ participants: 0 }, async (page, { meeting_id }) => {
    await page.getByRole('heading', { name: 'No active session' }).waitFor();
    assert.equal(await page.locator('#trouble').textContent(), '');
    assert.ok(await page.locator('#session').isHidden());
    await emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'first' });
    await page.getByText('1 in, 0 left').waitFor();
  });
});

test('a wrong token is refused in words that do not hold it', async () => {
  await onPage({ given: { token: 'wrong-token' } }, async (page) => {
    await page.getByText('Could not refresh').waitFor();
    assert.ok(!(await page.locator('body').innerHTML()).includes('wrong-token'));
  });
});

test('without a fragment a form asks; another origin is refused', async () => {
  const meeting = await emulator.meeting(2);
  const page = await (await browser.newContext()).newPage();
  await page.goto(emulator.url);
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByLabel('Account ID').fill(emulator.account_id);
  await page.getByLabel('App ID').fill(meeting.app_id);
  await page.getByLabel('Meeting ID').fill(meeting.meeting_id);
  const address = await page.getByLabel('API address').inputValue();
  await page.getByLabel('API address').fill('https://api.example.com/client/v4');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('The API address must begin with').waitFor();
  await page.getByLabel('API address').fill(address);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('2 in, 0 left').waitFor();
  assert.equal(page.url(), `${emulator.url}/`);
  await page.context().close();
});

test('hidden it reads nothing, and seen again it reads at once', async () => {
  await onPage({ clock: true }, async (page, meeting) => {
    await page.getByText('3 in, 0 left').waitFor();
    const show = (visible) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, !visible);
    await page.waitForLoadState('networkidle');
    await show(false);
    const { meeting_id, participants } = meeting;
    const count = async () => (await emulator.requests(meeting_id)).length;
    const before = await count();
    const { user_id } = participants[0];
    await emulator.control('POST', 'leave', { meeting_id, user_id });
    await page.clock.runFor(10_000);
    await page.waitForLoadState('networkidle');
    assert.equal(await count(), before);
    await show(true);
    await page.getByText('2 in, 1 left').waitFor({ timeout: 1500 });
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
