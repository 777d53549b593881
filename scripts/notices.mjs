// Writes the notices of the third-party code that is shipped: THIRD_PARTY_NOTICES.txt in the npm package and
// beside the page (the npm packages that Vite bundled, the crates of the wasm), and in gateway/dist/ and
// emulator/dist/ for what has their binaries (the crates of each).

import { execFileSync } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NAME = 'THIRD_PARTY_NOTICES.txt';
const LICENSE_FILE = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

/** The standard text, for a crate that declares MIT and ships no text. */
const MIT = `MIT License

Copyright (c) AUTHORS

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Whether MIT alone is enough: it is one of the alternatives. */
const offersMit = (license) =>
  !/\bAND\b/.test(license) && license.split(/\s+OR\s+|\//).some((one) => one.trim() === 'MIT');

/** The texts of a package's licence: MIT's alone where the package offers it, else all of them. */
async function texts(folder, license) {
  const files = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name))
    .map(({ name }) => name)
    .sort();
  const mit = files.filter((name) => /mit/i.test(name));
  const notices = files.filter((name) => /^notice/i.test(name));
  const used = offersMit(license) && mit.length ? [...mit, ...notices] : files;
  return Promise.all(used.map(async (name) => (await readFile(join(folder, name), 'utf8')).trim()));
}

/** The notices of npm packages, by their folders. */
async function npmNotices(folders) {
  const found = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      return { ...manifest, texts: await texts(folder, manifest.license) };
    }),
  );
  return found.map(({ name, version, license, repository, texts }) => {
    // A part of Lit ships no text: it has that of its repository.
    const from = texts.length
      ? texts
      : found.find(
          (other) =>
            other.texts.length &&
            other.license === license &&
            other.repository?.url === repository?.url,
        )?.texts;
    if (!from) throw new Error(`${name} has no text of its licence, ${license}`);
    return { name: `${name} ${version} (npm)`, license, texts: from };
  });
}

/** The notices of the crates that are linked into a build of a package of the workspace. */
async function crateNotices(name, RUSTFLAGS, ...flags) {
  const cargo = (...options) =>
    execFileSync('cargo', [...options, '--quiet', '--locked'], {
      cwd: ROOT,
      env: { ...process.env, RUSTFLAGS },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
  const { packages } = JSON.parse(cargo('metadata', '--format-version', '1'));
  const options = [
    '-p',
    name,
    '-e',
    'normal,no-proc-macro',
    '--prefix',
    'none',
    '-f',
    '{p}',
    ...flags,
  ];
  const linked = cargo('tree', ...options).split('\n');
  const used = new Set(linked.map((line) => line.split(' ').slice(0, 2).join(' ')));
  const found = packages.filter(
    ({ name, version, source }) => source && used.has(`${name} v${version}`),
  );
  return Promise.all(
    found.map(async ({ name, version, license, authors, manifest_path }) => {
      const shipped = await texts(dirname(manifest_path), license ?? '');
      if (!shipped.length && !offersMit(license ?? '')) {
        throw new Error(`${name} has no text of its licence, ${license}`);
      }
      const standard = MIT.replace('AUTHORS', authors.join(', ') || `the authors of ${name}`);
      const used = shipped.length ? shipped : [standard];
      return { name: `${name} ${version} (crate)`, license, texts: used };
    }),
  );
}

const STANDARD_LIBRARY = {
  name: 'The standard library of Rust (https://www.rust-lang.org/policies/licenses)',
  license: 'MIT OR Apache-2.0',
  texts: [MIT.replace('AUTHORS', 'The Rust Project Contributors')],
};

/** The file: each text once, after the names of all that have it. */
function format(what, notices) {
  const byText = new Map();
  for (const { name, license, texts } of notices) {
    const text = texts.join('\n\n').replaceAll('\r\n', '\n');
    byText.set(text, [...(byText.get(text) ?? []), `${name}: ${license}`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return [`${what} contains third-party code, under these licences.\n`, ...parts].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

/**
 * Writes all files.
 *
 * @param {Iterable<string>} bundled The folders of the npm packages in the page and the element.
 */
export async function writeNotices(bundled) {
  const [npm, wasm, gateway, emulator] = await Promise.all([
    npmNotices(bundled),
    crateNotices(
      'realtimekit-moderator',
      '--cfg realtimekit_npm',
      ...['--target', 'wasm32-unknown-unknown'],
    ),
    crateNotices('realtimekit-gateway', ''),
    crateNotices('realtimekit-emulator', ''),
  ]);
  const web = format('realtimekit-moderator', [...npm, ...wasm, STANDARD_LIBRARY]);
  const native = (name, crates) => format(name, [...crates, STANDARD_LIBRARY]);
  for (const name of ['gateway', 'emulator']) {
    await mkdir(join(ROOT, name, 'dist'), { recursive: true });
  }
  await Promise.all([
    writeFile(join(ROOT, 'pkg', NAME), web),
    writeFile(join(ROOT, 'www/dist', NAME), web),
    writeFile(join(ROOT, 'gateway/dist', NAME), native('realtimekit-gateway', gateway)),
    writeFile(join(ROOT, 'emulator/dist', NAME), native('realtimekit-emulator', emulator)),
  ]);
}
