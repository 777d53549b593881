// A Next.js app with no setting for this package, built and served by its own commands: a server
// component asks in Node, a client component in Chromium.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { makeApp, run, start } from './support/app.mjs';
import { launch, onPage } from './support/browser.mjs';
import { startWorld } from './support/world.mjs';

let world, browser, app, server, url;

before(async () => {
  [world, browser, app] = await Promise.all([startWorld(), launch(), makeApp('page', 'next')]);
});

after(async () => {
  if (server) {
    const ended = once(server, 'close');
    server.kill();
    await ended;
  }
  await Promise.all([browser?.close(), world?.stop()]);
});

/** Starts `next start` or `next dev`, and waits for the address that it prints. */
async function serve(command) {
  server = start(app, 'next', [command, '--hostname', '127.0.0.1', '--port', '0'], {
    env: { GIVEN: JSON.stringify(world.given), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: server.stdout });
  for await (const line of lines) {
    url = /Local:\s+(http\S+)/.exec(line)?.[1];
    if (url) break;
  }
  server.stdout.resume();
}

test('Next.js builds it', async () => {
  await run(app, 'next', ['build']);
  await serve('start');
});

test('a server component asks', async () => {
  const html = await (await fetch(`${url}/server`)).text();
  assert.match(html, new RegExp(`<output>${world.answer}</output>`));
});

test('a client component asks', async () => {
  await onPage(browser, `${url}/`, world.given, ({ shown }) => {
    assert.equal(shown, world.answer);
  });
});
