// Finds the program for this platform, which npm installs as an optional dependency, and runs it. Both packages
// have a copy.

'use strict';

const { spawn } = require('node:child_process');
const { dirname, join } = require('node:path');

/** @type {{ name: string, version: string, optionalDependencies?: object, repository?: { url: string } }} */
const manifest = require('./package.json');

/** The program, and the variable that names another file of it. */
const NAME = manifest.name;
const VARIABLE = `${NAME.toUpperCase().replace(/-/g, '_')}_BINARY`;

/** Such as `linux-x64`, or `linux-x64-musl` where the C library is musl. */
function platform() {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' && isMusl() ? `${name}-musl` : name;
}

function isMusl() {
  /** @type {any} Its types lack these properties. */
  const { report } = process;
  if (!report) return false;
  // The names of network interfaces are not needed, and take long.
  report.excludeNetwork = true;
  return !report.getReport().header.glibcVersionRuntime;
}

/** The path of the program. */
function binaryPath() {
  const own = process.env[VARIABLE];
  if (own) return own;
  const found = platform();
  try {
    return join(dirname(require.resolve(`${NAME}-${found}/package.json`)), NAME);
  } catch {
    throw new Error(missing(found));
  }
}

function missing(/** @type {string} */ found) {
  const known = Object.keys(manifest.optionalDependencies ?? {});
  if (known.includes(`${NAME}-${found}`)) {
    return (
      `${NAME}: the package ${NAME}-${found} with the program is not installed. ` +
      'Install again without --omit=optional and --no-optional, on this platform.'
    );
  }
  const url = manifest.repository?.url?.replace(/^git\+/, '');
  const build = url
    ? `cargo install --git ${url} --tag v${manifest.version} ${NAME}`
    : `cargo build --release -p ${NAME}    (in a clone of the repository)`;
  const platforms = known.map((name) => name.slice(NAME.length + 1)).join(', ') || 'no platform';
  return (
    `${NAME}: npm has the program for ${platforms}, not for ${found}. Build it with Rust ` +
    `(https://rustup.rs), and set ${VARIABLE} to its path:\n  ${build}`
  );
}

/** Runs the program with this process's arguments, and ends as it does. */
function run() {
  let path;
  try {
    path = binaryPath();
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
    return;
  }
  const child = spawn(path, process.argv.slice(2), { stdio: 'inherit' });
  // A terminal sends these to the program, too, and a second one would end it at once.
  const fromTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on('SIGTERM', forward);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGHUP'])) {
    process.on(signal, fromTerminal ? () => {} : forward);
  }
  child.on('error', ({ message }) => {
    console.error(`${NAME}: ${path} does not start: ${message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    for (const name of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.removeAllListeners(name);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}

module.exports = { binaryPath, run };
