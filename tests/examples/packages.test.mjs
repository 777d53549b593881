// The example apps are installed as they say: what each package.json asks for is what is installed here for all of them.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const json = (name) => JSON.parse(readFileSync(path(name), 'utf8'));
const here = {
  ...json('package.json').devDependencies,
  // examples/hono uses the copy that deploys the gateway.
  wrangler: json('../../gateway/workers/package.json').devDependencies.wrangler,
};
const apps = readdirSync(path('../../examples'), { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name)
  .filter((name) => readdirSync(path(`../../examples/${name}`)).includes('package.json'));

test('each has a test that installs, builds and uses it', () => {
  const tests = readdirSync(path('.'));
  assert.ok(apps.length >= 6);
  for (const name of apps) assert.ok(tests.includes(`${name}.test.mjs`), name);
});

for (const name of apps) {
  test(`examples/${name}`, () => {
    const {
      dependencies,
      devDependencies = {},
      private: isPrivate,
    } = json(`../../examples/${name}/package.json`);
    assert.equal(isPrivate, true);
    const { 'realtimekit-moderator': ours, ...others } = { ...dependencies, ...devDependencies };
    assert.equal(ours, `^${json('../../pkg/package.json').version}`);
    for (const [one, version] of Object.entries(others)) assert.equal(here[one], version, one);
  });
}
