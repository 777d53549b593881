// Builds the example apps in Rust, and serves them to a page.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './server.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = `${root}target/examples`;

/** Builds the apps of `examples/`; returns the folder with one folder for each. */
export function buildApps(...names) {
  const flags = ['build', '--quiet', '--locked', '--target', 'wasm32-unknown-unknown'];
  const env = { ...process.env, CARGO_TARGET_DIR: target, CARGO_INCREMENTAL: '0' };
  env.PATH = `${root}.tools/bin:${env.PATH}`;
  execFileSync('cargo', flags, { cwd: `${root}examples`, env, stdio: 'inherit' });
  for (const name of names) {
    const built = `${target}/wasm32-unknown-unknown/debug/moderator`;
    // A library has a name of its own kind.
    const wasm = [`${built}-${name}.wasm`, `${built}_${name}.wasm`].find(existsSync);
    const out = ['--target', 'web', '--out-dir', `${target}/dist/${name}`, '--out-name', 'app'];
    execFileSync('wasm-bindgen', ['--no-typescript', ...out, wasm], { env, stdio: 'inherit' });
  }
  return `${target}/dist`;
}

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** Serves the built apps: each starts at the path of its name. */
export function serveApps(folder) {
  return startServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const type = TYPES[extname(pathname)];
    if (type) {
      response.setHeader('content-type', type);
      return void response.end(readFileSync(folder + pathname));
    }
    const script = `import start from '${pathname}/app.js'; await start();`;
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>app</title><script type="module">${script}</script>`);
  });
}
