// The gateway on Workers under workerd, before an emulator: its size, the first read of a cold Worker, and what it adds
// to reads and mutations.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { startEmulator } from '../tests/support/emulator.mjs';
import { ROOMY } from '../tests/support/gateway.mjs';
import { startWorkers } from '../tests/support/gateway-workers.mjs';
import { print, target } from './table.mjs';

const REQUESTS = 300;
/** So many meetings are read by turns, so that each read is the object's and not the entry Worker's. */
const MEETINGS = 60;
const ROUNDS = 10;
const COLD = 5;

const wasm = new URL('../gateway/workers/build/index_bg.wasm', import.meta.url);

function compressed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

const at = (times, share) => times.sort((a, b) => a - b)[Math.floor((times.length - 1) * share)];

/** Reads of what each object remembers, and of what the entry Worker does; in milliseconds. */
async function warm(emulator) {
  const reads = { ...ROOMY.reads, fresh_ms: 60_000 };
  const gateway = await startWorkers(emulator, { ...ROOMY, log: 'info', reads });
  const times = { empty: [], object: [], entry: [] };
  try {
    const calls = [];
    for (let n = 0; n < MEETINGS; n += 1) {
      const meeting = await emulator.meeting(25);
      const grant = gateway.grant(meeting);
      const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
      calls.push(() => gateway.ask(grant, 'GET', path));
      await calls[n]();
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const call of calls) {
        times.object.push(await timed(call));
        times.empty.push(await timed(() => gateway.ask(undefined, 'GET', '/healthz')));
      }
    }
    for (let n = 0; n < REQUESTS; n += 1) times.entry.push(await timed(calls[0]));
  } finally {
    await gateway.stop();
  }
  return times;
}

async function timed(call) {
  const began = performance.now();
  const { status, text } = await call();
  if (status >= 300) throw new Error(`${status} ${text}`);
  return performance.now() - began;
}

export async function workers() {
  const emulator = await startEmulator('--rate-limit', '0');
  const bytes = compressed(readFileSync(wasm));
  const cold = [];
  const times = { direct: [], 'read after a mutation': [], mutation: [], 'direct mutation': [] };
  let remembered;
  try {
    for (let n = 0; n < COLD; n += 1) {
      const gateway = await startWorkers(emulator, { ...ROOMY, log: 'info' });
      const meeting = await emulator.meeting(25);
      const grant = gateway.grant(meeting);
      const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/active-session`);
      cold.push(await timed(() => gateway.ask(grant, 'GET', path)));
      if (n === COLD - 1) {
        const headers = { authorization: `Bearer ${emulator.api_token}` };
        const direct = async (method, rest, body) => {
          const all = body ? { ...headers, 'content-type': 'application/json' } : headers;
          const url = emulator.url + path + rest;
          const response = await fetch(url, {
            method,
            headers: all,
            body: body && JSON.stringify(body),
          });
          return { status: response.status, text: await response.text() };
        };
        const mute = { allow_unmute: true };
        for (let i = 0; i < REQUESTS; i += 1) {
          times.direct.push(await timed(() => direct('GET', '')));
          times['read after a mutation'].push(await timed(() => gateway.ask(grant, 'GET', path)));
          times['direct mutation'].push(await timed(() => direct('POST', '/mute-all', mute)));
          times.mutation.push(
            await timed(() => gateway.ask(grant, 'POST', `${path}/mute-all`, mute)),
          );
        }
      }
      await gateway.stop();
    }
    remembered = await warm(emulator);
  } finally {
    await emulator.stop();
  }
  const all = {
    'empty request': remembered.empty,
    'read, warm, of the object': remembered.object,
    'read, warm, of the entry Worker': remembered.entry,
    ...times,
  };
  const direct = at(times.direct, 0.5);
  const added = at(times.mutation, 0.5) - at(times['direct mutation'], 0.5);
  const read = at(remembered.object, 0.5);
  const rows = Object.entries(all).map(([name, list]) => [name, at(list, 0.5), at(list, 0.99)]);
  print(
    'The gateway on Workers, in milliseconds',
    ['p50', 'p99'],
    [['first read, cold', at(cold, 0.5), at(cold, 1)], ...rows],
    [
      target('wasm, brotli, bytes', bytes, bytes <= 400_000, '400,000'),
      target(
        'first read beyond the API',
        at(cold, 0.5) - direct,
        at(cold, 0.5) - direct <= 100,
        '100',
      ),
      target('read, warm, p50', read, read <= 2, '2'),
      target('mutation, added, p50', added, added <= 15, '15'),
    ],
  );
}
