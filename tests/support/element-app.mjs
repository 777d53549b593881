// An app with the element on an origin of its own, before a gateway that lists it: the packed package, bundled by
// Vite, in Chromium.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChromium } from './browser.mjs';
import { bundle } from './bundle.mjs';
import { startEmulator } from './emulator.mjs';
import { LIMIT } from './eventually.mjs';
import { ROOMY, startGateway } from './gateway.mjs';

const APP = `
  import { RtkModerator } from 'realtimekit-moderator/element';
  Object.assign(globalThis, { RtkModerator });
`;

/** Starts emulator, gateway and Chromium, and serves the app; `stop` ends them. */
export async function startElementApp() {
  const folder = await mkdtemp(join(tmpdir(), 'element-app-'));
  const files = await bundle(APP, fileURLToPath(new URL('..', import.meta.url)));
  for (const { name, content } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const { name } = files.find((file) => file.isEntry);
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><script type="module" src="/${name}"></script>
     <style>rtk-moderator { block-size: 600px }</style><body></body></html>`,
  );
  const emulator = await startEmulator('--rate-limit', '0', '--serve', folder);
  const gateway = await startGateway(emulator, { ...ROOMY, origins: [emulator.url] });
  const browser = await startChromium();
  return {
    ...{ emulator, gateway, browser },
    stop: async () => {
      await browser.close();
      await gateway.stop();
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },

    /**
     * Opens the app and runs `check` on it. With `clock` the page's time passes as the test says, and the server's
     * clock does not correct it. The events are in `globalThis.events`.
     */
    onPage: async (check, { clock } = {}) => {
      const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
      page.setDefaultTimeout(LIMIT);
      const errors = [];
      page.on('pageerror', (error) => errors.push(error.message));
      if (clock) {
        await page.clock.install();
        await page.addInitScript(() => {
          const { get } = Headers.prototype;
          Headers.prototype.get = function (name) {
            return name === 'date' ? null : get.call(this, name);
          };
        });
      }
      await page.goto(emulator.url);
      await page.waitForFunction(() => 'RtkModerator' in globalThis);
      await page.evaluate(() => {
        globalThis.events = [];
        for (const name of ['error', 'grant-expiring'])
          document.addEventListener(`rtk-moderator-${name}`, ({ detail }) =>
            globalThis.events.push([name, detail.error?.message]),
          );
      });
      try {
        await check(page);
        assert.deepEqual(errors, []);
      } finally {
        // A request that a test's route relays cannot be answered after that.
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        await page.context().close();
      }
    },
  };
}

/** Adds HTML to the app's page. */
export const addHtml = (page, html) =>
  page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), html);
