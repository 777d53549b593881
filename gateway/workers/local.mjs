// Runs the Worker on this machine under workerd, with its storage on disk.
//
//   node local.mjs OPTIONS    OPTIONS is JSON: { vars, persist, port, files, bucket }
//
// Prints { url, workerd } when it is ready; ends when its input closes.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';

const folder = fileURLToPath(new URL('.', import.meta.url));
const CONFIGURATION = readFileSync(`${folder}wrangler.toml`, 'utf8');
const COMPATIBILITY_DATE = /compatibility_date = "(.*)"/.exec(CONFIGURATION)?.[1];
const COMPATIBILITY_FLAGS = JSON.parse(
  /compatibility_flags = (\[.*\])/.exec(CONFIGURATION)?.[1] ?? '[]',
);

/**
 * The modules: main.mjs and what it imports, and what worker-build made in a folder.
 *
 * @param {string} build
 * @returns {any[]}
 */
function modules(build) {
  const made = readdirSync(folder + build).filter((name) => /\.(js|wasm)$/.test(name));
  const main = readFileSync(`${folder}main.mjs`, 'utf8').replaceAll('./build/', `./${build}/`);
  return [
    { type: 'ESModule', path: 'main.mjs', contents: main },
    { type: 'ESModule', path: 'crypto.mjs', contents: readFileSync(`${folder}crypto.mjs`) },
    ...made.map((name) => ({
      type: name.endsWith('.js') ? 'ESModule' : 'CompiledWasm',
      path: `${build}/${name}`,
      contents: readFileSync(`${folder}${build}/${name}`),
    })),
  ];
}

/**
 * Starts it.
 *
 * @param {object} options
 * @param {Record<string, string>} options.vars the variables and secrets
 * @param {string} options.persist the folder of the storage
 * @param {number} [options.port] 0, or what is not given, picks a free one
 * @param {string} [options.files] the folder of the page
 * @param {boolean} [options.bucket] whether the audit goes to R2, too
 * @param {string} [options.build] the folder that worker-build made
 */
export async function startLocal({ vars, persist, port = 0, files, bucket, build = 'build' }) {
  /** @param {string} className */
  const object = (className) => ({ className, useSQLite: true });
  const miniflare = new Miniflare({
    name: 'realtimekit-gateway',
    modules: modules(build),
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: COMPATIBILITY_FLAGS,
    host: '127.0.0.1',
    port,
    bindings: vars,
    durableObjects: { MEETINGS: object('MeetingObject'), ACCOUNTS: object('AccountObject') },
    durableObjectsPersist: `${persist}/objects`,
    ...(bucket && { r2Buckets: ['AUDIT'], r2Persist: `${persist}/r2` }),
    ...(files && {
      assets: {
        directory: files,
        binding: 'ASSETS',
        routerConfig: { invoke_user_worker_ahead_of_assets: true, has_user_worker: true },
      },
    }),
    cf: false,
    cache: true,
    // The log of the Worker, as it is.
    handleRuntimeStdio: (
      /** @type {NodeJS.ReadableStream} */ out,
      /** @type {NodeJS.ReadableStream} */ err,
    ) => {
      out.pipe(process.stderr);
      err.pipe(process.stderr);
    },
  });
  const url = await miniflare.ready;
  return { url: url.href.replace(/\/$/, ''), stop: () => miniflare.dispose() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = await startLocal(JSON.parse(process.argv[2]));
  console.log(JSON.stringify({ url: started.url }));
  process.stdin.resume();
  process.stdin.on('end', async () => {
    await started.stop();
    process.exit(0);
  });
}
