// examples/vue, built with types checked, behind Vite's proxy, in Chromium.

import { after, before, test } from 'node:test';
import { preview, startExample } from './support/example.mjs';

let app;
before(async () => (app = await startExample('vue', preview)));
after(() => app?.stop());

test('a moderator removes a participant', () => app.onPage(app.kick));
