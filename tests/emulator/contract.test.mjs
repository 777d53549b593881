// The emulator matches the API description: Prism, as a validating proxy between client and emulator, checks
// every request and response.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Cloudflare from 'realtimekit-moderator';
import { startEmulator } from '../support/emulator.mjs';
import { freePort } from '../support/listen.mjs';
import { apiDescription } from '../support/openapi.mjs';

const prismBinary = createRequire(import.meta.url).resolve('@stoplight/prism-cli/dist/index.js');

let emulator;
let folder;
let prism;
let client;

before(async () => {
  emulator = await startEmulator('--rate-limit', '100000');
  const port = await freePort();
  // --errors: Prism replaces a response that violates the description with an error of its own.
  folder = await mkdtemp(join(tmpdir(), 'contract-'));
  const spec = join(folder, 'openapi.json');
  await writeFile(spec, JSON.stringify(apiDescription()));
  const flags = ['proxy', spec, emulator.base_url, '--errors', '--port', String(port)];
  prism = spawn(process.execPath, [prismBinary, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = [];
  await new Promise((resolve, reject) => {
    prism.once('exit', (code) => reject(new Error(`prism ended: ${code}\n${output.join('\n')}`)));
    createInterface({ input: prism.stdout }).on('line', (line) => {
      output.push(line);
      if (line.includes('is listening')) resolve();
    });
  });
  client = new Cloudflare({
    ...emulator.options,
    baseURL: `http://127.0.0.1:${port}`,
    maxRetries: 0,
  });
});

after(async () => {
  prism?.removeAllListeners('exit');
  prism?.kill();
  await emulator?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Prism's header with the violations of a response or an error. */
const violations = (headers) => headers.get?.('sl-violations') ?? headers['sl-violations'] ?? null;

async function conforms(call) {
  const { response } = await call.withResponse();
  assert.equal(violations(response.headers), null);
}

async function refuses(call, status, message) {
  await assert.rejects(call, (error) => {
    assert.equal(error.status, status, error.message);
    assert.match(error.message, message);
    assert.equal(violations(error.headers), null);
    return true;
  });
}

test('every operation responds as described', async () => {
  const { activeSession, meetings, sessions } = client.realtimeKit;
  const { app_id, meeting_id, session_id, participants } = await emulator.meeting(30);
  const [first, second, third] = participants;
  await conforms(activeSession.getActiveSession(app_id, meeting_id));
  await conforms(sessions.getSessionParticipants(app_id, session_id, { per_page: 10, page_no: 1 }));
  await conforms(
    sessions.getSessionParticipants(app_id, session_id, {
      include_peer_events: true,
      view: 'consolidated',
      sort_by: 'duration',
      sort_order: 'DESC',
      search: first.name,
    }),
  );
  await conforms(
    activeSession.muteParticipants(app_id, meeting_id, { participant_ids: [first.user_id] }),
  );
  await conforms(activeSession.muteAllParticipants(app_id, meeting_id, { allow_unmute: true }));
  await conforms(
    activeSession.kickParticipants(app_id, meeting_id, {
      participant_ids: [first.user_id],
      custom_participant_ids: [second.custom_participant_id],
    }),
  );
  await conforms(
    activeSession.createPoll(app_id, meeting_id, {
      question: 'Lunch?',
      options: ['yes', 'no'],
      anonymous: true,
      hide_votes: false,
    }),
  );
  await conforms(sessions.getSessions(app_id));
  const one = { status: 'LIVE', associated_id: meeting_id, sort_by: 'createdAt' };
  await conforms(sessions.getSessions(app_id, { ...one, per_page: 5, page_no: 1 }));
  await conforms(meetings.getMeetingById(app_id, meeting_id));
  await conforms(meetings.updateMeetingById(app_id, meeting_id, { status: 'INACTIVE' }));
  await conforms(meetings.deleteMeetingParticipant(app_id, meeting_id, third.user_id));
  await conforms(activeSession.kickAllParticipants(app_id, meeting_id));
});

test('refusals have the envelopes described', async () => {
  const { activeSession } = client.realtimeKit;
  const { app_id, meeting_id } = await emulator.meeting(1);
  const nobody = { participant_ids: ['813432c7-3c5a-45e2-9acf-eef7061c7584'] };
  await refuses(
    activeSession.getActiveSession(app_id, '6bf2b8be-04dd-4191-b602-1128921a306b'),
    404,
    /No active session found for meeting_id 6bf2b8be-04dd-4191-b602-1128921a306b/,
  );
  await refuses(
    activeSession.kickParticipants(app_id, meeting_id, nobody),
    404,
    /No user found with id 813432c7-3c5a-45e2-9acf-eef7061c7584/,
  );
});

test('the validator finds a violation', async () => {
  const { app_id, meeting_id } = await emulator.meeting(1);
  // `live_participants` must be a number.
  const wrong = Buffer.from('{"data":{"live_participants":"many"},"success":true}');
  const step = `body:base64=${wrong.toString('base64')}:code=200:type=application/json`;
  const call = client.realtimeKit.activeSession.getActiveSession(app_id, meeting_id, undefined, {
    headers: { 'x-emulator-faults': `contract-${process.pid}; ${step}` },
  });
  await assert.rejects(
    call,
    (error) => error.status === 500 && /violat|valid/i.test(error.message),
  );
});
