// The moderator page in Chromium: opens it for a meeting, and checks what nothing may ever do there.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { isolated } from '../../www/element/people.js';

export { isolated };

/** What the build made of the page. */
export const PAGE = fileURLToPath(new URL('../../www/dist', import.meta.url));

/** The fields of a link to the page. */
export function fragment({ base_url, account_id }, { app_id, meeting_id }, token, given = {}) {
  const fields = { base_url, token, account_id, app_id, meeting_id, timeout: 1500 };
  return new URLSearchParams({ ...fields, ...given });
}

/**
 * Opens a page, and when `look` is done, checks that it said nothing but what the browser itself notes,
 * asked nobody else, and shows its secret nowhere.
 */
export async function visit(
  browser,
  url,
  hash,
  look,
  { context = {}, clock, secret, before, patience = 10_000 } = {},
) {
  const opened = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...context });
  const page = await opened.newPage();
  page.setDefaultTimeout(patience);
  const said = [];
  const elsewhere = [];
  const { origin } = new URL(url);
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => said.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith('http') && asked.origin !== origin) elsewhere.push(asked.href);
  });
  if (clock) await page.clock.install();
  await before?.(page);
  try {
    const answer = await page.goto(`${url}/${hash ? `#${hash}` : ''}`);
    await look(page, answer);
    assert.equal(page.url(), `${url}/`);
    assert.deepEqual(elsewhere, []);
    const noted = said.filter((text) => !/^Failed to load resource/.test(text));
    assert.deepEqual(noted, []);
    if (secret) assert.ok(!`${said.join('\n')}${await page.content()}`.includes(secret));
  } finally {
    await opened.close();
  }
}

export const rows = (page) => page.locator('.rows .row');
export const rowOf = (page, name) =>
  rows(page).filter({ has: page.getByRole('button', { name, exact: true }) });
export const tab = (page, name) => page.getByRole('tab', { name, exact: true });
export const dialog = (page) => page.locator('dialog[open]');
/** Waits until something that was asked for is over, and told in these words. */
export const told = (page, text, mood = 'good') =>
  page.locator(`.activity.${mood}`, { hasText: text }).waitFor();
/** How many the filter says there are. */
export const counted = (page, inside, left) =>
  page
    .locator('.people .segments', { hasText: new RegExp(`In now ${inside}\\s+Left ${left}\\s`) })
    .waitFor();

/** Chooses the rows of these people. */
export async function select(page, ...names) {
  for (const name of names)
    await page.getByRole('checkbox', { name: `Select ${isolated(name)}`, exact: true }).click();
}

export async function fillPoll(page, question, options) {
  await tab(page, 'Polls').click();
  await page.getByLabel('Question', { exact: true }).fill(question);
  for (const [i, option] of options.entries())
    await page.getByLabel(`Option ${i + 1}`, { exact: true }).fill(option);
}
export const startPoll = (page) => page.getByRole('button', { name: 'Start poll' }).click();

/** Hears what is said to who cannot see, from now on; gives what was said so far. */
export async function hear(page) {
  const live = page.locator('.app > .sr[role=status][aria-live=polite]');
  await live.evaluate((region) => {
    globalThis.heard = [];
    const note = () => globalThis.heard.push(region.textContent.replaceAll('\u00A0', ''));
    new MutationObserver(note).observe(region, {
      ...{ characterData: true, childList: true, subtree: true },
    });
  });
  return () => page.evaluate(() => globalThis.heard);
}

/** What has the keyboard: the list, the panel, a button's or a field's name, or nothing at all. */
export const focused = (page) =>
  page.evaluate(() => {
    const at = document.activeElement?.shadowRoot?.activeElement;
    if (!at) return null;
    const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText;
    const whole = { grid: 'the list', tabpanel: 'the panel' }[at.getAttribute('role')];
    return whole ?? (label ?? at.innerText).trim();
  });

/** Waits until what is asked for is this; else fails with what it was last. */
export async function reaches(ask, wanted, within = 30_000) {
  const end = Date.now() + within;
  for (;;) {
    const last = await ask();
    if (isDeepStrictEqual(last, wanted)) return;
    if (Date.now() > end) assert.deepEqual(last, wanted);
    await pause(40);
  }
}
