// The gateway on Workers under workerd, before an emulator: its size, the first read of a cold Worker, and what it adds
// to reads and mutations.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { startEmulator } from '../tests/support/emulator.mjs';
import { ROOMY } from '../tests/support/gateway.mjs';
import { startWorkers } from '../tests/support/gateway-workers.mjs';
import { print, target } from './table.mjs';

const REQUESTS = 300;
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
  const times = { direct: [], read: [], mutation: [], 'direct mutation': [] };
  try {
    for (let n = 0; n < COLD; n += 1) {
      const gateway = await startWorkers(emulator, ROOMY);
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
          times.read.push(await timed(() => gateway.ask(grant, 'GET', path)));
          times['direct mutation'].push(await timed(() => direct('POST', '/mute-all', mute)));
          times.mutation.push(
            await timed(() => gateway.ask(grant, 'POST', `${path}/mute-all`, mute)),
          );
        }
      }
      await gateway.stop();
    }
  } finally {
    await emulator.stop();
  }
  const direct = at(times.direct, 0.5);
  const added = at(times.mutation, 0.5) - at(times['direct mutation'], 0.5);
  const rows = Object.entries(times).map(([name, list]) => [name, at(list, 0.5), at(list, 0.99)]);
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
      target('read, p50', at(times.read, 0.5), at(times.read, 0.5) <= 2, '2'),
      target('mutation, added, p50', added, added <= 15, '15'),
    ],
  );
}
