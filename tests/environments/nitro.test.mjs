// Nitro for Cloudflare, with the setting that docs/importing.md names, built by its own command and run by workerd.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Miniflare } from 'miniflare';

import { makeApp, run } from './support/app.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture;
before(async () => (fixture = await startFixture()));
after(() => fixture?.stop());

test('Nitro for Cloudflare, with experimental.wasm', async () => {
  const app = await makeApp('page', 'nitro');
  await run(app, 'nitro', ['build']);
  const built = join(app, '.output/server');
  const names = (await readdir(built, { recursive: true })).sort();
  const modules = names.filter((name) => /\.(mjs|js|wasm)$/.test(name));
  assert.equal(modules.filter((name) => name.endsWith('.wasm')).length, 1, `${names}`);
  modules.sort((a, b) => Number(b === 'index.mjs') - Number(a === 'index.mjs'));
  const worker = new Miniflare({
    rootPath: built,
    modules: modules.map((path) => ({
      type: path.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
      path,
    })),
    compatibilityDate: '2026-04-01',
    compatibilityFlags: ['nodejs_compat'],
    bindings: { SETTINGS: fixture.settings },
    cf: false,
  });
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    assert.equal(await response.text(), fixture.expected);
  } finally {
    await worker.dispose();
  }
});
