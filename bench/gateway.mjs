// The gateway beside Debian's nginx, which proxies the same paths to the same emulator, in one run
// on the same cores; and what only the gateway does: many watchers and meetings on one budget.

import { hostile } from './gateway/hostile.mjs';
import { idle } from './gateway/idle.mjs';
import { latency } from './gateway/latency.mjs';
import { meetings } from './gateway/meetings.mjs';
import { throughput } from './gateway/throughput.mjs';
import { watchers } from './gateway/watchers.mjs';

export async function gateway() {
  await latency();
  await throughput();
  await idle();
  await watchers();
  await meetings();
  await hostile();
}
