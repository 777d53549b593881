// A port that stays the test's own while no one listens at it: below the range from which the system chooses
// ports, such as those of other tests' servers and connections.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux gives ports from 32768 on, other systems from 49152 on. */
const [FIRST, LAST] = [20_000, 32_000];

/** Lets a server listen at such a port of this machine; returns the port. */
export async function listenApart(server) {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
}

/** A free port, for a program that cannot report the one that the system would choose. */
export async function freePort() {
  const server = createServer();
  const port = await listenApart(server);
  server.close();
  await once(server, 'close');
  return port;
}
