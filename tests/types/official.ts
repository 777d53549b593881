// The package's types beside those of cloudflare@6.5.0: what is written for one compiles with the
// other. Checked by tsc; nothing here runs. tests/types.test.mjs compares every type by its name.

// Its types of `fetch` and `Response` are the web's only so.
import 'cloudflare/shims/web';
import type Official from 'cloudflare';
import type * as OfficialModule from 'cloudflare';
import type { APIPromise as OfficialPromise } from 'cloudflare/core';
import type * as OfficialSession from 'cloudflare/resources/realtime-kit/active-session';
import Cloudflare, { APIError, NotFoundError } from '../../pkg/index.js';
import type * as Ours from '../../pkg/index.js';

/** `A` may stand where `B` is wanted. */
type Fits<A, B> = [A] extends [B] ? true : false;
/** Each may stand where the other is wanted. */
type Same<A, B> = Fits<A, B> extends true ? Fits<B, A> : false;

// Errors. Ours have more fields, which are always there; what both have is the same.

type ErrorNames = Extract<keyof typeof OfficialModule, `${string}Error`>;
type OfficialErrors = { [Name in ErrorNames]: InstanceType<(typeof OfficialModule)[Name]> };
type OurErrors = {
  [Name in ErrorNames]: Name extends 'APIError'
    ? APIError
    : InstanceType<(typeof Ours)[Exclude<Name, 'APIError'>]>;
};
type InBoth = {
  [Name in ErrorNames]: Pick<OurErrors[Name], keyof OurErrors[Name] & keyof OfficialErrors[Name]>;
};

export const errorsFit: Fits<OurErrors, OfficialErrors> = true;
export const errorsAreTheSame: Same<InBoth, OfficialErrors> = true;
export const statics: Fits<
  ErrorNames | 'Cloudflare' | 'DEFAULT_TIMEOUT',
  keyof typeof Cloudflare & keyof typeof Official
> = true;

// Methods: what is passed to the official one may be passed to ours, and gives the same.

type Kit = Pick<Ours.RealtimeKit, 'activeSession' | 'sessions' | 'meetings'>;
type OfficialKit = Pick<Official['realtimeKit'], keyof Kit>;
type Names<Resource extends keyof Kit> = keyof OfficialKit[Resource] & keyof Kit[Resource];
/** Of a method, all that it takes but for the options. */
type Taken<Method> = Method extends (...all: [...infer Taken, any?]) => unknown
  ? Required<Taken>
  : never;
type Given<Method> = Method extends (...all: any) => infer Given ? Awaited<Given> : never;

type Calls<Resource extends keyof Kit> = [
  { [Name in Names<Resource>]: Taken<Kit[Resource][Name]> },
  { [Name in Names<Resource>]: Given<Kit[Resource][Name]> },
];
type OfficialCalls<Resource extends keyof Kit> = [
  { [Name in Names<Resource>]: Taken<OfficialKit[Resource][Name]> },
  { [Name in Names<Resource>]: Given<OfficialKit[Resource][Name]> },
];
type CallsFit<Resource extends keyof Kit> = [
  Fits<OfficialCalls<Resource>[0], Calls<Resource>[0]>,
  Same<OfficialCalls<Resource>[1], Calls<Resource>[1]>,
];
export const sessionCalls: CallsFit<'activeSession'> = [true, true];
export const participantCalls: CallsFit<'sessions'> = [true, true];
export const meetingCalls: CallsFit<'meetings'> = [true, true];

// Options. Of the official ones `query` is `unknown`; ours is an object.

type OptionsInBoth = keyof Official.RequestOptions & keyof Ours.RequestOptions;
export const requestOptionsFit: Fits<
  Pick<Official.RequestOptions, Exclude<OptionsInBoth, 'query'>>,
  Ours.RequestOptions
> = true;
type ClientOptionsInBoth = keyof OfficialModule.ClientOptions & keyof Ours.ClientOptions;
export const clientOptionsFit: Fits<
  Pick<OfficialModule.ClientOptions, ClientOptionsInBoth>,
  Ours.ClientOptions
> = true;

// Promises. What an official one is used for, ours can be used for.

type Used = 'then' | 'catch' | 'finally' | 'asResponse' | 'withResponse';
export const promisesFit: [
  Fits<Pick<Ours.APIPromise<1>, Used>, Pick<OfficialPromise<1>, Used>>,
  Fits<OfficialPromise<1>, Pick<Ours.APIPromise<1>, Used>>,
] = [true, true];

/** The official ways to write a type's name. */
export type Named = [
  Same<
    Cloudflare.RealtimeKit.ActiveSessionGetActiveSessionResponse,
    Official.RealtimeKit.ActiveSessionGetActiveSessionResponse
  >,
  Same<
    Cloudflare.RealtimeKit.ActiveSession.ActiveSessionCreatePollParams,
    OfficialSession.ActiveSession.ActiveSessionCreatePollParams
  >,
  Same<
    Ours.ActiveSession.ActiveSessionCreatePollResponse.Data.Poll.Option.Vote,
    OfficialSession.ActiveSessionCreatePollResponse.Data.Poll.Option.Vote
  >,
  Same<Cloudflare.ErrorData, Official.ErrorData>,
  Fits<Cloudflare.RealtimeKit.Sessions, Ours.Sessions>,
  Fits<Cloudflare.RealtimeKit.Meetings, Ours.Meetings>,
  Fits<Cloudflare.RequestOptions, Ours.RequestOptions>,
];
export const named: Named = [true, true, true, true, true, true, true];

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

/** What is added: an account of the client's, one list of two, everybody, a watch, more of an error. */
export async function added(client: Cloudflare): Promise<void> {
  const { activeSession, meetings, sessions } = client.realtimeKit;
  await activeSession.kickParticipants('app', 'meeting', { participant_ids: ['user'] });
  await activeSession.kickParticipants('app', 'meeting', { custom_participant_ids: ['mine'] });
  await activeSession.muteAllParticipants('app', 'meeting');
  await meetings.updateMeetingById('app', 'meeting', { status: 'INACTIVE' });
  for await (const person of sessions.getSessionParticipants('app', 'session')) {
    person.user_id satisfies string | undefined;
  }
  const { signal } = new AbortController();
  const watch = activeSession.watch('app', 'meeting', {}, { interval: 5_000, signal });
  for await (const { participants, session, trouble } of watch) {
    const who: Cloudflare.RealtimeKit.ActiveSessionWatchParticipant | undefined = participants[0];
    who?.peers[0]?.joined_at satisfies string | undefined;
    session satisfies Ours.ActiveSessionGetActiveSessionResponse.Data | null;
    if (trouble?.error instanceof APIError) trouble.error.retryAfter satisfies number | undefined;
  }
  const snapshots: AsyncIterableIterator<Ours.ActiveSessionWatchSnapshot> = watch;
  await snapshots.return?.();
  try {
    await activeSession.kickAllParticipants('app', 'meeting');
  } catch (error) {
    if (error instanceof NotFoundError) error.status satisfies 404;
    if (error instanceof APIError) error.maybeApplied satisfies boolean;
  }
}
