// What a release is made of: the section of the changelog, and the files with their checksums.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'release-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const CHANGELOG = `# Changelog

## Unreleased

- next

## [1.2.3-beta.1] - 2026-01-03

### Added

- a thing

## 1.2.2 (2026-01-02)

- old

## 1.2.1

`;

/** What the script prints for a tag, in a repository with these versions. */
function notes(tag, { crate = '1.2.3-beta.1', npm = crate } = {}) {
  const root = mkdtempSync(join(folder, 'repository-'));
  mkdirSync(join(root, 'pkg'));
  mkdirSync(join(root, 'scripts'));
  copyFileSync(join(ROOT, 'scripts/release-notes.mjs'), join(root, 'scripts/release-notes.mjs'));
  writeFileSync(join(root, 'CHANGELOG.md'), CHANGELOG);
  writeFileSync(join(root, 'Cargo.toml'), `[workspace.package]\nversion = "${crate}"\n`);
  writeFileSync(join(root, 'pkg/package.json'), JSON.stringify({ version: npm }));
  const script = join(root, 'scripts/release-notes.mjs');
  const { stdout, stderr } = spawnSync('node', [script, tag], { encoding: 'utf8' });
  return stdout || stderr;
}

describe('the notes of a release', () => {
  test('are its section of the changelog', () => {
    assert.equal(notes('v1.2.3-beta.1'), '### Added\n\n- a thing\n');
    assert.equal(notes('v1.2.2', { crate: '1.2.2' }), '- old\n');
  });

  for (const [problem, tag, versions, message] of [
    ['a tag that is no version', 'main', {}, '"main" is not a tag such as v1.2.3'],
    [
      'another version of the crate',
      'v1.2.2',
      {},
      'Cargo.toml has the version 1.2.3-beta.1, not 1.2.2',
    ],
    [
      'another version of the package',
      'v1.2.2',
      { crate: '1.2.2', npm: '1.0.0' },
      'pkg/package.json has the version 1.0.0, not 1.2.2',
    ],
    ['no section', 'v1.2.0', { crate: '1.2.0' }, 'CHANGELOG.md has no section "## 1.2.0"'],
    [
      'an empty section',
      'v1.2.1',
      { crate: '1.2.1' },
      'the section of 1.2.1 in CHANGELOG.md is empty',
    ],
  ]) {
    test(`fail for ${problem}`, () => assert.equal(notes(tag, versions), `release: ${message}\n`));
  }
});

test('the versions of all manifests are one', () => {
  const { packages } = JSON.parse(
    execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  );
  const { version } = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'));
  assert.equal(packages.length, 4);
  for (const found of packages) assert.equal(found.version, version, found.name);
});

test('the files of a release are the packages, the gateway that runs, and their checksums', () => {
  const files = join(folder, 'files');
  execFileSync(join(ROOT, 'scripts/release-files'), ['v9.9.9', files]);
  const [sums, ...names] = readdirSync(files).sort();
  assert.equal(sums, 'SHA256SUMS');
  const archive = names.find((name) => name.endsWith('.tar.gz'));
  const platform = `${process.platform}-${process.arch}`;
  const { version } = JSON.parse(readFileSync(join(ROOT, 'pkg/package.json'), 'utf8'));
  const programs = ['realtimekit-emulator', 'realtimekit-gateway'];
  const packages = programs.flatMap((name) => [name, `${name}-${platform}`]);
  const tarballs = ['realtimekit-moderator', ...packages].map((name) => `${name}-${version}.tgz`);
  assert.deepEqual(
    names.filter((name) => name !== archive),
    tarballs.sort(),
  );
  assert.match(archive, /^realtimekit-gateway-v9\.9\.9-linux-\w+\.tar\.gz$/);
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', sums], { cwd: files });

  execFileSync('tar', ['-xzf', archive], { cwd: files });
  const unpacked = join(files, archive.replace('.tar.gz', ''));
  const help = execFileSync(join(unpacked, 'realtimekit-gateway'), ['--help'], {
    encoding: 'utf8',
  });
  assert.match(help, /serve/);
  const unpackedNames = readdirSync(unpacked);
  for (const name of [
    'THIRD_PARTY_NOTICES.txt',
    'LICENSE-MIT',
    'LICENSE-APACHE',
    'www',
    'gateway.toml',
  ]) {
    assert.ok(unpackedNames.includes(name), name);
  }
});
