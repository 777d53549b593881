// Measures the package beside the official SDK, in one run on the same machine: bytes, CPU per
// call over a stub `fetch`, and the time from an import to the first answer. Ratios are what to
// read; the figures vary with the machine.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = join(root, 'tests');
const modules = join(tests, 'node_modules');
const resolve = createRequire(join(tests, 'package.json')).resolve;
const NAMES = ['realtimekit-moderator', 'cloudflare'];
const ROUNDS = 7;

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const node = (args) => execFileSync(process.execPath, args, { cwd: tests, encoding: 'utf8' });

/** The code of one import and one call, as a bundler emits it, after brotli. */
async function bytes(name) {
  const { build } = await import(pathToFileURL(resolve('esbuild')).href);
  const contents = `
    import Cloudflare from '${name}';
    const client = new Cloudflare({ apiToken: 'a', baseURL: '/api' });
    client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: tests },
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  const emitted = outputFiles.map((file) => file.contents);
  if (name === NAMES[0]) {
    // esbuild leaves the wasm file where it is.
    emitted.push(readFileSync(join(modules, name, 'dist/realtimekit_moderator_bg.wasm')));
  }
  return emitted.reduce((sum, file) => sum + brotliCompressSync(file).length, 0);
}

/** Microseconds of CPU a call takes over a stub `fetch`. */
function cpu(name) {
  const script = `
    const { default: Cloudflare } = await import('${name}');
    const body = '{"data":{"id":"s","status":"LIVE","live_participants":3},"success":true}';
    const init = { headers: { 'content-type': 'application/json' } };
    const client = new Cloudflare({ apiToken: 'a', fetch: async () => new Response(body, init) });
    const calls = async (n) => {
      for (let i = 0; i < n; i += 1) {
        await client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
      }
    };
    await calls(3000);
    const before = process.cpuUsage();
    await calls(10000);
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 10000);`;
  return Number(node(['--input-type=module', '-e', script]));
}

/** Milliseconds from an import in Node to the first answer, of a stub `fetch`. */
function start(name) {
  const script = `
    const before = performance.now();
    const { default: Cloudflare } = await import('${name}');
    const client = new Cloudflare({ apiToken: 'a', fetch: async () => Response.json({}) });
    await client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });
    console.log(performance.now() - before);`;
  return Number(node(['--input-type=module', '-e', script]));
}

/** Measures both by turns, so that what else the machine does meets both. */
function measured(measure) {
  const rounds = NAMES.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    NAMES.forEach((name, at) => rounds[at].push(measure(name)));
  }
  return rounds.map(median);
}

const rows = [
  ['bytes after brotli', ...(await Promise.all(NAMES.map(bytes)))],
  ['CPU a call, µs', ...measured(cpu)],
  ['import to answer, ms', ...measured(start)],
];
const version = JSON.parse(readFileSync(join(modules, 'cloudflare/package.json'), 'utf8')).version;
console.log(
  `${''.padEnd(28)}${'ours'.padStart(12)}${`cloudflare@${version}`.padStart(20)}   ratio`,
);
for (const [what, ours, theirs] of rows) {
  const figure = (number) => number.toLocaleString('en', { maximumFractionDigits: 1 });
  console.log(
    what.padEnd(28) +
      figure(ours).padStart(12) +
      figure(theirs).padStart(20) +
      (ours / theirs).toFixed(2).padStart(8),
  );
}
