// A page without a bundler.

import Cloudflare from '/node_modules/realtimekit-moderator/index.js';
import { ask } from './ask.js';
import { given, show } from './show.js';

show(ask(Cloudflare, given()));
