// Push: how soon the last of many watchers has a change, and what watchers cost.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { print, target } from '../table.mjs';
import { counters, lookers, observer } from './live-clients.mjs';
import { startGateway } from './proxies.mjs';

const LOOKERS = 1000;
const CROWD = 10_000;
const PEOPLE = 1000;
/** How often a latency is measured: the 99th percentile is the worst but one. */
const TIMES = 100;
const MINUTE = 60_000;
/** A watch that polls reads the list every two seconds. */
const POLLS = 30;

const SETTINGS = (emulator) => `
  [reads]
  limit_per_minute = 1000000
  [mutations]
  limit_per_minute = 1000000
  requests_per_minute = 1000000
  [limits]
  connections = 100000
  connections_per_address = 100000
  [webhooks]
  key_url = "${emulator.url}/.well-known/webhooks.json"`;

/** An emulator and a gateway that gets its webhooks. */
async function start(...flags) {
  const emulator = await startEmulator(...flags);
  try {
    const gateway = await startGateway(emulator, { settings: SETTINGS(emulator) });
    const kit = `${emulator.base_url}/accounts/${emulator.account_id}/realtime/kit/${emulator.app_id}`;
    const events = ['started', 'ended', 'participantJoined', 'participantLeft'];
    await fetch(`${kit}/webhooks`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${emulator.api_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        name: 'bench',
        url: `${gateway.url}/hooks/realtimekit`,
        events: events.map((event) => `meeting.${event}`),
      }),
    });
    const stop = async () => {
      await gateway.stop();
      await emulator.stop();
    };
    return { emulator, gateway, stop };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

const join = (emulator, { meeting_id }, custom_participant_id) =>
  emulator.control('POST', 'join', { meeting_id, custom_participant_id });
const leave = (emulator, { meeting_id }, user_id) =>
  emulator.control('POST', 'leave', { meeting_id, user_id });

const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.ceil(values.length * share) - 1)
  ];

/** CPU time of a process, in milliseconds. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
const resident = (pid) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** From a cause to the last of a thousand watchers. */
async function latency(rows, targets) {
  const { emulator, gateway, stop } = await start('--rate-limit', '1000000');
  try {
    const meeting = await emulator.meeting(100);
    const watching = await lookers(gateway, emulator, meeting, LOOKERS, ['read', 'audit']);
    await sleep(1000);
    const joins = [];
    const people = [];
    for (let time = 0; time < TIMES; time += 1) {
      const name = `joins-${time}-of-many`;
      const seen = watching.seen(name);
      const from = performance.now();
      people.push((await join(emulator, meeting, name)).user_id);
      joins.push((await seen) - from);
      await sleep(100 + 200 * Math.random());
    }
    const acts = [];
    const kick = `${gateway.url}/client/v4/accounts/${emulator.account_id}/realtime/kit/${meeting.app_id}/meetings/${meeting.meeting_id}/active-session/kick`;
    for (const [time, user_id] of people.entries()) {
      const sub = `moderator-${time}-acts`;
      const token = gateway.token(meeting, sub, ['read', 'kick']);
      const seen = watching.seen(sub);
      const from = performance.now();
      const response = await fetch(kick, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ participant_ids: [user_id] }),
      });
      if (response.status !== 200) throw new Error(await response.text());
      acts.push((await seen) - from);
      await sleep(100 + 200 * Math.random());
    }
    watching.stop();
    for (const [name, values, most] of [
      ['a join until the last of 1,000 has it', joins, 300],
      ['an action until the last of 1,000 has it', acts, 150],
    ]) {
      const p99 = quantile(values, 0.99);
      rows.push([`${name}, ms p50 / p99`, quantile(values, 0.5), p99]);
      targets.push(target(`${name}, ms p99`, p99, p99 <= most, `at most ${most}`));
    }
  } finally {
    await stop();
  }
}

/** Ten thousand watchers of a quiet meeting, with the API's real limit. */
async function quiet(rows, targets) {
  const started = await start();
  try {
    const { emulator, gateway } = started;
    const [pid] = gateway.pids();
    const meeting = await emulator.meeting(100);
    const first = await counters(gateway, emulator, meeting, 100);
    await sleep(3000);
    const before = resident(pid);
    const from = performance.now();
    const all = await counters(gateway, emulator, meeting, CROWD);
    const opened = (performance.now() - from) / 1000;
    // The list is read at the interval for some seconds after the last webhook.
    await sleep(15_000);
    const memory = (resident(pid) - before) / CROWD / 1024;
    const reads = await gateway.upstream();
    await sleep(MINUTE);
    const requests = (await gateway.upstream()) - reads;
    rows.push(['10,000 sockets opened in, s', opened]);
    rows.push(['requests to the API a minute, quiet, 10,000 watchers', requests]);
    rows.push(['memory of an idle socket, kB', memory]);
    rows.push(['sockets lost', all.all.closed + first.all.closed]);
    targets.push(
      target('10,000 sockets opened in, s', opened, opened <= 20, 'at most 20'),
      target('requests to the API a minute', requests, requests <= 12, 'at most 12'),
      target('memory of an idle socket, kB', memory, memory <= 32, 'at most 32'),
    );
    all.stop();
    first.stop();
  } finally {
    await started.stop();
  }
}

/** Ten thousand watchers of a lively meeting. */
async function lively(rows, targets) {
  const started = await start('--rate-limit', '1000000');
  try {
    const { emulator, gateway } = started;
    const [pid] = gateway.pids();
    const meeting = await emulator.meeting(100);
    const all = await counters(gateway, emulator, meeting, CROWD);
    const one = await observer(gateway, emulator, meeting);
    const joins = [];
    await sleep(15_000);
    const [used, from] = [cpu(pid), performance.now()];
    for (let time = 0; time < 200; time += 1) {
      const due = from + time * 100;
      await sleep(Math.max(0, due - performance.now()));
      joins.push(join(emulator, meeting, `lively-${time}`));
    }
    await Promise.all(joins);
    const ms = performance.now() - from;
    const share = ((cpu(pid) - used) / ms) * 100;
    const second = (count) => count / (ms / 1000);
    rows.push([
      'changes / messages a second to each of 10,000',
      second(one.seen.joined),
      second(one.seen.messages),
    ]);
    one.stop();
    rows.push(['CPU of the gateway meanwhile, % of a core', share]);
    rows.push(['sockets lost meanwhile', all.all.closed]);
    targets.push(target('CPU, % of a core', share, share <= 60, 'at most 60'));
    all.stop();
  } finally {
    await started.stop();
  }
}

/** The bytes that a watcher gets in a minute. */
async function bytes(rows, targets) {
  const { emulator, gateway, stop } = await start('--rate-limit', '1000000');
  try {
    const meeting = await emulator.meeting(PEOPLE);
    const size = async () => {
      const list = `${emulator.base_url}/accounts/${emulator.account_id}/realtime/kit/${meeting.app_id}/sessions/${meeting.session_id}/participants`;
      let total = 0;
      for (let page = 1; ; page += 1) {
        const response = await fetch(
          `${list}?per_page=200&sort_by=joinedAt&sort_order=ASC&page_no=${page}`,
          {
            headers: { authorization: `Bearer ${emulator.api_token}` },
          },
        );
        const text = await response.text();
        if (JSON.parse(text).data.participants.length === 0) return total;
        total += text.length;
      }
    };
    const plain = await counters(gateway, emulator, meeting, 1);
    const small = await counters(gateway, emulator, meeting, 1, { deflate: true });
    await sleep(15_000);
    const counted = async (ms) => {
      const before = [plain.all.bytes, small.all.bytes];
      const from = performance.now();
      await sleep(ms);
      const minutes = (performance.now() - from) / MINUTE;
      return [plain.all.bytes, small.all.bytes].map((now, at) => (now - before[at]) / minutes);
    };
    const polled = (await size()) * POLLS;
    const quiet = await counted(MINUTE);
    const people = [];
    let running = true;
    let moves = 0;
    const from = performance.now();
    const lively = (async () => {
      for (let time = 0; running; time += 1) {
        await sleep(Math.max(0, from + time * 40 - performance.now()));
        people.push((await join(emulator, meeting, `one-of-many-${time}`)).user_id);
        moves += 1;
        if (people.length <= 100) continue;
        await leave(emulator, meeting, people.shift());
        moves += 1;
      }
    })();
    await sleep(5000);
    const start = await size();
    const moved = moves;
    const busy = await counted(MINUTE / 2);
    const rate = (moves - moved) / (MINUTE / 2000);
    const polledBusy = ((start + (await size())) / 2) * POLLS;
    running = false;
    await lively;
    rows.push([
      'bytes a minute, 1,000 people, quiet: polling / push / compressed',
      polled,
      ...quiet,
    ]);
    rows.push([`the same with ${rate.toFixed(1)} joins and leaves a second`, polledBusy, ...busy]);
    const share = (busy[1] / polled) * 100;
    targets.push(
      target('bytes a minute, quiet', quiet[1], quiet[1] <= 1000, 'at most 1,000'),
      target('with 50 a second, % of polling a quiet meeting', share, share <= 5, 'at most 5'),
    );
    plain.stop();
    small.stop();
  } finally {
    await stop();
  }
}

const PARTS = { latency, quiet, lively, bytes };

/** All of it, or some of `PARTS`. */
export async function live(parts = Object.keys(PARTS)) {
  const [rows, targets] = [[], []];
  for (const part of parts) await PARTS[part](rows, targets);
  print('Push', ['', '', ''], rows, targets);
  if (targets.some(({ met }) => !met)) process.exitCode = 1;
}
