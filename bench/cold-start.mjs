// Cold start in Chromium: from navigation to the first answer of a page that Vite built, with an
// empty cache and a CPU slowed down four times.

import { bare, ours, sdk6, sdk7, shaken7 } from './apps.mjs';
import { byTurns } from './measure.mjs';
import { startSite } from './site.mjs';
import { print, target } from './table.mjs';

const APPS = [bare, ours, sdk6, sdk7, shaken7];
const ROUNDS = 25;
const SLOWER = 4;

const firstAnswer = (app) => `
  ${app.imports}
  const client = ${app.client("{ apiToken: 'a', baseURL: location.origin + '/api' }")};
  ${app.call('client', "'app'", "'meeting'", "'account'")}.then(
    ({ data }) => console.info(data.status === 'LIVE' ? performance.now() : 'another answer'),
    (error) => console.info(String(error)),
  );`;

export async function coldStart(browser) {
  const site = await startSite(APPS.map((app) => [app, firstAnswer(app)]));
  try {
    const figures = await byTurns(APPS, ROUNDS, async (app) => {
      // A context of its own has an empty cache.
      const context = await browser.newContext();
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
      // The page tells; to ask it again and again would take of its little time.
      const told = page.waitForEvent('console');
      await page.goto(site.page(APPS.indexOf(app)), { waitUntil: 'commit' });
      const answered = (await told).text();
      await context.close();
      if (!Number(answered)) throw new Error(`${app.name}: ${answered}`);
      return Number(answered);
    });
    const added = figures.map((figure) => figure - figures[0]);
    const ratio = added[1] / added[3];
    print(
      `Cold start in Chromium, CPU ${SLOWER} times slower: navigation to first answer, ms`,
      ['ms', 'added to fetch', 'of what 7.3.0 adds'],
      APPS.map((app, at) => [app.name, figures[at], added[at], added[at] / added[3]]),
      [target('of what 7.3.0 adds, ours adds', ratio, ratio <= 0.4, 'at most 0.4')],
    );
  } finally {
    await site.stop();
  }
}
