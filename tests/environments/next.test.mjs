// A Next.js app without settings for this package, built and served by Next's own commands: a server component
// calls in Node, a client component in Chromium, a route in the edge runtime.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { hasCopy, makeApp, run, served } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture, browser, app;

before(async () => {
  [fixture, browser, app] = await Promise.all([startFixture(), launch(), makeApp('page', 'next')]);
});

after(() => Promise.all([browser?.close(), fixture?.stop()]));

/** Runs `next start` or `next dev`, and lets all three call. */
const serves = (command, env) =>
  served(app, 'next', [command, '--hostname', '127.0.0.1', '--port', '0'], allCall, {
    env: { SETTINGS: JSON.stringify(fixture.settings), ...env },
  });

/** Checks the edge route, the server component and the client component. */
async function allCall(url) {
  assert.equal(await (await fetch(`${url}/edge`)).text(), fixture.expected);
  const html = await (await fetch(`${url}/server`)).text();
  assert.match(html, new RegExp(`<output>${fixture.expected}</output>`));
  await onPage(browser, `${url}/`, fixture.settings, ({ shown }) => {
    assert.equal(shown, fixture.expected);
  });
}

for (const bundler of ['turbopack', 'webpack']) {
  test(`Next.js, built with ${bundler}`, async () => {
    await run(app, 'next', ['build', `--${bundler}`]);
    await serves('start');
    // Turbopack drops the copy, which is never loaded; webpack emits it as an unused chunk.
    if (bundler === 'turbopack') assert.equal(await hasCopy(join(app, '.next/static')), false);
  });
}

test('Next.js, its dev server', () => serves('dev', { NODE_OPTIONS: '--require ./offline.cjs' }));
