// The package in a browser without a bundler: in pages and workers, from a CDN, under a content security policy;
// when, how and how often its wasm file is loaded, and what happens if it cannot be.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { PACKAGE, makeApp } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { serveFiles } from './support/files.mjs';
import { startFixture } from './support/fixture.mjs';

const WASM = join(PACKAGE, 'dist/realtimekit_moderator_bg.wasm');

let fixture, browser;

before(async () => {
  [fixture, browser] = await Promise.all([startFixture(), launch()]);
});

after(() => Promise.all([browser?.close(), fixture?.stop()]));

/** Serves an app and runs `check` on its page, on which nothing may have been uncaught. */
async function onApp(name, { settings = fixture.settings, ...options }, check) {
  const server = await serveFiles(await makeApp('page', name), options);
  try {
    await onPage(browser, `${server.url}/`, settings, async (seen) => {
      await check({ ...seen, server });
      assert.doesNotMatch(seen.logged.join('\n'), /uncaught/i);
    });
  } finally {
    await server.stop();
  }
}

/** The page shows the result; the wasm file was fetched once, its copy never. */
const works = (name, options = {}) =>
  onApp(name, options, ({ shown, logged, server }) => {
    assert.equal(shown, fixture.expected);
    assert.deepEqual(logged, []);
    assert.deepEqual([server.count('.wasm'), server.count('/inline.js')], [1, 0]);
  });

/** A missing file, or the app's page in its place, as many servers do for unknown paths. */
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
        `connect-src 'self' ${fixture.emulator.url}`,
    },
  });
  await works('plain', policy("'wasm-unsafe-eval'"));
  // Without this source no WebAssembly may run, and the error says so.
  await onApp('plain', policy(''), ({ shown }) => {
    assert.match(shown, /^ModuleLoadError: .*Content Security Policy/);
  });
});

test('a page of another origin than the package', async () => {
  const cdn = await serveFiles(PACKAGE, { headers: { 'access-control-allow-origin': '*' } });
  try {
    const settings = { ...fixture.settings, cdn: `${cdn.url}/index.js` };
    await onApp('cdn', { settings }, ({ shown, logged, server }) => {
      assert.equal(shown, fixture.expected);
      assert.deepEqual(logged, []);
      assert.deepEqual([server.count('.wasm'), cdn.count('.wasm')], [0, 1]);
    });
  } finally {
    await cdn.stop();
  }
});

for (const source of ['url', 'text', 'response', 'bytes', 'module']) {
  test(`the slim entry, initialized with: ${source}`, () =>
    onApp('slim', { settings: { ...fixture.settings, source } }, ({ shown, logged }) => {
      assert.equal(shown, fixture.expected);
      assert.deepEqual(logged, []);
    }));
}

test('the wasm file is requested when the package is imported', () =>
  onApp('import-only', {}, ({ page }) =>
    page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm')),
    ),
  ));

test('a hundred calls load the wasm file once', async () => {
  await onApp('repeated', {}, async ({ page, server }) => {
    assert.equal(await page.evaluate(() => globalThis.call(100)), fixture.expected);
    assert.equal(server.count('.wasm'), 1);
  });
});

/** Records the ways of compiling; runs before the page's scripts. */
function recordCompilation() {
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
    const server = await serveFiles(await makeApp('page', 'repeated'), {
      instead: async (path) =>
        path.endsWith('.wasm')
          ? { headers: { 'content-type': type }, body: await readFile(WASM) }
          : undefined,
    });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      await page.addInitScript(recordCompilation);
      await page.goto(`${server.url}/#${encodeURIComponent(JSON.stringify(fixture.settings))}`);
      await page.waitForFunction(() => document.querySelector('output').textContent);
      assert.equal(await page.evaluate(() => globalThis.call()), fixture.expected);
      assert.deepEqual(await page.evaluate(() => globalThis.compiled), ways);
      assert.equal(server.count('.wasm'), 1);
    } finally {
      await context.close();
      await server.stop();
    }
  });
}

for (const [name, response] of Object.entries({ missing, page })) {
  test(`in place of the wasm file: ${name}; the copy is loaded`, () =>
    onApp(
      'plain',
      { instead: (path) => (path.endsWith('.wasm') ? response : undefined) },
      ({ shown, logged, server }) => {
        assert.equal(shown, fixture.expected);
        assert.equal(server.count('/inline.js'), 1);
        // The browser itself logs failed requests; nothing else is logged.
        assert.deepEqual(
          logged.filter((text) => !/^Failed to load resource/.test(text)),
          [],
        );
      },
    ));
}

test('neither file nor copy: a typed error, and the next call tries again', async () => {
  let down = true;
  const instead = (path) => (down && /\.wasm$|\/inline\.js$/.test(path) ? missing : undefined);
  await onApp('repeated', { instead }, async ({ shown, page }) => {
    const error = /^true ModuleLoadError The WebAssembly module could not be loaded: .*404/;
    assert.match(shown, error);
    assert.match(await page.evaluate(() => globalThis.call()), error);
    down = false;
    assert.equal(await page.evaluate(() => globalThis.call()), fixture.expected);
  });
});
