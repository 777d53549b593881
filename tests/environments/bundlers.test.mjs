// A page built by each bundler without settings for this package, in Chromium.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { hasCopy, makeApp, run, served } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { serveFiles } from './support/files.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture, browser;

before(async () => {
  [fixture, browser] = await Promise.all([startFixture(), launch()]);
});

after(() => Promise.all([browser?.close(), fixture?.stop()]));

/** Opens the built page, and returns how often it fetched the wasm file. */
async function works(folder) {
  const server = await serveFiles(folder);
  try {
    await onPage(browser, `${server.url}/`, fixture.settings, ({ shown, logged }) => {
      assert.equal(shown, fixture.expected);
      assert.deepEqual(logged, []);
    });
    return server.count('.wasm');
  } finally {
    await server.stop();
  }
}

/** The extensions of the files below a folder. */
async function emitted(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = files.filter((file) => file.isFile()).map(({ name }) => name);
  return names.map((name) => name.replace(/.*\./, '')).sort();
}

test('Vite, built: the entry and the wasm file, and no copy', async () => {
  const app = await makeApp('page');
  await run(app, 'vite', ['build']);
  const built = join(app, 'dist');
  assert.deepEqual(await emitted(built), ['html', 'js', 'wasm']);
  assert.equal(await hasCopy(built), false);
  assert.equal(await works(built), 1);
});

test('Vite, built: a worker', async () => {
  const app = await makeApp('page', 'bundled-worker');
  await run(app, 'vite', ['build']);
  assert.equal(await hasCopy(join(app, 'dist')), false);
  assert.equal(await works(join(app, 'dist')), 1);
});

test('Vite, its dev server', async () => {
  const app = await makeApp('page');
  await served(app, 'vite', ['--host', '127.0.0.1', '--port', '0'], (url) =>
    onPage(browser, url, fixture.settings, ({ shown }) => assert.equal(shown, fixture.expected)),
  );
});

test('webpack', async () => {
  const app = await makeApp('page', 'bundled', 'webpack');
  await run(app, 'webpack', []);
  assert.equal(await works(app), 1);
});

test('webpack, with a rule that makes a module of every wasm file', async () => {
  const app = await makeApp('page', 'bundled', 'webpack-rule');
  await run(app, 'webpack', []);
  await works(app);
});

for (const browser of ['no', 'yes']) {
  test(`Rollup, with the resolver's browser setting: ${browser}`, async () => {
    const app = await makeApp('page', 'bundled', 'rollup');
    await run(app, 'rollup', ['--config'], { env: { FOR_BROWSER: browser } });
    assert.deepEqual(await emitted(join(app, 'dist')), ['js']);
    assert.equal(await works(app), 0);
  });
}

for (const format of ['iife', 'esm']) {
  test(`esbuild, as ${format}`, async () => {
    const app = await makeApp('page', 'bundled', 'esbuild');
    const flags = ['--bundle', '--minify', `--format=${format}`, '--outdir=dist'];
    await run(app, 'esbuild', ['main.js', ...flags]);
    assert.deepEqual(await emitted(join(app, 'dist')), ['js']);
    assert.equal(await works(app), 0);
  });
}

test('esbuild, by require', async () => {
  const app = await makeApp('page', 'bundled', 'esbuild');
  await run(app, 'esbuild', ['required.cjs', '--bundle', '--outfile=dist/main.js']);
  assert.equal(await works(app), 0);
});

test("Bun's bundler", async () => {
  const app = await makeApp('page');
  await run(app, 'bun', ['build', 'index.html', '--outdir=dist']);
  assert.equal(await works(join(app, 'dist')), 0);
});

test('Parcel', async () => {
  const app = await makeApp('page');
  await run(app, 'parcel', ['build', 'index.html', '--cache-dir', 'cache', '--no-autoinstall']);
  assert.equal(await works(join(app, 'dist')), 1);
});
