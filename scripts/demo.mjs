// `make demo`: the moderator page from a gateway in front of an emulated meeting, until Ctrl-C. PORT
// picks the gateway's port. Nothing leaves this machine.

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

/** Starts a process and gives what it prints when it is ready. */
function start(binary, ...flags) {
  // The open standard input is what keeps it alive: it ends even if this is killed.
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

/** Ends all of it: the gateway first, so that it can finish what is under way. */
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

/** TOML has JSON's strings and numbers. */
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
[page]
dir = ${JSON.stringify(path('www/dist'))}
`;

/** Every few seconds somebody comes or goes, as many as there are names. */
function comeAndGo({ url, meeting_id }) {
  const names = ['Ada', 'Björn', 'Chen', 'Dilnoza', 'Elif', 'Farid', 'Grace', 'Hana', 'Ivo', 'Joy'];
  const inside = new Set();
  const timer = setInterval(async () => {
    if (ending) return clearInterval(timer);
    const name = names[Math.floor(Math.random() * names.length)];
    const who = { meeting_id, custom_participant_id: name.toLowerCase() };
    const leaves = inside.delete(name);
    if (!leaves) inside.add(name);
    // Who was kicked, banned or kept out is not there to leave, or not let in: as it should be.
    await fetch(`${url}/__emulator/${leaves ? 'leave' : 'join'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(leaves ? who : { ...who, name }),
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
  comeAndGo(emulator);
  const whom = ['--app', app_id, '--meeting', meeting_id, '--sub', 'demo', '--name', 'Demo'];
  const flags = ['--config', config, ...whom, '--can', EVERYTHING, '--for', '8h'];
  const token = execFileSync(GATEWAY, ['grant', ...flags], { encoding: 'utf8' }).trim();

  const { url, base_url } = gateway;
  const fragment = new URLSearchParams({ base_url, token, account_id, app_id, meeting_id });
  const audit = `${base_url}/accounts/${account_id}/realtime/kit/${app_id}/meetings/${meeting_id}/audit`;
  console.log(`
The moderator page, from a gateway in front of an emulated meeting of 25 (nothing leaves this machine).
The link holds a grant for this meeting, good for 8 hours, in its fragment, which no server sees:

  ${url}/#${fragment}

Try there:
  - press ? for the keys; watch people come and go, find them, kick one: they may be back
  - select many and ban them, lock the meeting, look at the timeline
  - start a poll; kick everybody, which ends the session
Try in another terminal:
  - see who did what:
      curl ${audit} -H 'Authorization: Bearer ${token}'
  - lose the answer to the next poll, and see what the page says:
      curl ${emulator.url}/__emulator/faults -d '{"operation":"CreatePoll","steps":["cut"]}'
  - let somebody join:
      curl ${emulator.url}/__emulator/join -d '{"custom_participant_id":"ada","name":"Ada"}'
  - see how few requests reach the API however many pages are open:
      curl ${url}/metrics

Ctrl-C ends it.
`);
}

main().catch((error) => {
  if (!ending) console.error(`demo: ${error.message}`);
  end(1);
});
