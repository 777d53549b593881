// examples/svelte, built with types checked, in Chromium.

import { after, before, test } from 'node:test';
import { preview, startExample } from './support/example.mjs';

let app;
before(async () => (app = await startExample('svelte', preview, { checks: true })));
after(() => app?.stop());

test('a moderator removes a participant', () => app.onPage(app.kick));
