// Deno, Bun, and Cloudflare Workers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Miniflare } from 'miniflare';

import { makeApp, run } from './support/app.mjs';
import { startWorld } from './support/fixture.mjs';

let world, given;

before(async () => {
  world = await startWorld();
  given = JSON.stringify(world.given);
});

after(() => world?.stop());

const answered = (out) => assert.equal(out, `${world.answer}\n`);

test('Deno, permitted the network and nothing else', async () => {
  const app = await makeApp('page', 'node');
  const { hostname } = new URL(world.emulator.url);
  const flags = ['--no-prompt', '--no-remote', `--allow-net=${hostname}`];
  answered(await run(app, 'deno', ['run', ...flags, 'main.js', given]));
  // Environment variables that may not be read are as good as not set.
  const bare = await run(app, 'deno', ['run', ...flags, 'bare.js']);
  assert.equal(bare, 'https://api.cloudflare.com/client/v4\n');
});

test('Bun, by import and by require', async () => {
  const app = await makeApp('page', 'node');
  for (const entry of ['main.js', 'main.cjs']) {
    answered(await run(app, 'bun', ['--no-install', entry, given]));
  }
});

test('Cloudflare Workers, bundled by wrangler, run by workerd', async () => {
  const app = await makeApp('page', 'workerd');
  await run(app, 'wrangler', ['deploy', '--dry-run', '--outdir', 'dist']);
  const built = join(app, 'dist');
  const names = await readdir(built);
  const worker = new Miniflare({
    rootPath: built,
    modules: ['worker.js', ...names.filter((name) => name.endsWith('.wasm'))].map((path) => ({
      type: path.endsWith('.js') ? 'ESModule' : 'CompiledWasm',
      path,
    })),
    compatibilityDate: '2026-04-01',
    bindings: { GIVEN: world.given },
    cf: false,
  });
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    assert.equal(await response.text(), world.answer);
    // Carried along once, as a module that is compiled when the Worker is deployed.
    assert.equal(names.filter((name) => name.endsWith('.wasm')).length, 1);
  } finally {
    await worker.dispose();
  }
});
