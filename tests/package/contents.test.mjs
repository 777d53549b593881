// The files of the package, and its methods compared with the operations of the API description.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import Cloudflare, * as everything from 'realtimekit-moderator';

const spec = parse(
  readFileSync(new URL('../spec/realtimekit-moderation.openapi.yaml', import.meta.url), 'utf8'),
);

/** For each operation of the description, a call of its method. */
const CALLS = {
  GetActiveSession: (kit) => kit.activeSession.getActiveSession('app', 'meeting'),
  KickParticipants: (kit) =>
    kit.activeSession.kickParticipants('app', 'meeting', { participant_ids: ['x'] }),
  KickAllParticipants: (kit) => kit.activeSession.kickAllParticipants('app', 'meeting'),
  MuteParticipants: (kit) =>
    kit.activeSession.muteParticipants('app', 'meeting', { custom_participant_ids: ['x'] }),
  MuteAllParticipants: (kit) => kit.activeSession.muteAllParticipants('app', 'meeting'),
  CreatePoll: (kit) =>
    kit.activeSession.createPoll('app', 'meeting', { question: '?', options: ['a'] }),
  GetSessionParticipants: (kit) => kit.sessions.getSessionParticipants('app', 'session'),
  GetMeeting: (kit) => kit.meetings.getMeetingById('app', 'meeting'),
  UpdateMeeting: (kit) => kit.meetings.updateMeetingById('app', 'meeting', { status: 'ACTIVE' }),
  DeleteMeetingParticipant: (kit) =>
    kit.meetings.deleteMeetingParticipant('app', 'meeting', 'participant'),
};

test('every operation of the description has a method that sends its HTTP method, path and body', async () => {
  const described = {};
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const method of ['get', 'post', 'patch', 'delete']) {
      if (!item[method]) continue;
      described[item[method].operationId] = {
        method: method.toUpperCase(),
        path: path.replace(/\{(\w+)_id\}/g, '$1'),
        body: item[method].requestBody !== undefined,
      };
    }
  }
  assert.deepEqual(Object.keys(CALLS).sort(), Object.keys(described).sort());
  for (const [operation, call] of Object.entries(CALLS)) {
    let sent;
    const client = new Cloudflare({
      baseURL: 'https://api.example.com/v4',
      apiToken: 'token',
      accountId: 'account',
      fetch: async (url, init) => {
        sent = {
          method: init.method,
          path: new URL(url).pathname.replace('/v4', ''),
          body: init.body !== undefined,
        };
        return Response.json({ success: true });
      },
    });
    assert.deepEqual(await call(client.realtimeKit), { success: true });
    assert.deepEqual(sent, described[operation], operation);
  }
});

test('the tarball contains exactly the listed files', () => {
  const folder = fileURLToPath(new URL('../../pkg', import.meta.url));
  const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = Object.values(JSON.parse(output));
  assert.deepEqual(packed.files.map((file) => file.path).sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    'THIRD_PARTY_NOTICES.txt',
    'bin/cli.js',
    'bin/demo.js',
    'bin/programs.js',
    'custom-elements.json',
    'dist/a.js',
    'dist/api.cjs',
    'dist/element-de.cjs',
    'dist/element-de.js',
    'dist/element-frameworks.d.cts',
    'dist/element-panels.cjs',
    'dist/element-panels.js',
    'dist/element.cjs',
    'dist/element.d.cts',
    'dist/element.js',
    'dist/grant.cjs',
    'dist/grant.d.cts',
    'dist/index.d.cts',
    'dist/inline.cjs',
    'dist/inline.js',
    'dist/react.cjs',
    'dist/react.d.cts',
    'dist/realtimekit_moderator.js',
    'dist/realtimekit_moderator_bg.wasm',
    'dist/slim.d.cts',
    'edge.js',
    'element-frameworks.d.ts',
    'element.d.ts',
    'grant.d.ts',
    'grant.js',
    'index.d.ts',
    'index.js',
    'inline.js',
    'lib/api-promise.js',
    'lib/arguments.js',
    'lib/base64.js',
    'lib/browser.js',
    'lib/call.js',
    'lib/client.js',
    'lib/environment.js',
    'lib/errors.js',
    'lib/exports.js',
    'lib/fetch.js',
    'lib/headers.js',
    'lib/host.js',
    'lib/log.js',
    'lib/other-resources.js',
    'lib/query.js',
    'lib/read.js',
    'lib/resources.js',
    'lib/signals.js',
    'lib/wasm.js',
    'lib/watch.js',
    'node.cjs',
    'node.js',
    'package.json',
    'react.d.ts',
    'react.js',
    'slim.cjs',
    'slim.d.ts',
    'slim.js',
    'slim.node.js',
    'vite.js',
    'workerd.js',
  ]);
});

test('the exports are those that the types declare', () => {
  const folder = createRequire(import.meta.url).resolve('realtimekit-moderator/package.json');
  const types = readFileSync(folder.replace('package.json', 'index.d.ts'), 'utf8');
  const declared = [...types.matchAll(/^export declare class (\w+)/gm)].map((match) => match[1]);
  const exported = Object.keys(everything).filter((name) => name !== 'default');
  assert.deepEqual(exported.sort(), declared.sort());
  assert.equal(everything.default, everything.Cloudflare);
});
