// A thousand watchers of one meeting on Workers, over hibernating WebSockets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { keyPair, now, startProvider } from '../support/grants.mjs';
import { watch } from '../support/live.mjs';

const WATCHERS = 1000;
/** How often the gateway reads while nothing happens, in milliseconds. */
const INTERVAL = 2000;
/** How many reads the test waits for. */
const READS = 8;

const SETTINGS = {
  ...ROOMY,
  budget: { requests: 1_000_000 },
  live: { interval_ms: INTERVAL, sockets_per_moderator: 100_000 },
};

let emulator, gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  gateway = await startWorkers(emulator, SETTINGS);
});
after(() => Promise.all([gateway?.stop(), emulator?.stop()]));

const join = ({ meeting_id }, custom_participant_id) =>
  emulator.control('POST', 'join', { meeting_id, custom_participant_id });
const reads = async ({ meeting_id }) =>
  (await emulator.requests(meeting_id)).filter(({ operation }) => operation === 'GetActiveSession')
    .length;

test('they cost the reads of one, and each change reaches all', { timeout: 600_000 }, async () => {
  const meeting = await emulator.meeting(2);
  const began = Date.now();
  const grant = gateway.grant(meeting);
  const watchers = [];
  for (let n = 0; n < WATCHERS; n += 100) {
    const some = Array.from({ length: 100 }, () => watch(gateway, meeting, { grant }));
    watchers.push(...(await Promise.all(some)));
  }
  await Promise.all(watchers.map((watcher) => watcher.ready()));
  // By the alarm.
  const { user_id } = await join(meeting, 'by-alarm');
  const joined = (id) => (message) => message.joined?.includes(id);
  await Promise.all(watchers.map((watcher) => watcher.message('change', joined(user_id))));
  // By an action of a moderator.
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/kick`);
  const kicked = await gateway.ask(grant, 'POST', path, { participant_ids: [user_id] });
  assert.equal(kicked.status, 200, kicked.text);
  const left = (message) => message.left?.includes(user_id);
  await Promise.all(watchers.map((watcher) => watcher.message('change', left)));
  await until(async () => (await reads(meeting)) >= READS);
  const done = await reads(meeting);
  const seconds = (Date.now() - began) / 1000;
  // One for each interval, one for the first, and those after the action.
  const most = seconds / (INTERVAL / 1000) + 4;
  assert.ok(done <= most, `${done} reads in ${seconds} s`);
  for (const watcher of watchers) assert.equal(watcher.gap, undefined);
  await Promise.all(watchers.map((watcher) => watcher.close()));
});

test('a meeting that no one watches is not read', async () => {
  const meeting = await emulator.meeting(2);
  const watcher = await (await watch(gateway, meeting)).ready();
  await watcher.close();
  const watched = 'rtk_gateway_watched_meetings';
  await until(async () => (await gateway.metrics())[watched] === 0);
  // Another one is read meanwhile: so time passes. A read that is under way may still come, however late.
  const before = await reads(meeting);
  const other = await emulator.meeting(2);
  const more = await (await watch(gateway, other)).ready();
  await until(async () => (await reads(other)) >= 4);
  const after = (await reads(meeting)) - before;
  assert.ok(after <= 1, `${after} reads`);
  await more.close();
});

test('the sockets are counted, and one whose grant is too long is not opened', async (t) => {
  const pair = keyPair('ES256');
  const provider = await startProvider(pair);
  t.after(provider.stop);
  const meeting = await emulator.meeting(2);
  // What the runtime keeps of a socket has 16 KiB.
  const entry = (sub, ids) => `[[moderator]]
    sub = "${sub}"
    app_id = "${meeting.app_id}"
    meeting_id = "${meeting.meeting_id}"
    can = ["read"]
    protect = { ids = [${Array.from({ length: ids }, (_, n) => `"${`${n}-`.padEnd(90, 'x')}"`).join()}] }\n`;
  const made = await startWorkers(emulator, {
    ...SETTINGS,
    identity: {
      ...{ jwks_url: provider.url, issuer: provider.issuer, audience: provider.audience },
      moderators: entry('short', 1) + entry('long', 200),
    },
  });
  t.after(made.stop);
  const grant = (sub) => provider.token(pair, { sub });
  const one = await (await watch(made, meeting, { grant: grant('short') })).ready();
  await assert.rejects(watch(made, meeting, { grant: grant('long') }), /400/);
  const two = await (await watch(made, meeting, { grant: grant('short') })).ready();
  const sockets = async () => (await made.metrics()).rtk_gateway_live_sockets;
  await until(async () => (await sockets()) === 2);
  await Promise.all([one.close(), two.close()]);
  await until(async () => (await sockets()) === 0);
});

test('a socket closes when its grant expires, and gets nothing after it', async () => {
  const meeting = await emulator.meeting(2);
  // Clocks may differ by half a minute: so this one has ten seconds left, for a machine that is slow to connect.
  const grant = gateway.grant(meeting, { exp: now() - 20 });
  const watcher = await (await watch(gateway, meeting, { grant })).ready();
  const { code } = await watcher.closed;
  assert.equal(code, 4401);
  const last = watcher.messages.length;
  const staying = await (await watch(gateway, meeting)).ready();
  const { user_id } = await join(meeting, 'later');
  await staying.message('change', ({ joined }) => joined?.includes(user_id));
  assert.equal(watcher.messages.length, last);
  await staying.close();
});

test('two moderators see each other’s actions, and a second grant renews the first', async () => {
  const meeting = await emulator.meeting(3);
  const ann = await (await watch(gateway, meeting, { claims: { sub: 'ann' } })).ready();
  const bob = await (await watch(gateway, meeting, { claims: { sub: 'bob' } })).ready();
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session/mute-all`);
  const grant = gateway.grant(meeting, { sub: 'ann' });
  const muted = await gateway.ask(grant, 'POST', path, { allow_unmute: true });
  assert.equal(muted.status, 200, muted.text);
  const { action } = await bob.message('action');
  assert.equal(action.moderator, 'ann');
  const longer = gateway.grant(meeting, { sub: 'bob', exp: now() + 3000 });
  bob.socket.send(JSON.stringify({ type: 'grant', token: longer }));
  const renewed = await bob.message('grant');
  assert.ok(renewed.expires_at > Date.now() + 2_000_000);
  bob.socket.send(JSON.stringify({ type: 'grant', token: grant }));
  assert.equal((await bob.message('refused')).of, 'grant');
  await Promise.all([ann.close(), bob.close()]);
});
