// A development server as a proxy before the gateway, with the configuration that docs/deploy.md has for Vite: a
// mutation of its page needs the page's origin in the gateway's origins, whatever Host the proxy sends.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, assertRefusal, startGateway } from '../support/gateway.mjs';
import { ask } from '../support/wire.mjs';

const DOCUMENT = new URL('../../docs/deploy.md', import.meta.url);

let emulator;
let folder;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  folder = mkdtempSync(join(tmpdir(), 'dev-proxy-'));
});
after(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts Vite with the documented configuration for a gateway. */
async function startVite(gateway, replace = (text) => text) {
  const [, block] = /```js\n(\/\/ vite\.config\.js\n[^]*?)```/.exec(readFileSync(DOCUMENT, 'utf8'));
  const configFile = join(folder, 'vite.config.mjs');
  writeFileSync(configFile, replace(block.replace('http://127.0.0.1:8787', gateway.url)));
  const server = await createServer({
    ...{ root: folder, configFile, logLevel: 'silent' },
    server: { port: 0, host: '127.0.0.1' },
  });
  await server.listen();
  return { origin: `http://localhost:${server.httpServer.address().port}`, server };
}

for (const [name, replace] of [
  ['keeps Host', undefined],
  ['writes another Host', (text) => text.replace('ws: true', 'ws: true, changeOrigin: true')],
]) {
  test(`a proxy that ${name}`, async () => {
    const gateway = await startGateway(emulator, ROOMY);
    const { origin, server } = await startVite(gateway, replace);
    const meeting = await emulator.meeting();
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
    const call = (method, rest, headers) =>
      ask(origin.replace('localhost', '127.0.0.1'), {
        ...{ method, path: path + rest },
        headers: { authorization: `Bearer ${gateway.grant(meeting)}`, ...headers },
      });
    const host = new URL(origin).host;
    // A browser sends no Origin with a read of its own origin.
    assert.equal((await call('GET', '', { host })).status, 200);
    const refused = await call('POST', '/kick-all', { host, origin });
    assertRefusal(
      refused,
      403,
      `The origin is not allowed: add ${origin} to the gateway's origins`,
    );
    await server.close();
    await gateway.stop();
  });
}

test('a page whose origin is listed', async () => {
  const gateway = await startGateway(emulator, { ...ROOMY, origins: ['http://localhost:5199'] });
  const { origin, server } = await startVite(gateway);
  const meeting = await emulator.meeting();
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick-all`);
  const kicked = await ask(origin.replace('localhost', '127.0.0.1'), {
    ...{ method: 'POST', path },
    headers: {
      authorization: `Bearer ${gateway.grant(meeting)}`,
      origin: 'http://localhost:5199',
      host: new URL(origin).host,
    },
  });
  assert.equal(kicked.status, 200, kicked.text);
  await server.close();
  await gateway.stop();
});
