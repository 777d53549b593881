// The page of all bundlers.

import Cloudflare from 'realtimekit-moderator';
import { ask } from './ask.js';
import { settings, show } from './show.js';

show(ask(Cloudflare, settings()));
