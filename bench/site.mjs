// A local site of pages that Vite built, one for each app, sent brotli-compressed with their right
// types as a good host does; and the API's answer, at once.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { bundle } from '../tests/support/bundle.mjs';
import { ANSWER } from './apps.mjs';

const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

/** Starts it; `pages` are `[app, code]`. Each page is at `/0/`, `/1/` and so on. */
export async function startSite(pages) {
  const files = new Map();
  const add = (path, content, brotli = brotliCompressSync(content)) => {
    files.set(path, { brotli, type: TYPES[path.split('.').pop()] ?? 'application/octet-stream' });
  };
  for (const [at, [app, code]] of pages.entries()) {
    const base = `/${at}/`;
    let entry;
    for (const file of await bundle(code, app.folder, base)) {
      add(`${base}${file.name}`, file.content, file.brotli);
      if (file.isEntry) entry = file.name;
    }
    const html = `<!doctype html><link rel="icon" href="data:," /><script type="module" crossorigin src="${base}${entry}"></script>`;
    add(`${base}index.html`, Buffer.from(html));
  }
  const server = createServer((request, response) => {
    const path = request.url.replace(/\/$/, '/index.html');
    const file = files.get(path);
    if (file) {
      response.writeHead(200, { 'content-type': file.type, 'content-encoding': 'br' });
      response.end(file.brotli);
    } else if (path.startsWith('/api/')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    page: (at) => `http://127.0.0.1:${server.address().port}/${at}/`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
