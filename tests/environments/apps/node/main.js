// An app for Node, Deno and Bun: asks what the environment tells it to.

import { argv } from 'node:process';
import Cloudflare from 'realtimekit-moderator';
import { ask } from './ask.js';

console.log(await ask(Cloudflare, JSON.parse(argv[2])));
