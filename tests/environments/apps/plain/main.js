// A page without a bundler.

import Cloudflare from '/node_modules/realtimekit-moderator/index.js';
import { ask } from './ask.js';
import { settings, show } from './show.js';

show(ask(Cloudflare, settings()));
