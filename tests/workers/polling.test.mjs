// Many pages that poll one meeting: few of their requests reach its object.

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { ask } from '../support/wire.mjs';

const READERS = 200;
const EACH = 25;
/** The most calls a second to a meeting's object. */
const MOST_CALLS = 60;

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startWorkers(emulator, ROOMY);
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

const CALLS = 'rtk_gateway_object_calls_total{object="meeting"}';

test('5,000 reads of one meeting in a rush', { timeout: 300_000 }, async (t) => {
  const agent = new Agent({ keepAlive: true, maxSockets: READERS });
  t.after(() => agent.destroy());
  const meeting = await emulator.meeting();
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
  const headers = { authorization: `Bearer ${gateway.grant(meeting)}` };
  const began = Date.now();
  const reader = async () => {
    for (let n = 0; n < EACH; n += 1) {
      const { status, text } = await ask(gateway.url, { path, headers, agent });
      assert.equal(status, 200, text);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  const seconds = (Date.now() - began) / 1000;
  const calls = (await gateway.metrics())[CALLS];
  // The second that has begun counts, too.
  const most = MOST_CALLS * (seconds + 1);
  assert.ok(calls <= most, `${calls} calls in ${seconds} s`);
  assert.ok(calls < READERS * EACH, 'some were shared');
  // A mutation through the same isolate makes the next read new.
  const locked = await gateway.ask(gateway.grant(meeting), 'POST', `${path}/mute-all`, {
    allow_unmute: true,
  });
  assert.equal(locked.status, 200, locked.text);
  const next = await ask(gateway.url, { path, headers });
  assert.equal(next.headers.age ?? '0', '0');
});
