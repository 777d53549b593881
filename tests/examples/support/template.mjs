// An app as a user makes it: the current template of its framework, by the framework's own generator, with the files of an
// example over it. The versions that the template asks for are those that are installed here.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Outside of the apps' folder, or Next takes it for the project's root. */
const HOME = path('../.scratch/home');
/** Settings of tools: they ask and report nothing. */
export const QUIET = {
  ...{ HOME, TMPDIR: HOME, NO_COLOR: '1' },
  ...{ NEXT_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
};

const vite = (template) => [
  'create-vite/index.js',
  ...['--template', template, '--no-interactive'],
];
/** The generators and their options. (`create-hono` downloads its template from GitHub, which no test reaches.) */
const GENERATORS = {
  react: vite('react-ts'),
  vue: vite('vue-ts'),
  svelte: vite('svelte-ts'),
  // Tailwind and ESLint change nothing for the element.
  next: [
    'create-next-app/dist/index.js',
    ...['--yes', '--ts', '--app', '--no-tailwind', '--no-eslint', '--no-src-dir'],
    ...['--use-npm', '--skip-install', '--disable-git', '--no-agents-md'],
  ],
};
export const TEMPLATES = Object.keys(GENERATORS);

/** What a user changes in a template: the other files of it stay as they are. */
const CHANGED = /^(src|app)\/|^(vite|next)\.config\.ts$|^README\.md$|^\.gitignore$/;
/** Only a template has these. */
const NOT_OURS = /^public\/|favicon|\.css$|^\.oxlintrc\.json$|^\.vscode\/|^next-env\.d\.ts$/;

/** Makes an app in an empty folder, by its generator. */
export function generate(name, folder) {
  const [generator, ...options] = GENERATORS[name];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path(`node_modules/${generator}`), basename(folder), ...options],
    {
      cwd: dirname(folder),
      env: { PATH: process.env.PATH, ...QUIET },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stdout + stderr);
}

/** The files of a folder, by their paths in it. */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .filter((name) => !/(^|\/)(node_modules|dist|\.next)\//.test(name))
    .sort();
}

/** The files that an example has as its template has them, and those of the template that it lacks. */
export async function compare(name, generated) {
  const example = path(`../../examples/${name}`);
  const [theirs, ours] = await Promise.all([filesOf(generated), filesOf(example)]);
  const kept = theirs.filter((file) => !CHANGED.test(file) && file !== 'package.json');
  return {
    same: kept.filter((file) => ours.includes(file)),
    lacking: kept.filter((file) => !ours.includes(file) && !NOT_OURS.test(file)),
  };
}

/** Puts the files of an example over its template, and the packages that the example adds into its package.json. */
export async function overlay(name, folder) {
  const example = path(`../../examples/${name}`);
  const { same } = await compare(name, folder);
  for (const file of await filesOf(example)) {
    if (same.includes(file) || file === 'package.json') continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(example, file), join(folder, file));
  }
  const template = json(join(folder, 'package.json'));
  const { dependencies } = json(join(example, 'package.json'));
  template.dependencies = { ...dependencies, ...template.dependencies };
  await writeFile(join(folder, 'package.json'), JSON.stringify(template, null, 2));
}

/** The packed package is copied; wrangler is another folder's; oxlint only lints. */
const NOT_LINKED = ['realtimekit-moderator', 'wrangler', 'oxlint'];

/** Whether a version is one that a range means. A template's exact version is the newest that its generator knew. */
const satisfies = (version, range) =>
  semver.satisfies(version, semver.valid(range) ? `^${range}` : range);

/** The packages that are installed here: `npm:typescript@7.0.2` as `typescript-7`. */
const packages = Object.entries(json(path('package.json')).devDependencies).map(
  ([alias, asked]) => {
    const [, name = alias, version = asked] = /^npm:(.+)@(.+)$/.exec(asked) ?? [];
    return { alias, name, version };
  },
);

/** The versions of a package that are installed here. */
export const installed = (name) =>
  packages.filter((one) => one.name === name).map(({ version }) => version);

/**
 * Gives an app the packages that its package.json asks for, from those that are installed above it.
 *
 * @throws if no installed version is one that the app asks for: the template has moved on
 */
export async function linkPackages(folder) {
  const { dependencies = {}, devDependencies = {} } = json(join(folder, 'package.json'));
  for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
    if (NOT_LINKED.includes(name)) continue;
    const one = packages.find((one) => one.name === name && satisfies(one.version, range));
    assert.ok(one, `the app needs ${name} ${range}, and here is ${installed(name)}`);
    if (one.alias !== name) await link(folder, name, path(`node_modules/${one.alias}`));
  }
}

async function link(folder, name, from) {
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await mkdir(dirname(join(modules, name)), { recursive: true });
  await symlink(from, join(modules, name));
  const { bin = {} } = json(join(from, 'package.json'));
  for (const [command, file] of Object.entries(bin)) {
    await symlink(join(from, file), join(modules, '.bin', command));
  }
}
