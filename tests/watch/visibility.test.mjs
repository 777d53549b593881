// A watch in a page, in Chromium. It polls rarely in a hidden page, and at once when the page is shown
// or the network is back.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';

const LIMIT = { timeout: 300_000 };
const HOUR = 3_600_000;

let emulator, browser, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-page-'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><script type="module">import Cloudflare from "/pkg/index.js"; globalThis.Cloudflare = Cloudflare;</script>',
  );
  const pkg = fileURLToPath(new URL('../../pkg', import.meta.url));
  const places = ['--serve', `pkg=${pkg}`, '--serve', `plain=${folder}`];
  [emulator, browser] = await Promise.all([
    startEmulator('--rate-limit', '1000000', ...places),
    startChromium(),
  ]);
});

after(async () => {
  await Promise.all([browser?.close(), emulator?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/**
 * A page that watches a meeting. The test controls its clock. `seen(n)` waits for the n-th snapshot;
 * nothing else waits.
 */
async function watching(context, interval) {
  const { app_id, meeting_id } = await emulator.meeting(2);
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(LIMIT.timeout);
  context.after(() => page.context().close());
  await page.goto(`${emulator.url}/plain/`);
  await page.clock.install({ time: HOUR });
  await page.clock.pauseAt(2 * HOUR);
  await page.evaluate(
    ({ baseURL, ids, options, interval }) => {
      let hidden = false;
      const snapshots = [];
      const waiting = [];
      Object.defineProperty(document, 'visibilityState', {
        get: () => (hidden ? 'hidden' : 'visible'),
      });
      const count = { added: 0, removed: 0 };
      for (const place of [document, window]) {
        const { addEventListener: add, removeEventListener: remove } = place;
        const ours = (event) => ['visibilitychange', 'online'].includes(event);
        place.addEventListener = function (event, ...rest) {
          if (ours(event)) count.added += 1;
          return add.call(this, event, ...rest);
        };
        place.removeEventListener = function (event, ...rest) {
          if (ours(event)) count.removed += 1;
          return remove.call(this, event, ...rest);
        };
      }
      const kit = new globalThis.Cloudflare({ ...options, baseURL }).realtimeKit;
      const watch = kit.activeSession.watch(...ids, {}, { interval });
      Object.assign(globalThis, {
        watch,
        count,
        show(state) {
          hidden = state === 'hidden';
          document.dispatchEvent(new Event('visibilitychange'));
        },
        seen: (n) =>
          new Promise((resolve) => {
            const check = () =>
              snapshots[n - 1] ? resolve(snapshots[n - 1]) : waiting.push(check);
            check();
          }),
      });
      globalThis.done = (async () => {
        for await (const { at, nextAt, trouble, participants } of watch) {
          const failures = trouble?.failures ?? 0;
          snapshots.push({ at, nextAt, now: Date.now(), failures, people: participants.length });
          for (const check of waiting.splice(0)) check();
        }
      })();
    },
    {
      baseURL: emulator.base_url,
      ids: [app_id, meeting_id],
      options: { apiToken: emulator.api_token, accountId: emulator.account_id },
      interval,
    },
  );
  const requestCount = async () => (await emulator.requests(meeting_id)).length;
  return {
    page,
    requestCount,
    seen: (n) => page.evaluate((n) => globalThis.seen(n), n),
    show: (state) => page.evaluate((state) => globalThis.show(state), state),
    pass: (ms) => page.clock.runFor(ms),
  };
}

test('polls rarely in a hidden page, and at once when it is shown', LIMIT, async (context) => {
  const { page, requestCount, pass, seen, show } = await watching(context, 2000);
  const first = await seen(1);
  assert.equal(first.people, 2);
  assert.equal(first.nextAt, first.now + 2000);
  await show('hidden');
  // `nextAt` holds: hiding the page does not delay the poll that was due.
  await pass(2000);
  const second = await seen(2);
  assert.equal(second.nextAt, second.now + 30_000);
  await pass(20_000);
  assert.equal(await requestCount(), 2);
  await show('visible');
  const third = await seen(3);
  assert.equal(third.now, second.now + 20_000);
  assert.equal(third.nextAt, third.now + 2000);
  // Showing the page repeatedly adds no polls.
  await show('hidden');
  await show('visible');
  await pass(1000);
  await show('visible');
  assert.equal(await requestCount(), 3);
  await pass(1000);
  await seen(4);
  await page.evaluate(async () => {
    await globalThis.watch.return();
    await globalThis.done;
  });
  const count = await page.evaluate(() => globalThis.count);
  assert.equal(count.added, count.removed);
  assert.ok(count.added >= 8);
});

test('polls at once when the network is back', LIMIT, async (context) => {
  const { page, pass, seen } = await watching(context, 5000);
  const first = await seen(1);
  await page.context().setOffline(true);
  await pass(5000);
  const second = await seen(2);
  assert.deepEqual([second.failures, second.people, second.at], [1, 2, first.at]);
  // Less than the backoff, which is eight seconds at least.
  await pass(7500);
  await page.context().setOffline(false);
  const third = await seen(3);
  assert.equal(third.failures, 0);
  assert.equal(third.now, second.now + 7500);
});
