// The results of a run as JSON: what the tables print, the machine, and the versions of what was measured.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';

const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** The first line that a program prints about its version; undefined if there is no such program. */
function version(command, option) {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const { stdout, stderr, error } = spawnSync(command, [option], { encoding: 'utf8', env });
  if (error) return undefined;
  return (stdout || stderr).split('\n')[0].trim();
}

function machine() {
  const cores = cpus();
  return {
    system: `${type()} ${release()} ${arch()}`,
    cpu: cores[0]?.model.trim(),
    cores: cores.length,
    memory_bytes: totalmem(),
  };
}

const versions = () => ({
  ...json('package.json').dependencies,
  node: process.version,
  chromium: version('chromium', '--version'),
  nginx: version('nginx', '-v'),
  wrk: version('wrk', '-v'),
});

/**
 * Writes a file.
 *
 * @param {string} file
 * @param {{ name: string, tables: object[] }[]} parts the parts of the run, each with its tables
 */
export function write(file, parts) {
  const results = {
    ...{ version: json('../pkg/package.json').version, date: new Date().toISOString() },
    ...{ machine: machine(), versions: versions(), parts },
  };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
