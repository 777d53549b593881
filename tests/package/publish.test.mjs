// `npm publish` publishes what `npm pack` packs (contents.test.mjs lists it).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../pkg', import.meta.url));

/** The output of a dry run of npm, whose registry does not exist. */
function dryRun(...command) {
  const flags = ['--dry-run', '--json', '--registry=http://127.0.0.1:9/', '--fetch-retries=0'];
  const output = JSON.parse(
    execFileSync('npm', [...command, ...flags], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  return Array.isArray(output) ? output[0] : (output['realtimekit-moderator'] ?? output);
}

test('the published files are the packed files', () => {
  const packed = dryRun('pack');
  const published = dryRun('publish', '--access', 'public');
  assert.equal(published.id, packed.id);
  assert.deepEqual(published.files, packed.files);
  assert.deepEqual(published.bundled, []);
});
