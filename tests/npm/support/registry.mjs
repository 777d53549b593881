// An npm registry on this machine, with the packages of this repository as `npm publish` would put them there: npm
// and npx then work as for a user, without a network.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

import { startServer } from '../../support/server.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

/** Packs a folder; returns its manifest and tarball. */
async function pack(folder, into) {
  const args = ['pack', folder, '--json', '--pack-destination', into];
  const { stdout } = await run('npm', args, { cwd: ROOT });
  const [{ filename }] = Object.values(JSON.parse(stdout));
  const tarball = readFileSync(join(into, filename));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { manifest, tarball };
}

/** Builds and packs all packages, and serves them; `requested` has the names that npm asked for. */
export async function startRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'npm-registry-'));
  // In a folder of its own: another file may do the same.
  const build = [join(ROOT, 'npm/build.mjs'), join(folder, 'packages')];
  const built = await run(process.execPath, build);
  const folders = [join(ROOT, 'pkg'), ...built.stdout.trim().split('\n')];
  const packages = new Map();
  for (const one of folders) {
    const packed = await pack(one, folder);
    packages.set(packed.manifest.name, packed);
  }
  const requested = [];
  const server = await startServer((request, response) => {
    const [name, file] = decodeURIComponent(request.url.slice(1)).split('/-/');
    requested.push(name);
    const found = packages.get(name);
    if (!found) return response.writeHead(404).end('{}');
    if (file) return response.writeHead(200).end(found.tarball);
    const { manifest, tarball } = found;
    const hash = (kind, as) => createHash(kind).update(tarball).digest(as);
    const dist = {
      tarball: `http://${request.headers.host}/${name}/-/package.tgz`,
      integrity: `sha512-${hash('sha512', 'base64')}`,
      shasum: hash('sha1', 'hex'),
    };
    const { version } = manifest;
    const versions = { [version]: { ...manifest, dist } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  return {
    url: server.url,
    version: packages.get('realtimekit-gateway').manifest.version,
    names: [...packages.keys()],
    manifest: (name) => packages.get(name).manifest,
    requested,
    /** The environment of npm with an empty cache of its own. */
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      NO_COLOR: '1',
      npm_config_registry: server.url,
      npm_config_cache: join(folder, 'cache'),
      npm_config_userconfig: join(folder, 'npmrc'),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
      npm_config_fetch_retries: '0',
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
