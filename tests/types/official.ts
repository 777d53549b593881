// The package's types beside those of cloudflare@6.5.0: what is written for one compiles with the
// other. Checked by tsc; nothing here runs.

import type Official from 'cloudflare';
import type * as ActiveSession from 'cloudflare/resources/realtime-kit/active-session';
import type * as Meetings from 'cloudflare/resources/realtime-kit/meetings';
import type * as Sessions from 'cloudflare/resources/realtime-kit/sessions';
import Cloudflare, { APIError, NotFoundError } from '../../pkg/index.js';
import type * as Ours from '../../pkg/index.js';

/** Each may stand where the other is wanted. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** `A` may stand where `B` is wanted. */
type Fits<A, B> = [A] extends [B] ? true : false;

export const answersAreTheSame: [
  Same<
    ActiveSession.ActiveSessionGetActiveSessionResponse,
    Ours.ActiveSessionGetActiveSessionResponse
  >,
  Same<
    ActiveSession.ActiveSessionKickParticipantsResponse,
    Ours.ActiveSessionKickParticipantsResponse
  >,
  Same<
    ActiveSession.ActiveSessionKickAllParticipantsResponse,
    Ours.ActiveSessionKickAllParticipantsResponse
  >,
  Same<ActiveSession.ActiveSessionCreatePollResponse, Ours.ActiveSessionCreatePollResponse>,
  Same<
    Meetings.MeetingDeleteMeetingParticipantResponse,
    Ours.MeetingDeleteMeetingParticipantResponse
  >,
] = [true, true, true, true, true];

// These have fields more: `paging`, `peer_events`, and of a meeting those of its configuration.
export const answersFit: [
  Fits<Ours.SessionGetSessionParticipantsResponse, Sessions.SessionGetSessionParticipantsResponse>,
  Fits<Meetings.MeetingGetMeetingByIDResponse, Ours.MeetingGetMeetingByIDResponse>,
] = [true, true];

// Ours may leave the account, or one of two lists, out.
export const parametersFit: [
  Fits<ActiveSession.ActiveSessionGetActiveSessionParams, Ours.ActiveSessionGetActiveSessionParams>,
  Fits<ActiveSession.ActiveSessionKickParticipantsParams, Ours.ActiveSessionKickParticipantsParams>,
  Fits<
    ActiveSession.ActiveSessionKickAllParticipantsParams,
    Ours.ActiveSessionKickAllParticipantsParams
  >,
  Fits<ActiveSession.ActiveSessionCreatePollParams, Ours.ActiveSessionCreatePollParams>,
  Fits<Sessions.SessionGetSessionParticipantsParams, Ours.SessionGetSessionParticipantsParams>,
  Fits<Meetings.MeetingGetMeetingByIDParams, Ours.MeetingGetMeetingByIDParams>,
] = [true, true, true, true, true, true];

/** The same code, with either client. */
export async function moderate(client: Cloudflare | Official): Promise<number> {
  const session = await client.realtimeKit.activeSession.getActiveSession('app', 'meeting', {
    account_id: 'account',
  });
  const { data, response } = await client.realtimeKit.activeSession
    .createPoll(
      'app',
      'meeting',
      { account_id: 'account', question: '?', options: ['a'] },
      { timeout: 5, maxRetries: 0, headers: { 'x-a': null }, idempotencyKey: 'k' },
    )
    .withResponse();
  return (
    (session.data?.live_participants ?? 0) + (data.data?.poll?.options.length ?? response.status)
  );
}

export async function mistakes(client: Cloudflare): Promise<void> {
  const { activeSession } = client.realtimeKit;
  // @ts-expect-error A poll has a question.
  await activeSession.createPoll('app', 'meeting', { options: ['a'] });
  // @ts-expect-error Options are a list.
  await activeSession.createPoll('app', 'meeting', { question: '?', options: 'a' });
  // @ts-expect-error An ID is a string.
  await activeSession.getActiveSession(1, 'meeting');
  // @ts-expect-error A kick says whom.
  await activeSession.kickParticipants('app', 'meeting');
  // @ts-expect-error A token cannot be an object.
  new Cloudflare({ apiToken: {} });
  try {
    await activeSession.kickAllParticipants('app', 'meeting');
  } catch (error) {
    if (error instanceof NotFoundError) error.status satisfies 404;
    if (error instanceof APIError) error.maybeApplied satisfies boolean;
  }
}
