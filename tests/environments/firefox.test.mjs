// A page without a bundler, and its worker, in Firefox.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeApp } from './support/app.mjs';
import { launchFirefox, onPage } from './support/browser.mjs';
import { serveFiles } from './support/files.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture, browser;

before(async () => {
  [fixture, browser] = await Promise.all([startFixture(), launchFirefox()]);
});

after(() => Promise.all([browser?.close(), fixture?.stop()]));

for (const name of ['plain', 'worker']) {
  test(`Firefox: ${name}`, async () => {
    const server = await serveFiles(await makeApp('page', name));
    try {
      await onPage(browser, `${server.url}/`, fixture.settings, ({ shown }) => {
        assert.equal(shown, fixture.expected);
        assert.deepEqual([server.count('.wasm'), server.count('/inline.js')], [1, 0]);
      });
    } finally {
      await server.stop();
    }
  });
}
