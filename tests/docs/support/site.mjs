// The app of a reader, as far as a page needs one: its page, the packed package, and the backend's
// route that signs a grant. Bare module names are resolved by an import map, where an app has a bundler.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { ROOT } from './documents.mjs';

const PACKAGE = `${ROOT}tests/node_modules/realtimekit-moderator`;
const AT = '/node_modules/realtimekit-moderator';

const TYPES = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html; charset=utf-8',
};

const imports = {
  'realtimekit-moderator': `${AT}/index.js`,
  'realtimekit-moderator/element': `${AT}/dist/element.js`,
};

/** Serves a page with some HTML. `grant()` returns the backend's grant. */
export async function startSite() {
  const site = { html: '', grant: () => '', url: '', stop: async () => {} };
  const page = () => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title>
<link rel="icon" href="data:,"><script type="importmap">${JSON.stringify({ imports })}</script></head>
<body>${site.html}</body></html>`;
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://app').pathname);
    const send = (status, type, body) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    if (path === '/') return send(200, TYPES['.html'], page());
    if (path === '/moderator-grant') return send(200, 'text/plain', site.grant());
    const file = path.startsWith(`${AT}/`) && join(PACKAGE, path.slice(AT.length));
    const body = file && (await readFile(file).catch(() => undefined));
    return body
      ? send(200, TYPES[extname(path)] ?? 'text/plain', body)
      : send(404, 'text/plain', '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.stop = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return site;
}
