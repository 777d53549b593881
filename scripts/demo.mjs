// `make demo`: runs the moderator page, a gateway and an emulated meeting until Ctrl-C. PORT sets the
// gateway's port. It needs no network connection.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const EMULATOR = process.env.EMULATOR ?? path('target/release/realtimekit-emulator');
const GATEWAY = process.env.GATEWAY ?? path('target/release/realtimekit-gateway');
const EVERYTHING = 'read,kick,kick_all,mute,mute_all,poll,ban,lock,audit';

const folder = mkdtempSync(join(tmpdir(), 'realtimekit-demo-'));
const running = [];
let ending = false;

/** Starts a process. Resolves with the JSON that it prints when it is ready. */
function start(binary, ...flags) {
  // It ends when its standard input closes, even if this process is killed.
  const child = spawn(binary, [...flags, '--until-stdin-closes'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.push(child);
  return new Promise((ready, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => ready(JSON.parse(line)));
    child.on('error', ({ message }) =>
      fail(new Error(`${binary} does not start (${message}): run \`make build\` first`)),
    );
    child.on('exit', (code) => {
      fail(new Error(`${binary} ended (${code})`));
      end(code ?? 0);
    });
  });
}

/** Ends all processes, the gateway first, so that it can finish requests in flight. */
function end(code) {
  if (ending) return;
  ending = true;
  process.exitCode ||= code;
  const left = running.filter(({ exitCode, pid }) => pid && exitCode === null);
  const gone = left.reverse().map((child) => new Promise((done) => child.once('exit', done)));
  for (const child of left) child.stdin.end();
  Promise.all(gone).then(() => rmSync(folder, { recursive: true, force: true }));
}
process.on('SIGINT', () => end(0)).on('SIGTERM', () => end(0));

/** The gateway's configuration. TOML accepts JSON's strings. */
const configuration = (emulator) => `
listen = ${JSON.stringify(`127.0.0.1:${process.env.PORT ?? 0}`)}
account_id = ${JSON.stringify(emulator.account_id)}
log = "warn"
[upstream]
base_url = ${JSON.stringify(emulator.base_url)}
api_token = ${JSON.stringify(emulator.api_token)}
[grants]
secret = ${JSON.stringify(randomBytes(32).toString('hex'))}
[audit]
dir = "audit"
[live]
moderators = true
[page]
dir = ${JSON.stringify(path('www/dist'))}
`;

/** Lets a participant join or leave every few seconds. */
function joinAndLeave({ url, meeting_id }) {
  const names = ['Ada', 'Björn', 'Chen', 'Dilnoza', 'Elif', 'Farid', 'Grace', 'Hana', 'Ivo', 'Joy'];
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

async function main() {
  const lively = ['--participants', '25', '--speed', '1', '--start-time', 'now'];
  const emulator = await start(EMULATOR, ...lively);
  const { account_id, app_id, meeting_id } = emulator;
  const config = join(folder, 'gateway.toml');
  writeFileSync(config, configuration(emulator), { mode: 0o600 });
  const gateway = await start(GATEWAY, 'serve', '--config', config);
  joinAndLeave(emulator);
  const target = ['--app', app_id, '--meeting', meeting_id, '--sub', 'demo', '--name', 'Demo'];
  const flags = ['--config', config, ...target, '--can', EVERYTHING, '--for', '8h'];
  const token = execFileSync(GATEWAY, ['grant', ...flags], { encoding: 'utf8' }).trim();

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
  - see how few requests reach the API, for any number of open pages:
      curl ${url}/metrics

Ctrl-C ends it.
`);
}

main().catch((error) => {
  if (!ending) console.error(`demo: ${error.message}`);
  end(1);
});
