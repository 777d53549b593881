// The moderator page in Chromium, served by the gateway and moderating through it; and what a browser
// does by itself that no client can keep it from.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, processTest, startGateway } from '../support/gateway.mjs';
import { now } from '../support/grants.mjs';
import {
  LIMIT,
  PAGE,
  dialog,
  fillPoll,
  fragment,
  isolated,
  rows,
  select,
  startPoll,
  tab,
  visit,
  waitForActivity,
  waitForCounts as counted,
} from '../support/page.mjs';
import { startWireBreaker } from '../support/wire-breaker.mjs';
import { ask } from '../support/wire.mjs';

let emulator, gateway, wire, browser;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, { ...ROOMY, page: { dir: PAGE } });
  wire = await startWireBreaker(new URL(gateway.url).port);
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await wire?.stop();
  await gateway?.stop();
  await emulator?.stop();
});

/** Opens the page of a new meeting through the wire, with a grant; checks that nothing is amiss. */
async function onPage(claims, look, { participants = 3, ...how } = {}) {
  const meeting = await emulator.meeting(participants);
  const url = `http://127.0.0.1:${wire.port}`;
  const secret = gateway.grant(meeting, { exp: now() + 3600, ...claims });
  const place = { base_url: `${url}/client/v4`, account_id: gateway.account_id };
  const hash = fragment(place, meeting, secret);
  const open = async (page, opened) => {
    await rows(page)
      .nth(participants - 1)
      .waitFor();
    await look(page, meeting, opened);
  };
  await visit(browser, url, hash, open, { secret, ...how });
}

async function state({ meeting_id }) {
  const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
  return meetings[0];
}
const lunch = async (page) => {
  await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
  await startPoll(page);
};

test('the page comes with a strict policy, and reads and acts through the gateway', async () => {
  await onPage({}, async (page, meeting, opened) => {
    const headers = opened.headers();
    const policy = headers['content-security-policy'];
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'; trusted-types lit-html$/);
    assert.ok(!/'unsafe-(inline|eval)'/.test(policy));
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-cache');
    await lunch(page);
    await waitForActivity(page, 'Poll started.');
    assert.equal((await state(meeting)).polls.length, 1);
  });
});

test('no text becomes HTML there, whoever tries', async () => {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(LIMIT);
  await page.goto(gateway.url);
  const refused = await page.evaluate(() => {
    try {
      document.createElement('p').innerHTML = '<b>';
      return false;
    } catch (error) {
      return error instanceof TypeError;
    }
  });
  assert.equal(refused, true);
  await page.context().close();
});

// The platform compresses what a Worker sends.
processTest('assets are named by what is in them, kept for good, and come compressed', async () => {
  const names = readdirSync(join(PAGE, 'assets')).filter((name) => /\.(js|css|wasm)$/.test(name));
  assert.ok(names.length >= 4);
  for (const name of names) {
    const path = `/assets/${name}`;
    for (const [encoding, ending] of [
      ['br', '.br'],
      ['gzip', '.gz'],
    ]) {
      const headers = { 'accept-encoding': encoding };
      const answer = await ask(gateway.url, { path, headers });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(answer.headers['content-encoding'], encoding);
      assert.match(String(answer.headers.vary), /\baccept-encoding\b/);
      assert.ok(answer.headers['content-security-policy']);
      const length = readFileSync(join(PAGE, 'assets', `${name}${ending}`)).length;
      assert.equal(Number(answer.headers['content-length']), length);
    }
    const plain = await ask(gateway.url, { path });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.match(String(plain.headers.vary), /\baccept-encoding\b/);
  }
  const [script] = names.filter((name) => name.endsWith('.js'));
  const type = (await ask(gateway.url, { path: `/assets/${script}` })).headers['content-type'];
  assert.match(type, /javascript/);
  const none = await ask(gateway.url, { path: '/assets/none-12345678.js' });
  assert.deepEqual([none.status, none.headers['cache-control']], [404, 'no-cache']);
});

test('what the grant does not allow is not offered', async () => {
  await onPage({ can: ['read', 'mute'] }, async (page, { participants }) => {
    const name = participants[1].name.trim();
    await page.getByRole('button', { name: `Mute ${isolated(name)}`, exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Mute everyone' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Mute everyone…' }).count(), 0);
    for (const verb of ['Remove', 'Ban'])
      assert.equal(await page.getByRole('button', { name: new RegExp(`^${verb}`) }).count(), 0);
    assert.equal(await page.getByRole('button', { name: /^Lock|everyone…$/ }).count(), 0);
    await tab(page, 'Polls').click();
    await page.getByText('You don’t have permission to start polls.').waitFor();
    await tab(page, 'Activity').click();
    await page.getByText('Only actions taken in this tab are shown.').waitFor();
    // Nor by its key.
    await tab(page, 'Meeting').click();
    await page.keyboard.press('Shift+L');
    await page.keyboard.press('r');
    assert.equal(await dialog(page).count(), 0);
  });
});

test('what the gateway refuses is said in its words', async () => {
  // A grant that is good for less than it looks: its secret is another meeting's business by now.
  await onPage({}, async (page, meeting) => {
    await page.locator('rtk-moderator').evaluate((element, { token }) => (element.grant = token), {
      token: gateway.grant(meeting, { can: ['kick'], exp: now() + 3600 }),
    });
    await page
      .locator('.banner')
      .getByText('You don’t have permission to view this meeting. (403)')
      .waitFor();
    // What was read stays, and what is allowed still is.
    assert.equal(await rows(page).count(), 3);
    await page.locator('rtk-moderator').evaluate((element, { token }) => (element.grant = token), {
      token: gateway.grant(meeting, { exp: now() + 3600 }),
    });
    await page.locator('.badge.live').waitFor();
    await page.locator('.banner').waitFor({ state: 'detached' });
  });
});

test('when the grant ends is told before and after', async () => {
  await onPage(
    { exp: now() + 300 },
    async (page) => {
      // When a fifth of its lifetime is left.
      await page.clock.fastForward('04:10');
      await page.locator('.banner.warn', { hasText: 'Your access ends in' }).waitFor();
      await page.clock.fastForward('01:00');
      await page.locator('.banner.bad', { hasText: 'Your access has expired' }).waitFor();
    },
    { clock: true },
  );
});

test('the timeline has what others did, and each of it once', async () => {
  await onPage({}, async (page, meeting) => {
    const { app_id, meeting_id, participants } = meeting;
    const bob = gateway.grant(meeting, { sub: 'bob', name: 'Bob <b>' });
    const path = gateway.path({ app_id }, `meetings/${meeting_id}/active-session/mute`);
    const body = { participant_ids: [participants[1].user_id] };
    assert.equal((await gateway.ask(bob, 'POST', path, body)).status, 200);
    await page.getByRole('button', { name: 'Lock meeting', exact: true }).click();
    await waitForActivity(page, 'Meeting locked.');
    await tab(page, 'Activity').click();
    await page.getByRole('radio', { name: 'Moderator actions' }).check();
    const entries = page.locator('.events li');
    await entries.nth(1).waitFor();
    await page.locator('.events .action', { hasText: 'Bob <b>' }).waitFor();
    const texts = await entries.allInnerTexts();
    assert.equal(texts.length, 2, texts.join('\n---\n'));
    assert.match(
      texts.join('\n'),
      new RegExp(`Bob <b>\\s+muted\\s+${participants[1].name.trim()}`),
    );
    assert.match(texts.join('\n'), /ann\s+locked the meeting/);
  });
});

test('of many some fail, and the gateway says who', async () => {
  await onPage(
    {},
    async (page, meeting) => {
      const names = meeting.participants.map(({ name }) => name.trim());
      await select(page, names[0], names[1]);
      await emulator.control('POST', 'faults', {
        operation: 'GetActiveSession',
        meeting_id: meeting.meeting_id,
        steps: Array(30).fill('status:code=500'),
      });
      await page.locator('.banner.bad').waitFor();
      const [{ user_id }] = meeting.participants;
      const { meeting_id } = meeting;
      await emulator.control('POST', 'leave', { meeting_id, user_id });
      await page.locator('.bar').getByRole('button', { name: 'Mute' }).click();
      await dialog(page).getByRole('button', { name: 'Mute 2 participants' }).click();
      await waitForActivity(page, '1 muted, 1 had already left.');
      await emulator.control('DELETE', 'faults');
    },
    { participants: 2, push: false },
  );
});

test('a poll that Chromium sends again by itself is made once', async () => {
  await onPage({}, async (page, meeting) => {
    const poll = `${meeting.meeting_id}/active-session/poll`;
    wire.breakNext(poll);
    await lunch(page);
    await waitForActivity(page, 'Poll started.');
    assert.equal(wire.seen(poll), 2, 'it did send it again');
    assert.equal((await state(meeting)).polls.length, 1);
    const sent = await emulator.requests(poll);
    assert.equal(sent.length, 1);
  });
});

// It is about the files, which both serve.
processTest('it is light enough: what a browser is sent at first, and later', async (t) => {
  const weight = (name) => readFileSync(join(PAGE, `${name}.br`)).length;
  const assets = readdirSync(join(PAGE, 'assets')).filter((name) =>
    /\.(js|css|wasm|svg)$/.test(name),
  );
  const later = assets.filter((name) => /^(de|panels)-/.test(name));
  const first = assets.filter((name) => !later.includes(name));
  const sum = (names) => names.reduce((bytes, name) => bytes + weight(join('assets', name)), 0);
  const [all, rest] = [weight('index.html') + sum(first), sum(later)];
  t.diagnostic(`${all} bytes at first, ${rest} later`);
  assert.equal(later.length, 2);
  assert.ok(all <= 72_000, `${all}`);
});
