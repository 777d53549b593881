// A Next.js app with no setting for this package, built and served by its own commands: a server
// component asks in Node, a client component in Chromium, a route in the edge runtime.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { hasCopy, makeApp, run, served } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { startWorld } from './support/fixture.mjs';

let world, browser, app;

before(async () => {
  [world, browser, app] = await Promise.all([startWorld(), launch(), makeApp('page', 'next')]);
});

after(() => Promise.all([browser?.close(), world?.stop()]));

/** Runs `next start` or `next dev`, with which all three ask. */
const serves = (command, env) =>
  served(app, 'next', [command, '--hostname', '127.0.0.1', '--port', '0'], allAsk, {
    env: { GIVEN: JSON.stringify(world.given), ...env },
  });

/** A route of the edge runtime, a server component and a client component ask. */
async function allAsk(url) {
  assert.equal(await (await fetch(`${url}/edge`)).text(), world.answer);
  const html = await (await fetch(`${url}/server`)).text();
  assert.match(html, new RegExp(`<output>${world.answer}</output>`));
  await onPage(browser, `${url}/`, world.given, ({ shown }) => {
    assert.equal(shown, world.answer);
  });
}

for (const bundler of ['turbopack', 'webpack']) {
  test(`Next.js, built with ${bundler}`, async () => {
    await run(app, 'next', ['build', `--${bundler}`]);
    await serves('start');
    // Turbopack leaves out what is never loaded; webpack writes it aside.
    if (bundler === 'turbopack') assert.equal(await hasCopy(join(app, '.next/static')), false);
  });
}

test('Next.js, its dev server', () => serves('dev', { NODE_OPTIONS: '--require ./offline.cjs' }));
