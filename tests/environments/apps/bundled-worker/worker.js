// A worker that asks what it is sent.

import Cloudflare from 'realtimekit-moderator';
import { ask } from './ask.js';

onmessage = async ({ data }) => {
  postMessage(await ask(Cloudflare, data).catch((error) => String(error)));
};
