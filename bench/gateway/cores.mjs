// Who runs on which cores. Left to itself the system puts client, proxy and server now on one core and
// now on several, and which it was is worth more than all that is measured: on one core nobody ever
// has to be woken. So a proxy has cores of its own, as it has where the others are other machines.

import { spawnSync } from 'node:child_process';

/** The cores that may be used: half of them for what is measured; `undefined` if there is but one. */
export function halves() {
  const told = spawnSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' });
  const list = /: ([\d,-]+)\s*$/.exec(told.stdout ?? '')?.[1];
  const cores = (list?.split(',') ?? []).flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, more) => from + more);
  });
  if (cores.length < 2) return undefined;
  const middle = Math.floor(cores.length / 2);
  return { all: cores, others: cores.slice(0, middle), measured: cores.slice(middle) };
}

/** Keeps a process, all its threads and what it will start on some cores. */
export function keepOn(cores, pid = process.pid) {
  const { status, stderr } = spawnSync('taskset', ['-apc', cores.join(','), String(pid)]);
  if (status !== 0) throw new Error(`taskset: ${stderr}`);
}
