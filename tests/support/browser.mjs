// Starts Chromium, as quiet as it gets.

import { chromium } from 'playwright-core';

const QUIET = ['disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking'];
QUIET.push('disable-component-update', 'disable-sync');

/** A headless Chromium; `close` ends it. */
export function startChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...QUIET.map((flag) => `--${flag}`)],
  });
}
