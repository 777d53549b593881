// A server of static files that counts its requests.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

import { startServer } from '../../support/server.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Serves a folder. `headers` are sent with every response; `instead(path)` may return another response: its
 * status, headers and body.
 */
export async function serveFiles(folder, { headers = {}, instead = () => undefined } = {}) {
  const server = await startServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const other = await instead(pathname);
    if (other) {
      response.writeHead(other.status ?? 200, { ...headers, ...other.headers });
      return response.end(other.body);
    }
    const name = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    try {
      const body = await readFile(join(folder, name));
      const type = TYPES[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers });
      response.end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  /** The number of requests whose path ends so. */
  server.count = (end) =>
    server.requests.filter(({ url }) => new URL(url, server.url).pathname.endsWith(end)).length;
  return server;
}
