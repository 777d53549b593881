// What a mutation takes more on its way through nginx and through the gateway than directly.

import { startEmulator } from '../../tests/support/emulator.mjs';
import { print, target } from '../table.mjs';
import { ROOMY, at, startGateway, startNginx } from './proxies.mjs';
import { raw, wrk } from './wrk.mjs';

const ROUNDS = 9;
const SECONDS = 1;
/** So many ask by turns: what one may have written into the audit in a minute is limited. */
const MODERATORS = 200;

export async function latency() {
  const emulator = await startEmulator('--rate-limit', '0');
  const started = [];
  try {
    started.push(await startNginx(emulator));
    for (const audit of ['os', 'disk']) {
      started.push(await startGateway(emulator, { audit, settings: ROOMY }));
    }
    const direct = { name: 'directly', url: emulator.url, token: () => emulator.api_token };
    const ways = [direct, ...started];

    const path = at(emulator, emulator, `meetings/${emulator.meeting_id}`);
    const body = JSON.stringify({ status: 'ACTIVE' });
    const measure = async (way) => {
      const requests = Array.from({ length: MODERATORS }, (_, who) =>
        raw({ method: 'PATCH', path, token: way.token(emulator, `moderator-${who}`), body }),
      );
      const told = await wrk(way.url, requests, { seconds: SECONDS });
      if (told.refused || told.lost) throw new Error(`${way.name}: not all were answered`);
      return told;
    };
    // The first round makes what is made once: connections, files, the code's pages.
    for (const way of ways) await measure(way);
    const told = ways.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let turn = 0; turn < ways.length; turn += 1) {
        const which = (turn + round) % ways.length;
        told[which].push(await measure(ways[which]));
      }
    }
    // Of its least disturbed round: what else the machine does only ever adds, and to a percentile
    // more than all that is measured here.
    const figure = (which, percentile) =>
      Math.min(...told[which].map((figures) => figures[percentile]));
    const added = (which, percentile) => figure(which, percentile) - figure(0, percentile);
    const row = (name, which) => [
      name,
      figure(which, 'p50'),
      figure(which, 'p99'),
      ...(which ? [added(which, 'p50'), added(which, 'p99')] : []),
    ];
    const judged = (percentile) => {
      const what = `latency that the gateway adds, ${percentile}, / nginx's`;
      // Nothing is faster by a way through something.
      if (Math.min(added(1, percentile), added(2, percentile)) < 1) {
        return `NOT MEASURED: ${what}: the machine does too much else`;
      }
      const ratio = added(2, percentile) / added(1, percentile);
      return target(what, ratio, ratio <= 1.5, "at most 1.5 (durability 'os')");
    };
    print(
      'A mutation, one after the other on one connection, microseconds',
      ['p50', 'p99', 'added p50', 'added p99'],
      [
        row('directly', 0),
        row('by nginx', 1),
        row("by the gateway, audit's durability 'os'", 2),
        row("by the gateway, audit's durability 'disk'", 3),
      ],
      [
        judged('p50'),
        judged('p99'),
        `the audit's way to the disk, twice: ${Math.round(added(3, 'p50') - added(2, 'p50'))} (p50)`,
      ],
    );
  } finally {
    await Promise.all(started.map((one) => one.stop()));
    await emulator.stop();
  }
}
