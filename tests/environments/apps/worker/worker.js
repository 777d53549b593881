// A worker that asks what it is sent.

import Cloudflare from '/node_modules/realtimekit-moderator/index.js';
import { ask } from './ask.js';

onmessage = async ({ data }) => {
  postMessage(await ask(Cloudflare, data).catch((error) => String(error)));
};
