// The demo: runs the moderator page, a gateway and an emulated meeting until Ctrl-C. PORT sets the gateway's port. It
// needs no network connection. `make demo` and `npx realtimekit-moderator demo` share it.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const EVERYTHING = 'read,kick,kick_all,mute,mute_all,poll,ban,lock,audit';

/** @typedef {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} Child */
/** @typedef {Record<'url' | 'base_url' | 'api_token' | 'account_id' | 'app_id' | 'meeting_id', string>} Ready */

/** @type {Child[]} */
const running = [];
let ending = false;
let folder = '';

/** The environment without the configuration of another gateway. */
const inherited = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('RTK_GATEWAY__')),
  );

/**
 * Starts a process. Resolves with the JSON that it prints when it is ready.
 *
 * @param {string} binary
 * @param {string[]} flags
 * @param {Record<string, string>} [variables]
 * @returns {Promise<Ready>}
 */
function start(binary, flags, variables = {}) {
  // It ends when its standard input closes, even if this process is killed.
  const child = spawn(binary, [...flags, '--until-stdin-closes'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...inherited(), ...variables },
  });
  running.push(child);
  return new Promise((ready, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => ready(JSON.parse(line)));
    child.on('error', ({ message }) =>
      fail(new Error(`${binary} does not start (${message}): build it first`)),
    );
    child.on('exit', (code) => {
      fail(new Error(`${binary} ended (${code})`));
      end(code ?? 0);
    });
  });
}

/** Ends all processes, the gateway first, so that it can finish requests in flight. */
function end(/** @type {number} */ code) {
  if (ending) return;
  ending = true;
  process.exitCode ||= code;
  const left = running.filter(({ exitCode, pid }) => pid && exitCode === null);
  const gone = left.reverse().map((child) => new Promise((done) => child.once('exit', done)));
  for (const child of left) child.stdin.end();
  Promise.all(gone).then(() => rmSync(folder, { recursive: true, force: true }));
}

/**
 * The gateway's configuration.
 *
 * @param {Ready} emulator
 * @param {string} page
 */
const configuration = (emulator, page) => ({
  RTK_GATEWAY__LISTEN: `127.0.0.1:${process.env.PORT ?? 0}`,
  RTK_GATEWAY__ACCOUNT_ID: emulator.account_id,
  RTK_GATEWAY__LOG: 'warn',
  RTK_GATEWAY__UPSTREAM__BASE_URL: emulator.base_url,
  RTK_GATEWAY__UPSTREAM__API_TOKEN: emulator.api_token,
  RTK_GATEWAY__GRANTS__SECRET: randomBytes(32).toString('hex'),
  RTK_GATEWAY__AUDIT__DIR: join(folder, 'audit'),
  RTK_GATEWAY__LIVE__MODERATORS: 'true',
  RTK_GATEWAY__PAGE__DIR: page,
});

/** Lets a participant join or leave every few seconds. */
function joinAndLeave(/** @type {Ready} */ { url, meeting_id }) {
  const names = ['Ada', 'Björn', 'Chen', 'Dilnoza', 'Elif', 'Farid', 'Grace', 'Hana', 'Ivo', 'Joy'];
  /** @type {Set<string>} */
  const inside = new Set();
  const timer = setInterval(async () => {
    if (ending) return clearInterval(timer);
    const name = names[Math.floor(Math.random() * names.length)];
    const participant = { meeting_id, custom_participant_id: name.toLowerCase() };
    const leaves = inside.delete(name);
    if (!leaves) inside.add(name);
    // It fails for a participant who was removed or banned, or in a locked meeting. Ignore that.
    await fetch(`${url}/__emulator/${leaves ? 'leave' : 'join'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(leaves ? participant : { ...participant, name }),
    }).catch(() => {});
  }, 3000);
  timer.unref();
}

const METRICS = `  - see how few requests reach the API, for any number of open pages:
      curl URL/metrics
`;

/** @typedef {{ gateway: string, emulator: string, page: string, metrics?: boolean }} Programs `metrics`: whether anyone may read them. */

async function main(/** @type {Programs} */ programs) {
  const lively = ['--participants', '25', '--speed', '1', '--start-time', 'now'];
  const emulator = await start(programs.emulator, lively);
  const { account_id, app_id, meeting_id } = emulator;
  const variables = configuration(emulator, programs.page);
  const gateway = await start(programs.gateway, ['serve'], variables);
  joinAndLeave(emulator);
  const target = ['--app', app_id, '--meeting', meeting_id, '--sub', 'demo', '--name', 'Demo'];
  const flags = ['grant', ...target, '--can', EVERYTHING, '--for', '8h'];
  const env = { ...inherited(), ...variables };
  const token = execFileSync(programs.gateway, flags, { encoding: 'utf8', env }).trim();

  const { url, base_url } = gateway;
  const fragment = new URLSearchParams({ base_url, token, account_id, app_id, meeting_id });
  const audit = `${base_url}/accounts/${account_id}/realtime/kit/${app_id}/meetings/${meeting_id}/audit`;
  console.log(`
The moderator page of an emulated meeting with 25 participants. Nothing leaves this machine.
The link has a grant for this meeting, valid for 8 hours, in its fragment. No server sees it:

  ${url}/#${fragment}

Try on the page:
  - press ? for the shortcuts; watch participants join and leave; remove one, who may rejoin
  - select several and ban them; lock the meeting; read the activity log
  - start a poll; remove everyone, which ends the meeting
Try in another terminal:
  - read the audit log:
      curl ${audit} -H 'Authorization: Bearer ${token}'
  - lose the response to the next poll, and see what the page shows:
      curl ${emulator.url}/__emulator/faults -d '{"operation":"CreatePoll","steps":["cut"]}'
  - let a participant join:
      curl ${emulator.url}/__emulator/join -d '{"custom_participant_id":"ada","name":"Ada"}'
${programs.metrics === false ? '' : METRICS.replace('URL', url)}
Ctrl-C ends it.
`);
}

/** Runs the demo with these programs, and the folder of the page. */
export function runDemo(/** @type {Programs} */ programs) {
  folder = mkdtempSync(join(tmpdir(), 'realtimekit-demo-'));
  process.on('SIGINT', () => end(0)).on('SIGTERM', () => end(0));
  main(programs).catch((error) => {
    if (!ending) console.error(`demo: ${error.message}`);
    end(1);
  });
}
