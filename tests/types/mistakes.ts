// What must not compile: tsc fails where one of these does. tests/types.test.mjs looks that each is
// refused for the reason that its number says.

import Cloudflare, {
  APIError,
  APIPromise,
  InvalidArgumentError,
  NotFoundError,
} from '../../pkg/index.js';
import type { ActiveSessionGetActiveSessionResponse } from '../../pkg/index.js';

declare const client: Cloudflare;
declare const session: ActiveSessionGetActiveSessionResponse.Data;
const { activeSession, meetings, sessions } = client.realtimeKit;

// @ts-expect-error 2769: A poll has a question.
void activeSession.createPoll('app', 'meeting', { options: ['a'] });
// @ts-expect-error 2769: A poll has options.
void activeSession.createPoll('app', 'meeting', { question: '?' });
// @ts-expect-error 2769: Options are a list.
void activeSession.createPoll('app', 'meeting', { question: '?', options: 'a' });
// @ts-expect-error 2769: A field is spelled as the API spells it.
void activeSession.createPoll('app', 'meeting', { question: '?', options: ['a'], hideVotes: true });
// @ts-expect-error 2769: An ID is a string.
void activeSession.getActiveSession(1, 'meeting');
// @ts-expect-error 2554: A meeting is named.
void activeSession.getActiveSession('app');
// @ts-expect-error 2559: A kick says whom.
void activeSession.kickParticipants('app', 'meeting');
// @ts-expect-error 2769: A mute is of at least one participant.
void activeSession.muteParticipants('app', 'meeting', {});
// @ts-expect-error 2769: An account is nobody.
void activeSession.muteParticipants('app', 'meeting', { account_id: 'account' });
// @ts-expect-error 2769: IDs are a list.
void activeSession.kickParticipants('app', 'meeting', { participant_ids: 'user' });
// @ts-expect-error 2769: IDs are strings.
void activeSession.muteParticipants('app', 'meeting', { participant_ids: [7] });
// @ts-expect-error 2769: To unmute is allowed or not.
void activeSession.muteAllParticipants('app', 'meeting', { allow_unmute: 'no' });
// @ts-expect-error 2769: A meeting has one of two states.
void meetings.updateMeetingById('app', 'meeting', { status: 'LOCKED' });
// @ts-expect-error 2769: A setting is one that the API knows.
void meetings.updateMeetingById('app', 'meeting', { locked: true });
// @ts-expect-error 2559: A participant is named.
void meetings.deleteMeetingParticipant('app', 'meeting');
// @ts-expect-error 2769: A list is sorted by what the API can sort by.
void sessions.getSessionParticipants('app', 'session', { sort_by: 'name' });
// @ts-expect-error 2322: The query is an object.
void sessions.getSessionParticipants('app', 'session', {}, { query: 'page_no=2' });
// @ts-expect-error 2322: A timeout is a number.
void activeSession.getActiveSession('app', 'meeting', {}, { timeout: '5s' });
// @ts-expect-error 2353: The official SDK's own options are not there.
void activeSession.getActiveSession('app', 'meeting', {}, { path: '/zones' });
// @ts-expect-error 2322: An interval is a number.
activeSession.watch('app', 'meeting', {}, { interval: '2s' });
// @ts-expect-error 2353: A look is its own retry.
activeSession.watch('app', 'meeting', {}, { maxRetries: 2 });
// @ts-expect-error 2769: All participants are watched.
activeSession.watch('app', 'meeting', { search: 'Ann' });
// @ts-expect-error 2339: A watch gives many snapshots.
void (await activeSession.watch('app', 'meeting')).participants;
// @ts-expect-error 2339: Neither are its other resources.
void client.zones;
// @ts-expect-error 2322: A token cannot be an object.
new Cloudflare({ apiToken: {} });
// @ts-expect-error 2353: A key is no token.
new Cloudflare({ apiKey: 'key', apiEmail: 'me@example.com' });
// @ts-expect-error 2322: How often is a number.
new Cloudflare({ maxRetries: '2' });
// @ts-expect-error 2322: A fetch gives a Response.
new Cloudflare({ fetch: async () => 'text' });
// @ts-expect-error 2674: A call's promise is made by a call.
new APIPromise();
// @ts-expect-error 2322: A session's state is one of two words.
session.status = 'PAUSED';
// @ts-expect-error 2339: An answer has its data under `data`.
void (await activeSession.getActiveSession('app', 'meeting')).id;
// @ts-expect-error 2532: An answer may lack its data.
void (await activeSession.getActiveSession('app', 'meeting')).data.id;

/** What is known of an error, by its class. */
export function errors(error: unknown): void {
  // @ts-expect-error 18046: What is thrown may be anything.
  void error.status;
  // @ts-expect-error 2367: A 404 is no 403.
  if (error instanceof NotFoundError) void (error.status === 403);
  // @ts-expect-error 2540: An error says what was.
  if (error instanceof APIError) error.attempts = 0;
  // @ts-expect-error 2339: What was never sent has no status.
  if (error instanceof InvalidArgumentError) void error.status;
}
