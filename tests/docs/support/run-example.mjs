// Runs an example in Node as a reader does: from a file, in the folder of their clone.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ROOT } from './documents.mjs';
import { toJavaScript } from './typescript.mjs';
import { EXAMPLE_HOSTS } from './world.mjs';

const scratch = `${ROOT}tests/docs/scratch/`;
mkdirSync(scratch, { recursive: true });
let examples = 0;

/**
 * Runs a module; gives its exit code and output. `onLine` runs when it has printed its first line.
 *
 * @param {string} code TypeScript
 * @param {{ env: Record<string, string> }} world
 */
export async function runExample(code, world, { env = world.env, onLine = async () => {} } = {}) {
  examples += 1;
  const file = `${scratch}example-${process.pid}-${examples}.mjs`;
  writeFileSync(file, toJavaScript(code));
  const child = spawn(process.execPath, ['--import', EXAMPLE_HOSTS, file], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, GRANT_SECRET: 'x'.repeat(32), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    if (lines.push(line) === 1) onLine().catch((error) => child.kill() && lines.push(error.stack));
  });
  const read = once(reader, 'close');
  const [[status], err] = await Promise.all([once(child, 'close'), text(child.stderr), read]);
  return { code: status, out: lines.map((line) => `${line}\n`).join(''), err };
}
