// The npm package, the page and the image have the licences of the third-party code in them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAME = 'THIRD_PARTY_NOTICES.txt';
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** The names that a file of notices lists, each above a text. */
function named(text) {
  const found = [];
  for (const part of text.split(`\n${'-'.repeat(80)}\n`).slice(1)) {
    const [names, ...licence] = part.trim().split('\n\n');
    assert.ok(licence.join('').length > 400, `a text for ${names}`);
    for (const line of names.split('\n')) {
      assert.match(line, /: (?!null|undefined).*\w/, 'a licence');
      found.push(line.replace(/ \S+ \((npm|crate)\): .*$/, ''));
    }
  }
  return found;
}

test('the tarball has the notices of what is bundled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'));
  try {
    const packing = ['pack', join(ROOT, 'pkg'), '--pack-destination', folder, '--silent'];
    execFileSync('npm', packing, { stdio: 'ignore' });
    const [tarball] = readdirSync(folder);
    execFileSync('tar', ['-xzf', tarball], { cwd: folder });
    const text = readFileSync(join(folder, 'package', NAME), 'utf8');
    const names = named(text);
    for (const name of ['lit', 'lit-html', '@lit/reactive-element', 'wasm-bindgen']) {
      assert.ok(names.includes(name), name);
    }
    assert.ok(text.includes('Copyright (c) 2017 Google LLC. All rights reserved.'));
    // No tool of the build, and nothing of the gateway.
    for (const name of ['vite', 'syn', 'tokio']) assert.ok(!names.includes(name), name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the page has them beside it', () => {
  assert.equal(read(`www/dist/${NAME}`), read(`pkg/${NAME}`));
});

test('the image has those of every crate of the gateway, and the page’s', () => {
  const names = new Set(named(read(`gateway/dist/${NAME}`)));
  const manifest = read('gateway/Cargo.toml');
  const [, dependencies] = /\n\[dependencies\]\n([^]*?)\n\[/.exec(manifest);
  const declared = [...dependencies.matchAll(/^([\w-]+) = /gm)].map(([, name]) => name);
  assert.ok(declared.length > 20);
  const missing = declared.filter((name) => name !== 'realtimekit-moderator' && !names.has(name));
  assert.deepEqual(missing, []);

  const file = read('gateway/deploy/Dockerfile');
  const copied = file.match(/^COPY --from=build .*/gm).join('\n');
  assert.match(copied, /LICENSE-\* \/src\/gateway\/dist\/THIRD_PARTY_NOTICES\.txt /);
  assert.match(copied, /\/src\/www\/dist /);
  // What the build context leaves out cannot be copied.
  assert.ok(existsSync(join(ROOT, 'gateway/deploy/Dockerfile.dockerignore')));
  assert.doesNotMatch(read('gateway/deploy/Dockerfile.dockerignore'), /dist|LICENSE|\.txt/);
});
