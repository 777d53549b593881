// Push when something fails: the API, its data, its limits, the connection, the gateway itself.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { processTest, startGateway } from '../support/gateway.mjs';
import { OFTEN, watch } from '../support/live.mjs';
import { json, startServer } from '../support/server.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
});
after(() => emulator?.stop());

/** A gateway of the test's own. */
async function start(t, settings = {}, of = emulator) {
  const gateway = await startGateway(of, { ...OFTEN, ...settings });
  t.after(gateway.stop);
  return gateway;
}

const join = ({ meeting_id }, custom_participant_id) =>
  emulator.control('POST', 'join', { meeting_id, custom_participant_id });
/** A fault for as many reads as the test needs; `calm` ends it. */
const fault = ({ meeting_id }, step) =>
  emulator.control('POST', 'faults', {
    ...{ operation: 'GetActiveSession', meeting_id, steps: Array(200).fill(step) },
  });
const calm = () => emulator.control('DELETE', 'faults');

/** An API whose session and list are what a test says. */
async function startApi(t, meeting) {
  const peer = (id) => ({ id, user_id: `u-${id}`, joined_at: `2026-01-01T00:00:0${id}Z` });
  const api = await startServer((request, response) => {
    const { status = 200, headers, session, peers } = api.state;
    const data = request.url.includes('/participants') ? { participants: peers } : session;
    json(response, { success: true, data }, status, headers);
  });
  t.after(api.stop);
  const session = (live_participants) => ({
    ...{ id: meeting.session_id, status: 'LIVE', live_participants, minutes_consumed: 0 },
  });
  return Object.assign(api, {
    ...{ peer, session, state: { session: session(2), peers: [peer('1'), peer('2')] } },
    base_url: `${api.url}/client/v4`,
  });
}

describe('an API that fails', () => {
  test('is a trouble, and the last good data stays until it is back', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(2);
    const watcher = await (await watch(gateway, meeting)).ready();
    await fault(meeting, 'status:code=503');
    const first = await watcher.message('trouble');
    assert.equal(first.error.status, 503);
    assert.equal(first.failures, 1);
    const second = await watcher.message('trouble', ({ failures }) => failures === 2);
    assert.equal(second.since, first.since);
    assert.ok(second.next_at > first.next_at);
    assert.equal(watcher.present.length, 2);
    // One who comes meanwhile gets the last good data, and the trouble.
    const late = await (await watch(gateway, meeting)).ready();
    assert.equal(late.present.length, 2);
    assert.equal(late.trouble.error.status, 503);
    await calm();
    for (const one of [watcher, late]) {
      await one.until(() => one.of('change').length && !one.trouble);
    }
    assert.equal(watcher.gap, undefined);
    await Promise.all([watcher.close(), late.close()]);
  });

  test('before the first good read is a trouble without a snapshot', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    await fault(meeting, 'status:code=500');
    const watcher = await watch(gateway, meeting);
    await watcher.message('trouble');
    const late = await watch(gateway, meeting);
    await late.message('trouble');
    assert.deepEqual(watcher.of('snapshot'), []);
    await calm();
    await Promise.all([watcher.ready(), late.ready()]);
    await Promise.all([watcher.close(), late.close()]);
  });

  test('that is not reachable is a trouble', async (t) => {
    const meeting = await emulator.meeting(1);
    const api = await startApi(t, meeting);
    const gateway = await start(t, {}, { ...emulator, base_url: api.base_url });
    const watcher = await (await watch(gateway, meeting)).ready();
    await api.stop();
    t.mock.method(api, 'stop', async () => {});
    const { error } = await watcher.message('trouble');
    assert.deepEqual([error.status, error.code], [502, 1006]);
    assert.equal(watcher.present.length, 2);
    await watcher.close();
  });

  test('that contradicts itself is a trouble, and no one has left', async (t) => {
    const meeting = await emulator.meeting(1);
    const api = await startApi(t, meeting);
    const gateway = await start(t, {}, { ...emulator, base_url: api.base_url });
    const watcher = await (await watch(gateway, meeting)).ready();
    api.state = { session: api.session(3), peers: [] };
    const { error } = await watcher.message('trouble');
    assert.match(error.message, /list of them is empty/);
    assert.equal(watcher.present.length, 2);
    for (const state of [
      { peers: 'none' },
      { peers: [{}, 7] },
      { session: {} },
      { session: 'x' },
    ]) {
      const { length } = watcher.of('trouble');
      api.state = { session: api.session(3), peers: [], ...state };
      watcher.send({ type: 'refresh' });
      await watcher.until(() => watcher.of('trouble').length > length);
      assert.equal(watcher.present.length, 2);
    }
    api.state = { session: api.session(3), peers: ['1', '2', '3'].map(api.peer) };
    watcher.send({ type: 'refresh' });
    await watcher.message('change', ({ joined }) => joined?.includes('u-3'));
    assert.equal(watcher.trouble, null);
    await watcher.close();
  });

  test('that asks for a pause gets one, and watchers know until when', async (t) => {
    const meeting = await emulator.meeting(1);
    const api = await startApi(t, meeting);
    const gateway = await start(t, {}, { ...emulator, base_url: api.base_url });
    const watcher = await (await watch(gateway, meeting)).ready();
    api.state = { ...api.state, status: 429, headers: { 'retry-after': '30' } };
    const { until, reason } = await watcher.message('pause');
    assert.equal(reason, 'api');
    const wait = until - Date.now();
    assert.ok(wait > 0 && wait <= 31_000, `${wait}`);
    const { length } = api.requests;
    watcher.send({ type: 'refresh' });
    // The response to the next message shows that the one before was taken.
    watcher.send({ type: 'grant', token: gateway.grant(meeting) });
    await watcher.message('grant');
    assert.equal(api.requests.length, length);
    await watcher.close();
  });
});

describe('a client that reconnects', () => {
  test('gets what it has missed, and nothing twice', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    const first = await (await watch(gateway, meeting)).ready();
    const other = await (await watch(gateway, meeting)).ready();
    first.socket.terminate();
    await first.closed;
    const { user_id } = await join(meeting, 'missed');
    await other.until(() => other.present.includes(user_id));
    const again = await watch(gateway, meeting, { since: first });
    assert.equal((await again.message('welcome')).resumed, true);
    await again.until(() => again.present.includes(user_id));
    assert.deepEqual(again.of('snapshot'), []);
    assert.equal(again.gap, undefined);
    const { seq } = again;
    await again.close();
    // Also after the last watcher has left, for a minute.
    await other.close();
    const { user_id: next } = await join(meeting, 'alone');
    const last = await watch(gateway, meeting, { since: again });
    assert.equal((await last.message('welcome')).resumed, true);
    await last.until(() => last.present.includes(next) && last.seq > seq);
    assert.deepEqual(last.of('snapshot'), []);
    await last.close();
  });

  test('with another stream, or a number of the future, gets a snapshot', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    const first = await (await watch(gateway, meeting)).ready();
    for (const since of [
      { stream: 'another', seq: first.seq },
      { stream: first.stream, seq: first.seq + 1000 },
    ]) {
      const again = await watch(gateway, meeting, { since });
      assert.equal((await again.message('welcome')).resumed, false);
      await again.message('snapshot');
      await again.close();
    }
    await first.close();
  });
});

describe('a gateway that', () => {
  test('is killed and started again serves a snapshot of a new stream', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    const watcher = await (await watch(gateway, meeting)).ready();
    await gateway.kill();
    assert.equal((await watcher.closed).code, 1006);
    await gateway.start();
    const { user_id } = await join(meeting, 'new');
    const again = await watch(gateway, meeting, { since: watcher });
    const { resumed, stream } = await again.message('welcome');
    assert.equal(resumed, false);
    assert.notEqual(stream, watcher.stream);
    await again.until(() => again.present?.includes(user_id));
    await again.close();
  });

  // A Worker is not told that it ends, and gets no signal.
  processTest('stops tells its clients to return after different waits', async (t) => {
    const gateway = await start(t);
    const meeting = await emulator.meeting(1);
    const watchers = await Promise.all(Array.from({ length: 20 }, () => watch(gateway, meeting)));
    await Promise.all(watchers.map((one) => one.ready()));
    await gateway.end();
    const waits = new Set();
    for (const one of watchers) {
      assert.deepEqual(await one.closed, { code: 1012, reason: 'restart' });
      const { type, after_ms } = one.messages.at(-1);
      assert.equal(type, 'reconnect');
      assert.ok(after_ms >= 500);
      waits.add(after_ms);
    }
    assert.ok(waits.size > 10, `${waits.size}`);
  });

  // Another configuration is another version of a Worker.
  processTest(
    'reads its configuration again keeps its sockets, and uses the new one',
    async (t) => {
      // In a quiet meeting: longer than the test waits for anything.
      const gateway = await start(t, {
        live: { interval_ms: 60_000, quiet_interval_ms: 600_000 },
        webhooks: { key_url: `${emulator.url}/.well-known/webhooks.json` },
      });
      const meeting = await emulator.meeting(1);
      const watcher = await (await watch(gateway, meeting)).ready();
      const { readFileSync, writeFileSync } = await import('node:fs');
      const file = `${gateway.folder}/gateway.toml`;
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replaceAll(/interval_ms = \d+/g, 'interval_ms = 100'));
      gateway.signal('SIGHUP');
      // The read that was to come ten minutes after the last one is due now.
      for (const name of ['soon', 'later']) {
        const { user_id } = await join(meeting, name);
        await watcher.until(() => watcher.present.includes(user_id));
      }
      await watcher.close();
    },
  );
});
