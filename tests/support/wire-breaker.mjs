// A TCP proxy that breaks connections: it loses or holds the responses to some requests, or does not listen
// for a while.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { listenApart } from './listen.mjs';

/**
 * Starts a proxy to `port`. `breakNext(text)` loses the response to the next request that contains `text`.
 * `lose(text)` loses the responses to all such requests, and `hold(text)` holds them back, until called
 * without an argument. `seen(text)` counts such requests. Between `down()` and `up()` the proxy does not listen.
 */
export async function startWireBreaker(port) {
  const sockets = new Set();
  const passed = [];
  const kept = [];
  let doomed, lost, held;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let breaking = false;
    let holding = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // Broken connections are expected.
      socket.on('error', () => {});
    }
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      passed.push(text);
      if (doomed && text.includes(doomed)) {
        doomed = undefined;
        breaking = true;
      }
      if (lost && text.includes(lost)) breaking = true;
      if (held && text.includes(held)) holding = true;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (breaking) client.resetAndDestroy();
      else if (holding && held) kept.push(() => client.write(bytes));
      else client.write(bytes);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  // It comes back to the same port.
  const own = await listenApart(server);
  return {
    port: own,
    breakNext: (text) => void (doomed = text),
    lose: (text) => void (lost = text),
    hold: (text) => {
      held = text;
      if (!held) for (const send of kept.splice(0)) send();
    },
    seen: (text) => passed.filter((one) => one.includes(text)).length,
    down: close,
    up: async () => {
      server.listen(own, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: () => (server.listening ? close() : Promise.resolve()),
  };
}
