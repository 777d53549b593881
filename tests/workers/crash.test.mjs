// A crash of workerd in the middle of a poll: afterwards the same key gets the first response, or a 409, and the
// poll is never made twice. And what an object does after a crash, or with a database that it cannot use.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { ROOMY, until } from '../support/gateway.mjs';
import { startWorkers } from '../support/gateway-workers.mjs';
import { watch } from '../support/live.mjs';
import { sql } from '../support/sqlite.mjs';

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

test('sockets that a crash has closed are not counted', { timeout: 120_000 }, async (t) => {
  const of = await startWorkers(emulator, ROOMY);
  t.after(of.stop);
  const counted = async () => {
    const metrics = await of.metrics();
    return [metrics.rtk_gateway_watched_meetings, metrics.rtk_gateway_live_sockets];
  };
  const meeting = await emulator.meeting(2);
  await (await watch(of, meeting)).ready();
  await until(async () => (await counted())[1] === 1);
  await of.kill();
  await of.start();
  // The alarm that the socket has left wakes the object.
  await until(async () => String(await counted()) === '0,0');
});

/** Runs SQL on the database of an object's class. */
function sqlOf(of, name, statement, pattern = /^[0-9a-f]{64}\.sqlite$/) {
  const place = join(of.folder, 'objects', `realtimekit-gateway-${name}`);
  // Others are of the runtime.
  const [file] = readdirSync(place).filter((one) => pattern.test(one));
  return sql(join(place, file), statement);
}

test('an object that cannot start as its alarm wakes it sets the next one', async (t) => {
  const of = await startWorkers(emulator, ROOMY);
  t.after(of.stop);
  await (await watch(of, await emulator.meeting(2))).ready();
  await of.kill();
  sqlOf(of, 'MeetingObject', 'ALTER TABLE lines RENAME COLUMN at TO other');
  await of.start();
  const began = Date.now();
  await until(() => of.logs.some((line) => line.includes("the meeting's object cannot start")));
  // In nanoseconds.
  const alarm = () =>
    Number(sqlOf(of, 'MeetingObject', 'SELECT scheduled_time FROM _cf_ALARM', /^metadata/)) / 1e6;
  await until(() => alarm() >= began + 50_000);
});

test('an object whose database cannot be used tries again with each request', async (t) => {
  const of = await startWorkers(emulator, ROOMY);
  t.after(of.stop);
  const meeting = await emulator.meeting();
  const path = (rest) => of.path(meeting, `meetings/${meeting.meeting_id}${rest}`);
  const ask = (...request) => of.ask(of.grant(meeting), ...request);
  const body = { allow_unmute: true };
  assert.equal((await ask('POST', path('/active-session/mute-all'), body)).status, 200);
  await of.end();
  sqlOf(of, 'MeetingObject', 'ALTER TABLE lines RENAME COLUMN at TO other');
  sqlOf(of, 'AccountObject', 'ALTER TABLE numbers RENAME COLUMN value TO other');
  await of.start();
  const broken = await ask('GET', path('/audit'));
  assert.ok(broken.status >= 500, broken.text);
  await until(() => of.logs.some((line) => line.includes("the meeting's object cannot start")));
  assert.ok(!('rtk_gateway_budget_remaining' in (await of.metrics())));
  sqlOf(of, 'MeetingObject', 'ALTER TABLE lines RENAME COLUMN other TO at');
  sqlOf(of, 'AccountObject', 'ALTER TABLE numbers RENAME COLUMN other TO value');
  const audit = await ask('GET', path('/audit'));
  assert.equal(audit.status, 200, audit.text);
  assert.equal(audit.body.data.records.length, 1);
  assert.ok('rtk_gateway_budget_remaining' in (await of.metrics()));
});
