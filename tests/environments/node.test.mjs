// Node: by `import`, by `require`, both in one program, bundled, and as a server that renders pages.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { WITHOUT_WASM } from '../support/without-wasm.mjs';
import { makeApp, run } from './support/app.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture, app, settings;

before(async () => {
  [fixture, app] = await Promise.all([startFixture(), makeApp('page', 'node')]);
  settings = JSON.stringify(fixture.settings);
});

after(() => fixture?.stop());

const node = (...args) => run(app, process.execPath, args);
const assertOutput = (out) => assert.equal(out, `${fixture.expected}\n`);

test('Node, by import', async () => assertOutput(await node('main.js', settings)));

test('Node, by require: the module is the class, with all exports on it', async () =>
  assertOutput(await node('main.cjs', settings)));

test('import and require give the same classes', async () =>
  assert.equal(await node('both.mjs'), '[]\n'));

test('the slim entry: an error without initialization, then with a file read from disk', async () => {
  const [early, late, ...rest] = (await node('slim.js', settings)).split('\n');
  assert.match(early, /^true .* call initialize\(\) first/);
  assert.match(late, /^true .* no such thing$/);
  assertOutput(rest.join('\n'));
});

test('the slim entry takes a module, and a call may follow immediately', async () => {
  const code = `
    import { readFileSync } from 'node:fs';
    import Cloudflare, { initialize } from 'realtimekit-moderator/slim';
    import { ask } from './ask.js';
    const file = new URL(import.meta.resolve('realtimekit-moderator/wasm'));
    initialize(new WebAssembly.Module(readFileSync(file)));
    console.log(await ask(Cloudflare, ${settings}));`;
  assertOutput(await node('--input-type=module', '-e', code));
});

/** In the code of a program: Node's own module, the parser of its `fetch`, which newer versions load when they need it. */
const IS_OF_NODE =
  "const isOfNode = (module) => WebAssembly.Module.exports(module).some(({ name }) => name.startsWith('llhttp'));";

test('a second initialization while the first one is failing is loaded once', async () => {
  const code = `
    import { readFileSync } from 'node:fs';
    import Cloudflare, { initialize } from 'realtimekit-moderator/slim';
    import { ask } from './ask.js';
    const file = new URL(import.meta.resolve('realtimekit-moderator/wasm'));
    ${IS_OF_NODE}
    let instances = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class extends Instance {
      constructor(module, ...rest) {
        super(module, ...rest);
        if (!isOfNode(module)) instances += 1;
      }
    };
    const lost = initialize(async () => new Response('', { status: 500 }));
    const found = initialize(async () => readFileSync(file));
    const later = lost.catch(() => ask(Cloudflare, ${settings}));
    await Promise.all([found, ask(Cloudflare, ${settings}), later]);
    console.log(instances, await lost.catch(({ message }) => message));`;
  const out = await node('--input-type=module', '-e', code);
  assert.match(out, /^1 The WebAssembly module could not be loaded: .* 500/);
});

for (const [format, entry] of [
  ['esm', 'main.js'],
  ['cjs', 'main.cjs'],
]) {
  test(`esbuild for Node, as ${format}: one file that runs on its own`, async () => {
    const alone = await makeApp('page', 'node');
    const out = `alone.${format === 'esm' ? 'mjs' : 'cjs'}`;
    const flags = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${out}`];
    await run(alone, 'esbuild', [entry, ...flags]);
    await rm(join(alone, 'node_modules'), { recursive: true });
    assertOutput(await run(alone, process.execPath, [out, settings]));
  });
}

test('webpack for Node: one file that runs on its own', async () => {
  const alone = await makeApp('page', 'node');
  const flags = ['--entry=./main.js', '--mode=production', '--target=node', '--output-path=out'];
  await run(alone, 'webpack', [...flags, '--output-filename=alone.cjs']);
  await rm(join(alone, 'node_modules'), { recursive: true });
  assertOutput(await run(alone, process.execPath, ['out/alone.cjs', settings]));
});

test('the entry for pages fetches nothing when a server imports it, and works there', async () => {
  const code = `
    let fetched = 0;
    const { fetch } = globalThis;
    globalThis.fetch = (...args) => ((fetched += 1), fetch(...args));
    const { default: Cloudflare } = await import('./node_modules/realtimekit-moderator/index.js');
    new Cloudflare({ apiToken: 'a', accountId: 'b' });
    await new Promise((resolve) => setImmediate(resolve));
    if (fetched) throw new Error('it fetched');
    const { ask } = await import('./ask.js');
    console.log(await ask(Cloudflare, ${settings}));`;
  assertOutput(await node('--input-type=module', '-e', code));
});

test('the module is compiled once, at the first call', async () => {
  const code = `
    ${IS_OF_NODE}
    let compiled = 0;
    const { Module } = WebAssembly;
    WebAssembly.Module = class extends Module {
      constructor(...args) {
        super(...args);
        if (!isOfNode(this)) compiled += 1;
      }
    };
    const { default: Cloudflare } = await import('realtimekit-moderator');
    const { ask } = await import('./ask.js');
    const before = compiled;
    const calls = Array.from({ length: 20 }, () => ask(Cloudflare, ${settings}));
    await Promise.all(calls);
    console.log(before, compiled);`;
  assert.equal(await node('--input-type=module', '-e', code), '0 1\n');
});

test('React Native and others without WebAssembly: it loads, and a call says what is missing', async () => {
  // Node's own fetch needs WebAssembly, too.
  const call = (load) => `
    ${load}
    for (const name of ['fetch', 'Request', 'Response', 'Headers']) delete globalThis[name];
    const client = new Cloudflare({ apiToken: 'a', accountId: 'b', baseURL: 'http://127.0.0.1:9' });
    client.realtimeKit.activeSession.kickAllParticipants('app', 'meeting').catch((error) => {
      console.log(error instanceof Cloudflare.ModuleLoadError, error.message);
    });`;
  // As Metro resolves it: by require, with a condition of its own.
  const flags = [...WITHOUT_WASM, '--conditions=react-native'];
  const required = call("const Cloudflare = require('realtimekit-moderator');");
  const imported = call("import Cloudflare from 'realtimekit-moderator';");
  for (const args of [
    ['-e', required],
    ['--input-type=module', '-e', imported],
  ]) {
    assert.match(await node(...flags, ...args), /^true .* WebAssembly is not defined\n$/);
  }
});
