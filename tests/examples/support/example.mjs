// An example app with the packed package installed in it, built and run by its own commands before a gateway and an
// emulator, and used in Chromium. It is a copy, or its framework's current template with the example's files over it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../../support/browser.mjs';
import { startEmulator } from '../../support/emulator.mjs';
import { LIMIT, eventually } from '../../support/eventually.mjs';
import { ROOMY, startGateway } from '../../support/gateway.mjs';
import { freePort } from '../../support/listen.mjs';
import { QUIET, TEMPLATES, generate, linkPackages, overlay } from './template.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const PACKAGE = path('../node_modules/realtimekit-moderator');

/** A new folder for an app. What else the app needs is in node_modules/ here, above it. */
export async function appFolder(name) {
  await Promise.all([path('scratch'), QUIET.HOME].map((one) => mkdir(one, { recursive: true })));
  // create-next-app wants a name in lower case, which a temporary folder has not.
  const folder = join(await mkdtemp(path('scratch/app-')), name);
  await mkdir(folder);
  return folder;
}

/** Makes an app from an example, and installs its packages. */
async function makeApp(name) {
  const folder = await appFolder(name);
  if (TEMPLATES.includes(name)) {
    generate(name, folder);
    await overlay(name, folder);
  } else {
    const filter = (from) => !/\/(node_modules|dist|\.next)(\/|$)/.test(from);
    await cp(path(`../../examples/${name}`), folder, { recursive: true, filter });
  }
  await linkPackages(folder);
  const installed = join(folder, 'node_modules/realtimekit-moderator');
  await cp(PACKAGE, installed, { recursive: true });
  return folder;
}

/**
 * Starts an example: installs, builds and serves it. Returns its address, the emulated meeting, and `onPage`; `stop`
 * ends all of it.
 *
 * @param {string} name
 * @param {((port: number) => string[]) & { builds?: boolean }} serve The arguments of `npm run` that serve it.
 * @param {object} [how]
 * @param {boolean} [how.checks] its types are not checked by its `build`, but by its `check`
 * @param {typeof startGateway} [how.startGateway] starts another gateway than the process
 * @param {(folder: string, env: Record<string, string>) => Promise<void>} [how.configure] writes the settings of an
 *   app that does not take them from the environment
 */
export async function startExample(name, serve, how = {}) {
  // The gateway must know the origin of the app before it runs.
  const [folder, port, emulator] = await Promise.all([
    makeApp(name),
    freePort(),
    startEmulator('--rate-limit', '0'),
  ]);
  const url = `http://localhost:${port}`;
  const gateway = await (how.startGateway ?? startGateway)(emulator, { ...ROOMY, origins: [url] });
  const browser = await startChromium();
  const meeting = await emulator.meeting(3);
  const env = {
    PATH: `${path('node_modules/.bin')}:${process.env.PATH}`,
    ...QUIET,
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
  const runToEnd = async (script) => {
    const child = run([script]);
    const ended = once(child, 'close');
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [status] = await ended;
    assert.equal(status, 0, (await output).join('\n'));
  };
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

    /** Checks that the gateway pushes to the console through the app's own server. */
    pushes: async (page) => {
      const snapshot = new Promise((resolve) => {
        page.on('websocket', (socket) => {
          if (!socket.url().startsWith(`${url.replace('http', 'ws')}/client/v4/`)) return;
          socket.on('framereceived', ({ payload }) => {
            if (JSON.parse(payload).type === 'snapshot') resolve(undefined);
          });
        });
      });
      await page.reload();
      await snapshot;
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
      await runToEnd('build');
      if (how.checks) await runToEnd('check');
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
/** Starts the dev server. */
export const dev = Object.assign((port) => ['dev', '--', '--port', `${port}`], { builds: false });
/** Starts an app that has nothing to build. */
export const start = Object.assign(() => ['start'], { builds: false });
