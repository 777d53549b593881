// The renderer of an Electron app, as far as Chromium can stand in for it: a page from a file, in which Node's globals are
// there as `nodeIntegration` leaves them. The main process is Node.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { startChromium } from '../support/browser.mjs';
import { makeApp, run } from './support/app.mjs';
import { onPage } from './support/browser.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture, browser;
before(async () => {
  // Electron's pages may read files.
  const flags = ['allow-file-access-from-files'];
  [fixture, browser] = await Promise.all([startFixture(), startChromium(...flags)]);
});
after(() => Promise.all([browser?.close(), fixture?.stop()]));

/** What Electron puts into its pages. */
function withNode(context) {
  return context.addInitScript(() => {
    globalThis.process = { type: 'renderer', versions: { electron: '39.0.0' }, env: {} };
    globalThis.require = () => {};
    globalThis.module = { exports: {} };
  });
}

const BUILDS = {
  esbuild: ['esbuild', ['main.js', '--bundle', '--format=iife', '--outdir=dist']],
  webpack: ['webpack', []],
};

for (const [name, [tool, args]] of Object.entries(BUILDS)) {
  for (const integrated of [false, true]) {
    test(`${name}, ${integrated ? 'with' : 'without'} Node's globals`, async () => {
      const app = await makeApp('page', 'bundled', name);
      await run(app, tool, args);
      const url = pathToFileURL(join(app, 'index.html')).href;
      const own = {
        newContext: async () => {
          const context = await browser.newContext();
          if (integrated) await withNode(context);
          return context;
        },
      };
      await onPage(own, url, fixture.settings, ({ shown }) => {
        assert.equal(shown, fixture.expected);
      });
    });
  }
}
