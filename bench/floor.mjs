// Builds the crate in floor/ with the client's own profile, read from the root Cargo.toml so that it
// cannot differ, and with wasm-opt as everybody uses it. Gives the path of its JavaScript.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const crate = join(root, 'bench/floor');
const out = join(crate, 'dist');

const WASM_OPT = [
  ...['-Oz', '--strip-debug', '--strip-producers', '--strip-target-features'],
  ...['bulk-memory', 'bulk-memory-opt', 'multivalue', 'mutable-globals'].map(
    (f) => `--enable-${f}`,
  ),
  ...['nontrapping-float-to-int', 'reference-types', 'sign-ext'].map((f) => `--enable-${f}`),
];

export function buildFloor() {
  const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  const profile = manifest.match(/^\[profile\.wasm\]\n((?:.+\n)+)/m)[1];
  const settings = [...profile.matchAll(/^(?!inherits)([\w-]+ = .+)$/gm)].flatMap(([, setting]) => [
    '--config',
    `profile.release.${setting}`,
  ]);
  const path = [join(root, '.tools/bin'), join(root, 'node_modules/.bin'), process.env.PATH];
  const run = (command, args) =>
    execFileSync(command, args, {
      cwd: crate,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: path.join(delimiter) },
    });
  const target = ['--target', 'wasm32-unknown-unknown', '--target-dir', 'target'];
  run('cargo', ['build', '--quiet', '--locked', '--release', ...target, ...settings]);
  rmSync(out, { recursive: true, force: true });
  const wasm = 'target/wasm32-unknown-unknown/release/floor.wasm';
  run('wasm-bindgen', [wasm, '--target', 'web', '--no-typescript', '--out-dir', out]);
  const bound = join(out, 'floor_bg.wasm');
  run('wasm-opt', [bound, '-o', bound, ...WASM_OPT]);
  return join(out, 'floor.js');
}
