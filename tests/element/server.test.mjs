// The element on a server, and in jsdom under Jest's rules: what importing it defines.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runModule } from '../support/run-module.mjs';

for (const [form, load] of [
  ['import', `const { RtkModerator } = await import('realtimekit-moderator/element');`],
  [
    'require',
    `const { createRequire } = await import('node:module');
     const require = createRequire(process.cwd() + '/');
     const { RtkModerator } = require('realtimekit-moderator/element');`,
  ],
]) {
  test(`on a server, by ${form}, it defines nothing`, async () => {
    const out = await runModule(`
      const names = () => [...Reflect.ownKeys(globalThis), ...Reflect.ownKeys(Symbol)];
      // Node's own, which it defines when they are first used.
      await import('realtimekit-moderator');
      const before = new Set(names());
      ${load}
      const added = names().filter((name) => !before.has(name)).map(String);
      console.log(JSON.stringify([typeof RtkModerator, typeof document, typeof customElements, added]));
    `);
    assert.deepEqual(JSON.parse(out), ['function', 'undefined', 'undefined', []]);
  });
}
