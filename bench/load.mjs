// A thousand calls at once against the emulator: how many a second beside a hand-written loop, and
// whether the memory is back where it was when they are done.

import { startEmulator } from '../tests/support/emulator.mjs';
import { bare, ours } from './apps.mjs';
import { KEEP_MEMORIES } from './instrument.mjs';
import { median, run } from './measure.mjs';
import { startSite } from './site.mjs';
import { print, target } from './table.mjs';

const WARM_UP = 4;
const ROUNDS = 9;

export async function load() {
  const emulator = await startEmulator('--rate-limit', '0');
  try {
    const { base_url, api_token, app_id, meeting_id, account_id } = emulator;
    const options = JSON.stringify({ baseURL: base_url, apiToken: api_token });
    const ids = [app_id, meeting_id, account_id].map((id) => JSON.stringify(id));
    const { rates, memory } = run(
      ours,
      `${KEEP_MEMORIES}
      ${bare.imports}
      const { default: Cloudflare } = await import('realtimekit-moderator');
      const client = ${ours.client(options)};
      const options = ${options};
      const ways = [() => ${ours.call('client', ...ids)}, () => ${bare.call('options', ...ids)}];
      const memory = [];
      async function settled() {
        for (let i = 0; i < 5; i += 1) {
          gc();
          await new Promise((resolve) => setImmediate(resolve));
        }
        const wasm = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
        memory.push({ heap: process.memoryUsage().heapUsed, wasm });
      }
      const rates = [[], []];
      for (let round = 0; round < ${WARM_UP + ROUNDS}; round += 1) {
        for (const way of round % 2 ? [0, 1] : [1, 0]) {
          const before = performance.now();
          const answers = await Promise.all(Array.from({ length: 1000 }, ways[way]));
          const took = performance.now() - before;
          if (!answers.every(({ data }) => data.status === 'LIVE')) throw new Error('not answered');
          if (round >= ${WARM_UP}) rates[way].push(1_000_000 / took);
        }
        if (round >= ${WARM_UP} - 1) await settled();
      }
      const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
      console.log(JSON.stringify({ rates: rates.map(median), memory }));`,
      { flags: ['--expose-gc'] },
    );
    const course = (kind) =>
      [memory[0], memory[Math.floor(ROUNDS / 2)], memory[ROUNDS]]
        .map((at) => (at[kind] / 1e6).toFixed(2))
        .join(', ');
    tell('Node', rates, [
      `memory before, half-way, after, MB: heap ${course('heap')}; wasm ${course('wasm')}`,
    ]);
  } finally {
    await emulator.stop();
  }
}

/** The same in a page. */
export async function loadInChromium(browser) {
  const emulator = await startEmulator('--rate-limit', '0', '--cors', '*');
  const { base_url, api_token, app_id, meeting_id, account_id } = emulator;
  const options = JSON.stringify({ baseURL: base_url, apiToken: api_token });
  const ids = [app_id, meeting_id, account_id].map((id) => JSON.stringify(id));
  const site = await startSite([
    [
      ours,
      `${bare.imports}
      ${ours.imports}
      const client = ${ours.client(options)};
      const options = ${options};
      const ways = [() => ${ours.call('client', ...ids)}, () => ${bare.call('options', ...ids)}];
      globalThis.round = async (way) => {
        const before = performance.now();
        await Promise.all(Array.from({ length: 1000 }, ways[way]));
        return 1_000_000 / (performance.now() - before);
      };`,
    ],
  ]);
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(site.page(0));
    await page.waitForFunction(() => globalThis.round);
    const rates = [[], []];
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      for (const way of round % 2 ? [0, 1] : [1, 0]) {
        const rate = await page.evaluate((way) => round(way), way);
        if (round >= WARM_UP) rates[way].push(rate);
      }
    }
    await page.context().close();
    tell('Chromium', rates.map(median));
  } finally {
    await Promise.all([site.stop(), emulator.stop()]);
  }
}

function tell(where, rates, more = []) {
  print(
    `A thousand calls at once against the emulator, in ${where}`,
    ['calls a second', 'ours / this'],
    [
      [ours.name, rates[0], 1],
      [bare.name, rates[1], rates[0] / rates[1]],
    ],
    [
      target('ours / by hand', rates[0] / rates[1], rates[0] >= 0.9 * rates[1], 'at least 0.9'),
      ...more,
    ],
  );
}
