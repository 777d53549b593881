// Ten thousand sockets on one gateway: each gets the snapshot and the next change, and none is lost.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { startEmulator } from '../support/emulator.mjs';
import { startGateway } from '../support/gateway.mjs';
import { OFTEN, PROTOCOL } from '../support/live.mjs';
import { handshake, openRaw } from '../support/raw-socket.mjs';

/** As many as the files that a process may open allow; each socket is one, here and there. */
const FILES = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || Infinity;
const SOCKETS = Math.min(10_000, FILES - 500);
const AT_ONCE = 200;

let emulator;
let gateway;
before(async () => {
  emulator = await startEmulator('--rate-limit', '1000000');
  const limits = { connections: 100_000, connections_per_address: 100_000 };
  // The log of ten thousand sockets would be this process's work.
  gateway = await startGateway(emulator, { ...OFTEN, limits, log: 'warn' });
});
after(() => Promise.all([gateway, emulator].map((one) => one?.stop())));

describe('ten thousand sockets', () => {
  test('get a snapshot and the next change, and cost the API what one costs', async () => {
    assert.ok(SOCKETS > 1000, `ulimit -n is ${FILES}`);
    const meeting = await emulator.meeting(20);
    const { host, port } = new URL(gateway.url);
    const path = gateway.path(meeting, `meetings/${meeting.meeting_id}/watch`);
    const sockets = [];
    let snapshots = 0;
    let changed = 0;
    let resolve;
    const all = new Promise((done) => (resolve = done));
    const open = async (who) => {
      const token = gateway.grant(meeting, { sub: `moderator-${who}` });
      const onFrame = (_opcode, payload) => {
        const text = payload.toString();
        if (text.startsWith('{"type":"snapshot"')) snapshots += 1;
        if (text.includes('"type":"change"') && text.includes('the-last-one')) changed += 1;
        if (changed === SOCKETS) resolve();
      };
      const request = handshake(path, host, `${PROTOCOL}, ${token}`);
      const raw = await openRaw({ port: Number(port), request, onFrame });
      assert.equal(raw.status, 101);
      sockets.push(raw);
    };
    let next = 0;
    const worker = async () => {
      while (next < SOCKETS) await open(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    assert.equal((await gateway.metrics()).rtk_gateway_live_sockets, SOCKETS);
    const { meeting_id } = meeting;
    const before = (await emulator.requests(meeting_id)).length;
    await emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'the-last-one' });
    await all;
    assert.equal(snapshots, SOCKETS);
    // One loop reads for all of them, at the interval, with two requests each time; one more may be under way.
    const reads = (await emulator.requests(meeting_id)).slice(before);
    const ms = reads.at(-1).at_ms - reads[0].at_ms;
    assert.ok(reads.length <= 2 * (ms / 100 + 3), `${reads.length} in ${ms} ms`);
    assert.ok(sockets.every(({ close }) => close === undefined));
    for (const { socket } of sockets) socket.destroy();
  });
});
