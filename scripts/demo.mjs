// `make demo`: the moderator page with an emulated meeting, until Ctrl-C. PORT picks the port.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const binary = process.env.EMULATOR ?? path('target/release/realtimekit-emulator');

const flags = ['--port', process.env.PORT ?? '0', '--participants', '25'];
// Ten seconds a second: somebody comes or goes every now and then.
flags.push('--speed', '10', '--start-time', 'now');
flags.push('--serve', path('www'), '--serve', `pkg=${path('pkg')}`);

// The open standard input is what keeps the emulator alive: it ends even if this is killed.
const emulator = spawn(binary, ['--until-stdin-closes', ...flags], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const stop = () => emulator.kill();
process.on('SIGINT', stop).on('SIGTERM', stop);

emulator.on('error', (error) => {
  console.error(`demo: ${binary} does not start (${error.message}): run \`make build\` first`);
  process.exitCode = 1;
});
emulator.on('exit', (code) => {
  process.exitCode = code ?? 0;
});

createInterface({ input: emulator.stdout }).once('line', (line) => {
  const { url, base_url, api_token: token, account_id, app_id, meeting_id } = JSON.parse(line);
  const fragment = new URLSearchParams({ base_url, token, account_id, app_id, meeting_id });
  console.log(`
The moderator page, with an emulated meeting of 25 (nothing leaves this machine):

  ${url}/#${fragment}

Try there:
  - watch people come and go, filter them, kick one: they may be back with the same link
  - start a poll; kick everybody, which ends the session
Try in another terminal:
  - lose the answer to the next poll, and see what the page says:
      curl ${url}/__emulator/faults -d '{"operation":"CreatePoll","steps":["cut"]}'
  - let somebody join:
      curl ${url}/__emulator/join -d '{"custom_participant_id":"ada","name":"Ada"}'
  - see all that is in there:
      curl ${url}/__emulator/state

Ctrl-C ends it.
`);
});
