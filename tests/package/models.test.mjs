// The API description, the TypeScript types and the Rust structs agree on each operation, field by field:
// names, types, enum values, and which fields are optional.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describedOperations } from '../support/openapi-shapes.mjs';
import { rustModels } from '../support/rust-shapes.mjs';
import { differences } from '../support/shapes.mjs';
import { typedOperations } from '../support/typescript-shapes.mjs';

/** For each operation its method, and the Rust structs of its parameters and its response. */
const OPERATIONS = {
  GetActiveSession: ['ActiveSession.getActiveSession', undefined, 'Session'],
  KickParticipants: ['ActiveSession.kickParticipants', 'ParticipantIds', 'AffectedParticipants'],
  KickAllParticipants: ['ActiveSession.kickAllParticipants', undefined, 'KickedAll'],
  MuteParticipants: ['ActiveSession.muteParticipants', 'ParticipantIds', 'AffectedParticipants'],
  // Takes a plain `bool` in Rust.
  MuteAllParticipants: ['ActiveSession.muteAllParticipants', undefined, 'MutedAll'],
  CreatePoll: ['ActiveSession.createPoll', 'CreatePollParams', 'CreatedPoll'],
  GetSessionParticipants: [
    'Sessions.getSessionParticipants',
    'ListParticipants',
    'ParticipantsPage',
  ],
  GetSessions: ['Sessions.getSessions', 'ListSessions', 'SessionsPage'],
  GetMeeting: ['Meetings.getMeetingById', undefined, 'Meeting'],
  UpdateMeeting: ['Meetings.updateMeetingById', 'UpdateMeetingParams', 'Meeting'],
  DeleteMeetingParticipant: ['Meetings.deleteMeetingParticipant', undefined, 'RemovedParticipant'],
};

/** The differences of the TypeScript types, and why. */
const TYPED_DIFFERENCES = {
  'GetMeeting request.name is not described': 'the official SDK has it',
  'DeleteMeetingParticipant request.meeting_id is not described': 'version 7 has it in params',
  'GetSessionParticipants response.data.participants[].peer_events[] is an object, described as any':
    'the official SDK describes it',
};
// The description is cut down to what moderation needs; the official SDK's types are not.
const SETTINGS = ['title', 'persist_chat', 'record_on_start', 'live_stream_on_start'];
SETTINGS.push('session_keep_alive_time_in_secs');
const CONFIGURATION = ['transcribe_on_end', 'summarize_on_end', 'ai_config', 'recording_config'];
for (const name of [...SETTINGS, ...CONFIGURATION]) {
  TYPED_DIFFERENCES[`UpdateMeeting request.${name} is not described`] = 'the official SDK has it';
}
for (const name of CONFIGURATION) {
  TYPED_DIFFERENCES[`GetMeeting response.data.${name} is not described`] =
    'the official SDK has it';
  TYPED_DIFFERENCES[`UpdateMeeting response.data.${name} is not described`] =
    'the official SDK has it';
}

/** The differences of the Rust structs, and why. */
const RUST_DIFFERENCES = {};
for (const id of ['KickParticipants', 'MuteParticipants']) {
  RUST_DIFFERENCES[`${id} response.data.failed is not described`] = 'the gateway sends it';
}

for (const name of ['start_time', 'end_time', 'participants', 'sort_by', 'sort_order']) {
  RUST_DIFFERENCES[`GetSessions request.${name} is missing`] = 'a moderator needs the live ones';
}

RUST_DIFFERENCES['GetSessions response.paging is missing'] = 'the crate decodes `data` alone';

const described = describedOperations();

test('every operation of the description is compared', () => {
  assert.deepEqual(Object.keys(OPERATIONS).sort(), Object.keys(described).sort());
});

test('the TypeScript types match the description', () => {
  const methods = Object.entries(OPERATIONS).map(([id, [method]]) => [id, method.split('.')]);
  const typed = typedOperations(Object.fromEntries(methods));
  const found = Object.entries(described).flatMap(([id, { request, response }]) => {
    // The account and the app are in the path; version 7 of the official SDK has them in params.
    const inPath = { optional: true, shape: 'string' };
    const expected = { fields: { account_id: inPath, app_id: inPath, ...request.fields } };
    return [
      ...differences(`${id} request`, expected, typed[id].request),
      ...differences(`${id} response`, response, typed[id].response),
    ];
  });
  assert.deepEqual(found.sort(), Object.keys(TYPED_DIFFERENCES).sort());
});

test('the Rust structs match the description', () => {
  const rust = rustModels();
  const found = Object.entries(OPERATIONS).flatMap(([id, [, params, response]]) => [
    ...(params ? differences(`${id} request`, described[id].request, rust.named(params)) : []),
    // Every field of a response is optional in Rust: the API's own examples lack required ones.
    ...differences(`${id} response`, described[id].response, rust.reply(response), {
      ignoreOptional: true,
    }),
  ]);
  assert.deepEqual(found.sort(), Object.keys(RUST_DIFFERENCES).sort());
});

test('the comparison finds differences', () => {
  const { response } = described.GetActiveSession;
  const changed = structuredClone(response);
  const { fields } = changed.fields.data.shape;
  delete fields.id;
  fields.added = { optional: true, shape: 'string' };
  fields.meta.optional = false;
  fields.status.shape.words.push('PAUSED');
  fields.live_participants.shape = 'string';
  assert.deepEqual(differences('at', response, changed), [
    'at.data.id is missing',
    'at.data.status is ENDED|LIVE|PAUSED, described as ENDED|LIVE',
    'at.data.live_participants is string, described as number',
    'at.data.meta is required',
    'at.data.added is not described',
  ]);
});
