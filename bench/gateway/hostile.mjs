// What attacks with one grant cost, beside what they cost the gateway of November 2026, before it was
// made to withstand them: those figures were measured then and are written down here.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { print, target } from '../table.mjs';
import { ROOMY, at, startGateway } from './proxies.mjs';
import { raw, wrk } from './wrk.mjs';

const MIB = 1 << 20;
/** A minute is what the limits are about; this is enough to see what it would be. */
const SECONDS = 20;

/** The resident memory of a process, in MiB. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** Runs something against a gateway of its own. */
async function against(emulator, settings, run) {
  const gateway = await startGateway(emulator, { settings });
  try {
    return await run(gateway);
  } finally {
    await gateway.stop();
  }
}

/** A flood of one request; what is written meanwhile, in MiB a minute. */
async function floodLog(emulator) {
  return against(emulator, '', async (gateway) => {
    const meeting = await emulator.meeting();
    const path = at(emulator, meeting, `meetings/${meeting.meeting_id}`);
    const requests = [raw({ path, token: gateway.token(meeting) })];
    const { seconds } = await wrk(gateway.url, requests, { connections: 16, seconds: SECONDS });
    return (statSync(join(gateway.folder, 'log')).size / MIB) * (60 / seconds);
  });
}

/** Refused kicks; what the audit grows by, in MiB a minute. */
async function floodAudit(emulator) {
  return against(emulator, ROOMY, async (gateway) => {
    const meeting = await emulator.meeting();
    const path = at(emulator, meeting, `meetings/${meeting.meeting_id}/active-session/kick`);
    const token = gateway.token(meeting);
    const requests = [raw({ method: 'POST', path, token, body: '{}' })];
    await wrk(gateway.url, requests, { connections: 16, seconds: SECONDS });
    const day = new Date().toISOString().slice(0, 10);
    // Of what there is at once and what comes in a minute: the most that a minute can bring.
    return statSync(join(gateway.folder, 'audit', `audit-${day}.jsonl`)).size / MIB;
  });
}

/** 200 audit pages that nobody reads; the memory then, in MiB. */
async function unreadPages(emulator) {
  return against(emulator, `${ROOMY}\n[bulk]\nmax_requests = 1`, async (gateway) => {
    const meeting = await emulator.meeting();
    const path = at(emulator, meeting, `meetings/${meeting.meeting_id}`);
    const can = ['read', 'kick', 'audit'];
    const ids = Array.from({ length: 500 }, (_, n) => `${n}-${'x'.repeat(100)}`);
    const body = JSON.stringify({ participant_ids: ids });
    for (let n = 0; n < 60; n += 1) {
      const token = gateway.token(meeting, `moderator-${n}`, can);
      await fetch(`${gateway.url}${path}/active-session/kick`, {
        ...{ method: 'POST', body },
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    }
    const { hostname, port } = new URL(gateway.url);
    const sockets = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.on('error', () => {});
        await once(socket, 'connect');
        socket.pause();
        const token = gateway.token(meeting, `moderator-${n % 50}`, can);
        socket.write(raw({ path: `${path}/audit?per_page=200`, token }));
        return socket;
      }),
    );
    // When the last has its turn, or has waited for it in vain.
    let most = 0;
    for (const until = Date.now() + 8000; Date.now() < until;) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      most = Math.max(most, memory(gateway.pids()[0]));
    }
    for (const socket of sockets) socket.destroy();
    return most;
  });
}

/** Kicks of strangers in ten meetings; after how many seconds another meeting can be kicked empty. */
async function starved() {
  const api = createServer((asked, response) => {
    const kick = asked.method === 'POST' && asked.url?.endsWith('/kick');
    asked.resume();
    response.writeHead(kick ? 404 : 200, { 'content-type': 'application/json' });
    const error = { code: 404, message: 'Somebody is unknown' };
    response.end(JSON.stringify(kick ? { success: false, error } : { success: true, data: {} }));
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (api.address());
  const account = { account_id: 'account', api_token: 'an-api-token' };
  const own = { ...account, base_url: `http://127.0.0.1:${port}/client/v4` };
  const can = ['kick', 'kick_all'];
  try {
    return await against(own, '', async (gateway) => {
      const act = (meeting_id, sub, rest, ids) => {
        const meeting = { app_id: 'app', meeting_id };
        const path = at(account, meeting, `meetings/${meeting_id}/active-session/${rest}`);
        return fetch(`${gateway.url}${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${gateway.token(meeting, sub, can)}`,
            ...(ids && { 'content-type': 'application/json' }),
          },
          body: ids && JSON.stringify({ participant_ids: ids }),
        });
      };
      const ids = Array.from({ length: 500 }, (_, n) => `stranger-${n}`);
      const kicks = Array.from({ length: 40 }, (_, n) =>
        act(`m${n % 10}`, `a${n % 10}`, 'kick', ids),
      );
      await Promise.all(kicks);
      const answer = await act('victim', 'bob', 'kick-all');
      return answer.status === 200 ? 0 : Number(answer.headers.get('retry-after'));
    });
  } finally {
    api.closeAllConnections();
    api.close();
  }
}

export async function hostile() {
  const emulator = await startEmulator('--rate-limit', '0');
  try {
    const rows = [
      ['refused reads: log, MiB a minute', 158, await floodLog(emulator), 1],
      ['refused bodies: audit, MiB a minute', 71, await floodAudit(emulator), 2],
      ['200 unread audit pages: memory, MiB', 1638, await unreadPages(emulator), 150],
      ['kicks of strangers: wait of another meeting, s', 299, await starved(), 0],
    ];
    const targets = rows.map(([what, , now, most]) =>
      target(String(what), now, Number(now) <= Number(most), `at most ${most}`),
    );
    print('Hostile load, one grant, default limits', ['before', 'now', 'at most'], rows, targets);
  } finally {
    await emulator.stop();
  }
}
