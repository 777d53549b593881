// Measures the package beside its peers, in one run on one machine, and prints tables. Ratios are
// what to read; the figures vary with the machine.
//   node bench/run.mjs [size cpu crossings large chromium cold load load-chromium gateway live workers workers-day page]

import { startChromium } from '../tests/support/browser.mjs';
import { coldStart } from './cold-start.mjs';
import { inChromium } from './chromium.mjs';
import { cpuNode } from './cpu-node.mjs';
import { crossings } from './crossings.mjs';
import { gateway } from './gateway.mjs';
import { large } from './large.mjs';
import { live } from './gateway/live.mjs';
import { load, loadInChromium } from './load.mjs';
import { page } from './page.mjs';
import { size } from './size.mjs';
import { workersDay } from './workers-day.mjs';
import { workers } from './workers.mjs';

const inBrowser = (measure) => async () => {
  const browser = await startChromium();
  try {
    await measure(browser);
  } finally {
    await browser.close();
  }
};

const PARTS = {
  size,
  cpu: cpuNode,
  crossings,
  large,
  chromium: inBrowser(inChromium),
  cold: inBrowser(coldStart),
  load,
  'load-chromium': inBrowser(loadInChromium),
  gateway,
  live: () => live(),
  workers,
  'workers-day': workersDay,
  page: inBrowser(page),
};

const asked = process.argv.slice(2);
for (const part of asked.length ? asked : Object.keys(PARTS)) {
  if (!PARTS[part]) throw new Error(`no such part: ${part}; there are ${Object.keys(PARTS)}`);
  await PARTS[part]();
}
