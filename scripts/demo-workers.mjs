// `make demo-workers`: the demo with the gateway of Cloudflare Workers under workerd.

import { fileURLToPath } from 'node:url';
import { runDemo } from '../pkg/bin/demo.js';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

runDemo({
  emulator: process.env.EMULATOR ?? path('target/release/realtimekit-emulator'),
  gateway: path('gateway/workers/as-process.mjs'),
  page: path('www/dist'),
  metrics: false,
});
