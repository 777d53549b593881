// The element in an app: the packed package, bundled by Vite, in Chromium, against the emulator.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../support/browser.mjs';
import { bundle } from '../support/bundle.mjs';
import { runModule } from '../support/run-module.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { LIMIT, apiRequests, dialog, isolated, waitForActivity } from '../support/page.mjs';

const APP = `
  import Cloudflare, { NotFoundError } from 'realtimekit-moderator';
  import { RtkModerator } from 'realtimekit-moderator/element';
  Object.assign(globalThis, { Cloudflare, NotFoundError, RtkModerator });
`;
const TOKEN = 'tok-51-secret';

let emulator, browser, folder, files;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'element-app-'));
  files = await bundle(APP, fileURLToPath(new URL('..', import.meta.url)));
  for (const { name, content } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const { name } = files.find((file) => file.isEntry);
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="de-AT"><script type="module" src="/${name}"></script>
     <body style="margin:0"><h1>An app</h1></body></html>`,
  );
  emulator = await startEmulator('--token', TOKEN, '--rate-limit', '0', '--serve', folder);
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await emulator?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Adds the element with a new meeting to the app, records its events, and runs `check`. */
async function inApp(check, { participants = 3, attributes = {}, clock } = {}) {
  const meeting = await emulator.meeting(participants);
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(LIMIT);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  if (clock) await page.clock.install();
  await page.goto(emulator.url);
  await page.waitForFunction(() => 'RtkModerator' in globalThis);
  const { base_url: gateway, account_id } = emulator;
  const { app_id, meeting_id } = meeting;
  const all = { gateway, 'account-id': account_id, 'app-id': app_id, 'meeting-id': meeting_id };
  await page.evaluate(
    ({ all, grant }) => {
      globalThis.events = [];
      for (const name of ['snapshot', 'action', 'error'])
        document.addEventListener(`rtk-moderator-${name}`, ({ type, detail }) =>
          globalThis.events.push({ type, detail: JSON.parse(JSON.stringify(detail)) }),
        );
      const element = document.createElement('rtk-moderator');
      element.style.blockSize = '600px';
      for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
      document.body.append(element);
      element.grant = grant;
    },
    { all: { ...all, ...attributes }, grant: TOKEN },
  );
  try {
    await check(page, meeting);
    assert.deepEqual(errors, []);
  } finally {
    await page.context().close();
  }
}

const events = (page, name) =>
  page.evaluate(
    (name) => globalThis.events.filter(({ type }) => type === `rtk-moderator-${name}`),
    name,
  );

test('the app and the element share one client, and the panels are loaded later', () => {
  assert.equal(files.filter(({ name }) => name.endsWith('.wasm')).length, 1);
  const entry = files.find((file) => file.isEntry);
  assert.equal(entry.content.toString().match(/DEFAULT_TIMEOUT\s*=/g)?.length, 1);
  // Only the activity panel has a chart.
  const draws = ({ content }) => /preserveAspectRatio/.test(content);
  assert.ok(!draws(entry));
  assert.ok(files.some((file) => !file.isEntry && draws(file)));
});

test('the element moderates, sends events to the app, and does not expose the grant', async () => {
  await inApp(
    async (page, { participants }) => {
      await page.locator('.rows .row').nth(2).waitFor();
      const [, one] = participants;
      const name = one.name.trim();
      await page.getByRole('button', { name: `Remove ${isolated(name)}`, exact: true }).click();
      await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
      await waitForActivity(page, `${isolated(name)} was removed.`);
      const [{ detail }, ...more] = await events(page, 'action');
      assert.deepEqual(more, []);
      assert.equal(detail.operation, 'kick');
      assert.equal(detail.outcome, 'done');
      assert.deepEqual(detail.targets, [
        {
          user_id: one.user_id,
          custom_participant_id: one.custom_participant_id,
          name,
          result: 'done',
          why: '',
        },
      ]);
      const [first] = await events(page, 'snapshot');
      assert.equal(first.detail.participants.length, 3);
      const shown = await page.locator('rtk-moderator').evaluate((element) => {
        const own = Object.getOwnPropertyNames(element).map((key) => element[key]);
        const text = own.map((value) => {
          try {
            return JSON.stringify(value);
          } catch {
            return '';
          }
        });
        return [element.grant, element.outerHTML, element.shadowRoot.innerHTML, ...text].join('\n');
      });
      assert.ok(!shown.includes(TOKEN));
    },
    { attributes: { lang: 'en' } },
  );
});

test('the element follows the language of the document and the app’s style', async () => {
  await inApp(async (page) => {
    await page.getByRole('searchbox', { name: 'Nach Namen suchen' }).waitFor();
    const colour = () =>
      page
        .getByRole('tab', { selected: true })
        .evaluate((element) => getComputedStyle(element).color);
    const before = await colour();
    await page
      .locator('rtk-moderator')
      .evaluate((element) => element.style.setProperty('--rtk-moderator-accent', 'rgb(1, 2, 3)'));
    assert.notEqual(before, 'rgb(1, 2, 3)');
    assert.equal(await colour(), 'rgb(1, 2, 3)');
    const box = await page.locator('rtk-moderator').boundingBox();
    assert.equal(box.height, 600);
  });
});

test('a wrong grant is reported, and a new one keeps what is on screen', async () => {
  await inApp(
    async (page) => {
      const element = page.locator('rtk-moderator');
      await page.locator('.rows .row').nth(2).waitFor();
      await page.getByRole('searchbox').fill('zzz');
      await element.evaluate((element) => (element.grant = 'wrong'));
      await page.locator('.banner').getByText('Your access isn’t valid. (401)').waitFor();
      assert.equal((await events(page, 'error')).length, 1);
      await element.evaluate((element, grant) => (element.grant = grant), TOKEN);
      await page.locator('.banner').waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('searchbox').inputValue(), 'zzz');
      await page
        .locator('.segments', { hasText: /Here now 3/ })
        .first()
        .waitFor();
    },
    { attributes: { lang: 'en' } },
  );
});

test('another meeting shows no participants of the one before', async () => {
  await inApp(
    async (page) => {
      const element = page.locator('rtk-moderator');
      await page.locator('.rows .row').nth(2).waitFor();
      const { meeting_id } = await emulator.meeting(5);
      await element.evaluate((element) => (element.grant = null));
      await element.evaluate((element) => element.updateComplete);
      const shown = await element.evaluate(
        async (element, [meeting_id, grant]) => {
          element.meetingId = meeting_id;
          await element.updateComplete;
          element.grant = grant;
          await element.updateComplete;
          return element.shadowRoot.querySelectorAll('.rows .row').length;
        },
        [meeting_id, TOKEN],
      );
      assert.equal(shown, 0);
      await page.locator('.rows .row').nth(4).waitFor();
    },
    { attributes: { lang: 'en' } },
  );
});

test('shortcuts work only inside the element, and can be switched off', async () => {
  await inApp(
    async (page) => {
      await page.locator('.rows .row').nth(2).waitFor();
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press('?');
      assert.equal(await dialog(page).count(), 0);
      await page.getByRole('grid').focus();
      await page.keyboard.press('?');
      await dialog(page).getByText('Settings and shortcuts').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('rtk-moderator').evaluate((element) => (element.shortcuts = 'off'));
      await page.keyboard.press('?');
      assert.equal(await dialog(page).count(), 0);
    },
    { attributes: { lang: 'en' } },
  );
});

test('a removed element stops polling, and continues when it is put back', async () => {
  await inApp(
    async (page, { meeting_id }) => {
      await page.getByText('Meeting is unlocked').waitFor();
      await page.evaluate(() => {
        globalThis.kept = document.querySelector('rtk-moderator');
        globalThis.kept.remove();
      });
      const requests = apiRequests(page);
      await page.clock.runFor(60_000);
      assert.deepEqual(requests, []);
      await emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'late' });
      await page.evaluate(() => document.body.append(globalThis.kept));
      await page.locator('.rows .row').nth(3).waitFor();
    },
    { attributes: { lang: 'en' }, clock: true },
  );
});

test('where there is no DOM the element can be imported, and does nothing', async () => {
  const out = await runModule(`
    const { RtkModerator } = await import('realtimekit-moderator/element');
    console.log(typeof RtkModerator, typeof globalThis.document);
  `);
  assert.equal(out.trim(), 'function undefined');
});

test('an app brings a language of its own, also one that is written from right to left', async () => {
  await inApp(
    async (page) => {
      const element = page.locator('rtk-moderator');
      await page.locator('.rows .row').nth(2).waitFor();
      await element.evaluate((element) => {
        element.texts = ({ n }) => ({
          search: 'Op naam zoeken',
          showIn: 'Aanwezig',
          selectAll: (count) => `Alle ${n(count)} selecteren`,
        });
        element.lang = 'nl_NL';
      });
      await page.getByRole('searchbox', { name: 'Op naam zoeken' }).waitFor();
      await page.getByRole('checkbox', { name: 'Alle 3 selecteren' }).waitFor();
      const app = page.locator('.app');
      assert.deepEqual(
        [await app.getAttribute('lang'), await app.getAttribute('dir')],
        ['nl-NL', 'ltr'],
      );
      // A text that is missing is in English.
      await page.getByRole('tab', { name: 'Polls' }).waitFor();
      await element.evaluate((element) => {
        element.texts = { search: 'חיפוש לפי שם', name: 'שם' };
        element.lang = 'he';
      });
      await page.getByRole('searchbox', { name: 'חיפוש לפי שם' }).waitFor();
      assert.equal(await app.getAttribute('dir'), 'rtl');
      const [box, icon] = await Promise.all([
        page.locator('.search').boundingBox(),
        page.locator('.search .icon').boundingBox(),
      ]);
      assert.ok(icon.x > box.x + box.width / 2, 'the icon is at the right');
      const mirrored = (name) =>
        page
          .getByRole('button', { name, exact: false })
          .first()
          .locator('.icon')
          .evaluate((icon) => getComputedStyle(icon).transform !== 'none');
      // The arrow points out of the meeting, where lines end; a microphone has no direction.
      assert.deepEqual([await mirrored('Remove '), await mirrored('Mute ')], [true, false]);
      await element.evaluate((element) =>
        Object.assign(element, { texts: undefined, lang: 'de_DE' }),
      );
      await page.getByRole('searchbox', { name: 'Nach Namen suchen' }).waitFor();
    },
    { attributes: { lang: 'en' } },
  );
});

test('roles have the names that an app gives them', async () => {
  await inApp(
    async (page) => {
      const role = page.locator('.rows .role').first();
      await page
        .locator('.rows .role', { hasText: /Group call (host|participant)/ })
        .first()
        .waitFor();
      await page.locator('rtk-moderator').evaluate((element) => {
        element.roleLabels = { group_call_host: 'Teacher', group_call_participant: 'Pupil' };
      });
      await page
        .locator('.rows .role', { hasText: /Teacher|Pupil/ })
        .first()
        .waitFor();
      assert.doesNotMatch(await role.textContent(), /Group/);
    },
    { attributes: { lang: 'en' } },
  );
});

test('in another document the element keeps its styles', async () => {
  await inApp(
    async (page) => {
      await page.locator('.rows .row').nth(2).waitFor();
      const display = await page.evaluate(async () => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const element = document.querySelector('rtk-moderator');
        frame.contentDocument.body.append(element);
        await element.updateComplete;
        const { defaultView } = frame.contentDocument;
        return defaultView.getComputedStyle(element.shadowRoot.querySelector('.app')).display;
      });
      assert.equal(display, 'flex');
    },
    { attributes: { lang: 'en' } },
  );
});

test('attributes that a framework writes before the definition count, and a grant does not stay', async () => {
  await inApp(
    async (page) => {
      const shown = await page.evaluate((grant) => {
        const before = document.querySelector('rtk-moderator');
        const { gateway, accountId, appId, meetingId } = before;
        before.remove();
        const holder = document.createElement('div');
        document.body.append(holder);
        // As React 19 writes the properties of an element that it does not know.
        holder.innerHTML = `<rtk-moderator lang="en" style="block-size:600px" gateway="${gateway}"
          accountid="${accountId}" appid="${appId}" meetingid="${meetingId}" grant="${grant}"></rtk-moderator>`;
        return holder.innerHTML;
      }, TOKEN);
      assert.ok(!shown.includes(TOKEN));
      await page.locator('.rows .row').nth(2).waitFor();
    },
    { attributes: { lang: 'en' } },
  );
});
