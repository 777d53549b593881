// A Worker that asks what its environment tells it to.

import Cloudflare from 'realtimekit-moderator';
import { ask } from './ask.js';

export default {
  async fetch(_request, env) {
    return new Response(await ask(Cloudflare, env.SETTINGS));
  },
};
