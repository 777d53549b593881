// A proxy before a gateway that passes requests on, and does to WebSockets what bad proxies do.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';

/**
 * @param {any} gateway of `startGateway`
 * @param {{ cutAfter?: number }} [how] after how many parts of what the gateway sends a connection is cut; 0 refuses it
 */
export async function startUpgradeProxy(gateway, { cutAfter = 0 } = {}) {
  const { hostname: host, port } = new URL(gateway.url);
  const open = new Set();
  const proxy = { url: '', upgrades: 0, stop: async () => {} };
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request({ host, port, method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  // A client that is slow would send on a connection that the server is just closing.
  server.keepAliveTimeout = 0;
  server.on('upgrade', (incoming, socket) => {
    proxy.upgrades += 1;
    socket.on('error', () => {});
    if (!cutAfter) return socket.end('HTTP/1.1 501 Not Implemented\r\ncontent-length: 0\r\n\r\n');
    const onward = connect(port, host);
    const cut = () => [socket, onward].forEach((one) => one.destroy());
    open.add(cut);
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    const { rawHeaders: raw } = incoming;
    for (let at = 0; at < raw.length; at += 2) lines.push(`${raw[at]}: ${raw[at + 1]}`);
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    let parts = 0;
    onward.on('data', (data) => {
      socket.write(data);
      parts += 1;
      if (parts >= cutAfter) cut();
    });
    socket.on('data', (data) => onward.write(data));
    onward.on('error', cut);
    onward.on('close', cut);
    socket.on('close', cut);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.stop = async () => {
    for (const cut of open) cut();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return proxy;
}
