// Measures the package beside its peers, in one run on one machine, and prints tables. Ratios are
// what to read; the figures vary with the machine.
//   node bench/run.mjs [size cpu crossings large chromium cold load load-chromium gateway live workers workers-day workers-load page]
//   --json FILE    also writes the figures, with the machine and the versions

import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
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
import { write } from './results.mjs';
import { size } from './size.mjs';
import { taken } from './table.mjs';
import { workersDay } from './workers-day.mjs';
import { workersLoad } from './workers-load.mjs';
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
  'workers-load': workersLoad,
  page: inBrowser(page),
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' } },
  allowPositionals: true,
});
const asked = positionals.length ? positionals : Object.keys(PARTS);
const unknown = asked.find((name) => !Object.hasOwn(PARTS, name));
if (unknown) throw new Error(`no such part: ${unknown}; there are ${Object.keys(PARTS)}`);

// Rather now than after the measurements.
if (values.json !== undefined) accessSync(dirname(values.json), constants.W_OK);

const results = [];
for (const name of asked) {
  await PARTS[name]();
  results.push({ name, tables: taken() });
}
if (values.json !== undefined) write(values.json, results);
