// `make` alone lists the commands, and a missing tool is named with the command that installs it.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAKEFILE = readFileSync(`${ROOT}Makefile`, 'utf8');

/** The environment without what a `make` around this test would pass on. */
const { MAKEFLAGS, MFLAGS, MAKELEVEL, ...env } = process.env;

test('make alone lists each command with one line, and runs nothing', () => {
  const listed = execFileSync('make', [], { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });
  const lines = listed.trimEnd().split('\n');
  const [, phony] = /^\.PHONY: (.*)$/m.exec(MAKEFILE);
  // `setup` is a step of the others.
  assert.deepEqual(
    lines.map((line) => /^make ([\w-]+) +[A-Z].*\.$/.exec(line)?.[1] ?? line).sort(),
    phony
      .split(' ')
      .filter((target) => target !== 'setup')
      .sort(),
  );
  assert.ok(lines.every((line) => line.length <= 120));
});

describe('a missing tool is named, with the command that installs it', () => {
  const folders = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  /** The output of `scripts/setup tools` on a machine that has only these tools. */
  function setup(tools, scripts = {}) {
    const bin = mkdtempSync(join(tmpdir(), 'commands-'));
    folders.push(bin);
    for (const tool of ['bash', 'dirname', 'env']) {
      symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(bin, tool));
    }
    for (const tool of tools) {
      writeFileSync(join(bin, tool), scripts[tool] ?? '#!/bin/sh\n', { mode: 0o755 });
    }
    return spawnSync(join(ROOT, 'scripts/setup'), ['tools'], {
      env: { PATH: bin },
      encoding: 'utf8',
    });
  }

  const ALL = ['rustup', 'cargo', 'node', 'npm', 'cc'];
  for (const [tool, install] of [
    ['cargo', 'https://sh.rustup.rs'],
    ['rustup', 'https://sh.rustup.rs'],
    ['node', 'fnm install'],
    ['npm', 'fnm install'],
    ['cc', 'apt-get install build-essential'],
  ]) {
    test(tool, () => {
      const { status, stderr } = setup(ALL.filter((name) => name !== tool));
      assert.equal(status, 1);
      assert.match(stderr, /^setup: .* is missing\. Install it with: /);
      assert.ok(stderr.includes(tool) && stderr.includes(install), stderr);
    });
  }

  test('an old Node', () => {
    // What it is asked: whether it is new enough, and its version.
    const old = '#!/bin/sh\ncase $1 in --version) echo v18.20.4 ;; *) exit 1 ;; esac\n';
    const { status, stderr } = setup(ALL, { node: old });
    assert.equal(status, 1);
    assert.match(stderr, /^setup: Node 20 or newer \(this is v18\.20\.4\) is missing\. /);
  });

  test('nothing is said when all are there', () => {
    const { status, stdout, stderr } = setup(ALL);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  test('nothing is said on this machine, which runs these tests', () => {
    const options = { env, encoding: 'utf8' };
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'scripts/setup'), ['tools'], options);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });
});
