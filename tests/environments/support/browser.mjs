// Headless Chromium and Firefox, and pages that show the result of their one call.

import { firefox } from 'playwright-core';
import { startChromium } from '../../support/browser.mjs';

/** Chromium without name lookups. */
export const launch = () => startChromium('host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1');

/** Firefox as it is distributed, which Playwright drives by WebDriver BiDi. */
export const launchFirefox = () =>
  firefox.launch({
    channel: 'moz-firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    firefoxUserPrefs: { 'network.dns.disabled': true },
    timeout: 180_000,
  });

/**
 * Opens a page with its settings in the fragment, and runs `check` with the page, the text it shows, and its
 * console output.
 */
export async function onPage(browser, url, settings, check) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    const logged = [];
    page.on('console', (message) => logged.push(message.text()));
    page.on('pageerror', (error) => logged.push(`uncaught: ${error.message}`));
    await page.goto(`${url}#${encodeURIComponent(JSON.stringify(settings))}`);
    const shown = () =>
      page
        .waitForFunction(() => document.querySelector('output')?.textContent)
        .then(
          (handle) => handle.jsonValue(),
          (error) => {
            throw new Error(`${error.message}\n${logged.join('\n')}`);
          },
        );
    return await check({ page, shown: await shown(), logged });
  } finally {
    await context.close();
  }
}
