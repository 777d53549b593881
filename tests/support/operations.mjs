// The operations as an app calls them: name, arguments and request. GetSessions is not in tests/spec
// (sessions.openapi.yaml says where it comes from). It concerns no single meeting, so that its grant has no meeting.

const session = (client) => client.realtimeKit.activeSession;
const meeting = ['app_id', 'meeting_id'];
const active = 'meetings/{meeting_id}/active-session';

/** The operations on one meeting. */
export const meetingOperations = [
  {
    name: 'GetActiveSession',
    method: 'GET',
    path: active,
    ids: meeting,
    call: (client, ...rest) => session(client).getActiveSession(...rest),
    params: {},
  },
  {
    name: 'KickParticipants',
    method: 'POST',
    path: `${active}/kick`,
    ids: meeting,
    call: (client, ...rest) => session(client).kickParticipants(...rest),
    params: { participant_ids: ['p'] },
  },
  {
    name: 'KickAllParticipants',
    method: 'POST',
    path: `${active}/kick-all`,
    ids: meeting,
    call: (client, ...rest) => session(client).kickAllParticipants(...rest),
    params: {},
  },
  {
    name: 'MuteParticipants',
    method: 'POST',
    path: `${active}/mute`,
    ids: meeting,
    call: (client, ...rest) => session(client).muteParticipants(...rest),
    params: { custom_participant_ids: ['c'] },
  },
  {
    name: 'MuteAllParticipants',
    method: 'POST',
    path: `${active}/mute-all`,
    ids: meeting,
    call: (client, ...rest) => session(client).muteAllParticipants(...rest),
    params: { allow_unmute: true },
  },
  {
    name: 'CreatePoll',
    method: 'POST',
    path: `${active}/poll`,
    ids: meeting,
    call: (client, ...rest) => session(client).createPoll(...rest),
    params: { question: 'Tea?', options: ['yes', 'no'] },
  },
  {
    name: 'GetSessionParticipants',
    method: 'GET',
    path: 'sessions/{session_id}/participants',
    ids: ['app_id', 'session_id'],
    call: (client, ...rest) => client.realtimeKit.sessions.getSessionParticipants(...rest),
    params: {},
  },
  {
    name: 'GetMeeting',
    method: 'GET',
    path: 'meetings/{meeting_id}',
    ids: meeting,
    call: (client, ...rest) => client.realtimeKit.meetings.getMeetingById(...rest),
    params: {},
  },
  {
    name: 'UpdateMeeting',
    method: 'PATCH',
    path: 'meetings/{meeting_id}',
    ids: meeting,
    call: (client, ...rest) => client.realtimeKit.meetings.updateMeetingById(...rest),
    params: { status: 'INACTIVE' },
  },
  {
    name: 'DeleteMeetingParticipant',
    method: 'DELETE',
    path: 'meetings/{meeting_id}/participants/{participant_id}',
    ids: ['app_id', 'meeting_id', 'participant_id'],
    call: (client, ...rest) => client.realtimeKit.meetings.deleteMeetingParticipant(...rest),
    params: {},
  },
];

/** All of them. */
export const operations = [
  ...meetingOperations,
  {
    name: 'GetSessions',
    method: 'GET',
    path: 'sessions',
    ids: ['app_id'],
    call: (client, ...rest) => client.realtimeKit.sessions.getSessions(...rest),
    params: {},
  },
];

/** The operation of a name. */
export const operation = (name) => operations.find((one) => one.name === name);
