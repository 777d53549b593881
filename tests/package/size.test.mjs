// The size of the package: all that a Vite production build emits for one import and one call, after brotli,
// is within the budget. size-budget.json may only go down, towards its goal.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
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
