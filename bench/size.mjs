// Small: all that a Vite production build emits for one import and one call, after brotli.

import { readFileSync } from 'node:fs';
import { bundle, oneCall, weight } from '../tests/support/bundle.mjs';
import { floor, livekit, ours, sdk6, sdk7, shaken7 } from './apps.mjs';
import { buildFloor } from './floor.mjs';
import { print, target } from './table.mjs';

const { goal } = JSON.parse(
  readFileSync(new URL('../tests/size-budget.json', import.meta.url), 'utf8'),
);

export async function size() {
  buildFloor();
  const rows = [];
  for (const app of [ours, sdk6, sdk7, shaken7, livekit, floor]) {
    const { all, wasm, js } = weight(await bundle(oneCall(app), app.folder));
    rows.push([app.name, all, wasm, js, rows.length ? rows[0][1] / all : 1]);
  }
  print(
    'Bytes of one import and one call, as Vite emits it, after brotli',
    ['all', 'wasm', 'JavaScript', 'ours / this'],
    rows,
    [
      target('ours', rows[0][1], rows[0][1] <= 30_000, 'at most 30,000'),
      target('ours', rows[0][1], rows[0][1] <= goal, `the goal is ${goal}`),
    ],
  );
}
