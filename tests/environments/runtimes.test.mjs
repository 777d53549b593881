// Deno, Bun, and Cloudflare Workers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Miniflare } from 'miniflare';

import { WITHOUT_WASM } from '../support/without-wasm.mjs';
import { makeApp, run } from './support/app.mjs';
import { startFixture } from './support/fixture.mjs';

let fixture, settings;

before(async () => {
  fixture = await startFixture();
  settings = JSON.stringify(fixture.settings);
});

after(() => fixture?.stop());

const assertOutput = (out) => assert.equal(out, `${fixture.expected}\n`);

test('Deno, permitted the network and nothing else', async () => {
  const app = await makeApp('page', 'node');
  const { hostname } = new URL(fixture.emulator.url);
  const flags = ['--no-prompt', '--no-remote', `--allow-net=${hostname}`];
  assertOutput(await run(app, 'deno', ['run', ...flags, 'main.js', settings]));
  // Without permission to read environment variables they count as not set.
  const bare = await run(app, 'deno', ['run', ...flags, 'bare.js']);
  assert.equal(bare, 'https://api.cloudflare.com/client/v4\n');
});

const GRANT = `${JSON.stringify(['{"alg":"HS256","typ":"JWT"}', 'ann', ['read'], 43])}\n`;

test('a grant is signed in Node, Deno and Bun', async () => {
  const app = await makeApp('page', 'node');
  const deno = ['run', '--no-prompt', '--no-remote', 'grant.js'];
  assert.equal(await run(app, 'deno', deno), GRANT);
  assert.equal(await run(app, 'bun', ['--no-install', 'grant.js']), GRANT);
  assert.equal(await run(app, process.execPath, [...WITHOUT_WASM, 'grant.js']), GRANT);
});

test('a grant is signed in Cloudflare Workers', async () => {
  const app = await makeApp('page', 'node');
  const contents = `
    import { signGrant } from 'realtimekit-moderator/grant';
    const grant = { sub: 'ann', appId: 'app', meetingId: 'meeting', can: ['read'] };
    const secret = 'a-secret-of-more-than-thirty-two-bytes';
    export default { fetch: async () => new Response(await signGrant(grant, secret)) };`;
  await writeFile(join(app, 'worker.js'), contents);
  await run(app, 'esbuild', ['worker.js', '--bundle', '--format=esm', '--outfile=built.js']);
  const scriptPath = join(app, 'built.js');
  const worker = new Miniflare({
    ...{ modules: true, scriptPath, compatibilityDate: '2026-04-01', cf: false },
  });
  try {
    const token = await (await worker.dispatchFetch('http://localhost/')).text();
    assert.deepEqual(JSON.parse(atob(token.split('.')[1])).can, ['read']);
  } finally {
    await worker.dispose();
  }
});

test('Bun, by import and by require', async () => {
  const app = await makeApp('page', 'node');
  for (const entry of ['main.js', 'main.cjs']) {
    assertOutput(await run(app, 'bun', ['--no-install', entry, settings]));
  }
});

test('Cloudflare Workers, bundled by wrangler, run by workerd', async () => {
  const app = await makeApp('page', 'workerd');
  await run(app, 'wrangler', ['deploy', '--dry-run', '--outdir', 'dist']);
  const built = join(app, 'dist');
  const names = await readdir(built);
  const worker = new Miniflare({
    rootPath: built,
    modules: ['worker.js', ...names.filter((name) => name.endsWith('.wasm'))].map((path) => ({
      type: path.endsWith('.js') ? 'ESModule' : 'CompiledWasm',
      path,
    })),
    compatibilityDate: '2026-04-01',
    bindings: { SETTINGS: fixture.settings },
    cf: false,
  });
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    assert.equal(await response.text(), fixture.expected);
    // Deployed once, as a module that is compiled at deployment.
    assert.equal(names.filter((name) => name.endsWith('.wasm')).length, 1);
  } finally {
    await worker.dispose();
  }
});
