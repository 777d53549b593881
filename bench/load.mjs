// A thousand calls at once against the emulator: how many a second beside a hand-written loop, and
// whether the memory is back where it was when they are done.

import { startEmulator } from '../tests/support/emulator.mjs';
import { bare, ours } from './apps.mjs';
import { KEEP_MEMORIES } from './instrument.mjs';
import { median, run } from './measure.mjs';
import { startSite } from './site.mjs';
import { print, target } from './table.mjs';

/** A turn of one way in Node: bursts in a row, so that each clears away most of its own garbage. */
const BURSTS = 5;
const WARM_UP = 2;
/** An even number: each way goes first as often as the other. */
const TURNS = 24;

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
      for (let turn = 0; turn < ${WARM_UP + TURNS}; turn += 1) {
        // (No collection is forced but where memory is weighed: it makes the next bursts slow.)
        if ([${WARM_UP}, ${WARM_UP + TURNS / 2}].includes(turn)) await settled();
        for (const way of turn % 2 ? [0, 1] : [1, 0]) {
          const before = performance.now();
          for (let burst = 0; burst < ${BURSTS}; burst += 1) {
            const answers = await Promise.all(Array.from({ length: 1000 }, ways[way]));
            if (!answers.every(({ data }) => data.status === 'LIVE')) throw new Error('not answered');
          }
          const took = performance.now() - before;
          if (turn >= ${WARM_UP}) rates[way].push((${BURSTS} * 1_000_000) / took);
        }
      }
      await settled();
      console.log(JSON.stringify({ rates, memory }));`,
      { flags: ['--expose-gc'] },
    );
    const course = (kind) => memory.map((at) => (at[kind] / 1e6).toFixed(2)).join(', ');
    tell('Node', rates.map(median), [
      `memory before, half-way, after, MB: heap ${course('heap')}; wasm ${course('wasm')}`,
    ]);
  } finally {
    await emulator.stop();
  }
}

/** The same in a page, which takes so much longer that a turn is one burst. */
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
      globalThis.turn = async (way) => {
        const before = performance.now();
        await Promise.all(Array.from({ length: 1000 }, ways[way]));
        return 1_000_000 / (performance.now() - before);
      };`,
    ],
  ]);
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(site.page(0));
    await page.waitForFunction(() => globalThis.turn);
    const rates = [[], []];
    for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
      for (const way of turn % 2 ? [0, 1] : [1, 0]) {
        const rate = await page.evaluate((way) => globalThis.turn(way), way);
        if (turn >= WARM_UP) rates[way].push(rate);
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
      target('ours / by hand', rates[0] / rates[1], rates[0] >= 0.7 * rates[1], 'at least 0.7'),
      ...more,
    ],
  );
}
