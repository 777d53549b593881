// What the API is asked when ever more watchers refresh one meeting every two seconds.

import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { print, target } from '../table.mjs';
import { startGateway, watched } from './proxies.mjs';
import { raw, wrk } from './wrk.mjs';

const WATCHERS = [1, 10, 100, 1000, 10_000];
/** A row's time, after all have come. */
const SECONDS = 12;
const COMING = 3;
/** Two reads, each of which is fresh for a second. */
const MOST = 2 * 60;
/** Files that a process needs besides its connections. */
const FILES = 200;

export async function watchers() {
  // As the real API, and a gateway with nothing but its defaults.
  const emulator = await startEmulator();
  const gateway = await startGateway(emulator).catch(async (error) => {
    await emulator.stop();
    throw error;
  });
  try {
    const remarks = [];
    const files = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || Infinity;
    const rows = [];
    for (const wanted of WATCHERS) {
      const count = Math.min(wanted, files - FILES);
      if (count < wanted) {
        remarks.push(`${wanted} watchers were ${count}: ulimit -n is ${files}`);
      }
      // Each is a moderator of their own, and every second asks for one of the two.
      const paths = watched(emulator, emulator);
      const requests = Array.from({ length: count }, (_, who) => {
        const token = gateway.token(emulator, `moderator-${who}`);
        return paths.map((path) => raw({ path, token }));
      }).flat();
      const seconds = COMING + SECONDS + 1;
      const asking = wrk(gateway.url, requests, {
        ...{ connections: count, seconds, every_ms: 1000 },
      });
      await sleep(COMING * 1000);
      const [from, before] = [performance.now(), await gateway.upstream()];
      await sleep(SECONDS * 1000);
      const [to, after] = [performance.now(), await gateway.upstream()];
      const told = await asking;
      if (told.lost) remarks.push(`with ${count}: ${told.lost} connections failed`);
      rows.push({
        count,
        asked: told.answered / told.seconds,
        upstream: ((after - before) * 60_000) / (to - from),
        ...{ p50: told.p50 / 1000, p99: told.p99 / 1000, refused: told.refused },
      });
    }
    // However many there are: ten do not yet ask for both in every second.
    const most = Math.max(...rows.map(({ upstream }) => upstream));
    const grows = most > 1.05 * MOST;
    const refused = rows.reduce((sum, row) => sum + row.refused, 0);
    print(
      'Watchers that refresh one meeting every 2 s (two reads)',
      ['reads a second', 'of the API a minute', 'p50 ms', 'p99 ms', 'refused'],
      rows.map((row) => [
        row.count.toLocaleString('en'),
        ...[row.asked, row.upstream, row.p50, row.p99, row.refused],
      ]),
      [
        target('of the API a minute, most', most, !grows, `at most ${MOST}, with however many`),
        target('reads refused', refused, refused === 0, '0'),
        ...remarks,
      ],
    );
    if (grows || refused) process.exitCode = 1;
  } finally {
    await gateway.stop();
    await emulator.stop();
  }
}
