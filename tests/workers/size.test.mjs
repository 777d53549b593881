// The size of the Worker's wasm, which each isolate loads. size-budget.json may only go down.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const { workers: budget } = JSON.parse(
  readFileSync(new URL('../size-budget.json', import.meta.url), 'utf8'),
);

test('the wasm of the Worker is within its budget', (t) => {
  const wasm = readFileSync(new URL('../../gateway/workers/build/index_bg.wasm', import.meta.url));
  const bytes = brotliCompressSync(wasm).length;
  const figures = `${bytes} bytes after brotli (${wasm.length} before); budget ${budget.bytes}, goal ${budget.goal}`;
  t.diagnostic(figures);
  assert.ok(bytes <= budget.bytes, figures);
});
