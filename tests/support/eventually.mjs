// Waits for a condition that nothing announces.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** The limit for anything that a test waits for: no passing test comes near it, even on a busy machine. */
export const LIMIT = 60_000;

/** Waits until `read` gives the expected value; else fails with what it gave last. */
export async function eventually(read, expected) {
  const end = performance.now() + LIMIT;
  for (;;) {
    const last = await read();
    if (isDeepStrictEqual(last, expected)) return;
    if (performance.now() > end) assert.deepEqual(last, expected);
    await pause(40);
  }
}
