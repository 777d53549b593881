// Serves the page and the package, and signs grants. Any web server can do the first, your backend the second.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { signGrant } from 'realtimekit-moderator/grant';

const { GATEWAY, GRANT_SECRET, APP_ID, MEETING_ID, PORT = 3000 } = process.env;

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};
const PACKAGE = /^\/node_modules\/realtimekit-moderator(\/[\w-]+)+\.(js|wasm)$/;

/** A real backend first checks who is signed in, and whether they may moderate this meeting. */
const grant = () =>
  signGrant(
    {
      sub: 'ann@example.com',
      name: 'Ann',
      appId: APP_ID,
      meetingId: MEETING_ID,
      can: ['read', 'kick', 'mute', 'audit'],
    },
    GRANT_SECRET,
  );

const server = createServer(async ({ url }, response) => {
  const { pathname } = new URL(url, 'http://localhost');
  try {
    if (pathname === '/moderator-grant') {
      response.setHeader('cache-control', 'no-store');
      response.end(await grant());
    } else if (pathname === '/settings.json') {
      response.end(JSON.stringify({ gateway: GATEWAY }));
    } else if (pathname === '/' || PACKAGE.test(pathname)) {
      const file = pathname === '/' ? '/index.html' : pathname;
      const body = await readFile(new URL(`.${file}`, import.meta.url));
      response.setHeader('content-type', TYPES[extname(file)]);
      response.end(body);
    } else response.writeHead(404).end();
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.listen(PORT, () => console.log(`Local: http://localhost:${server.address().port}/`));
