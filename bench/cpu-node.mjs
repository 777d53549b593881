// Fast, in Node: CPU and allocations of a call over a stub `fetch`, each app in processes of its
// own; and the time from an import to the first answer.

import { bare, ours, sdk6, sdk7, stubbed } from './apps.mjs';
import { byTurns, run } from './measure.mjs';
import { print, ratios, target } from './table.mjs';

const APPS = [ours, sdk6, sdk7, bare];
const CALLS = 10_000;

const cpu = (app) =>
  run(
    app,
    `${stubbed(app)}
    for (let i = 0; i < 4000; i += 1) await once();
    const before = process.cpuUsage();
    for (let i = 0; i < ${CALLS}; i += 1) await once();
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / ${CALLS});`,
  );

// So much room for what is young that nothing is collected while it is counted.
const ROOM = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];
const allocated = (app) =>
  run(
    app,
    `${stubbed(app)}
    for (let i = 0; i < 4000; i += 1) await once();
    const grown = [];
    for (let round = 0; round < 5; round += 1) {
      gc();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 1000; i += 1) await once();
      grown.push((process.memoryUsage().heapUsed - before) / 1000);
    }
    console.log(grown.sort((a, b) => a - b)[2]);`,
    { flags: ROOM },
  );

const start = (app) => {
  const imported = app.imports.replace(
    /import (\w+) from ('.+');/,
    'const { default: $1 } = await import($2);',
  );
  return run(
    app,
    `const before = performance.now();
    ${stubbed({ ...app, imports: imported })}
    await once();
    console.log(performance.now() - before);`,
  );
};

export async function cpuNode() {
  const spent = await byTurns(APPS, 5, cpu);
  print('CPU of a call in Node over a stub fetch, µs', ['µs', 'ours / this'], ratios(APPS, spent), [
    target('ours / 7.3.0', spent[0] / spent[2], spent[0] <= 0.8 * spent[2], 'at most 0.8'),
    target('ours / 6.5.0', spent[0] / spent[1], spent[0] <= 0.85 * spent[1], 'at most 0.85'),
  ]);
  const bytes = await byTurns(APPS, 1, allocated);
  print(
    'JavaScript heap a call allocates in Node, bytes',
    ['bytes', 'ours / this'],
    ratios(APPS, bytes),
  );
  const first = await byTurns(APPS, 5, start);
  print('From import to first answer in Node, ms', ['ms', 'ours / this'], ratios(APPS, first));
}
