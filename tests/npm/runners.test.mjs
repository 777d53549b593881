// startEmulator() in the tests of an app: Vitest, Jest in Node and in jsdom, and node:test; and its types.

import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LIMIT, eventually } from '../support/eventually.mjs';
import { ask } from '../support/wire.mjs';
import { endAll, makeApp, tool } from './support/app.mjs';
import { startRegistry } from './support/registry.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = ['realtimekit-moderator', 'realtimekit-emulator'];

let registry;
before(async () => (registry = await startRegistry()));
after(() => {
  endAll();
  return registry?.stop();
});

test('Vitest', async () => {
  const manifest = { type: 'module' };
  const app = await makeApp(registry, { from: 'vitest', packages: PACKAGES, manifest });
  // Vitest resolves itself from the app.
  cpSync(tool('vitest'), join(app.folder, 'node_modules/vitest'), { recursive: true });
  const limits = [`--testTimeout=${LIMIT}`, `--hookTimeout=${LIMIT}`];
  const args = [tool('vitest/vitest.mjs'), 'run', '--root', app.folder, ...limits];
  const { code, out, err } = await app.run(process.execPath, args);
  assert.equal(code, 0, out + err);
  assert.match(out, /Tests +2 passed \(2\)/);
  app.remove();
});

for (const environment of ['node', 'jsdom']) {
  test(`Jest, in ${environment}, from CommonJS`, async () => {
    const app = await makeApp(registry, { from: 'jest', packages: PACKAGES });
    const testEnvironment = tool(`jest-environment-${environment}`);
    const config = JSON.stringify({ testEnvironment, transform: {}, testTimeout: LIMIT });
    const args = ['--rootDir', app.folder, '--config', config, '--json', '--detectOpenHandles'];
    const ran = await app.run(process.execPath, [tool('jest/bin/jest.js'), ...args]);
    const report = JSON.parse(ran.out);
    assert.deepEqual([report.numPassedTests, report.numTotalTests], [4, 4], ran.err);
    assert.deepEqual(report.openHandles, []);
    app.remove();
  });
}

test('node:test, from both kinds of modules; a forgotten emulator ends with the test', async () => {
  const app = await makeApp(registry, { from: 'node-test', packages: PACKAGES });
  const args = ['--test', '--test-reporter=tap'];
  const { code, out } = await app.run(process.execPath, args, { NODE_TEST_CONTEXT: undefined });
  assert.equal(code, 0, out);
  assert.match(out, /^# pass 3$/m);
  const [, urls] = /left running: (.*)/.exec(out);
  for (const url of urls.trim().split(' ')) {
    // It ends when it notices that the test has.
    const answers = () => ask(url, { path: '/__emulator/state' }).then(Boolean, () => false);
    await eventually(answers, false);
  }
  app.remove();
});

for (const type of ['module', 'commonjs']) {
  test(`the types, from ${type}`, async () => {
    const packages = ['realtimekit-emulator', 'realtimekit-gateway'];
    const app = await makeApp(registry, { from: 'types', packages, manifest: { type } });
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: 'es2022', module: 'nodenext' },
      ...{ noUncheckedIndexedAccess: true, types: ['node'] },
      ...{ typeRoots: [join(ROOT, 'node_modules/@types')], lib: ['es2022', 'dom'] },
    };
    writeFileSync(join(app.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { code, out } = await app.run(process.execPath, [tsc, '-p', app.folder]);
    assert.equal(code, 0, out);
    app.remove();
  });
}
