// `npm publish` would publish what `npm pack` packs (contents.test.mjs lists it), to everybody.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../pkg', import.meta.url));

/** What npm says it would do; nobody listens at its registry. */
function told(...command) {
  const flags = ['--dry-run', '--json', '--registry=http://127.0.0.1:9/', '--fetch-retries=0'];
  const answer = JSON.parse(
    execFileSync('npm', [...command, ...flags], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  return Array.isArray(answer) ? answer[0] : (answer['realtimekit-moderator'] ?? answer);
}

test('what would be published is what is packed', () => {
  const packed = told('pack');
  const published = told('publish', '--access', 'public');
  assert.equal(published.id, packed.id);
  assert.deepEqual(published.files, packed.files);
  assert.deepEqual(published.bundled, []);
});
