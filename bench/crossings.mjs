// How often a call goes from JavaScript into wasm and out of it.

import { ours, stubbed } from './apps.mjs';
import { COUNT_CROSSINGS } from './instrument.mjs';
import { run } from './measure.mjs';
import { print } from './table.mjs';

const CALLS = 200;

export function crossings() {
  const app = {
    ...ours,
    // An import would run before what is to count it.
    imports: `const { default: Cloudflare } = await import('realtimekit-moderator');`,
  };
  const { into, out } = run(
    app,
    `${stubbed(app, COUNT_CROSSINGS)}
    for (let i = 0; i < 50; i += 1) await once();
    for (const counts of [crossings.into, crossings.out]) {
      for (const name of Object.keys(counts)) delete counts[name];
    }
    for (let i = 0; i < ${CALLS}; i += 1) await once();
    console.log(JSON.stringify({ into: crossings.into, out: crossings.out }));`,
  );
  const sum = (counts) => Object.values(counts).reduce((all, count) => all + count, 0) / CALLS;
  const most = (counts) => {
    const merged = {};
    for (const [name, count] of Object.entries(counts)) {
      const short = name.replace(/_[0-9a-f]{16}$/, '').replace(/^_ZN.*$/, 'a closure');
      merged[short] = (merged[short] ?? 0) + count;
    }
    const sorted = Object.entries(merged).sort(([, a], [, b]) => b - a);
    return sorted
      .slice(0, 8)
      .map(([name, count]) => `${name} ${count / CALLS}`)
      .join(', ');
  };
  print(
    'Calls across the wasm boundary, of one call',
    ['calls'],
    [
      ['into wasm', sum(into)],
      ['out of wasm', sum(out)],
      ['both', sum(into) + sum(out)],
    ],
    [`most into: ${most(into)}`, `most out: ${most(out)}`],
  );
}
