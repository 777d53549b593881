// Starts Chromium without its background work.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/**
 * The first that is installed. The shell is the same engine without Chromium's own windows: a quarter to a third less
 * CPU time.
 */
const CHROMIUM =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

const FLAGS = [
  ...['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run'],
  ...['disable-background-networking', 'disable-component-update', 'disable-sync'],
];

/**
 * The address bar's popup is two more pages in each window, a third of the CPU time of opening one. The
 * later of two such switches wins: what Playwright 1.64 disables is repeated.
 */
const DISABLED_FEATURES = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  ...['AimEnabled', 'AutoDeElevate', 'AvoidCorsURLLoaderRestartOnRedirect'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'BlockOriginHeaderModificationOnRedirect'],
  ...['DestroyProfileOnBrowserClose', 'DialMediaRouteProvider', 'GlobalMediaControls'],
  ...['HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying'],
  ...['OptimizationHints', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'Translate'],
];

/** A headless Chromium; `close` ends it. `flags` are further ones. */
export function startChromium(...flags) {
  const all = [...FLAGS, `disable-features=${DISABLED_FEATURES.join(',')}`, ...flags];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: all.map((flag) => `--${flag}`),
    // Playwright's default of 30 s is short for a busy machine.
    timeout: 180_000,
  });
}
