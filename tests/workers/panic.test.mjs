// A panic ends the wasm instance: its request gets a 500, the next one a new instance, and other meetings go on. The
// build for this test has a meeting whose name panics.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startWorkers(emulator, ROOMY, { build: 'build-test-panic' });
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

for (const name of ['panic-in-entry', 'panic-in-object']) {
  test(name, { timeout: 300_000 }, async () => {
    const meeting = await emulator.meeting();
    const read = ({ app_id, meeting_id }) => {
      const grant = gateway.grant({ app_id, meeting_id });
      return gateway.ask(grant, 'GET', gateway.path({ app_id }, `meetings/${meeting_id}`));
    };
    assert.equal((await read(meeting)).status, 200);
    const panicked = await read({ app_id: meeting.app_id, meeting_id: name });
    assert.equal(panicked.status, 500, panicked.text);
    assert.equal(panicked.body.success, false);
    assert.equal((await read(meeting)).status, 200);
    assert.equal((await read(await emulator.meeting())).status, 200);
    await until(() => gateway.logs.some((line) => line.includes('a panic')));
  });
}

test('what was done before the panic is not done again', async () => {
  const meeting = await emulator.meeting();
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/poll`);
  const poll = () =>
    gateway.ask(
      gateway.grant(meeting),
      'POST',
      path,
      { question: 'Tea?', options: ['yes', 'no'] },
      { 'idempotency-key': 'before-the-panic' },
    );
  const first = await poll();
  assert.equal(first.status, 201, first.text);
  const bad = { app_id: meeting.app_id, meeting_id: 'panic-in-object' };
  const panicked = await gateway.ask(
    gateway.grant(bad),
    'GET',
    gateway.path(bad, 'meetings/panic-in-object'),
  );
  assert.equal(panicked.status, 500);
  const again = await poll();
  assert.equal(again.text, first.text);
  assert.equal(again.headers['idempotent-replayed'], 'true');
});
