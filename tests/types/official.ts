// The package's types beside those of cloudflare@6.5.0 and cloudflare@7.3.0: what is written for one compiles with the
// other. Checked by tsc; nothing here runs. tests/package/types.test.mjs compares every type by its name.

// Version 6: its types of `fetch` and `Response` are the web's only so.
import 'cloudflare/shims/web';
import type Official from 'cloudflare';
import type * as Module6 from 'cloudflare';
import type { APIPromise as Promise6 } from 'cloudflare/core';
import type * as OfficialSession from 'cloudflare/resources/realtime-kit/active-session';
import type Official7 from 'cloudflare-7';
import type * as Module7 from 'cloudflare-7';
import Cloudflare, { APIError, NotFoundError } from '../../pkg/index.js';
import type * as Ours from '../../pkg/index.js';

/** `A` may stand where `B` is wanted. */
type Fits<A, B> = [A] extends [B] ? true : false;
/** Each may stand where the other is wanted. */
type Same<A, B> = Fits<A, B> extends true ? Fits<B, A> : false;

// Errors. Ours have more fields, which are always there; what both have is the same. Ours have the headers of both
// versions: an object, and a `Headers`.

type ErrorNames = Extract<keyof typeof Module6, `${string}Error`>;
type ErrorsOf<Module extends Record<ErrorNames, abstract new (...all: any) => any>> = {
  [Name in ErrorNames]: InstanceType<Module[Name]>;
};
type OurErrors = {
  [Name in ErrorNames]: Name extends 'APIError'
    ? APIError
    : InstanceType<(typeof Ours)[Exclude<Name, 'APIError'>]>;
};
type InBoth<Theirs extends Record<ErrorNames, object>, But extends string = never> = {
  [Name in ErrorNames]: Pick<
    OurErrors[Name],
    Exclude<keyof OurErrors[Name] & keyof Theirs[Name], But>
  >;
};
type Errors6 = ErrorsOf<typeof Module6>;
type Errors7 = ErrorsOf<typeof Module7>;

export const errorsFit: [Fits<OurErrors, Errors6>, Fits<OurErrors, Errors7>] = [true, true];
export const errorsAreTheSame: [
  Fits<Errors6, InBoth<Errors6, 'headers'>>,
  Fits<Errors7, InBoth<Errors7, 'headers'>>,
] = [true, true];
type Statics = ErrorNames | 'Cloudflare' | 'DEFAULT_TIMEOUT';
export const statics: [
  Fits<Statics, keyof typeof Cloudflare & keyof typeof Official>,
  Fits<ErrorNames, keyof typeof Module7>,
] = [true, true];

// Methods: what is passed to the official one may be passed to ours, and gives the same.

type Kit = Pick<Ours.RealtimeKit, 'activeSession' | 'sessions' | 'meetings'>;
type Kits = Record<keyof Kit, object>;
type Names<Theirs extends Kits, Resource extends keyof Kit> = keyof Theirs[Resource] &
  keyof Kit[Resource];
/** What a method takes, without its options. */
type Taken<Method> = Method extends (...all: [...infer Taken, any?]) => unknown
  ? Required<Taken>
  : never;
type Given<Method> = Method extends (...all: any) => infer Given ? Awaited<Given> : never;

/** For each method of a resource whether ours takes what theirs takes, and gives what theirs gives. */
type Calls<Theirs extends Kits, Resource extends keyof Kit, But = never> = {
  [Name in Exclude<Names<Theirs, Resource>, But>]: Fits<
    Kit[Resource][Name],
    (...all: Taken<Theirs[Resource][Name]>) => PromiseLike<Given<Theirs[Resource][Name]>>
  >;
};
type AllFit<Results> = [Results[keyof Results]] extends [true] ? true : false;
type Kit6 = Pick<Official['realtimeKit'], keyof Kit>;
type Kit7 = Pick<Official7['realtimeKit'], keyof Kit>;
// Their `storage_config` is that of version 7.
type Stored = 'getMeetingById' | 'updateMeetingById';
export const calls6: [
  AllFit<Calls<Kit6, 'activeSession'>>,
  AllFit<Calls<Kit6, 'sessions'>>,
  AllFit<Calls<Kit6, 'meetings', Stored>>,
] = [true, true, true];
export const calls7: [
  AllFit<Calls<Kit7, 'activeSession'>>,
  AllFit<Calls<Kit7, 'sessions'>>,
  AllFit<Calls<Kit7, 'meetings'>>,
] = [true, true, true];

// Options. Of the official ones of version 6 `query` is `unknown`; ours is an object.

type OptionsOf<Theirs, Mine, But = never> = Fits<
  Pick<Theirs, Exclude<keyof Theirs & keyof Mine, But>>,
  Mine
>;
export const optionsFit: [
  OptionsOf<Official.RequestOptions, Ours.RequestOptions, 'query'>,
  OptionsOf<Module6.ClientOptions, Ours.ClientOptions>,
  OptionsOf<Official7.RequestOptions, Ours.RequestOptions, 'headers'>,
  OptionsOf<Module7.ClientOptions, Ours.ClientOptions, 'defaultHeaders'>,
] = [true, true, true, true];

// Promises. What an official one is used for, ours can be used for.

type Used = 'then' | 'catch' | 'finally' | 'asResponse' | 'withResponse';
export const promisesFit: [
  Fits<Pick<Ours.APIPromise<1>, Used>, Pick<Promise6<1>, Used>>,
  Fits<Promise6<1>, Pick<Ours.APIPromise<1>, Used>>,
  Fits<Pick<Ours.APIPromise<1>, Used>, Pick<Module7.APIPromise<1>, Used>>,
  Fits<Module7.APIPromise<1>, Pick<Ours.APIPromise<1>, Used>>,
] = [true, true, true, true];

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
