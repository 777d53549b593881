// A TCP proxy that breaks connections: a request it is told to has been answered behind it, but the
// answer's first byte does not come through.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * Before `port`. `breakNext(text)` makes the next request whose bytes hold `text` lose its answer;
 * `seen(text)` is how many such requests went through.
 */
export async function startWireBreaker(port) {
  const sockets = new Set();
  const passed = [];
  let doomed;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let breaking = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // A connection that breaks is what this is about.
      socket.on('error', () => {});
    }
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      passed.push(text);
      if (doomed && text.includes(doomed)) {
        doomed = undefined;
        breaking = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (breaking) client.resetAndDestroy();
      else client.write(bytes);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    breakNext: (text) => void (doomed = text),
    seen: (text) => passed.filter((one) => one.includes(text)).length,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
