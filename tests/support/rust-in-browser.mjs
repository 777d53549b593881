// Runs the crate's own tests (tests/rust/web.rs) in headless Chromium, against an emulator and a gateway.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEmulator } from './emulator.mjs';
import { startGateway } from './gateway.mjs';
import { freePort } from './listen.mjs';
import { OFTEN } from './live.mjs';

const emulator = await startEmulator('--cors', '*', '--rate-limit', '100000');
// The gateway must know the origin of the tests' page, which is served when they are compiled.
const address = `127.0.0.1:${await freePort()}`;
const gateway = await startGateway(emulator, {
  ...OFTEN,
  origins: [`http://${address}`],
  live: { ...OFTEN.live, moderators: true },
});
const chromedriver = spawnSync('which', ['chromedriver'], { encoding: 'utf8' }).stdout.trim();
// Two moderators of one meeting: the tests see what the second one does.
const meeting = await emulator.meeting(2);
const grant = (claims) => gateway.grant(meeting, claims);
// Not `spawnSync`: the gateway's log must be read meanwhile.
const child = spawn(
  'wasm-pack',
  ['test', '--mode', 'no-install', '--headless', '--chrome', '--', '--test', 'web'],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: {
      ...process.env,
      CHROMEDRIVER: process.env.CHROMEDRIVER ?? chromedriver,
      RTK_EMULATOR: emulator.url,
      RTK_GATEWAY: gateway.url,
      RTK_MEETING: JSON.stringify(meeting),
      RTK_GRANT: grant({ sub: 'mia', can: ['read', 'audit'] }),
      RTK_OTHER_GRANT: grant({ sub: 'noah', can: ['read', 'poll'] }),
      WASM_BINDGEN_TEST_ADDRESS: address,
      // In seconds; the default of 20 is short for a busy machine.
      WASM_BINDGEN_TEST_TIMEOUT: '300',
    },
  },
);
const [status] = await once(child, 'close');
await gateway.stop();
await emulator.stop();
process.exit(status ?? 1);
