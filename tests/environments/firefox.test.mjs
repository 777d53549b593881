// A page without a bundler and a worker of one, in Firefox.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeApp } from './support/app.mjs';
import { launchFirefox, onPage } from './support/browser.mjs';
import { serveFiles } from './support/files.mjs';
import { startWorld } from './support/fixture.mjs';

let world, browser;

before(async () => {
  [world, browser] = await Promise.all([startWorld(), launchFirefox()]);
});

after(() => Promise.all([browser?.close(), world?.stop()]));

for (const name of ['plain', 'worker']) {
  test(`Firefox: ${name}`, async () => {
    const server = await serveFiles(await makeApp('page', name));
    try {
      await onPage(browser, `${server.url}/`, world.given, ({ shown }) => {
        assert.equal(shown, world.answer);
        assert.deepEqual([server.count('.wasm'), server.count('/inline.js')], [1, 0]);
      });
    } finally {
      await server.stop();
    }
  });
}
