// Nothing wakes a Durable Object but a valid grant or a genuine webhook.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { builtPage, startWorkers } from '../support/gateway-workers.mjs';
import { now } from '../support/grants.mjs';
import { sql } from '../support/sqlite.mjs';
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

/** What the meetings' objects have written, as SQLite lists it. */
function tables() {
  const place = join(gateway.folder, 'objects', 'realtimekit-gateway-MeetingObject');
  const names = readdirSync(place).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  return names.map((name) => sql(join(place, name), '.tables', '-readonly').trim()).filter(Boolean);
}

test('reads of meetings without a session, or that are made up, store nothing', async () => {
  const grant = gateway.grant(meeting, { meeting_id: '*' });
  const before = tables();
  const at = (id, rest) => gateway.path(meeting, `meetings/${id}${rest}`);
  const own = await emulator.meeting(0);
  const ids = [own.meeting_id, ...Array.from({ length: 20 }, (_, n) => `made-up-${n}`)];
  for (const id of ids) {
    for (const rest of ['', '/active-session', '/audit']) {
      const { status, text } = await gateway.ask(grant, 'GET', at(id, rest));
      assert.ok(status === 200 || status === 404, `${id}${rest}: ${status} ${text}`);
    }
  }
  assert.deepEqual(tables(), before);
  const path = at(own.meeting_id, '');
  const locked = await gateway.ask(grant, 'PATCH', path, { status: 'INACTIVE' });
  assert.equal(locked.status, 200, locked.text);
  assert.equal(tables().length, before.length + 1);
  const { body } = await gateway.ask(grant, 'GET', at(own.meeting_id, '/audit'));
  assert.equal(body.data.records.length, 1);
});

test('a grant for all meetings has one limit in all of them, made-up ones too, and the audit notes it once', async (t) => {
  const few = { limit_per_minute: 10, total_per_minute: 12 };
  const made = await startWorkers(emulator, { reads: few, mutations: few });
  t.after(made.stop);
  const statuses = async (sub, method, rest, body) => {
    const grant = made.grant(meeting, { sub, meeting_id: '*' });
    const all = [];
    for (let n = 0; n < 30; n += 1) {
      const path = made.path(meeting, `meetings/made-up-${sub}-${n}${rest}`);
      all.push((await made.ask(grant, method, path, body)).status);
    }
    return all;
  };
  for (const [sub, ...request] of [
    ['ann', 'GET', '/audit'],
    ['bob', 'POST', '/active-session/kick', { participant_ids: [] }],
  ]) {
    const all = await statuses(sub, ...request);
    const passed = all.filter((status) => status !== 429).length;
    // A slow machine gives some of the next minute's.
    assert.ok(passed >= 12 && passed < 20, `${sub}: ${all}`);
  }
  const noted = made.auditLines().filter(({ status }) => status === 429).length;
  assert.ok(noted === 1 || noted === 2, `${noted} lines`);
  const objects = made.logs.filter((line) =>
    /an object starts.*meeting|meeting.*an object starts/.test(line),
  );
  assert.ok(objects.length < 40, `${objects.length} objects`);
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
