// Fast, in Chromium: the same calls in pages, and a large answer.

import { bare, ours, sdk6, sdk7, stubbed } from './apps.mjs';
import { LISTS, printLarge, timed } from './large.mjs';
import { byTurns } from './measure.mjs';
import { startSite } from './site.mjs';
import { print, ratios, target } from './table.mjs';

const APPS = [ours, sdk6, sdk7, bare];
const CALLS = 4000;

const looped = (app) => `${stubbed(app)}
  globalThis.spend = async (calls) => {
    const before = performance.now();
    for (let i = 0; i < calls; i += 1) await once();
    return ((performance.now() - before) * 1000) / calls;
  };`;

export async function inChromium(browser) {
  const pages = [
    ...APPS.map((app) => [app, looped(app)]),
    ...LISTS.map((app) => [app, `${timed(app)}\nglobalThis.rounds = rounds;`]),
  ];
  const site = await startSite(pages);
  try {
    const open = async (at) => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(site.page(at));
      return page;
    };
    const looping = new Map();
    for (const [at, app] of APPS.entries()) {
      const page = await open(at);
      await page.waitForFunction(() => globalThis.spend);
      await page.evaluate((calls) => spend(calls), CALLS);
      looping.set(app, page);
    }
    const spent = await byTurns(APPS, 7, async (app) => {
      const page = looping.get(app);
      await page.bringToFront();
      return page.evaluate((calls) => spend(calls), CALLS);
    });
    for (const page of looping.values()) await page.context().close();
    print(
      'Time of a call in Chromium over a stub fetch, µs',
      ['µs', 'ours / this'],
      ratios(APPS, spent),
      [
        target('ours / 7.3.0', spent[0] / spent[2], spent[0] <= 0.8 * spent[2], 'at most 0.8'),
        target('ours / 6.5.0', spent[0] / spent[1], spent[0] <= 0.8 * spent[1], 'at best 0.8'),
      ],
    );
    const figures = [];
    for (const at of LISTS.keys()) {
      const page = await open(APPS.length + at);
      await page.waitForFunction(() => globalThis.rounds);
      figures.push(await page.evaluate(() => rounds(25)));
      await page.context().close();
    }
    printLarge('Chromium', figures);
  } finally {
    await site.stop();
  }
}
