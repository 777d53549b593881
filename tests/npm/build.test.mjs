// npm/build.mjs writes nothing but its folder, and deletes nothing: builds beside each other do not meet.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../npm/build.mjs', import.meta.url));
const build = (...args) => promisify(execFile)(process.execPath, [script, ...args]);

const base = mkdtempSync(join(tmpdir(), 'npm-build-'));
after(() => rmSync(base, { recursive: true, force: true }));

test('builds beside each other each have all packages', async () => {
  const folders = ['a', 'b', 'with a space'].map((name) => join(base, name));
  const built = await Promise.all(folders.map((folder) => build(folder)));
  for (const [n, folder] of folders.entries()) {
    const printed = built[n].stdout.trim().split('\n');
    assert.equal(printed.length, 4);
    const names = readdirSync(folder).map((name) => join(folder, name));
    assert.deepEqual(printed.sort(), names.sort());
  }
});

test('a folder must be named, and have nothing in it', async () => {
  await assert.rejects(build(), /a folder is missing/);
  const used = mkdtempSync(join(base, 'used-'));
  writeFileSync(join(used, 'kept.txt'), 'kept');
  await assert.rejects(build(used), /is not empty/);
  assert.deepEqual(readdirSync(used), ['kept.txt']);
});
