// A route of a server that runs on Cloudflare.

import Cloudflare from 'realtimekit-moderator';
import { eventHandler } from 'h3';
import { ask } from '../ask.js';

export default eventHandler((event) => ask(Cloudflare, event.context.cloudflare.env.SETTINGS));
