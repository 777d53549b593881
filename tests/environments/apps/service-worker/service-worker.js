// A service worker that asks what it is sent.

import Cloudflare from '/node_modules/realtimekit-moderator/index.js';
import { ask } from './ask.js';

addEventListener('message', (event) => {
  const asked = ask(Cloudflare, event.data).catch((error) => String(error));
  event.waitUntil(asked.then((answer) => event.ports[0].postMessage(answer)));
});
