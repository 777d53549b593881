// A crash of workerd in the middle of a poll: afterwards the same key gets the first response, or a 409, and the
// poll is never made twice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';

/** How often. */
const CRASHES = 30;

const POLL = { question: 'Tea?', options: ['yes', 'no'] };

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startWorkers(emulator, ROOMY);
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

test('never two polls', { timeout: 300_000 }, async () => {
  const seen = { 201: 0, 409: 0 };
  for (let n = 0; n < CRASHES; n += 1) {
    const meeting = await emulator.meeting();
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/poll`);
    const poll = () =>
      gateway.ask(gateway.grant(meeting), 'POST', path, POLL, { 'idempotency-key': `k${n}` });
    // The API has the request, and its response comes later.
    await emulator.control('POST', 'faults', {
      operation: 'CreatePoll',
      meeting_id: meeting.meeting_id,
      steps: [n % 2 ? 'delay:ms=40' : 'delay:ms=400'],
    });
    const first = poll().catch(() => {});
    await until(async () => (await emulator.requests(meeting.meeting_id)).length);
    await gateway.kill();
    await first;
    await gateway.start();
    const again = await poll();
    assert.ok(again.status in seen, `${again.status} ${again.text}`);
    seen[again.status] += 1;
    const { meetings } = await emulator.control('GET', `state?meeting_id=${meeting.meeting_id}`);
    assert.ok(meetings[0].polls.length <= 1, `${meetings[0].polls.length} polls`);
    assert.equal((await emulator.requests(meeting.meeting_id)).length, 1);
  }
  assert.ok(seen[409] > 0, 'no crash was in the middle of a poll');
});
