// What a mutation takes more on its way through nginx and through the gateway than directly.

import { readFileSync } from 'node:fs';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { median } from '../measure.mjs';
import { print, target } from '../table.mjs';
import { halves, keepOn } from './cores.mjs';
import { ROOMY, at, startGateway, startNginx } from './proxies.mjs';
import { raw, wrk } from './wrk.mjs';

const ROUNDS = 13;
const CROWDED_ROUNDS = 5;
const SECONDS = 1;
/** So many ask by turns: what one may have written into the audit in a minute is limited. */
const MODERATORS = 200;
/** Of the system's clock ticks, which it tells a process's time in: the same on every Linux. */
const TICK_US = 10_000;

/** How long processes have been computing, in microseconds. */
function computed(pids) {
  const ticks = (pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  return pids.reduce((sum, pid) => sum + ticks(pid), 0) * TICK_US;
}

/** Measures all ways by turns, so many times. */
async function measured(ways, count) {
  const measure = async ({ name, url, requests, pids }) => {
    const before = computed(pids());
    const told = await wrk(url, requests, { seconds: SECONDS });
    if (told.refused || told.lost) throw new Error(`${name}: not all were answered`);
    return { ...told, computed: computed(pids()) - before };
  };
  // The first round makes what is made once: connections, files, the code's pages.
  for (const way of ways) await measure(way);
  const rounds = [];
  for (let round = 0; round < count; round += 1) {
    const told = [];
    for (let turn = 0; turn < ways.length; turn += 1) {
      const which = (turn + round) % ways.length;
      told[which] = await measure(ways[which]);
    }
    rounds.push(told);
  }
  return rounds;
}

const added = (told, which, percentile) => told[which][percentile] - told[0][percentile];

/**
 * What the gateway adds over what nginx adds. Only what is of the same round is compared, and a round
 * in which the machine did something else is one of many; `undefined` if most were.
 */
function ratio(rounds, percentile) {
  // Nothing is faster by a way through something: then something else was measured.
  const sound = rounds.filter(
    (told) => Math.min(added(told, 1, percentile), added(told, 2, percentile)) >= 1,
  );
  if (sound.length * 2 <= rounds.length) return undefined;
  return median(sound.map((told) => added(told, 2, percentile) / added(told, 1, percentile)));
}

function judged(rounds, percentile) {
  const what = `latency that the gateway adds, ${percentile}, / nginx's`;
  const value = ratio(rounds, percentile);
  if (value === undefined) return `NOT MEASURED: ${what}: the machine does too much else`;
  return target(what, value, value <= 2, "at most 2 (durability 'os')");
}

function show(title, ways, rounds, notes) {
  const over = (figure) => median(rounds.map(figure));
  const sum = (figure) => rounds.reduce((sum, told) => sum + figure(told), 0);
  const rows = ways.map(({ name }, which) => [
    name,
    over((told) => told[which].p50),
    over((told) => told[which].p99),
    ...(which
      ? [
          over((told) => added(told, which, 'p50')),
          over((told) => added(told, which, 'p99')),
          sum((told) => told[which].computed) / sum((told) => told[which].answered),
        ]
      : []),
  ]);
  print(
    `A mutation, one after the other on one connection, ${title}; microseconds, medians of ${rounds.length} rounds`,
    ['p50', 'p99', 'added p50', 'added p99', 'CPU time'],
    rows,
    notes,
  );
}

export async function latency() {
  const emulator = await startEmulator('--rate-limit', '0');
  const started = [];
  const cores = halves();
  try {
    started.push(await startNginx(emulator));
    for (const audit of ['os', 'disk']) {
      started.push(await startGateway(emulator, { audit, settings: ROOMY }));
    }
    const [nginx, ...gateways] = started;
    const path = at(emulator, emulator, `meetings/${emulator.meeting_id}`);
    const body = JSON.stringify({ status: 'ACTIVE' });
    const way = (name, { url, token, pids }) => ({
      name,
      url,
      pids,
      requests: Array.from({ length: MODERATORS }, (_, who) =>
        raw({ method: 'PATCH', path, token: token(emulator, `moderator-${who}`), body }),
      ),
    });
    const directly = { url: emulator.url, token: () => emulator.api_token, pids: () => [] };
    const ways = [
      way('directly', directly),
      way('by nginx', nginx),
      way("by the gateway, audit's durability 'os'", gateways[0]),
      way("by the gateway, audit's durability 'disk'", gateways[1]),
    ];
    const between = () => started.flatMap((one) => one.pids());

    if (cores) {
      for (const pid of between()) keepOn(cores.measured, pid);
      for (const pid of [process.pid, emulator.pid]) keepOn(cores.others, pid);
    }
    const rounds = await measured(ways, ROUNDS);
    const disk = median(rounds.map((told) => told[3].p50 - told[2].p50));
    show(cores ? 'a proxy on cores of its own' : 'all on one core', ways, rounds, [
      judged(rounds, 'p50'),
      judged(rounds, 'p99'),
      `the audit's way to the disk, twice: ${Math.round(disk)} (p50)`,
    ]);
    if (!cores) return;

    // Where nobody is woken, what remains is what each computes.
    for (const pid of [process.pid, emulator.pid, ...between()]) keepOn([cores.all[0]], pid);
    const crowded = ways.slice(0, 3);
    const more = await measured(crowded, CROWDED_ROUNDS);
    const told = ['p50', 'p99'].map((name) => `${name} ${ratio(more, name)?.toFixed(2)}`);
    show('all on one core', crowded, more, [
      `latency that the gateway adds / nginx's: ${told.join(', ')} (not judged: see cores.mjs)`,
    ]);
  } finally {
    if (cores) keepOn(cores.all);
    await Promise.all(started.map((one) => one.stop()));
    await emulator.stop();
  }
}
