// The gateway on Workers under workerd with many: sockets, pages that poll, and meetings in memory.

import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from '../tests/support/emulator.mjs';
import { ROOMY, until } from '../tests/support/gateway.mjs';
import { startWorkers } from '../tests/support/gateway-workers.mjs';
import { counters } from './gateway/live-clients.mjs';
import { raw, wrk } from './gateway/wrk.mjs';
import { print, target } from './table.mjs';

const SOCKETS = 10_000;
/** How long they stay open, in seconds: more than two heartbeats. */
const OPEN = 60;
const READERS = 5000;
const POLLS = 20;
/** The most calls a second to a meeting's object. */
const MOST_CALLS = 60;
const MEETINGS = [1, 50, 200];
/** The most of a meeting, in MB. */
const MOST_MB = 4;

const CALLS = 'rtk_gateway_object_calls_total{object="meeting"}';
const SETTINGS = {
  ...ROOMY,
  log: 'info',
  budget: { requests: 1_000_000 },
  live: { sockets_per_moderator: 100_000 },
};

/** The memory of workerd, in MB: that of the processes of the gateway's group. */
function memory(gateway) {
  let pages = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, command, , , group] = /^\d+ \((.*)\) (\S) (\d+) (\d+)/.exec(
        readFileSync(`/proc/${pid}/stat`, 'latin1'),
      );
      if (Number(group) !== gateway.pid() || command !== 'workerd') continue;
      pages += Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    } catch {
      // It has ended.
    }
  }
  return (pages * 4096) / 1e6;
}

async function sockets(emulator, gateway) {
  const meetings = [await emulator.meeting(25), await emulator.meeting(25)];
  const of = Object.assign(gateway, {
    token: (meeting, sub, can) => gateway.grant(meeting, { sub, can }),
  });
  const crowds = [];
  for (const meeting of meetings) {
    crowds.push(await counters(of, emulator, meeting, SOCKETS / meetings.length));
  }
  await sleep(OPEN * 1000);
  const { user_id } = await emulator.control('POST', 'join', {
    meeting_id: meetings[0].meeting_id,
    custom_participant_id: 'late',
  });
  const before = crowds[0].all.bytes;
  const began = performance.now();
  // A change has more than a hundred bytes, with the new participant's.
  await until(() => crowds[0].all.bytes - before >= 100 * (SOCKETS / meetings.length));
  const reached = performance.now() - began;
  const closed = crowds.reduce((sum, { all }) => sum + all.closed, 0);
  const mb = memory(gateway);
  for (const crowd of crowds) crowd.stop();
  return { closed, reached, mb, user_id };
}

async function polling(emulator, gateway) {
  const meeting = await emulator.meeting(25);
  const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
  const requests = Array.from({ length: READERS }, (_, who) =>
    raw({ path, token: gateway.grant(meeting, { sub: `reader-${who}` }) }),
  );
  const before = (await gateway.metrics())[CALLS] ?? 0;
  const load = await wrk(gateway.url, requests, {
    ...{ connections: READERS, seconds: POLLS, every_ms: 2000 },
  });
  const calls = ((await gateway.metrics())[CALLS] - before) / load.seconds;
  return { ...load, calls };
}

async function meetings(emulator) {
  const rows = [];
  for (const count of MEETINGS) {
    const gateway = await startWorkers(emulator, SETTINGS);
    try {
      for (let n = 0; n < count; n += 1) {
        const meeting = await emulator.meeting(25);
        const grant = gateway.grant(meeting);
        const at = (rest) => gateway.path(meeting, rest);
        for (const path of [
          at(`meetings/${meeting.meeting_id}/active-session`),
          at(`sessions/${meeting.session_id}/participants`),
        ]) {
          const { status, text } = await gateway.ask(grant, 'GET', path);
          if (status !== 200) throw new Error(`${status} ${text}`);
        }
      }
      rows.push({ count, mb: memory(gateway) });
    } finally {
      await gateway.stop();
    }
  }
  const [first, , last] = rows;
  return { rows, each: (last.mb - first.mb) / (last.count - first.count) };
}

async function withWorkers(measure) {
  const emulator = await startEmulator('--rate-limit', '0');
  try {
    const gateway = await startWorkers(emulator, SETTINGS);
    try {
      return await measure(emulator, gateway);
    } finally {
      await gateway.stop();
    }
  } finally {
    await emulator.stop();
  }
}

export async function workersLoad() {
  const held = await withWorkers(sockets);
  const polled = await withWorkers(polling);
  const emulator = await startEmulator('--rate-limit', '0');
  const grown = await meetings(emulator).finally(emulator.stop);
  print(
    'The gateway on Workers with many',
    ['figure'],
    [
      [`${SOCKETS} sockets of two meetings for ${OPEN} s: closed`, held.closed],
      ['a change reaches 5,000 of them, ms', held.reached],
      ['workerd with them, MB', held.mb],
      [`${READERS} readers every 2 s: responses a second`, polled.answered / polled.seconds],
      ['of them refused', polled.refused],
      ['calls a second to the object', polled.calls],
      ...grown.rows.map(({ count, mb }) => [`workerd with ${count} warm meetings, MB`, mb]),
    ],
    [
      target('sockets closed', held.closed, held.closed === 0, '0'),
      target('calls a second', polled.calls, polled.calls <= MOST_CALLS, `at most ${MOST_CALLS}`),
      target('MB of a meeting', grown.each, grown.each <= MOST_MB, `at most ${MOST_MB}`),
    ],
  );
}
