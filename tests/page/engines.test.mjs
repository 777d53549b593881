// The moderator page's essential ways in Firefox and WebKitGTK, served by the gateway before an emulator.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { startFirefox, startWebKit, until } from '../support/engines.mjs';
import { ROOMY, startGateway } from '../support/gateway.mjs';
import { now } from '../support/grants.mjs';
import { PAGE, fragment } from '../support/page.mjs';

const NAMES = ['Ada', 'Ben', 'Cleo', 'Dana', 'Emil', 'Fay'];

let emulator, gateway, folder;
before(async () => {
  folder = observed();
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startGateway(emulator, { ...ROOMY, page: { dir: folder } });
});
after(async () => {
  await gateway?.stop();
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The page as it was built, and before its own script one that hears what is said and refused: WebKit
 * tells neither by WebDriver.
 */
function observed() {
  const folder = mkdtempSync(join(tmpdir(), 'observed-page-'));
  cpSync(PAGE, folder, { recursive: true });
  const index = readFileSync(join(PAGE, 'index.html'), 'utf8');
  const with_it = index.replace('<head>', '<head><script src="./assets/observe.js"></script>');
  assert.notEqual(with_it, index);
  writeFileSync(join(folder, 'index.html'), with_it);
  for (const packed of ['br', 'gz']) rmSync(join(folder, `index.html.${packed}`));
  writeFileSync(join(folder, 'assets/observe.js'), `(${observe})();`);
  return folder;
}

/** Runs in the page. */
function observe() {
  const noted = (globalThis.noted = []);
  const note = (what) => noted.push(what);
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    const said = console[level];
    console[level] = (...args) => {
      note(`${level}: ${args.join(' ')}`);
      said.apply(console, args);
    };
  }
  addEventListener('unhandledrejection', ({ reason }) => note(`unhandled: ${reason}`));
  // Captured: a file that could not be loaded tells only its own element.
  const failed = (event) =>
    note(`failed: ${event.message ?? (event.target.src || event.target.href)}`);
  addEventListener('error', failed, true);
  const refused = ({ effectiveDirective }) => note(`refused: ${effectiveDirective}`);
  addEventListener('securitypolicyviolation', refused, true);
}

/** What was loaded. Runs in the page. */
const loaded = () => performance.getEntriesByType('resource').map(({ name }) => name);
/** All that was asked for, whether it came or not. */
const everything = async (page) => [...page.told().asked, ...(await page.evaluate(loaded))];
const elsewhere = (url) => new URL(url).origin !== new URL(gateway.url).origin;

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
const IN_NOW = (count) => ({ css: '.people .segments label', text: `In now ${count}` });
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

    /** A meeting of people with these names. */
    async function meet(names = NAMES) {
      const meeting = await emulator.meeting(0);
      for (const name of names) {
        const who = { custom_participant_id: `id-${name}`, name };
        await emulator.control('POST', 'join', { meeting_id: meeting.meeting_id, ...who });
      }
      return meeting;
    }

    // Of an hour, whose end no banner tells of.
    const link = (meeting, claims = {}) =>
      fragment(gateway, meeting, gateway.grant(meeting, { exp: now() + 3600, ...claims }));

    /** Opens the page by a link, and when `look` is done, checks what nothing may ever do there. */
    async function onPage({ names, claims, linked = true }, look) {
      const meeting = await meet(names);
      const address = linked ? `${gateway.url}/#${link(meeting, claims)}` : `${gateway.url}/`;
      const page = await browser.open(address);
      try {
        await look(page, meeting);
        assert.equal(await page.evaluate(() => location.href), `${gateway.url}/`);
        assert.deepEqual(await page.evaluate(() => globalThis.noted), []);
        assert.deepEqual(page.told().said, []);
        assert.deepEqual((await everything(page)).filter(elsewhere), []);
      } finally {
        await page.close();
      }
    }

    test('a link opens its meeting, and its grant leaves the address bar', async () => {
      const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
      await onPage({ names: [...NAMES, hostile] }, async (page) => {
        await page.sees(IN_NOW(7));
        await page.reads(NAME, [hostile, ...NAMES]);
        assert.deepEqual(await page.texts({ css: 'img, .row script' }), []);
        await page.sees({ css: '.badge', name: 'Live' });
        await until(
          async () => /^7 in now · /.test(await page.evaluate(() => document.title)),
          () => 'no title',
        );
        // The list came by the client's wasm, which the policy lets in as a file.
        const files = await page.evaluate(loaded);
        assert.equal(files.filter((name) => name.endsWith('.wasm')).length, 1);
      });
    });

    test('without a link a form asks, and opens the same', async () => {
      await onPage({ linked: false }, async (page, meeting) => {
        await page.fill({ css: '[name=token]' }, gateway.grant(meeting));
        await page.reads({ css: 'form.sign-in [role=alert]' }, []);
        // The grant itself says which app and which meeting.
        const { app_id, meeting_id } = meeting;
        assert.deepEqual(await page.values({ css: '[name=app_id]' }), [app_id]);
        assert.deepEqual(await page.values({ css: '[name=meeting_id]' }), [meeting_id]);
        await page.fill({ css: '[name=account_id]' }, gateway.account_id);
        await page.press('Enter');
        await page.sees(IN_NOW(6));
      });
    });

    test('people are searched for and put in order', async () => {
      await onPage({}, async (page, { meeting_id }) => {
        await page.sees(IN_NOW(6));
        const again = { meeting_id, custom_participant_id: 'id-Cleo' };
        await emulator.control('POST', 'join', again);
        await page.press('/');
        await page.type('CLE');
        await page.reads(NAME, ['Cleo']);
        await page.type('o?');
        await page.sees({ css: '.nobody', text: 'Nobody matches.' });
        await page.click(button('Show everybody'));
        await page.click({ css: '[role=columnheader] button', name: 'Name' });
        await page.reads(NAME, [...NAMES].reverse());
        await page.sees({ css: '[aria-sort=descending]', name: 'Name' });
        await page.sees({ css: '.joins', name: '2' });
        await page.click({ css: '[role=columnheader] button', name: 'Joins' });
        await page.reads(NAME, ['Cleo', ...NAMES.filter((name) => name !== 'Cleo')]);
        await page.click({ css: '.people .segments label', text: 'Left' });
        await page.reads(NAME, []);
      });
    });

    test('several are selected by keys and by the mouse, and muted at once', async () => {
      await onPage({}, async (page, meeting) => {
        await page.sees(IN_NOW(6));
        await page.press('j');
        await page.press('x');
        await page.press('Shift+ArrowDown');
        await page.reads(CHOSEN, ['Ben', 'Cleo']);
        await page.press('Escape');
        await page.misses({ css: '.bar' });
        await page.click({ css: '.row input', name: 'Select Ben' });
        await page.click({ css: '.row input', name: 'Select Dana' }, 'Shift');
        await page.reads(CHOSEN, ['Ben', 'Cleo', 'Dana']);
        // Beside Emil's box, which Firefox does not press for that.
        await page.click({ css: '.row[aria-rowindex="6"] .check label', corner: true }, 'Shift');
        await page.reads(CHOSEN, ['Ben', 'Cleo', 'Dana', 'Emil']);
        await page.press('m');
        await page.sees({ css: 'dialog[open] h2', name: 'Mute 4 people?' });
        await page.press('Enter');
        await page.sees(done('4 muted.'));
        assert.equal((await state(meeting)).counts.muted_peers, 4);
        assert.equal((await sent(meeting, '/mute')).length, 1);
      });
    });

    test('one is kicked after a question, goes from the list, and the timeline tells', async () => {
      await onPage({}, async (page, meeting) => {
        await page.sees(IN_NOW(6));
        await emulator.control('POST', 'advance', { seconds: 60 });
        await page.click(button('Kick Ben'));
        await page.sees({ css: 'dialog[open]', text: 'can come back with the same link' });
        await page.press('Escape');
        await page.misses({ css: 'dialog[open]' });
        await page.click(button('Kick Ben'));
        await page.click(inDialog('Kick'));
        await page.sees(done('Ben was kicked.'));
        await page.reads(
          NAME,
          NAMES.filter((name) => name !== 'Ben'),
        );
        assert.deepEqual(
          await live(meeting),
          NAMES.filter((name) => name !== 'Ben'),
        );
        assert.equal((await sent(meeting, '/kick')).length, 1);
        await page.click(tab('Timeline'));
        await page.sees({ css: '.events .leave', text: 'Ben left' });
        // By the audit, which knows who did it.
        await page.sees({ css: '.events .action', text: 'Kick Ben ann' });
        await page.sees({ css: '[role=img][aria-label^="People over time: 5 now, at most 6"]' });
        const drawn = () => {
          const { shadowRoot } = document.querySelector('rtk-moderator');
          const canvas = shadowRoot.querySelector('.plot canvas');
          const { width, height } = canvas ?? {};
          const pixels = canvas?.getContext('2d').getImageData(0, 0, width, height).data;
          return !!pixels?.some((value) => value > 0);
        };
        await until(
          () => page.evaluate(drawn),
          () => 'nothing is drawn',
        );
      });
    });

    test('a poll is started once, and told', async () => {
      await onPage({}, async (page, meeting) => {
        await page.click(tab('Polls'));
        await page.fill({ css: '[name=question]' }, 'Lunch?');
        await page.fill({ css: '.option input', name: 'Option 1' }, 'Soup');
        await page.fill({ css: '.option input', name: 'Option 2' }, '<b>Cake</b>');
        await page.click({ css: '[name=anonymous]' });
        await page.sees({ css: '.preview', text: '<b>Cake</b>' });
        await page.click(button('Start poll'));
        await page.sees(done('The poll was started.'));
        await page.sees({ css: '.asked', text: 'Lunch?' });
        assert.deepEqual(await page.values({ css: '[name=question]' }), ['']);
        const [{ body }, ...more] = await sent(meeting, '/poll');
        assert.deepEqual(more, []);
        const asked = typeof body === 'string' ? JSON.parse(body) : body;
        const wanted = { question: 'Lunch?', options: ['Soup', '<b>Cake</b>'] };
        assert.deepEqual(asked, { ...wanted, anonymous: true, hide_votes: false });
        assert.equal((await state(meeting)).polls.length, 1);
      });
    });

    test('the meeting is locked and unlocked', async () => {
      await onPage({}, async (page, meeting) => {
        // Until that is known there are two buttons, which become one under the mouse.
        await page.sees({ css: '.deed', text: 'The meeting is open' });
        await page.click(button('Lock'));
        await page.sees(done('The meeting is locked.'));
        await page.sees({ css: '.badge.locked' });
        assert.equal((await state(meeting)).status, 'INACTIVE');
        await page.click(button('Unlock'));
        await page.sees(done('The meeting is unlocked.'));
        await page.misses({ css: '.badge.locked' });
        assert.equal((await state(meeting)).status, 'ACTIVE');
      });
    });

    test('a lost connection is told, with what is known still there, and comes back', async () => {
      await onPage({}, async (page) => {
        await page.sees(IN_NOW(6));
        // The same gateway, at the address that the page knows.
        const file = join(gateway.folder, 'gateway.toml');
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, text.replace('127.0.0.1:0', new URL(gateway.url).host));
        await gateway.end();
        try {
          await page.sees({ css: '.banner', text: 'Connection lost since' });
          await page.sees({ css: '.fact.stale', text: 'Data is' });
          assert.deepEqual(await page.texts(NAME), NAMES);
        } finally {
          await gateway.start();
        }
        await page.sees({ css: '.fact', name: 'Up to date' }, 40_000);
        await page.misses({ css: '.banner' });
      });
    });

    test('a grant that ends is told, and another link in the same tab goes on', async () => {
      await onPage({}, async (page, meeting) => {
        const follow = (claims) =>
          page.evaluate((hash) => void (location.hash = hash), `${link(meeting, claims)}`);
        await page.sees(IN_NOW(6));
        // Made when the page is there: how long a browser takes to come is its own affair.
        await follow({ exp: now() + 6 });
        await page.sees({ css: '.banner.warn', text: 'Your grant ends in' });
        await page.sees({ css: '.banner.bad', text: 'Your grant has ended.' });
        // For a minute more the gateway allows for clocks that differ; so one that is over for longer.
        await follow({ exp: now() - 3600 });
        await page.sees({ css: '.banner.bad', text: 'The gateway refuses:' });
        await page.sees({ css: '.banner.bad', text: 'Your grant has ended.' });
        assert.deepEqual(await page.texts(NAME), NAMES);
        await follow();
        await page.misses({ css: '.banner' });
        await page.sees({ css: '.fact', name: 'Up to date' });
      });
    });

    test('it speaks German where that is the language', async () => {
      await onPage({}, async (page) => {
        await page.sees(IN_NOW(6));
        await page.evaluate(() => void (document.querySelector('rtk-moderator').lang = 'de'));
        await page.sees({ css: '.people .segments label', text: 'Anwesend 6' });
        await page.click({ css: 'button', name: 'Ben entfernen' });
        await page.sees({ css: 'dialog[open] button', name: 'Abbrechen' });
      });
    });

    test('what would be amiss is noticed', async () => {
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
            // It is refused.
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
        const asked = await everything(page);
        assert.ok(asked.some(elsewhere), asked.join(' '));
      } finally {
        await page.close();
      }
    });
  });
}
