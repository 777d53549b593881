// The tests of an app: Jest and Vitest, each in jsdom.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { LIMIT } from '../support/eventually.mjs';
import { makeApp, run } from './support/app.mjs';
import { startFixture } from './support/fixture.mjs';

const path = (name) => fileURLToPath(new URL(`node_modules/${name}`, import.meta.url));

let fixture;
before(async () => (fixture = await startFixture()));
after(() => fixture?.stop());

test('Jest, in jsdom, without TextDecoder', async () => {
  const app = await makeApp('jest');
  const config = { testEnvironment: 'jsdom', transform: {}, testTimeout: LIMIT };
  const args = ['--rootDir', app, '--config', JSON.stringify(config), '--json'];
  const report = JSON.parse(await run(app, process.execPath, [path('jest/bin/jest.js'), ...args]));
  assert.deepEqual([report.numPassedTests, report.numTotalTests], [6, 6]);
});

test('Vitest 3, in jsdom, on Node 24: a signal of another realm', async () => {
  const app = await makeApp('vitest');
  const env = {
    ...{ NO_COLOR: '1', SETTINGS: JSON.stringify(fixture.settings), EXPECTED: fixture.expected },
  };
  const limits = [`--testTimeout=${LIMIT}`, `--hookTimeout=${LIMIT}`];
  const args = ['run', '--environment', 'jsdom', '--root', app, ...limits];
  const node = path('../other-versions/node_modules/node/bin/node');
  const out = await run(app, node, [path('vitest/vitest.mjs'), ...args], { env });
  assert.match(out, /Tests +5 passed \(5\)/);
});
