// The package in a browser without a bundler: in pages and workers, from a CDN, under a content
// security policy; when its wasm file is loaded, how, how often, and what is if it cannot be.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { PACKAGE, makeApp } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { serveFiles } from './support/files.mjs';
import { startWorld } from './support/fixture.mjs';

const WASM = join(PACKAGE, 'dist/realtimekit_moderator_bg.wasm');

let world, browser;

before(async () => {
  [world, browser] = await Promise.all([startWorld(), launch()]);
});

after(() => Promise.all([browser?.close(), world?.stop()]));

/** Serves an app and gives `look` its page, of which nothing may have been uncaught. */
async function onApp(name, { given = world.given, ...options }, look) {
  const server = await serveFiles(await makeApp('page', name), options);
  try {
    await onPage(browser, `${server.url}/`, given, async (seen) => {
      await look({ ...seen, server });
      assert.doesNotMatch(seen.said.join('\n'), /uncaught/i);
    });
  } finally {
    await server.stop();
  }
}

/** Its page shows the answer, and the wasm file was fetched once, its copy never. */
const works = (name, options = {}) =>
  onApp(name, options, ({ shown, said, server }) => {
    assert.equal(shown, world.answer);
    assert.deepEqual(said, []);
    assert.deepEqual([server.count('.wasm'), server.count('/inline.js')], [1, 0]);
  });

/** Answers that the file is not there, or the app's page as servers do for unknown paths. */
const missing = { status: 404 };
const page = { headers: { 'content-type': 'text/html' }, body: '<!doctype html>' };

test('a page', () => works('plain'));

test('a web worker', () => works('worker'));

test('a service worker', () => works('service-worker'));

test('a page with a content security policy', async () => {
  const policy = (script) => ({
    headers: {
      'content-security-policy':
        `default-src 'none'; script-src 'self' ${script}; img-src data:; ` +
        `connect-src 'self' ${world.emulator.url}`,
    },
  });
  await works('plain', policy("'wasm-unsafe-eval'"));
  // Without these words no WebAssembly runs at all: the error says it.
  await onApp('plain', policy(''), ({ shown }) => {
    assert.match(shown, /^ModuleLoadError: .*Content Security Policy/);
  });
});

test('a page of another origin than the package', async () => {
  const cdn = await serveFiles(PACKAGE, { headers: { 'access-control-allow-origin': '*' } });
  try {
    const given = { ...world.given, cdn: `${cdn.url}/index.js` };
    await onApp('cdn', { given }, ({ shown, said, server }) => {
      assert.equal(shown, world.answer);
      assert.deepEqual(said, []);
      assert.deepEqual([server.count('.wasm'), cdn.count('.wasm')], [0, 1]);
    });
  } finally {
    await cdn.stop();
  }
});

for (const source of ['url', 'text', 'response', 'bytes', 'module']) {
  test(`the slim entry, given: ${source}`, () =>
    onApp('slim', { given: { ...world.given, source } }, ({ shown, said }) => {
      assert.equal(shown, world.answer);
      assert.deepEqual(said, []);
    }));
}

test('the file is asked for when the package is imported', () =>
  onApp('import-only', {}, ({ page }) =>
    page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm')),
    ),
  ));

test('a hundred calls load it once', async () => {
  await onApp('again', {}, async ({ page, server }) => {
    assert.equal(await page.evaluate(() => again(100)), world.answer);
    assert.equal(server.count('.wasm'), 1);
  });
});

/** Counts the ways of compiling; to be run before all else in a page. */
function count() {
  globalThis.compiled = [];
  for (const name of ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...args) => {
      compiled.push(name);
      return original.apply(WebAssembly, args);
    };
  }
}

for (const [type, ways] of [
  ['application/wasm', ['instantiateStreaming']],
  ['application/octet-stream', ['instantiateStreaming', 'instantiate']],
]) {
  test(`${type} is compiled by ${ways.join(', then ')}`, async () => {
    const server = await serveFiles(await makeApp('page', 'again'), {
      instead: async (path) =>
        path.endsWith('.wasm')
          ? { headers: { 'content-type': type }, body: await readFile(WASM) }
          : undefined,
    });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.addInitScript(count);
      await page.goto(`${server.url}/#${encodeURIComponent(JSON.stringify(world.given))}`);
      await page.waitForFunction(() => document.querySelector('output').textContent);
      assert.equal(await page.evaluate(() => again()), world.answer);
      assert.deepEqual(await page.evaluate(() => compiled), ways);
      assert.equal(server.count('.wasm'), 1);
    } finally {
      await context.close();
      await server.stop();
    }
  });
}

for (const [name, answer] of Object.entries({ missing, page })) {
  test(`where the file should be there is: ${name}; its copy is taken`, () =>
    onApp(
      'plain',
      { instead: (path) => (path.endsWith('.wasm') ? answer : undefined) },
      ({ shown, said, server }) => {
        assert.equal(shown, world.answer);
        assert.equal(server.count('/inline.js'), 1);
        // The browser itself notes failed requests; nothing else is said.
        assert.deepEqual(
          said.filter((text) => !/^Failed to load resource/.test(text)),
          [],
        );
      },
    ));
}

test('nothing can be had: a typed error, and the next call tries again', async () => {
  let down = true;
  const instead = (path) => (down && /\.wasm$|\/inline\.js$/.test(path) ? missing : undefined);
  await onApp('again', { instead }, async ({ shown, page }) => {
    const error = /^true ModuleLoadError The WebAssembly module could not be loaded: .*404/;
    assert.match(shown, error);
    assert.match(await page.evaluate(() => again()), error);
    down = false;
    assert.equal(await page.evaluate(() => again()), world.answer);
  });
});
