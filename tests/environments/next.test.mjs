// A Next.js app with no setting for this package, built and served by its own commands: a server
// component asks in Node, a client component in Chromium.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { hasCopy, makeApp, run, start } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { startWorld } from './support/world.mjs';

let world, browser, app;

before(async () => {
  [world, browser, app] = await Promise.all([startWorld(), launch(), makeApp('page', 'next')]);
});

after(() => Promise.all([browser?.close(), world?.stop()]));

/** Runs `next start` or `next dev` while `look` looks at the address that it prints. */
async function served(args, look, env = {}) {
  const server = start(app, 'next', [...args, '--hostname', '127.0.0.1', '--port', '0'], {
    env: { GIVEN: JSON.stringify(world.given), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'close');
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const url = /Local:\s+(http\S+)/.exec(line)?.[1];
      if (!url) continue;
      await look(url);
      break;
    }
  } finally {
    server.kill();
    await ended;
  }
}

/** A server component and a client component ask. */
async function bothAsk(url) {
  const html = await (await fetch(`${url}/server`)).text();
  assert.match(html, new RegExp(`<output>${world.answer}</output>`));
  await onPage(browser, `${url}/`, world.given, ({ shown }) => {
    assert.equal(shown, world.answer);
  });
}

for (const bundler of ['turbopack', 'webpack']) {
  test(`Next.js, built with ${bundler}`, async () => {
    await run(app, 'next', ['build', `--${bundler}`]);
    await served(['start'], bothAsk);
    // Turbopack leaves out what is never loaded; webpack writes it aside.
    if (bundler === 'turbopack') assert.equal(await hasCopy(join(app, '.next/static')), false);
  });
}

test('Next.js, its dev server', () =>
  served(['dev'], bothAsk, { NODE_OPTIONS: '--require ./offline.cjs' }));
