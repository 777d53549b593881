// Writes the lists of public names: docs/api-surface.md of the npm package, and docs/api-surface-rust.md
// of the crate. `--check` compares instead, so that a commit shows each change.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crateSurface } from './surface-crate.mjs';
import { npmSurface } from './surface-npm.mjs';

const surfaces = {
  'docs/api-surface.md': await npmSurface(),
  'docs/api-surface-rust.md': crateSurface(),
};

for (const [name, surface] of Object.entries(surfaces)) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
  if (!process.argv.includes('--check')) {
    writeFileSync(file, surface);
    continue;
  }
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (committed === surface) continue;
  console.error(`surface: ${name} is not what is exported. If the change is wanted, run`);
  console.error('`node scripts/surface.mjs`, and commit it with a line in the changelog.');
  const [was, is] = [committed.split('\n'), surface.split('\n')];
  for (const line of was.filter((line) => !is.includes(line))) console.error(`- ${line}`);
  for (const line of is.filter((line) => !was.includes(line))) console.error(`+ ${line}`);
  process.exitCode = 1;
}
