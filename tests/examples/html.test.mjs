// examples/html, a plain page without a bundler, in Chromium.

import { after, before, test } from 'node:test';
import { start, startExample } from './support/example.mjs';

let app;
before(async () => (app = await startExample('html', start)));
after(() => app?.stop());

test('a moderator removes a participant', () => app.onPage(app.kick));
