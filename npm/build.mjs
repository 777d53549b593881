// Makes the npm packages of the gateway and the emulator in a folder, and prints theirs: for each program one with its
// command, and one for each platform with its binary, which npm chooses by `os`, `cpu` and `libc`.
//   node npm/build.mjs FOLDER [BINARIES]
// FOLDER is new or empty: nothing is deleted.
// BINARIES has the programs in folders such as linux-x64/. Without it, those of target/release are packed for this
// platform. Needs www/dist and the notices, which `make build` makes.

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [, , folder, programs] = process.argv;
if (!folder) throw new Error('a folder is missing: node npm/build.mjs FOLDER [BINARIES]');
const OUT = resolve(folder);
if (existsSync(OUT) && readdirSync(OUT).length) throw new Error(`${OUT} is not empty`);

/** What npm calls a platform. The binaries for Linux are linked with glibc. */
const PLATFORMS = {
  'linux-x64': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'linux-arm64': { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
};

/** The programs, by their folder. */
const PROGRAMS = { gateway: 'realtimekit-gateway', emulator: 'realtimekit-emulator' };

const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** The folder of the binaries of each platform. */
function binaries(folder) {
  if (!folder) return [[`${process.platform}-${process.arch}`, join(ROOT, 'target/release')]];
  return readdirSync(folder).map((platform) => [platform, join(folder, platform)]);
}

function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function copyLicenses(folder) {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE'])
    cpSync(join(ROOT, name), join(folder, name));
}

/** Makes the package of a program for a platform; returns its name. */
function platformPackage(program, { version, repository }, platform, from) {
  const known = PLATFORMS[platform];
  if (!known) throw new Error(`${platform} is no platform of ${Object.keys(PLATFORMS).join(', ')}`);
  const name = `${PROGRAMS[program]}-${platform}`;
  const folder = join(OUT, name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(from, PROGRAMS[program]), join(folder, PROGRAMS[program]));
  chmodSync(join(folder, PROGRAMS[program]), 0o755);
  cpSync(
    join(ROOT, program, 'dist/THIRD_PARTY_NOTICES.txt'),
    join(folder, 'THIRD_PARTY_NOTICES.txt'),
  );
  copyLicenses(folder);
  writeFileSync(
    join(folder, 'README.md'),
    `# ${name}\n\nThe program of [${PROGRAMS[program]}](https://www.npmjs.com/package/${PROGRAMS[program]}) for ${platform}.\n`,
  );
  writeManifest(folder, {
    name,
    version,
    description: `The program of ${PROGRAMS[program]} for ${platform}`,
    license: 'MIT OR Apache-2.0',
    ...(repository && { repository }),
    ...known,
    preferUnplugged: true,
    files: [PROGRAMS[program], 'THIRD_PARTY_NOTICES.txt', 'LICENSE-*', 'README.md'],
  });
  return name;
}

/** Makes the package with the command of a program. */
function commandPackage(program, { version, repository }, platforms) {
  const folder = join(OUT, PROGRAMS[program]);
  cpSync(join(ROOT, 'npm', program), folder, { recursive: true });
  for (const name of ['binary.cjs', 'bin.cjs']) {
    cpSync(join(ROOT, 'npm/shared', name), join(folder, name));
  }
  chmodSync(join(folder, 'bin.cjs'), 0o755);
  cpSync(join(folder, 'index.d.ts'), join(folder, 'index.d.cts'));
  if (program === 'gateway')
    cpSync(join(ROOT, 'www/dist'), join(folder, 'page'), { recursive: true });
  copyLicenses(folder);
  const manifest = JSON.parse(read(`npm/${program}/package.json`));
  writeManifest(folder, {
    ...{ ...manifest, version },
    ...(repository && { repository }),
    optionalDependencies: Object.fromEntries(platforms.map((name) => [name, version])),
  });
}

for (const path of ['www/dist', ...Object.keys(PROGRAMS).map((name) => `${name}/dist`)]) {
  if (!existsSync(join(ROOT, path))) throw new Error(`${path} is missing: run make build first`);
}
const { version, repository } = JSON.parse(read('pkg/package.json'));
for (const program of Object.keys(PROGRAMS)) {
  const platforms = binaries(programs)
    .filter(([, from]) => existsSync(join(from, PROGRAMS[program])))
    .map(([platform, from]) => platformPackage(program, { version, repository }, platform, from));
  if (!platforms.length)
    throw new Error(`there is no binary of ${PROGRAMS[program]}: build it first`);
  commandPackage(program, { version, repository }, platforms);
}
// Dependencies come first, for the order of publishing.
for (const name of readdirSync(OUT).sort((one, other) => other.length - one.length)) {
  console.log(join(OUT, name));
}
