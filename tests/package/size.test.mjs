// The size of the package: all that a Vite production build emits for one import and one call, after brotli,
// is within the budget; and the element. size-budget.json may only go down, towards its goals.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { OURS, bundle, oneCall, weight } from '../support/bundle.mjs';

const budget = JSON.parse(readFileSync(new URL('../size-budget.json', import.meta.url), 'utf8'));

test('a bundle of one call is within the budget', async (t) => {
  const { all, wasm, js } = weight(
    await bundle(oneCall(OURS), fileURLToPath(new URL('..', import.meta.url))),
  );
  const figures = `${all} bytes (wasm ${wasm}, JavaScript ${js}); budget ${budget.bytes}, goal ${budget.goal}`;
  t.diagnostic(figures);
  assert.equal(all, wasm + js, 'nothing else is emitted');
  assert.ok(wasm > 0, 'the wasm is emitted once, and counted');
  assert.ok(all <= budget.bytes, figures);
});

test('all that the element loads in English is within its budget', (t) => {
  const dist = new URL('../node_modules/realtimekit-moderator/dist/', import.meta.url);
  const files = readdirSync(dist).filter((name) => /^element(-(?!de)\w+)?\.js$/.test(name));
  const bytes = files.map((name) => brotliCompressSync(readFileSync(new URL(name, dist))).length);
  const all = bytes.reduce((sum, one) => sum + one, 0);
  const parts = files.map((name, at) => `${name} ${bytes[at]}`).join(', ');
  const figures = `${all} bytes (${parts}); budget ${budget.element.bytes}, goal ${budget.element.goal}`;
  t.diagnostic(figures);
  assert.deepEqual(files.sort(), ['element-panels.js', 'element.js']);
  assert.ok(all <= budget.element.bytes, figures);
});
