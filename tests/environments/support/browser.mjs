// Headless Chromium and Firefox, and pages that show what their one call answered.

import { chromium, firefox } from 'playwright-core';

// What it would do of its own accord; names are not looked up at all.
const QUIET = [
  'disable-component-update',
  'disable-sync',
  'host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  'disable-gpu',
  'disable-quic',
  'no-first-run',
  'disable-background-networking',
];

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['no-sandbox', ...QUIET].map((flag) => `--${flag}`),
  });

/** Firefox as it is distributed, which Playwright drives by WebDriver BiDi. */
export const launchFirefox = () =>
  firefox.launch({
    channel: 'moz-firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    firefoxUserPrefs: { 'network.dns.disabled': true },
  });

/**
 * Opens a page and gives `look` that page, what it showed, and what was said on its console. What
 * the page is told to ask goes into its fragment.
 */
export async function onPage(browser, url, given, look) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const said = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
    await page.goto(`${url}#${encodeURIComponent(JSON.stringify(given))}`);
    const shown = () =>
      page
        .waitForFunction(() => document.querySelector('output')?.textContent)
        .then(
          (handle) => handle.jsonValue(),
          (error) => {
            throw new Error(`${error.message}\n${said.join('\n')}`);
          },
        );
    return await look({ page, shown: await shown(), said, again: shown });
  } finally {
    await context.close();
  }
}
