// Runs the source of a module in a Node process of its own, as an app that has the packages installed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** The module's standard output; throws with its standard error if it fails. */
export async function runModule(code, { env = {}, flags = [] } = {}) {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', code], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await ended;
  if (status !== 0) throw new Error(`child ended with ${status}: ${err}`);
  return out;
}
