// Nothing wakes a Durable Object but a valid grant or a genuine webhook.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { builtPage, startWorkers } from '../support/gateway-workers.mjs';
import { now } from '../support/grants.mjs';
import { ask } from '../support/wire.mjs';

let emulator, gateway, meeting;
before(async () => {
  emulator = await startEmulator();
  gateway = await startWorkers(
    emulator,
    { ...ROOMY, webhooks: { key_url: `${emulator.url}/.well-known/webhooks.json` } },
    { page: builtPage },
  );
  meeting = await emulator.meeting();
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

const starts = () => gateway.logs.filter((line) => line.includes('an object starts')).length;

test('requests without a valid grant, the page and forged webhooks wake no object', async () => {
  const path = (rest) => gateway.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
  const grants = {
    none: undefined,
    'of another secret': gateway.grant(meeting, {}, { key: 'another-secret-of-32-characters!' }),
    expired: gateway.grant(meeting, { exp: now() - 3600 }),
    'not yet valid': gateway.grant(meeting, { nbf: now() + 3600 }),
    'no token': 'no-token-at-all-but-long-enough',
  };
  for (const [name, grant] of Object.entries(grants)) {
    for (const [method, rest, body] of [
      ['GET', '/active-session'],
      ['GET', '/audit'],
      ['POST', '/active-session/kick-all', {}],
    ]) {
      const response = await gateway.ask(grant, method, path(rest), body);
      assert.equal(response.status, 401, `${name}: ${method} ${rest}`);
    }
  }
  // A valid one, for a meeting that it does not cover, and paths that are none.
  const other = gateway.grant(meeting, { meeting_id: 'another' });
  assert.equal((await gateway.ask(other, 'GET', path('/active-session'))).status, 403);
  assert.equal((await gateway.ask(other, 'GET', '/client/v4/nowhere')).status, 404);
  const forged = { 'rtk-signature': 'AAAA', 'rtk-uuid': 'one' };
  const hook = { path: '/hooks/realtimekit', method: 'POST', headers: forged, body: '{}' };
  assert.equal((await ask(gateway.url, hook)).status, 401);
  for (const place of ['/', '/healthz', '/readyz']) {
    assert.equal((await ask(gateway.url, { path: place })).status, 200, place);
  }
  assert.equal((await ask(gateway.url, { path: '/metrics' })).status, 401);
  assert.equal(starts(), 0, gateway.logs.join('\n'));
  const good = await gateway.ask(gateway.grant(meeting), 'GET', path('/active-session'));
  assert.equal(good.status, 200);
  await until(() => starts() >= 1);
});

test('the page comes with its policy, and its assets may be kept', async () => {
  const page = await ask(gateway.url, { path: '/' });
  assert.match(page.headers['content-security-policy'], /default-src 'none'/);
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  const [, script] = /src="(?:\.?\/)?(assets\/[^"]+)"/.exec(page.text);
  const asset = await ask(gateway.url, { path: `/${script}` });
  assert.equal(asset.status, 200);
  assert.match(asset.headers['cache-control'], /immutable/);
  assert.match(asset.headers['content-security-policy'], /default-src 'none'/);
  const missing = await ask(gateway.url, { path: '/assets/missing.js' });
  assert.equal(missing.status, 404);
  assert.equal(missing.headers['cache-control'], 'no-cache');
});
