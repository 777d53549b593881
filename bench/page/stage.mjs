// Where the page is measured: an emulated API, the gateway that serves the page in front of it, and
// visitors in Chromium who hold a grant.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { PAGE, fragment } from '../../tests/support/page.mjs';
import { startGateway } from '../gateway/proxies.mjs';

/** Everything that a grant can allow: whoever may do all is shown most. */
const ALL = ['read', 'kick', 'kick_all', 'mute', 'mute_all', 'poll', 'ban', 'lock', 'audit'];

/** The page as it was built, and beside it the bare one, compressed as well. */
function site() {
  const place = mkdtempSync(join(tmpdir(), 'bench-page-'));
  cpSync(PAGE, place, { recursive: true });
  for (const [file, where] of [
    ['bare.html', 'bare.html'],
    ['bare.js', 'assets/bare.js'],
  ]) {
    const content = readFileSync(fileURLToPath(new URL(file, import.meta.url)));
    writeFileSync(join(place, where), content);
    writeFileSync(join(place, `${where}.br`), brotliCompressSync(content));
  }
  return place;
}

/** `fresh`: for how long the gateway gives the same answer to all, in ms; by default as it does by itself. */
export async function startStage({ fresh = 1000 } = {}) {
  const place = site();
  // A limit that no refresh reaches. The API’s own would delay a refresh of many pages.
  const limits = ['--rate-limit', '1000000', '--rate-window', '300'];
  const emulator = await startEmulator(...limits, '--start-time', 'now');
  const end = async () => {
    await emulator.stop();
    rmSync(place, { recursive: true, force: true });
  };
  // Of the limits only those stay that the page sets itself.
  const settings = `
    [reads]
    fresh_ms = ${fresh}
    limit_per_minute = 1000000
    new_per_minute = 1000000
    [mutations]
    limit_per_minute = 1000000
    [budget]
    requests = 1000000
    [page]
    dir = ${JSON.stringify(place)}`;
  const gateway = await startGateway(emulator, { settings }).catch(async (error) => {
    await end();
    throw error;
  });
  const here = { base_url: `${gateway.url}/client/v4`, account_id: emulator.account_id };

  return {
    emulator,
    origin: gateway.url,
    /** The address of the page (or of another file beside it) with a grant for a meeting. */
    link: (meeting, file = '') => {
      const token = gateway.token(meeting, 'ann', ALL);
      return `${gateway.url}/${file}#${fragment(here, meeting, token, { timeout: 60_000 })}`;
    },
    stop: async () => {
      await gateway.stop();
      await end();
    },
  };
}

/** A visitor with nothing in their cache; `devtools` is of their page. */
export async function visitor(browser, { locale = 'en-GB' } = {}) {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  return { context, page, devtools };
}

/** Opens the page and waits for its list. */
export async function opened(browser, link, before = () => {}) {
  const one = await visitor(browser);
  await before(one);
  await one.page.goto(link);
  await one.page.locator('.rows .row').first().waitFor();
  return one;
}
