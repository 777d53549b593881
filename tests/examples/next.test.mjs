// Next.js: its current template with the files of examples/next, built by Next, and its dev server. A server action signs the grants,
// and Next's proxy leads to the gateway. In Chromium.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dev, startExample } from './support/example.mjs';

const start = (port) => ['start', '--', '--port', `${port}`];
for (const [title, serve] of Object.entries({ 'the built app': start, 'the dev server': dev })) {
  describe(title, () => {
    let app;
    before(async () => (app = await startExample('next', serve)));
    after(() => app?.stop());

    test('a moderator removes a participant', () =>
      app.onPage((page) => app.kick(page, { listens: false })));

    test("the gateway pushes through Next's proxy", () => app.onPage(app.pushes));

    test('the page that the server renders has the element, and no grant', async () => {
      const html = await (await fetch(app.url)).text();
      assert.match(html, /<rtk-moderator[^>]*>/);
      assert.doesNotMatch(html, /eyJ/);
    });

    test('the route responds with a new grant each time', async () => {
      const get = async () => {
        const response = await fetch(`${app.url}/moderator-grant`);
        assert.equal(response.headers.get('cache-control'), 'no-store');
        return response.text();
      };
      const grants = [await get(), await get()];
      for (const grant of grants) assert.match(grant, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.notEqual(grants[0], grants[1]);
    });
  });
}
