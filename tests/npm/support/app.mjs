// An app that installs packages from the registry of registry.mjs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** What still runs. */
const running = new Set();

/** Signals a process and what it started, as Ctrl-C in a terminal does. */
export const interrupt = ({ pid }, signal = 'SIGINT') => process.kill(-pid, signal);

/** Ends what a failed test has left. */
export function endAll() {
  for (const child of running) interrupt(child, 'SIGKILL');
}

/** The tools of tests/environments. */
export const tool = (name) => path(`../environments/node_modules/${name}`);

/** Makes an app: a copy of a folder of apps/, with packages of the registry. */
export async function makeApp(registry, { from, packages = [], manifest = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'npm-app-'));
  if (from) cpSync(path(`apps/${from}`), folder, { recursive: true });
  const whole = { name: 'app', private: true, ...manifest };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(whole));
  const app = {
    folder,
    /** Starts a command in it; `out` and `err` have the lines so far. */
    start: (command, args = [], env = {}) => {
      const all = { ...registry.env, ...env };
      const child = spawn(command, args, {
        cwd: folder,
        env: all,
        stdio: ['pipe', 'pipe', 'pipe'],
        // A group of its own, as in a terminal.
        detached: true,
      });
      running.add(child);
      child.on('close', () => running.delete(child));
      const started = { child, out: [], err: [], ended: once(child, 'close') };
      for (const [stream, lines] of [
        [child.stdout, started.out],
        [child.stderr, started.err],
      ]) {
        createInterface({ input: stream }).on('line', (line) => lines.push(line));
      }
      return started;
    },
    /** Runs a command to its end. */
    run: async (command, args, env) => {
      const { child, out, err, ended } = app.start(command, args, env);
      child.stdin.end();
      const [code, signal] = await ended;
      return { code, signal, out: out.join('\n'), err: err.join('\n') };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  if (packages.length) {
    const { code, out, err } = await app.run('npm', ['install', ...packages]);
    if (code !== 0) throw new Error(`npm install ended with ${code}: ${out}\n${err}`);
  }
  return app;
}
