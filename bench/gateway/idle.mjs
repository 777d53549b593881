// What a connection that has asked once and keeps still takes of memory.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { print } from '../table.mjs';
import { ROOMY, startGateway, startNginx, watched } from './proxies.mjs';
import { raw } from './wrk.mjs';

const CONNECTIONS = 2000;

/** The memory of processes, in bytes. */
function resident(pids) {
  const kilobytes = (pid) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return pids.reduce((sum, pid) => sum + kilobytes(pid) * 1024, 0);
}

/** Opens a connection that asks once. */
async function opened(url, request) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(request);
  const [answer] = await once(socket, 'data');
  if (!answer.toString('latin1').startsWith('HTTP/1.1 200 ')) throw new Error('not answered');
  return socket;
}

export async function idle() {
  const emulator = await startEmulator('--rate-limit', '0');
  const started = [];
  try {
    started.push(await startNginx(emulator), await startGateway(emulator, { settings: ROOMY }));
    const [path] = watched(emulator, emulator);
    const rows = [];
    for (const way of started) {
      const sockets = [];
      const open = async (count) => {
        for (let at = 0; at < count; at += 1) {
          const token = way.token(emulator);
          sockets.push(await opened(way.url, raw({ path, token })));
        }
      };
      // What is taken with the first ones is no connection's.
      await open(50);
      const before = resident(way.pids());
      await open(CONNECTIONS);
      const after = resident(way.pids());
      for (const socket of sockets) socket.destroy();
      rows.push([way.name, before / 1e6, after / 1e6, (after - before) / CONNECTIONS / 1e3]);
    }
    print(
      `Memory with ${CONNECTIONS} idle connections more`,
      ['MB before', 'MB after', 'kB a connection'],
      rows,
    );
  } finally {
    await Promise.all(started.map((one) => one.stop()));
    await emulator.stop();
  }
}
