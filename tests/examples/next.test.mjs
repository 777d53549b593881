// examples/next, built by Next.js: a server action signs the grants, and Next's proxy leads to the gateway. In Chromium.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startExample } from './support/example.mjs';

let app;
before(async () => {
  app = await startExample('next', (port) => ['start', '--', '--port', `${port}`]);
});
after(() => app?.stop());

test('a moderator removes a participant', () =>
  app.onPage((page) => app.kick(page, { listens: false })));

test('the page that the server renders has the element, and no grant', async () => {
  const html = await (await fetch(app.url)).text();
  assert.match(html, /<rtk-moderator[^>]*>/);
  assert.doesNotMatch(html, /eyJ/);
});

test('the route responds with a grant', async () => {
  const response = await fetch(`${app.url}/moderator-grant`);
  assert.match(await response.text(), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
});
