// Vue: Vite's current template with the files of examples/vue, built with types checked, behind Vite's proxy, in Chromium.

import { after, before, test } from 'node:test';
import { preview, startExample } from './support/example.mjs';

let app;
before(async () => (app = await startExample('vue', preview)));
after(() => app?.stop());

test('a moderator removes a participant', () => app.onPage(app.kick));

test("the gateway pushes through Vite's proxy", () => app.onPage(app.pushes));
