// Finds the packages of the gateway and the emulator: beside this package, in the app of the working directory, or
// where npx has installed them. Otherwise npx is asked to.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = ['realtimekit-gateway', 'realtimekit-emulator'];

/** Set for the command that npx runs, so that it does not ask again. */
const ASKED = 'REALTIMEKIT_MODERATOR_ASKED';

/** Where packages may be found: files whose neighbours they would be. */
function places() {
  // npx puts the commands of the packages it installs on PATH.
  const commands = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.endsWith(join('node_modules', '.bin')));
  const folders = [process.cwd(), ...commands.map((folder) => dirname(dirname(folder)))];
  return [fileURLToPath(import.meta.url), ...folders.map((folder) => join(folder, 'index.js'))];
}

/** A package by its name, or undefined. */
function load(/** @type {string} */ name) {
  for (const place of places()) {
    const require = createRequire(place);
    try {
      require.resolve(name);
    } catch {
      continue;
    }
    return require(name);
  }
  return undefined;
}

/**
 * The programs and the page, if both packages are installed.
 *
 * @returns {{ gateway: string, emulator: string, page: string } | undefined}
 */
export function findPrograms() {
  const [gateway, emulator] = NAMES.map(load);
  if (!gateway || !emulator) return undefined;
  return {
    gateway: gateway.binaryPath(),
    emulator: emulator.binaryPath(),
    page: gateway.pagePath(),
  };
}

/** Has npx install the packages of this version, and runs the demo again with them. */
export function runWithPrograms() {
  if (process.env[ASKED]) throw new Error(`npx has not installed ${NAMES.join(' and ')}`);
  const manifest = fileURLToPath(new URL('../package.json', import.meta.url));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const packages = NAMES.map((name) => `--package=${name}@${version}`);
  const cli = fileURLToPath(new URL('cli.js', import.meta.url));
  console.log(`Fetching ${NAMES.join(' and ')} ${version}, once …`);
  const args = ['exec', '--yes', ...packages, '--', 'node', cli, 'demo'];
  const child = spawn('npm', args, {
    stdio: 'inherit',
    env: { ...process.env, [ASKED]: '1' },
    // npm is a script there.
    shell: process.platform === 'win32',
  });
  // A terminal sends it to npm, too.
  process.on('SIGINT', () => process.stdout.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', ({ message }) => {
    console.error(`npm does not start (${message}). Install ${NAMES.join(' and ')}, and try again`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}
