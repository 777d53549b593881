// Webhooks on Workers: a genuine one causes a read, a forged one nothing, and a burst few reads.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { watch } from '../support/live.mjs';
import { json, startServer } from '../support/server.mjs';

/** Nothing but a webhook makes the gateway read. */
const RARELY = { interval_ms: 60_000, quiet_interval_ms: 600_000 };
const PATH = '/hooks/realtimekit';
const BURST = 100;

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startWorkers(emulator, {
    ...ROOMY,
    budget: { requests: 1_000_000 },
    live: RARELY,
    webhooks: { key_url: `${emulator.url}/.well-known/webhooks.json` },
  });
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

const reads = async ({ meeting_id }) =>
  (await emulator.requests(meeting_id)).filter(({ operation }) => operation === 'GetActiveSession')
    .length;
const outcome = async (name) =>
  (await gateway.metrics())[`rtk_gateway_webhooks_total{outcome="${name}"}`] ?? 0;

test('a forged one is no read, a genuine one a read at once, a burst of 100 a few', async () => {
  const meeting = await emulator.meeting(2);
  await emulator.registerWebhook('gateway', `${gateway.url}${PATH}`, [
    ...['meeting.started', 'meeting.ended'],
    ...['meeting.participantJoined', 'meeting.participantLeft'],
  ]);
  const watcher = await (await watch(gateway, meeting)).ready();
  // Before all genuine ones, whose last read may still be to come when the watcher has seen everything.
  const quiet = await reads(meeting);
  const forged = await fetch(gateway.url + PATH, {
    method: 'POST',
    headers: { 'rtk-signature': Buffer.alloc(256, 1).toString('base64'), 'rtk-uuid': 'forged' },
    body: JSON.stringify({ event: 'meeting.ended', meeting: { id: meeting.meeting_id } }),
  });
  assert.equal(forged.status, 401);
  assert.equal(await reads(meeting), quiet);

  const { user_id } = await emulator.control('POST', 'join', {
    meeting_id: meeting.meeting_id,
    custom_participant_id: 'hook',
  });
  await watcher.message('change', ({ joined }) => joined?.includes(user_id));

  const began = performance.now();
  const before = await reads(meeting);
  const accepted = await outcome('accepted');
  const joins = Array.from({ length: BURST }, (_, n) =>
    emulator.control('POST', 'join', {
      meeting_id: meeting.meeting_id,
      custom_participant_id: `burst-${n}`,
    }),
  );
  const ids = (await Promise.all(joins)).map((joined) => joined.user_id);
  await until(async () => (await outcome('accepted')) >= accepted + BURST);
  await until(() => ids.every((id) => watcher.peers.some((peer) => peer.user_id === id)));
  const caused = (await reads(meeting)) - before;
  assert.ok(caused >= 1, 'no read');
  // A burst that lasts longer than a second is two, and so on.
  const seconds = (performance.now() - began) / 1000;
  assert.ok(caused <= 3 + seconds, `${caused} reads in ${seconds} s`);
  await watcher.close();
});

test('forged ones fetch the key once a second at most while it cannot be fetched', async (t) => {
  const source = await startServer((_request, response) => json(response, {}, 500));
  t.after(source.stop);
  const of = await startWorkers(emulator, { ...ROOMY, webhooks: { key_url: `${source.url}/key` } });
  t.after(of.stop);
  const began = performance.now();
  const forged = () =>
    fetch(of.url + PATH, {
      method: 'POST',
      headers: { 'rtk-signature': 'AAAA', 'rtk-uuid': 'forged' },
      body: '{}',
    });
  for (let n = 0; n < 10; n += 1) {
    const all = await Promise.all(Array.from({ length: 20 }, forged));
    assert.deepEqual([...new Set(all.map(({ status }) => status))], [503]);
  }
  const seconds = (performance.now() - began) / 1000;
  const { length } = source.requests;
  assert.ok(length >= 1 && length <= 2 + seconds, `${length} fetches in ${seconds} s`);
});
