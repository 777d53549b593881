// Runs the crate's own tests (tests/rust/web.rs) in headless Chromium, against an emulator.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startEmulator } from './emulator.mjs';

const emulator = await startEmulator('--cors', '*', '--rate-limit', '100000');
const chromedriver = spawnSync('which', ['chromedriver'], { encoding: 'utf8' }).stdout.trim();
const { status, error } = spawnSync(
  'wasm-pack',
  ['test', '--mode', 'no-install', '--headless', '--chrome', '--', '--test', 'web'],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: {
      ...process.env,
      CHROMEDRIVER: process.env.CHROMEDRIVER ?? chromedriver,
      RTK_EMULATOR: emulator.url,
      // In seconds; the default of 20 is short for a busy machine.
      WASM_BINDGEN_TEST_TIMEOUT: '300',
    },
  },
);
await emulator.stop();
if (error) throw error;
process.exit(status ?? 1);
