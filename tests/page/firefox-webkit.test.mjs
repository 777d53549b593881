// The essential workflows of the moderator page in Firefox and WebKitGTK, served by the gateway in front of an
// emulator.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { startFirefox, startWebKit, until } from '../support/engines.mjs';
import { ROOMY, startGateway } from '../support/gateway.mjs';
import { now } from '../support/grants.mjs';
import { freePort } from '../support/listen.mjs';
import { PAGE, fragment } from '../support/page.mjs';

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dana', 'Emil', 'Fay'];

let emulator, gateway, folder;
before(async () => {
  folder = observed();
  emulator = await startEmulator('--rate-limit', '0');
  // It ends and starts again at the address that the page knows.
  const listen = `127.0.0.1:${await freePort()}`;
  gateway = await startGateway(emulator, { ...ROOMY, listen, page: { dir: folder } });
});
after(async () => {
  await gateway?.stop();
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The built page with a script added that records console output, errors and policy violations: WebKit
 * reports none of them by WebDriver.
 */
function observed() {
  const folder = mkdtempSync(join(tmpdir(), 'observed-page-'));
  cpSync(PAGE, folder, { recursive: true });
  const index = readFileSync(join(PAGE, 'index.html'), 'utf8');
  const extended = index.replace('<head>', '<head><script src="./assets/observe.js"></script>');
  assert.notEqual(extended, index);
  writeFileSync(join(folder, 'index.html'), extended);
  for (const packed of ['br', 'gz']) rmSync(join(folder, `index.html.${packed}`));
  writeFileSync(join(folder, 'assets/observe.js'), `(${observe})();`);
  return folder;
}

/** Runs in the page. */
function observe() {
  const noted = (globalThis.noted = []);
  const note = (what) => noted.push(what);
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    const original = console[level];
    console[level] = (...args) => {
      note(`${level}: ${args.join(' ')}`);
      original.apply(console, args);
    };
  }
  addEventListener('unhandledrejection', ({ reason }) => note(`unhandled: ${reason}`));
  // In the capture phase: the error of a file that could not be loaded does not bubble.
  const failed = (event) =>
    note(`failed: ${event.message ?? (event.target.src || event.target.href)}`);
  addEventListener('error', failed, true);
  const refused = ({ effectiveDirective }) => note(`refused: ${effectiveDirective}`);
  addEventListener('securitypolicyviolation', refused, true);
}

/** The URLs that were loaded. Runs in the page. */
const loaded = () => performance.getEntriesByType('resource').map(({ name }) => name);
/** The URLs that were requested, whether loaded or not. */
const requested = async (page) => [...page.observed().requests, ...(await page.evaluate(loaded))];
const isForeign = (url) => new URL(url).origin !== new URL(gateway.url).origin;

const state = async ({ meeting_id }) =>
  (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0];
const live = async (meeting) =>
  (await state(meeting)).participants
    .filter(({ live_peers }) => live_peers > 0)
    .map(({ name }) => name)
    .sort();
const sent = async ({ meeting_id }, end) =>
  (await emulator.requests(meeting_id)).filter(({ path }) => path.endsWith(end));

const ROW = { css: '.rows .row' };
const NAME = { css: '.rows .row .who bdi' };
const CHOSEN = { css: '.rows .row.selected .who bdi' };
const IN_NOW = (count) => ({ css: '.participants .segments label', text: `Here now ${count}` });
const button = (name) => ({ css: 'button', name });
const inDialog = (name) => ({ css: 'dialog[open] button', name });
const tab = (name) => ({ css: '[role=tab]', name });
const done = (text) => ({ css: '.activity.good', text });

const ENGINES = { Firefox: startFirefox, WebKitGTK: startWebKit };
for (const [engine, start] of Object.entries(ENGINES)) {
  describe(engine, () => {
    let browser;
    before(async () => {
      browser = await start();
    });
    after(() => browser?.stop());

    /** A meeting of participants with these names. */
    async function meetingOf(names = NAMES) {
      const meeting = await emulator.meeting(0);
      for (const name of names) {
        const participant = { custom_participant_id: `id-${name}`, name };
        await emulator.control('POST', 'join', { meeting_id: meeting.meeting_id, ...participant });
      }
      return meeting;
    }

    // A grant for an hour, which needs no banner about its expiry.
    const link = (meeting, claims = {}) =>
      fragment(gateway, meeting, gateway.grant(meeting, { exp: now() + 3600, ...claims }));

    /**
     * Opens the page by a link and runs `check` on it. Then asserts that the page logged nothing, violated
     * no policy, and sent no request to another origin.
     */
    async function onPage({ names, claims, linked = true }, check) {
      const meeting = await meetingOf(names);
      const address = linked ? `${gateway.url}/#${link(meeting, claims)}` : `${gateway.url}/`;
      const page = await browser.open(address);
      try {
        await check(page, meeting);
        assert.equal(await page.evaluate(() => location.href), `${gateway.url}/`);
        assert.deepEqual(await page.evaluate(() => globalThis.noted), []);
        // Firefox itself reports a connection that fails.
        const isOwn = (text) => /can’t establish a connection to the server at ws:/.test(text);
        const { logged } = page.observed();
        assert.deepEqual(
          logged.filter((text) => !isOwn(text)),
          [],
        );
        assert.deepEqual((await requested(page)).filter(isForeign), []);
      } finally {
        await page.close();
      }
    }

    test('a link opens its meeting, and its grant leaves the address bar', async () => {
      const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
      await onPage({ names: [...NAMES, hostile] }, async (page) => {
        await page.waitFor(IN_NOW(7));
        await page.waitForTexts(NAME, [hostile, ...NAMES]);
        assert.deepEqual(await page.texts({ css: 'img, .row script' }), []);
        await page.waitFor({ css: '.badge', name: 'Live' });
        await until(
          async () => /^7 here now · /.test(await page.evaluate(() => document.title)),
          () => 'no title',
        );
        // The client's wasm was loaded as a file, which the policy allows.
        const files = await page.evaluate(loaded);
        assert.equal(files.filter((name) => name.endsWith('.wasm')).length, 1);
      });
    });

    test('without a link a form asks for the fields, and opens the meeting', async () => {
      await onPage({ linked: false }, async (page, meeting) => {
        await page.click({ css: '.sign-in summary' });
        await page.fill({ css: '[name=token]' }, gateway.grant(meeting));
        await page.waitForTexts({ css: 'form.sign-in .wrong:not(:empty)' }, []);
        // The grant itself says which app and which meeting.
        const { app_id, meeting_id } = meeting;
        assert.deepEqual(await page.values({ css: '[name=app_id]' }), [app_id]);
        assert.deepEqual(await page.values({ css: '[name=meeting_id]' }), [meeting_id]);
        await page.fill({ css: '[name=account_id]' }, gateway.account_id);
        await page.press('Enter');
        await page.waitFor(IN_NOW(6));
      });
    });

    test('the list is searched and sorted', async () => {
      await onPage({}, async (page, { meeting_id }) => {
        await page.waitFor(IN_NOW(6));
        const again = { meeting_id, custom_participant_id: 'id-Cleo' };
        await emulator.control('POST', 'join', again);
        await page.press('/');
        await page.type('CLE');
        await page.waitForTexts(NAME, ['Cleo']);
        await page.type('o?');
        await page.waitFor({ css: '.empty', text: 'No participants match.' });
        await page.click(button('Clear filters'));
        await page.click({ css: '[role=columnheader] button', name: 'Name' });
        await page.waitForTexts(NAME, [...NAMES].reverse());
        await page.waitFor({ css: '[aria-sort=descending]', name: 'Name' });
        await page.waitFor({ css: '.joins', name: '2' });
        await page.click({ css: '[role=columnheader] button', name: 'Times joined' });
        await page.waitForTexts(NAME, ['Cleo', ...NAMES.filter((name) => name !== 'Cleo')]);
        await page.click({ css: '.participants .segments label', text: 'Left' });
        await page.waitForTexts(NAME, []);
      });
    });

    test('several participants are selected by keys and by mouse, and muted by one request', async () => {
      await onPage({}, async (page, meeting) => {
        await page.waitFor(IN_NOW(6));
        await page.press('j');
        await page.press('x');
        await page.press('Shift+ArrowDown');
        await page.waitForTexts(CHOSEN, ['Ben', 'Cleo']);
        await page.press('Escape');
        await page.waitForNone({ css: '.bar' });
        await page.click({ css: '.row input', name: 'Select Ben' });
        await page.click({ css: '.row input', name: 'Select Dana' }, 'Shift');
        await page.waitForTexts(CHOSEN, ['Ben', 'Cleo', 'Dana']);
        // Beside Emil's box, which Firefox does not press for that.
        await page.click({ css: '.row[aria-rowindex="6"] .check label', corner: true }, 'Shift');
        await page.waitForTexts(CHOSEN, ['Ben', 'Cleo', 'Dana', 'Emil']);
        await page.press('m');
        await page.waitFor({ css: 'dialog[open] h2', name: 'Mute 4 participants?' });
        await page.press('Enter');
        await page.waitFor(done('4 muted.'));
        assert.equal((await state(meeting)).counts.muted_peers, 4);
        assert.equal((await sent(meeting, '/mute')).length, 1);
      });
    });

    test('a participant is kicked after a confirmation, leaves the list, and is in the timeline', async () => {
      await onPage({}, async (page, meeting) => {
        await page.waitFor(IN_NOW(6));
        await emulator.control('POST', 'advance', { seconds: 60 });
        await page.click(button('Remove Ben'));
        await page.waitFor({ css: 'dialog[open]', text: 'can rejoin with the same link' });
        await page.press('Escape');
        await page.waitForNone({ css: 'dialog[open]' });
        await page.click(button('Remove Ben'));
        await page.click(inDialog('Remove'));
        await page.waitFor(done('Ben was removed.'));
        await page.waitForTexts(
          NAME,
          NAMES.filter((name) => name !== 'Ben'),
        );
        assert.deepEqual(
          await live(meeting),
          NAMES.filter((name) => name !== 'Ben'),
        );
        assert.equal((await sent(meeting, '/kick')).length, 1);
        await page.click(tab('Activity'));
        await page.waitFor({ css: '.events .leave', text: 'Ben left' });
        // From the audit, which knows the moderator.
        await page.waitFor({ css: '.events .action', text: 'ann removed Ben' });
        await page.waitFor({
          css: '[role=img][aria-label^="Participants over time: 5 now, peak 6"]',
        });
        const drawn = () => {
          const { shadowRoot } = document.querySelector('rtk-moderator');
          return shadowRoot.querySelector('.plot .line')?.getBoundingClientRect().width > 0;
        };
        await until(
          () => page.evaluate(drawn),
          () => 'nothing is drawn',
        );
      });
    });

    test('another moderator’s removal is shown at once, with their name', async () => {
      await onPage({ claims: { sub: 'mia', name: 'Mia' } }, async (page, meeting) => {
        await page.waitFor(IN_NOW(6));
        const isPushed = () => document.querySelector('rtk-moderator').state.pushed;
        await until(
          () => page.evaluate(isPushed),
          () => 'nothing is pushed',
        );
        const [{ user_id }] = (await state(meeting)).participants;
        const noah = gateway.grant(meeting, { sub: 'noah', name: 'Noah' });
        const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick`);
        const { status } = await gateway.ask(noah, 'POST', path, { participant_ids: [user_id] });
        assert.equal(status, 200);
        await page.waitFor({ css: '.activity.other', text: 'Noah' });
        await page.waitForTexts(
          NAME,
          NAMES.filter((name) => name !== 'Ada'),
        );
      });
    });

    test('a poll is started once, and listed', async () => {
      await onPage({}, async (page, meeting) => {
        await page.click(tab('Polls'));
        await page.fill({ css: '[name=question]' }, 'Lunch?');
        await page.fill({ css: '.option input', name: 'Option 1' }, 'Soup');
        await page.fill({ css: '.option input', name: 'Option 2' }, '<b>Cake</b>');
        await page.click({ css: '[name=anonymous]' });
        await page.waitFor({ css: '.preview', text: '<b>Cake</b>' });
        await page.click(button('Start poll'));
        await page.waitFor(done('Poll started.'));
        await page.waitFor({ css: '.asked', text: 'Lunch?' });
        await until(
          async () => (await page.values({ css: '[name=question]' }))[0] === '',
          () => 'the draft stays',
        );
        const [{ body }, ...more] = await sent(meeting, '/poll');
        assert.deepEqual(more, []);
        const request = typeof body === 'string' ? JSON.parse(body) : body;
        const wanted = { question: 'Lunch?', options: ['Soup', '<b>Cake</b>'] };
        assert.deepEqual(request, { ...wanted, anonymous: true, hide_votes: false });
        assert.equal((await state(meeting)).polls.length, 1);
      });
    });

    test('the meeting is locked and unlocked', async () => {
      await onPage({}, async (page, meeting) => {
        // Before the status is known there are two buttons, which become one under the mouse.
        await page.waitFor({ css: '.control', text: 'Meeting is unlocked' });
        await page.click(button('Lock meeting'));
        await page.waitFor(done('Meeting locked.'));
        await page.waitFor({ css: '.badge.locked' });
        assert.equal((await state(meeting)).status, 'INACTIVE');
        await page.click(button('Unlock meeting'));
        await page.waitFor(done('Meeting unlocked.'));
        await page.waitForNone({ css: '.badge.locked' });
        assert.equal((await state(meeting)).status, 'ACTIVE');
      });
    });

    test('a lost connection is shown, the list stays, and the page recovers', async () => {
      await onPage({}, async (page) => {
        await page.waitFor(IN_NOW(6));
        await gateway.end();
        try {
          await page.waitFor({ css: '.banner', text: 'You’re offline.' });
          await page.waitFor({ css: '.fact.stale', text: 'Last updated' });
          assert.deepEqual(await page.texts(NAME), NAMES);
        } finally {
          await gateway.start();
        }
        await page.waitFor({ css: '.fact', name: 'Live' });
        await page.waitForNone({ css: '.banner' });
      });
    });

    test('an expired grant is shown, and another link in the same tab replaces it', async () => {
      await onPage({}, async (page, meeting) => {
        const follow = (claims) =>
          page.evaluate((hash) => void (location.hash = hash), `${link(meeting, claims)}`);
        await page.waitFor(IN_NOW(6));
        // Made when the page is open: a browser may take long to start.
        await follow({ iat: now() - 3000, exp: now() + 300 });
        await page.waitFor({ css: '.banner.warn', text: 'Your access ends in' });
        await follow({ exp: now() + 3 });
        await page.waitFor({ css: '.banner.bad', text: 'Your access has expired.' });
        // The gateway allows a minute for clocks that differ, so this one expired earlier.
        await follow({ exp: now() - 3600 });
        await page.waitFor({ css: '.banner.bad', text: 'Your access has expired.' });
        assert.deepEqual(await page.texts(NAME), NAMES);
        await follow();
        await page.waitForNone({ css: '.banner' });
        await page.waitFor({ css: '.fact', name: 'Live' });
      });
    });

    test('the page follows the lang attribute', async () => {
      await onPage({}, async (page) => {
        await page.waitFor(IN_NOW(6));
        await page.evaluate(() => void (document.querySelector('rtk-moderator').lang = 'de'));
        await page.waitFor({ css: '.participants .segments label', text: 'Anwesend 6' });
        await page.click({ css: 'button', name: 'Ben entfernen' });
        await page.waitFor({ css: 'dialog[open] button', name: 'Abbrechen' });
      });
    });

    test('the checks of every page notice what they look for', async () => {
      const url = 'https://elsewhere.example/a.png';
      const page = await browser.open(`${gateway.url}/`);
      try {
        await page.evaluate((url) => {
          console.error('said');
          document.body.append(Object.assign(new Image(), { src: url }));
          document.body.setAttribute('style', 'color: red');
          fetch(url).catch(() => {});
          try {
            document.body.innerHTML = '<b></b>';
          } catch {
            // Refused by Trusted Types.
          }
        }, url);
        const wanted = [
          ...['error: said', `failed: ${url}`, 'refused: connect-src'],
          ...['refused: require-trusted-types-for', 'refused: style-src-attr'],
        ];
        await until(
          async () => {
            const noted = new Set(await page.evaluate(() => globalThis.noted));
            return wanted.every((note) => noted.has(note));
          },
          () => page.evaluate(() => JSON.stringify(globalThis.noted)),
        );
        const urls = await requested(page);
        assert.ok(urls.some(isForeign), urls.join(' '));
      } finally {
        await page.close();
      }
    });
  });
}
