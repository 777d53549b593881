// How things are measured: by turns, so that what else the machine does meets all of them, and by
// the median. And how code is run in a process of its own.

import { execFileSync } from 'node:child_process';

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** For each app the median of what `measure` gives, in as many rounds. */
export async function byTurns(apps, rounds, measure) {
  const figures = apps.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    // Another order each time: nobody is always after the same one.
    for (let turn = 0; turn < apps.length; turn += 1) {
      const at = (turn + round) % apps.length;
      figures[at].push(await measure(apps[at]));
    }
  }
  return figures.map(median);
}

/** What a module's text prints as JSON, run beside the app's packages. */
export function run(app, code, { flags = [], env = {} } = {}) {
  const told = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', code], {
    cwd: app.folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(told);
}
