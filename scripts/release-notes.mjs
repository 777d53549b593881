// Prints the changelog's section of a version, for its release. Fails if it is missing or empty, or if a manifest has
// another version.
//   node scripts/release-notes.mjs v0.1.0

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name) => readFileSync(`${root}${name}`, 'utf8');

function fail(message) {
  console.error(`release: ${message}`);
  process.exit(1);
}

const [, version] = /^v(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(process.argv[2] ?? '') ?? [];
if (!version) fail(`"${process.argv[2] ?? ''}" is not a tag such as v1.2.3`);

const [, crate] = /^\[workspace\.package\]\nversion = "(.*)"$/m.exec(read('Cargo.toml')) ?? [];
const manifests = {
  'Cargo.toml': crate,
  'pkg/package.json': JSON.parse(read('pkg/package.json')).version,
};
for (const [name, found] of Object.entries(manifests)) {
  if (found !== version) fail(`${name} has the version ${found}, not ${version}`);
}

const sections = read('CHANGELOG.md').split(/^## /m).slice(1);
const section = sections.find((text) => text.split(/\s/, 1)[0].replace(/[[\]]/g, '') === version);
if (!section) fail(`CHANGELOG.md has no section "## ${version}"`);
const notes = section.slice(section.indexOf('\n')).trim();
if (!notes) fail(`the section of ${version} in CHANGELOG.md is empty`);
console.log(notes);
