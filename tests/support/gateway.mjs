// Starts the gateway as a process before an emulator, and looks at what it leaves behind.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LIMIT } from './eventually.mjs';
import { assertNoSecret, merged, requestsTo } from './gateway-requests.mjs';
import { onWorkers, startWorkers } from './gateway-workers.mjs';
import { ask, parsed } from './wire.mjs';

export { assertNoSecret };
export { onWorkers } from './gateway-workers.mjs';

/** Tests of what only the process has: its sockets, files and signals. Not defined on Workers. */
export const processTest = onWorkers ? () => {} : test;
export const processDescribe = onWorkers ? () => {} : describe;

export const binary =
  process.env.GATEWAY ??
  fileURLToPath(new URL('../../target/release/realtimekit-gateway', import.meta.url));

/** What a test that fails leaves behind: processes, which keep its file from ending, and folders. */
const running = new Set();
const folders = new Set();
after(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Limits that no test meets by accident. */
export const ROOMY = {
  reads: { limit_per_minute: 1_000_000, new_per_minute: 1_000_000 },
  mutations: { limit_per_minute: 1_000_000, requests_per_minute: 1_000_000 },
  limits: { connections_per_address: 100_000 },
};

/** TOML of plain values, lists of them, and tables. */
export function toml(table, path = []) {
  const known = Object.entries(table).filter(([, value]) => value !== undefined);
  const isTable = ([, value]) => typeof value === 'object' && !Array.isArray(value);
  const isTables = ([, value]) => Array.isArray(value) && typeof value[0] === 'object';
  const plain = known.filter((entry) => !isTable(entry) && !isTables(entry));
  const lines = plain.map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  for (const [name, value] of known.filter(isTable)) {
    const place = [...path, name];
    lines.push(`[${place.join('.')}]`, toml(value, place));
  }
  for (const [name, list] of known.filter(isTables)) {
    const place = [...path, name];
    for (const one of list) lines.push(`[[${place.join('.')}]]`, toml(one, place));
  }
  return lines.join('\n');
}

/** The smallest configuration before an emulator, with what is given besides. */
export function config(emulator, secret, ...more) {
  const least = {
    listen: '127.0.0.1:0',
    metrics_listen: '127.0.0.1:0',
    // All that it can say, for there must be no secret in it.
    log: 'debug',
    account_id: emulator.account_id,
    upstream: { base_url: emulator.base_url, api_token: emulator.api_token },
    grants: { secret },
    audit: { dir: 'audit' },
  };
  return more.reduce(merged, least);
}

/** The text of a file; tables are written as TOML. */
const text = (content) => (typeof content === 'string' ? content : toml(content));

function writeFiles(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), text(content));
  }
}

/** A folder with these files. */
export function folderWith(files) {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  folders.add(folder);
  writeFiles(folder, files);
  return folder;
}

/** Runs a command of the gateway, of one word or several, to its end. */
export function run(command, folder, args = [], env = {}) {
  const file = join(folder, 'gateway.toml');
  const all = [...[command].flat(), '--config', file, ...args];
  const told = spawnSync(binary, all, {
    ...{ encoding: 'utf8', timeout: LIMIT, input: '' },
    env: { PATH: process.env.PATH, ...env },
  });
  return { code: told.status, out: told.stdout, err: told.stderr };
}

/**
 * Starts a gateway before an emulator; `stop` ends it, forgets its folder, and is a failure if it
 * ever said a secret or what is no line of its log, as a panic is.
 *
 * @param {any} emulator of `startEmulator`
 * @param {any} [settings] what its configuration has besides, `undefined` leaves out
 * @param {any} [how] `files` beside the configuration; `env`; `before`, shell commands that the
 *   process starts with
 */
export async function startGateway(emulator, settings = {}, { files = {}, env = {}, before } = {}) {
  if (onWorkers) {
    const texts = Object.entries(files).map(([name, content]) => [name, text(content)]);
    const how = { files: Object.fromEntries(texts), page: settings.page?.dir };
    const made = await startWorkers(emulator, settings, how);
    // For the command line, which a Worker's operator uses too.
    writeFiles(made.folder, { 'gateway.toml': config(emulator, made.secret, settings), ...files });
    return made;
  }
  const secret = randomBytes(32).toString('hex');
  const folder = folderWith({ 'gateway.toml': config(emulator, secret, settings), ...files });
  const args = ['serve', '--config', join(folder, 'gateway.toml'), '--until-stdin-closes'];
  let child;
  let ended;

  const gateway = {
    ...{ url: '', base_url: '', metrics_url: undefined },
    folder,
    secret,
    account_id: emulator.account_id,
    /** What must stand in no answer and no log. */
    secrets: [secret, emulator.api_token],
    /** The lines of its log, and what else it said. */
    logs: [],
    said: [],

    /** Runs it (again) on the same folder. */
    start: async (commands = before) => {
      const run = ['-c', `${commands}; exec "$0" "$@"`, binary, ...args];
      const [command, ...rest] = commands ? ['sh', ...run] : [binary, ...args];
      const started = spawn(command, rest, {
        ...{ stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ...env } },
      });
      // It may be gone while it is told to end.
      started.stdin.on('error', () => {});
      createInterface({ input: started.stderr }).on('line', (line) => gateway.logs.push(line));
      child = started;
      running.add(started);
      started.on('exit', () => running.delete(started));
      ended = once(started, 'close').then(([code, signal]) => ({ code, signal }));
      const lines = createInterface({ input: started.stdout });
      lines.on('line', (line) => gateway.said.push(line));
      const early = ended.then(({ code }) =>
        Promise.reject(new Error(`gateway ended: ${code} ${gateway.logs.slice(-3).join('\n')}`)),
      );
      const [line] = await Promise.race([once(lines, 'line'), early]);
      early.catch(() => {});
      Object.assign(gateway, JSON.parse(line));
    },
    pid: () => child.pid,
    /** Sends a signal. */
    signal: (name) => child.kill(name),
    /** Resolves with code and signal when the process has ended. */
    ended: () => ended,
    /** Ends it at once, as a crash does. */
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
    /** Ends it as its supervisor does. */
    end: () => {
      child.stdin.end();
      return ended;
    },
    restart: async () => {
      await gateway.end();
      await gateway.start();
    },
    stop: async () => {
      await gateway.end();
      rmSync(folder, { recursive: true, force: true });
      assertNoSecret(gateway, ...gateway.said, ...gateway.logs);
      for (const line of gateway.logs) assert.ok(parsed(line), line);
    },

    ...requestsTo(() => gateway, emulator),

    /** What is in the audit, in order; a line that is no JSON is a failure, if none may be torn. */
    auditLines: ({ torn = false } = {}) => {
      const place = join(folder, 'audit');
      const names = readdirSync(place).filter((name) => /^audit-[\d-]{10}\.jsonl$/.test(name));
      return names
        .sort()
        .flatMap((name) => readFileSync(join(place, name), 'utf8').split('\n'))
        .filter(Boolean)
        .flatMap((line) => parsed(line) ?? (torn ? [] : assert.fail(`no line: ${line}`)));
    },
    /** The metrics: values by name and labels. */
    metrics: async (agent = false) => {
      const { text } = await ask(gateway.metrics_url ?? gateway.url, { path: '/metrics', agent });
      const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
      return Object.fromEntries(
        lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]),
      );
    },
  };
  await gateway.start();
  return gateway;
}

const CODES = {
  ...{ 400: 1001, 401: 10000, 403: 9109, 404: 7003, 408: 1003, 409: 1009, 413: 1002, 415: 1004 },
  ...{ 422: 1010, 429: 971, 502: [1006, 1012], 503: [1005, 1013, 1014], 504: 1007 },
};

/** Asserts that an answer is the gateway's own refusal, in the API's envelope. */
export function assertRefusal(answer, status, message, about = '') {
  assert.equal(answer.status, status, `${about} ${answer.text}`);
  const told = answer.body?.errors?.[0];
  const envelope = { success: false, errors: [told], messages: [], result: null };
  assert.deepEqual(answer.body, envelope, about);
  const names = ['code', 'message', 'reason', ...('permission' in told ? ['permission'] : [])];
  assert.deepEqual(Object.keys(told).sort(), names.sort());
  assert.ok([CODES[status]].flat().includes(told.code), `${about} ${told.code}`);
  if (message instanceof RegExp) assert.match(told.message, message, about);
  else if (message !== undefined) assert.equal(told.message, message, about);
  assert.match(answer.headers['content-type'], /^application\/json/);
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.ok(answer.headers['x-request-id']);
  if (status === 401) assert.equal(answer.headers['www-authenticate'], 'Bearer');
}

/** Waits until something is so. */
export async function until(isSo) {
  for (;;) {
    const so = await isSo();
    if (so) return so;
    // Not at once: what is waited for needs the processor, too.
    await pause(2);
  }
}

/** A gateway with a meeting, and how a grant's read of it ends. */
export async function withMeeting(t, emulator, settings = {}, how = {}) {
  const made = await startGateway(emulator, { ...ROOMY, ...settings }, how);
  t.after(made.stop);
  const meeting = await emulator.meeting();
  const path = made.path(meeting, `meetings/${meeting.meeting_id}`);
  const read = (grant) => made.ask(grant, 'GET', path);
  const status = async (grant) => (await read(grant)).status;
  /** A line of the log with these words. */
  const logged = (...words) =>
    until(() => made.logs.find((line) => words.every((word) => line.includes(word))));
  return { made, meeting, path, read, status, logged };
}
