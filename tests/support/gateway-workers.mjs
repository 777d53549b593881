// Starts the gateway of Workers under workerd before an emulator, with the interface of the process's helper:
// the same tests run against both. GATEWAY_ON=workers chooses it.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertNoSecret, merged, requestsTo } from './gateway-requests.mjs';
import { sql } from './sqlite.mjs';
import { ask, parsed } from './wire.mjs';

/** Whether tests of the gateway run against the one of Workers. */
export const onWorkers = process.env.GATEWAY_ON === 'workers';

const local = fileURLToPath(new URL('../../gateway/workers/local.mjs', import.meta.url));

/** What a test that fails leaves behind. */
const running = new Set();
const folders = new Set();
after(() => {
  for (const child of running) killAll(child);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The rows of a query; none if the table is not there. */
function rowsOf(file, query) {
  try {
    return JSON.parse(sql(file, query, '-readonly', '-json') || '[]');
  } catch (error) {
    if (/no such table/.test(error.message)) return [];
    throw error;
  }
}

/** Ends a process and workerd, which is in its group. */
function killAll(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Fields that only a process has: a platform of Workers has its own limits. */
const PROCESS_ONLY = [
  ...['listen', 'metrics_listen', 'trusted_proxies', 'revocations_file', 'page', 'tls'],
  ...['limits.connections', 'limits.connections_per_address', 'limits.head_timeout_ms'],
  ...[
    'limits.head_bytes',
    'limits.idle_timeout_ms',
    'limits.write_timeout_ms',
    'limits.shutdown_s',
  ],
  ...['audit.dir', 'audit.durability', 'audit.lock_wait_s', 'identity.moderators_file'],
  ...['webhooks.public_key_file'],
];

/** A configuration as the variables of a Worker. */
export function variables(table, path = []) {
  return Object.entries(table).flatMap(([name, value]) => {
    const field = [...path, name].join('.');
    if (value === undefined || PROCESS_ONLY.includes(field)) return [];
    if (typeof value === 'object' && !Array.isArray(value))
      return variables(value, [...path, name]);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [[`RTK_GATEWAY__${field.toUpperCase().replaceAll('.', '__')}`, text]];
  });
}

/**
 * Starts a gateway of Workers before an emulator.
 *
 * @param {any} emulator of `startEmulator`
 * @param {any} [settings] what its configuration has besides
 * @param {any} [how] `files` of moderators and revocations; `bucket`, whether the audit goes to R2; `page`, the
 *   folder of the page; `build`, what worker-build made; `bindings`, more names and texts
 */
export async function startWorkers(
  emulator,
  settings = {},
  { files = {}, bucket, page, build, bindings = [] } = {},
) {
  const secret = randomBytes(32).toString('hex');
  const metricsToken = randomBytes(16).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'workers-'));
  folders.add(folder);
  const least = {
    log: 'debug',
    account_id: emulator.account_id,
    upstream: { base_url: emulator.base_url, api_token: emulator.api_token },
    grants: { secret },
    metrics: { token: metricsToken },
  };
  const read = (field, path) => (path ? { [field]: files[path] } : {});
  const vars = Object.fromEntries([
    ...variables(merged(least, settings)),
    ...variables({
      ...read('revocations', settings.revocations_file),
      identity: read('moderators', settings.identity?.moderators_file),
      webhooks: read('public_key', settings.webhooks?.public_key_file),
    }),
    ...bindings,
  ]);
  let child;
  let ended;

  const gateway = {
    ...{ url: '', base_url: '', folder, secret, metricsToken },
    account_id: emulator.account_id,
    secrets: [secret, emulator.api_token, metricsToken],
    logs: [],
    said: [],

    /** Runs it (again) on the same storage. */
    start: async () => {
      const options = JSON.stringify({ vars, persist: folder, bucket, build, files: page });
      const started = spawn(process.execPath, [local, options], {
        // A group of its own, with workerd.
        ...{ stdio: ['pipe', 'pipe', 'pipe'], detached: true },
      });
      started.stdin.on('error', () => {});
      createInterface({ input: started.stderr }).on('line', (line) => gateway.logs.push(line));
      child = started;
      running.add(started);
      started.on('exit', () => running.delete(started));
      ended = once(started, 'close').then(([code, signal]) => ({ code, signal }));
      const lines = createInterface({ input: started.stdout });
      lines.on('line', (line) => gateway.said.push(line));
      const early = ended.then(({ code }) =>
        Promise.reject(new Error(`workerd ended: ${code} ${gateway.logs.slice(-3).join('\n')}`)),
      );
      const [line] = await Promise.race([once(lines, 'line'), early]);
      early.catch(() => {});
      const { url } = JSON.parse(line);
      Object.assign(gateway, { url, base_url: `${url}/client/v4` });
    },
    ended: () => ended,
    /** The process, whose group has workerd. */
    pid: () => child.pid,
    /** Ends it at once, as a crash does. */
    kill: () => {
      killAll(child);
      return ended;
    },
    end: async () => {
      child.stdin.end();
      return ended;
    },
    restart: async () => {
      await gateway.end();
      await gateway.start();
    },
    stop: async () => {
      await gateway.kill();
      rmSync(folder, { recursive: true, force: true });
      assertNoSecret(gateway, ...gateway.said, ...gateway.logs);
    },

    ...requestsTo(() => gateway, emulator),

    /** What is in the audit of all objects, in order. */
    auditLines: () => {
      const place = join(folder, 'objects', 'realtimekit-gateway-MeetingObject');
      const names = readdirSync(place).filter((name) => name.endsWith('.sqlite'));
      const rows = names.flatMap((name) =>
        rowsOf(join(place, name), 'SELECT at, seq, text FROM lines'),
      );
      rows.sort((one, other) => one.at - other.at || one.seq - other.seq);
      return rows.map(({ text }) => parsed(text));
    },
    /** The metrics: values by name and labels. */
    metrics: async () => {
      const headers = { authorization: `Bearer ${metricsToken}` };
      const { text } = await ask(gateway.url, { path: '/metrics', headers });
      const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
      return Object.fromEntries(
        lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]),
      );
    },
    /** The objects of R2, by name, if the audit goes there. */
    exported: () => join(folder, 'r2'),
  };
  await gateway.start();
  return gateway;
}

/** The page as it is built. */
export const builtPage = fileURLToPath(new URL('../../www/dist', import.meta.url));
