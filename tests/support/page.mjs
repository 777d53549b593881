// The moderator page in Chromium: opens it for a meeting, finds its parts, and checks what must never
// happen on it.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { isolated } from '../../www/element/model/participants.js';
import { LIMIT, eventually } from './eventually.mjs';

export { LIMIT, eventually, isolated };

/** The built page. */
export const PAGE = fileURLToPath(new URL('../../www/dist', import.meta.url));

/** What the browser itself logs about a failed request or connection. */
const BROWSERS_OWN = /^(Failed to load resource|WebSocket connection to '[^']+' failed)/;

/** Windows: `zoom` is a desktop's at 400 %. */
export const SIZES = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  zoom: { width: 320, height: 256 },
};

/** The name that the page shows for a participant. */
export const displayName = ({ name, custom_participant_id }) =>
  name.trim() || custom_participant_id;

/** The fields of a link to the page; `timeout` is the client's, which no test reaches unless it gives one. */
export function fragment({ base_url, account_id }, { app_id, meeting_id }, token, given = {}) {
  const fields = { base_url, token, account_id, app_id, meeting_id, timeout: LIMIT };
  return new URLSearchParams({ ...fields, ...given });
}

/**
 * Opens a page and runs `check` on it. Without `push` the page polls. Then asserts that the page logged nothing but what the browser itself
 * logs, sent no request to another origin, and shows its secret nowhere.
 */
export async function visit(
  browser,
  url,
  hash,
  check,
  { context = {}, clock, secret, before, push = !clock } = {},
) {
  const opened = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...context });
  const page = await opened.newPage();
  page.setDefaultTimeout(LIMIT);
  const logged = [];
  const foreign = [];
  const { origin } = new URL(url);
  page.on('console', (message) => logged.push(message.text()));
  page.on('pageerror', (error) => logged.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => logged.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.protocol.startsWith('http') && target.origin !== origin) foreign.push(target.href);
  });
  if (clock) {
    await page.clock.install();
    // A server whose clock does not pass like the page's would correct it.
    await page.addInitScript(() => {
      const { get } = Headers.prototype;
      Headers.prototype.get = function (name) {
        return name === 'date' ? null : get.call(this, name);
      };
    });
  }
  // Without WebSockets the page polls, in the page's time.
  if (!push) await page.addInitScript(() => void delete globalThis.WebSocket);
  await before?.(page);
  try {
    const response = await page.goto(`${url}/${hash ? `#${hash}` : ''}`);
    await check(page, response);
    assert.equal(page.url(), `${url}/`);
    assert.deepEqual(foreign, []);
    const unexpected = logged.filter((text) => !BROWSERS_OWN.test(text));
    assert.deepEqual(unexpected, []);
    if (secret) assert.ok(!`${logged.join('\n')}${await page.content()}`.includes(secret));
  } finally {
    // A request that a test's route holds or relays cannot be answered after that.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await opened.close();
  }
}

export const rows = (page) => page.locator('.rows .row');
export const rowOf = (page, name) =>
  rows(page).filter({ has: page.getByRole('button', { name, exact: true }) });
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const tab = (page, name) => page.getByRole('tab', { name, exact: true });
export const dialog = (page) => page.locator('dialog[open]');
/** Waits until the page reports how an action ended, in these words. */
export const waitForActivity = (page, text, mood = 'good') =>
  page.locator(`.activity.${mood}`, { hasText: text }).waitFor();
/** Waits until the filter shows so many participants who are in, and who left. */
export const waitForCounts = (page, present, left) =>
  page
    .locator('.participants .segments', {
      hasText: new RegExp(`Here now ${present}\\s+Left ${left}\\s`),
    })
    .waitFor();

/** Ticks the rows of these participants. */
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

/** Waits, after `act`, for the next poll of the meeting that succeeds. */
export async function nextPoll(page, act) {
  const { at } = await page.evaluate(() => document.querySelector('rtk-moderator').state);
  await act();
  await page.waitForFunction((at) => document.querySelector('rtk-moderator').state.at > at, at);
}

/**
 * Stops the page's time, which then passes only by `page.clock.runFor`, at a moment at which no poll is under way: the
 * next one is due.
 */
export async function pauseBetweenPolls(page) {
  // The poll that was due comes at once. One that is under way does not time out by that.
  await page.clock.pauseAt(Date.now() + LIMIT / 2);
  await page.waitForFunction(
    () => document.querySelector('rtk-moderator').state.nextAt > Date.now(),
  );
}

/** The URLs of the API requests that the page sends from now on: the list grows. */
export function apiRequests(page) {
  const urls = [];
  page.on('request', (request) => {
    if (request.url().includes('/realtime/kit/')) urls.push(request.url());
  });
  return urls;
}

/** Makes the tab hidden or visible, as a browser reports it. */
export const setVisible = (page, visible) =>
  page.evaluate((hidden) => {
    const value = hidden ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !visible);

/** Records the announcements for screen readers from now on; the result reads them. */
export async function recordAnnouncements(page) {
  const live = page.locator('.app > .sr[role=status][aria-live=polite]');
  await live.evaluate((region) => {
    globalThis.announcements = [];
    const note = () => globalThis.announcements.push(region.textContent.replaceAll('\u00A0', ''));
    new MutationObserver(note).observe(region, {
      ...{ characterData: true, childList: true, subtree: true },
    });
  });
  return () => page.evaluate(() => globalThis.announcements);
}

/** The name of the focused element: "the list", "the panel", a button's or a field's label, or null. */
export const focusedName = (page) =>
  page.evaluate(() => {
    const at = document.activeElement?.shadowRoot?.activeElement;
    if (!at) return null;
    const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText;
    const whole = { grid: 'the list', tabpanel: 'the panel' }[at.getAttribute('role')];
    return whole ?? (label ?? at.innerText).trim();
  });
