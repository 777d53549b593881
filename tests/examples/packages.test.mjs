// The example apps are installed as they say: what each package.json asks for is what is installed here for all of them. Those of
// a framework are its current template with files of ours.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { appFolder } from './support/example.mjs';
import { TEMPLATES, compare, generate, installed, linkPackages } from './support/template.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const json = (name) => JSON.parse(readFileSync(path(name), 'utf8'));
const apps = readdirSync(path('../../examples'), { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name)
  .filter((name) => readdirSync(path(`../../examples/${name}`)).includes('package.json'));
// examples/hono uses the copy that deploys the gateway.
const { wrangler } = json('../../gateway/workers/package.json').devDependencies;

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
    for (const [one, version] of Object.entries(others)) {
      const here = one === 'wrangler' ? [wrangler] : installed(one);
      assert.ok(here.includes(version), `${one} ${version}, and here is ${here}`);
    }
  });
}

/** A file as our Prettier formats it, without the title and icon of a page. */
async function formatted(file) {
  const content = readFileSync(file, 'utf8')
    .replace(/<title>.*<\/title>/, '<title></title>')
    .replace(/\s*<link rel="icon"[^>]*>/, '');
  const text = await format(content, { filepath: file, singleQuote: true });
  return text.toLowerCase().replaceAll('1.0"', '1"');
}

for (const name of TEMPLATES) {
  test(`examples/${name} is its framework's current template, with files of ours`, async () => {
    const template = await appFolder(name);
    generate(name, template);
    await linkPackages(template);
    const { same, lacking } = await compare(name, template);
    assert.deepEqual(lacking, []);
    assert.ok(same.includes('tsconfig.json'));
    const example = path(`../../examples/${name}`);
    for (const file of same) {
      const [theirs, ours] = [template, example].map((folder) => formatted(join(folder, file)));
      assert.equal(await ours, await theirs, file);
    }
    const { scripts, ...theirs } = JSON.parse(readFileSync(join(template, 'package.json'), 'utf8'));
    const ours = json(`../../examples/${name}/package.json`);
    const { lint, ...kept } = scripts;
    assert.deepEqual(ours.scripts, kept);
    for (const kind of ['dependencies', 'devDependencies']) {
      for (const one of Object.keys(theirs[kind] ?? {}))
        assert.ok(ours[kind][one] || one === 'oxlint', `${kind}: ${one}`);
    }
  });
}
