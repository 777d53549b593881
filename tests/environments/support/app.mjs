// A scratch copy of an app, with the packed package installed in it by its name.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Where npm has installed the tarball (scripts/pack). */
export const PACKAGE = path('../node_modules/realtimekit-moderator');

/** A home folder for the tools; outside of the apps' folder, or Next takes it for the project's root. */
const HOME = path('../.scratch/home');

/** Switches off telemetry and update checks. */
const QUIET = {
  DENO_NO_UPDATE_CHECK: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  PARCEL_DISABLE_TELEMETRY: '1',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_SEND_METRICS: 'false',
};

/** Copies these folders of apps/ into one, the later over the earlier; returns its path. */
export async function makeApp(...names) {
  await Promise.all([path('scratch'), HOME].map((one) => mkdir(one, { recursive: true })));
  const folder = await mkdtemp(path(`scratch/${names.at(-1)}-`));
  for (const name of names) await cp(path(`apps/${name}`), folder, { recursive: true });
  const installed = join(folder, 'node_modules/realtimekit-moderator');
  await cp(PACKAGE, installed, { recursive: true });
  return folder;
}

/** Starts a command of the tools installed here, in the folder of an app. */
function start(folder, command, args, { env = {} } = {}) {
  return spawn(command, args, {
    cwd: folder,
    env: {
      PATH: `${path('node_modules/.bin')}:${process.env.PATH}`,
      HOME,
      TMPDIR: HOME,
      ...QUIET,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end; returns its output, and throws with it if it failed. */
export async function run(folder, command, args, options) {
  const child = start(folder, command, args, options);
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await ended;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${out}\n${err}`);
  return out;
}

/** Runs a command that serves, and `check` on the address that it prints. */
export async function served(folder, command, args, check, { env } = {}) {
  const server = start(folder, command, args, { env: { NO_COLOR: '1', ...env } });
  const ended = once(server, 'close');
  const err = text(server.stderr);
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const url = /Local:\s+(http\S+)/.exec(line)?.[1];
      if (url) return await check(url);
    }
    throw new Error(`${command} ended: ${await err}`);
  } finally {
    server.kill();
    await ended;
  }
}

/** Whether a script below a folder contains a copy of the wasm module. */
export async function hasCopy(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('js')) continue;
    // The first bytes of a wasm module, in Base64.
    if ((await readFile(join(folder, name), 'utf8')).includes('AGFzbQEAAAA')) return true;
  }
  return false;
}
