// A copy of an example app with the packed package installed in it, built and run by its own commands before a gateway
// and an emulator, and used in Chromium.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../../support/browser.mjs';
import { startEmulator } from '../../support/emulator.mjs';
import { LIMIT, eventually } from '../../support/eventually.mjs';
import { ROOMY, startGateway } from '../../support/gateway.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const PACKAGE = path('../node_modules/realtimekit-moderator');
/** Outside of the apps' folder, or Next takes it for the project's root. */
const HOME = path('../.scratch/home');

/** A copy of an example. What else it needs is in node_modules/ here, above it. */
async function copy(name) {
  await Promise.all([path('scratch'), HOME].map((one) => mkdir(one, { recursive: true })));
  const folder = await mkdtemp(path(`scratch/${name}-`));
  const filter = (from) => !/\/(node_modules|dist|\.next)(\/|$)/.test(from);
  await cp(path(`../../examples/${name}`), folder, { recursive: true, filter });
  const installed = join(folder, 'node_modules/realtimekit-moderator');
  await cp(PACKAGE, installed, { recursive: true });
  return folder;
}

/** A port that is free now: the gateway must know the origin of an app before it runs. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts an example: installs, builds and serves it. Returns its address, the emulated meeting, and `onPage`; `stop`
 * ends all of it.
 *
 * @param {string} name
 * @param {((port: number) => string[]) & { builds?: boolean }} serve The arguments of `npm run` that serve it.
 * @param {object} [how]
 * @param {typeof startGateway} [how.startGateway] starts another gateway than the process
 * @param {(folder: string, env: Record<string, string>) => Promise<void>} [how.configure] writes the settings of an
 *   app that does not take them from the environment
 */
export async function startExample(name, serve, how = {}) {
  const [folder, port, emulator] = await Promise.all([
    copy(name),
    freePort(),
    startEmulator('--rate-limit', '0'),
  ]);
  const url = `http://localhost:${port}`;
  const gateway = await (how.startGateway ?? startGateway)(emulator, { ...ROOMY, origins: [url] });
  const browser = await startChromium();
  const meeting = await emulator.meeting(3);
  const env = {
    PATH: `${path('node_modules/.bin')}:${process.env.PATH}`,
    ...{ HOME, TMPDIR: HOME, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    GRANT_SECRET: gateway.secret,
    APP_ID: meeting.app_id,
    MEETING_ID: meeting.meeting_id,
    GATEWAY: gateway.base_url,
    GATEWAY_ORIGIN: gateway.url,
    VITE_GATEWAY: gateway.base_url,
    PORT: String(port),
  };
  const run = (args) =>
    spawn('npm', ['run', '--silent', ...args], {
      ...{ cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    });
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let server;
  const example = {
    ...{ folder, url, emulator, gateway, browser, meeting },

    stop: async () => {
      await browser.close();
      if (server?.exitCode === null) {
        const ended = once(server, 'exit');
        // npm's whole group: it starts a shell, which starts the server.
        process.kill(-server.pid, 'SIGKILL');
        await ended;
      }
      await gateway.stop();
      await emulator.stop();
    },

    /** Opens a page of the app, runs `check`, and asserts that the page had no error. */
    onPage: async (check, { path: at = '/', errors: known = [] } = {}) => {
      const context = await browser.newContext({
        locale: 'en-GB',
        viewport: { width: 1400, height: 800 },
      });
      const page = await context.newPage();
      page.setDefaultTimeout(LIMIT);
      const errors = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
      await page.goto(url + at);
      try {
        await check(page);
        const unknown = errors.filter((error) => !known.some((pattern) => pattern.test(error)));
        assert.deepEqual(unknown, []);
      } finally {
        await context.close();
      }
    },

    /** Removes someone in the console, and checks that they are removed from the meeting. */
    kick: async (page, { listens = true } = {}) => {
      const rows = page.locator('rtk-moderator .rows .row');
      await rows.nth(2).waitFor();
      await page
        .getByRole('button', { name: /^Remove / })
        .first()
        .click();
      const dialog = page.locator('rtk-moderator dialog[open]');
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
      await page.locator('rtk-moderator .activity.good', { hasText: 'was removed.' }).waitFor();
      const state = await emulator.control('GET', `state?meeting_id=${meeting.meeting_id}`);
      assert.equal(state.meetings[0].counts.live_peers, 2);
      // The app's own listener got the event.
      if (listens) await eventually(() => page.locator('output').last().innerText(), 'kick: done');
    },
  };
  try {
    await how.configure?.(folder, env);
    if (serve.builds !== false) {
      const build = run(['build']);
      const ended = once(build, 'close');
      const output = Promise.all([text(build.stdout), text(build.stderr)]);
      const [status] = await ended;
      assert.equal(status, 0, (await output).join('\n'));
    }
    server = run(serve(port));
    const log = text(server.stderr);
    const ready = new Promise((resolve, reject) => {
      createInterface({ input: server.stdout }).on('line', (line) => {
        if (/Local:|Ready/.test(line)) resolve();
      });
      server.on('exit', async () => reject(new Error(`the app ended: ${await log}`)));
    });
    await ready;
  } catch (error) {
    await example.stop();
    throw error;
  }
  return example;
}

/** Serves what Vite built. */
export const preview = (port) => ['preview', '--', '--port', `${port}`, '--strictPort'];
/** Starts an app that has nothing to build. */
export const start = Object.assign(() => ['start'], { builds: false });
