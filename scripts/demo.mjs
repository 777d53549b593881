// `make demo`: the demo with what `make build` has built.

import { fileURLToPath } from 'node:url';
import { runDemo } from '../pkg/bin/demo.js';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

runDemo({
  emulator: process.env.EMULATOR ?? path('target/release/realtimekit-emulator'),
  gateway: process.env.GATEWAY ?? path('target/release/realtimekit-gateway'),
  page: path('www/dist'),
});
