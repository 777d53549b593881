// Svelte: Vite's current template with the files of examples/svelte, built, and checked by the template's `check`. In Chromium.

import { after, before, test } from 'node:test';
import { preview, startExample } from './support/example.mjs';

let app;
before(async () => (app = await startExample('svelte', preview, { checks: true })));
after(() => app?.stop());

test('a moderator removes a participant', () => app.onPage(app.kick));
