// The example Worker in Rust, built as a reader builds it, and run by workerd against an emulator.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { buildApps } from '../support/rust-apps.mjs';

// Installed for the tests of other runtimes.
const { Miniflare } = createRequire(new URL('../environments/', import.meta.url))('miniflare');
const shim = new URL('../../examples/worker/shim.js', import.meta.url);

let emulator, worker;
before(async () => {
  const folder = `${buildApps('worker')}/worker/`;
  emulator = await startEmulator();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const modules = files.flatMap((path) => {
    const type = { js: 'ESModule', wasm: 'CompiledWasm' }[path.split('.').at(-1)];
    return type ? [{ type, path, contents: readFileSync(folder + path) }] : [];
  });
  worker = new Miniflare({
    modules: [{ type: 'ESModule', path: 'shim.js', contents: readFileSync(shim) }, ...modules],
    compatibilityDate: '2026-04-01',
    bindings: {
      CLOUDFLARE_BASE_URL: emulator.base_url,
      CLOUDFLARE_API_TOKEN: emulator.api_token,
      CLOUDFLARE_ACCOUNT_ID: emulator.account_id,
      APP_ID: emulator.app_id,
    },
    cf: false,
  });
});
after(async () => {
  await worker?.dispose();
  await emulator?.stop();
});

const ask = (path, method = 'GET') => worker.dispatchFetch(`http://localhost/${path}`, { method });

test('the Worker shows a session', async () => {
  const { meeting_id, session_id } = await emulator.meeting(3);
  const response = await ask(meeting_id);
  assert.equal(response.status, 200);
  const { success, data } = await response.json();
  assert.equal(success, true);
  assert.deepEqual([data.id, data.live_participants], [session_id, 3]);
});

test('the Worker locks a meeting', async () => {
  const { meeting_id } = await emulator.meeting(1);
  const response = await ask(meeting_id, 'POST');
  assert.equal((await response.json()).data.status, 'INACTIVE');
  const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting_id}`);
  assert.equal(meetings[0].status, 'INACTIVE');
});

test('the Worker reports errors by their kind', async () => {
  assert.equal((await ask('no-such-meeting')).status, 404);
  const invalid = await ask('');
  assert.equal(invalid.status, 500);
  assert.match(await invalid.text(), /^meeting_id must not be empty/);
});
