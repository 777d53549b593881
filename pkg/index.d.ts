// The types of the package: the names of the official SDK (cloudflare@6.5.0 and 7.3.0) and some more. A type of the
// same name is assignable to the SDK's and back; docs/moving.md has the exceptions. Every operation has two overloads:
// version 6 passes the IDs as arguments, version 7 passes all but the last in `params`.
// Source: Cloudflare's API description of RealtimeKit, August 2026.

/** A client for the RealtimeKit API, or for a gateway in front of it. */
export declare class Cloudflare {
  /**
   * @throws {InvalidArgumentError} If `timeout` or `maxRetries` is not a positive integer, if an
   * option of the official SDK is not supported here, or if the base URL is api.cloudflare.com in
   * a browser. The first call reports any other wrong option.
   */
  constructor(options?: ClientOptions);

  /** The operations on meetings, sessions and participants. */
  realtimeKit: RealtimeKit;

  /** The address of the API. */
  baseURL: string;
  /** How long an attempt may take, including the response body, in milliseconds. */
  timeout: number;
  /** How many times a call may be sent again. */
  maxRetries: number;
  /** The account for calls whose `params` have no `account_id`. */
  accountId: string | null;
  /** What log messages are written to. */
  logger: Logger | undefined;
  /** Which messages are logged. */
  logLevel: LogLevel | undefined;
  /** Further options of `fetch`. */
  fetchOptions: object | undefined;
  /** Returns a new client with the settings that this one has now, apart from `options`. */
  withOptions(options: Partial<ClientOptions>): this;
  /** Sets the token. It cannot be read. */
  get apiToken(): undefined;
  set apiToken(token: string | null);

  static Cloudflare: typeof Cloudflare;
  /** One minute, in milliseconds. */
  static DEFAULT_TIMEOUT: number;

  static CloudflareError: typeof CloudflareError;
  static InvalidArgumentError: typeof InvalidArgumentError;
  static ModuleLoadError: typeof ModuleLoadError;
  static APIError: typeof APIError;
  static APIConnectionError: typeof APIConnectionError;
  static APIConnectionTimeoutError: typeof APIConnectionTimeoutError;
  static APIUserAbortError: typeof APIUserAbortError;
  static BadRequestError: typeof BadRequestError;
  static AuthenticationError: typeof AuthenticationError;
  static PermissionDeniedError: typeof PermissionDeniedError;
  static NotFoundError: typeof NotFoundError;
  static ConflictError: typeof ConflictError;
  static UnprocessableEntityError: typeof UnprocessableEntityError;
  static RateLimitError: typeof RateLimitError;
  static InternalServerError: typeof InternalServerError;
}

/** Types by the official SDK's qualified names, such as `Cloudflare.RealtimeKit.ActiveSession`. */
export declare namespace Cloudflare {
  export { type ErrorData as ErrorData };
  export { type RealtimeKit as RealtimeKit };
  export { type RequestOptions as RequestOptions };
}

export default Cloudflare;

/** The value of a header. `null` removes the header; `undefined` changes nothing. */
export type HeaderValue = string | number | boolean | null | undefined;

/**
 * Headers of requests. The values of a list, and those of a name that is repeated among pairs, are joined by commas.
 */
export type HeaderChanges =
  | Record<string, HeaderValue | readonly HeaderValue[]>
  | Iterable<readonly [string, HeaderValue | readonly HeaderValue[]]>;

/** Which messages are logged: those of this level, and those before it in this list. */
export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug';

/** What log messages are written to: the console, or a logger with the same methods. */
export interface Logger {
  /** Writes a message of the level `error`. */
  error(message: string, ...rest: unknown[]): void;
  /** Writes a message of the level `warn`. */
  warn(message: string, ...rest: unknown[]): void;
  /** Writes a message of the level `info`. */
  info(message: string, ...rest: unknown[]): void;
  /** Writes a message of the level `debug`. */
  debug(message: string, ...rest: unknown[]): void;
}

/** The options of a client. */
export interface ClientOptions {
  /**
   * The API token, or a grant for a gateway. It is sent only to the origin of the base URL.
   * Default: `CLOUDFLARE_API_TOKEN` from the environment.
   */
  apiToken?: string | null | undefined;
  /**
   * The account for calls whose `params` have no `account_id`. Default: `CLOUDFLARE_ACCOUNT_ID`
   * from the environment.
   */
  accountId?: string | null | undefined;
  /**
   * The address of the API. In a page it may be relative. Default: `CLOUDFLARE_BASE_URL` from
   * the environment, else `https://api.cloudflare.com/client/v4`.
   */
  baseURL?: string | null | undefined;
  /**
   * How long an attempt may take, including the response body, in milliseconds.
   * @default 60000
   */
  timeout?: number | undefined;
  /**
   * How many times a call may be sent again. A poll that may exist is never sent again.
   * @default 2
   */
  maxRetries?: number | undefined;
  /**
   * Headers of every request. They replace those from `CLOUDFLARE_CUSTOM_HEADERS` in the environment, which has a
   * `name: value` on each line.
   */
  defaultHeaders?: HeaderChanges | undefined;
  /** The query of every request. */
  defaultQuery?: Record<string, unknown> | undefined;
  /** Called instead of the global `fetch`, with a URL and options. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Further options of `fetch`, such as Node's `dispatcher`, or `cache` and `next` of Next.js. The client's own
   * `method`, `headers`, `body`, `signal` and `redirect` take precedence.
   */
  fetchOptions?: object | undefined;
  /** Which messages are logged. Default: `CLOUDFLARE_LOG` from the environment, else `warn`. */
  logLevel?: LogLevel | undefined;
  /** What messages are written to. No message contains the token. Default: the console. */
  logger?: Logger | undefined;
  /**
   * Allows api.cloudflare.com as the base URL in a browser. Every visitor can then read the token.
   * The API sends no CORS headers, so such calls fail anyway.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** The options of one call. */
export interface RequestOptions {
  /** Headers of this request. They replace the client's. */
  headers?: HeaderChanges | undefined;
  /** Query parameters that replace those made from `params`. */
  query?: object | null | undefined;
  /** How long an attempt may take, including the response body, in milliseconds. */
  timeout?: number | undefined;
  /** How many times this call may be sent again. */
  maxRetries?: number | undefined;
  /** Aborts the call at once: during an attempt, in the response body, or between attempts. */
  signal?: AbortSignal | null | undefined;
  /**
   * Sent as `Idempotency-Key` with a mutation. For ten minutes the gateway answers a repeat with the
   * first response. Cloudflare's API ignores it. A poll gets a key of its own, unless you give one;
   * `headers: { 'Idempotency-Key': null }` removes it.
   */
  idempotencyKey?: string | undefined;
  /** Further options of `fetch`. They replace the client's. */
  fetchOptions?: object | undefined;
}

/** A rate limit, from the header `Ratelimit`. */
export interface RateLimit {
  /** The limit's name, such as `default`. */
  policy: string;
  /** The number of requests left. */
  remaining: number;
  /** Seconds until the limit resets. */
  reset: number;
}

/** The promise of a call. It resolves to the parsed response, or on demand to the `Response`. */
export declare class APIPromise<T> extends Promise<T> {
  protected constructor();
  /** The `Response`. Its body is unread, unless the data is awaited too. */
  asResponse(): Promise<Response>;
  /** The data, the `Response`, and the limits from its headers. */
  withResponse(): Promise<WithResponse<T>>;
}

/** The data of a call with its `Response`. */
export interface WithResponse<T> {
  /** The parsed response body. */
  data: T;
  /** The `Response`. Its body has been read. */
  response: Response;
  /** From the header `Ratelimit`. A browser shows it from another origin only if it is exposed. */
  rateLimit?: RateLimit;
  /** The seconds to wait before the next request, from `Retry-After`. */
  retryAfter?: number;
}

/** The promise of one page. `for await` gives each entry of this and all later pages once. */
export declare class PagePromise<T, Item> extends APIPromise<T> implements AsyncIterable<Item> {
  private constructor();
  /** Each entry of this page and all later ones, once. */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>;
}

/** The operations on meetings, sessions and participants. */
export interface RealtimeKit {
  /** The live session of a meeting. */
  activeSession: ActiveSession;
  /** Sessions, live or ended. */
  sessions: Sessions;
  /** Meetings. */
  meetings: Meetings;
}

export declare namespace RealtimeKit {
  export {
    type ActiveSession as ActiveSession,
    type Meetings as Meetings,
    type Sessions as Sessions,
    type ActiveSessionCreatePollParams as ActiveSessionCreatePollParams,
    type ActiveSessionCreatePollResponse as ActiveSessionCreatePollResponse,
    type ActiveSessionGetActiveSessionParams as ActiveSessionGetActiveSessionParams,
    type ActiveSessionGetActiveSessionResponse as ActiveSessionGetActiveSessionResponse,
    type ActiveSessionKickAllParticipantsParams as ActiveSessionKickAllParticipantsParams,
    type ActiveSessionKickAllParticipantsResponse as ActiveSessionKickAllParticipantsResponse,
    type ActiveSessionKickParticipantsParams as ActiveSessionKickParticipantsParams,
    type ActiveSessionKickParticipantsResponse as ActiveSessionKickParticipantsResponse,
    type ActiveSessionMuteAllParticipantsParams as ActiveSessionMuteAllParticipantsParams,
    type ActiveSessionMuteAllParticipantsResponse as ActiveSessionMuteAllParticipantsResponse,
    type ActiveSessionMuteParticipantsParams as ActiveSessionMuteParticipantsParams,
    type ActiveSessionMuteParticipantsResponse as ActiveSessionMuteParticipantsResponse,
    type ActiveSessionWatchOptions as ActiveSessionWatchOptions,
    type ActiveSessionWatchParams as ActiveSessionWatchParams,
    type ActiveSessionWatchParticipant as ActiveSessionWatchParticipant,
    type ActiveSessionWatchSnapshot as ActiveSessionWatchSnapshot,
    type MeetingDeleteMeetingParticipantParams as MeetingDeleteMeetingParticipantParams,
    type MeetingDeleteMeetingParticipantResponse as MeetingDeleteMeetingParticipantResponse,
    type MeetingGetAuditParams as MeetingGetAuditParams,
    type MeetingGetAuditResponse as MeetingGetAuditResponse,
    type MeetingGetMeetingByIDParams as MeetingGetMeetingByIDParams,
    type MeetingGetMeetingByIDResponse as MeetingGetMeetingByIDResponse,
    type MeetingUpdateMeetingByIDParams as MeetingUpdateMeetingByIDParams,
    type MeetingUpdateMeetingByIDResponse as MeetingUpdateMeetingByIDResponse,
    type SessionGetSessionParticipantsParams as SessionGetSessionParticipantsParams,
    type SessionGetSessionParticipantsResponse as SessionGetSessionParticipantsResponse,
    type SessionGetSessionsParams as SessionGetSessionsParams,
    type SessionGetSessionsResponse as SessionGetSessionsResponse,
  };
}

/** The live session of a meeting. */
export interface ActiveSession {
  /** Returns the live session of a meeting. 404 if there is none. */
  getActiveSession(
    appId: string,
    meetingId: string,
    params?: CallParams<ActiveSessionGetActiveSessionParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionGetActiveSessionResponse>;
  getActiveSession(
    meetingID: string,
    params: CallParams<ActiveSessionGetActiveSessionParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionGetActiveSessionResponse>;
  /**
   * Kicks one or more participants by user ID or custom participant ID. They can join again with
   * the same link. 404 if one of them is not in the session; then no one is kicked.
   */
  kickParticipants(
    appId: string,
    meetingId: string,
    params: CallParams<ActiveSessionKickParticipantsParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionKickParticipantsResponse>;
  kickParticipants(
    meetingID: string,
    params: CallParams<ActiveSessionKickParticipantsParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionKickParticipantsResponse>;
  /** Kicks all participants, which ends the session. */
  kickAllParticipants(
    appId: string,
    meetingId: string,
    params?: CallParams<ActiveSessionKickAllParticipantsParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionKickAllParticipantsResponse>;
  kickAllParticipants(
    meetingID: string,
    params: CallParams<ActiveSessionKickAllParticipantsParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionKickAllParticipantsResponse>;
  /** Mutes one or more participants. */
  muteParticipants(
    appId: string,
    meetingId: string,
    params: ActiveSessionMuteParticipantsParams,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionMuteParticipantsResponse>;
  muteParticipants(
    meetingID: string,
    params: ActiveSessionMuteParticipantsParams,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionMuteParticipantsResponse>;
  /** Mutes all participants. */
  muteAllParticipants(
    appId: string,
    meetingId: string,
    params?: ActiveSessionMuteAllParticipantsParams,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionMuteAllParticipantsResponse>;
  muteAllParticipants(
    meetingID: string,
    params: ActiveSessionMuteAllParticipantsParams,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionMuteAllParticipantsResponse>;
  /**
   * Creates a poll, at most once. If an attempt may have created it, the call is not sent again,
   * and the error has `maybeApplied: true`. Behind a gateway that remembers its key it is sent again.
   */
  createPoll(
    appId: string,
    meetingId: string,
    params: CallParams<ActiveSessionCreatePollParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionCreatePollResponse>;
  createPoll(
    meetingID: string,
    params: CallParams<ActiveSessionCreatePollParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionCreatePollResponse>;
  /**
   * Follows the session: polls the API, and gives a snapshot after each refresh, good or failed. A
   * refresh starts when you ask for the next snapshot, so there is one at a time. Breaking the loop
   * cleans up.
   *
   * After a failed refresh the snapshot has the last good data, its age, and the error. Refreshes
   * continue at longer intervals until one succeeds. `watch` honours `Retry-After`, and leaves half
   * of the remaining rate limit to other clients. A hidden page refreshes at most twice a minute.
   *
   * Wrong arguments throw an `InvalidArgumentError` from the first `next()`. Only `signal` and
   * `return()` end the loop, and neither throws.
   *
   * @example
   * for await (const { participants, joined, trouble } of activeSession.watch(app, meeting)) {
   *   for (const { display_name } of joined) console.log(display_name, 'joined');
   *   show(participants, trouble?.error.message);
   * }
   */
  watch(
    appId: string,
    meetingId: string,
    params?: ActiveSessionWatchParams,
    options?: ActiveSessionWatchOptions,
  ): AsyncGenerator<ActiveSessionWatchSnapshot, void, undefined>;
  watch(
    meetingID: string,
    params: ActiveSessionWatchParams,
    options?: ActiveSessionWatchOptions,
  ): AsyncGenerator<ActiveSessionWatchSnapshot, void, undefined>;
}

export declare namespace ActiveSession {
  export {
    type ActiveSessionCreatePollParams as ActiveSessionCreatePollParams,
    type ActiveSessionCreatePollResponse as ActiveSessionCreatePollResponse,
    type ActiveSessionGetActiveSessionParams as ActiveSessionGetActiveSessionParams,
    type ActiveSessionGetActiveSessionResponse as ActiveSessionGetActiveSessionResponse,
    type ActiveSessionKickAllParticipantsParams as ActiveSessionKickAllParticipantsParams,
    type ActiveSessionKickAllParticipantsResponse as ActiveSessionKickAllParticipantsResponse,
    type ActiveSessionKickParticipantsParams as ActiveSessionKickParticipantsParams,
    type ActiveSessionKickParticipantsResponse as ActiveSessionKickParticipantsResponse,
    type ActiveSessionMuteAllParticipantsParams as ActiveSessionMuteAllParticipantsParams,
    type ActiveSessionMuteAllParticipantsResponse as ActiveSessionMuteAllParticipantsResponse,
    type ActiveSessionMuteParticipantsParams as ActiveSessionMuteParticipantsParams,
    type ActiveSessionMuteParticipantsResponse as ActiveSessionMuteParticipantsResponse,
    type ActiveSessionWatchOptions as ActiveSessionWatchOptions,
    type ActiveSessionWatchParams as ActiveSessionWatchParams,
    type ActiveSessionWatchParticipant as ActiveSessionWatchParticipant,
    type ActiveSessionWatchSnapshot as ActiveSessionWatchSnapshot,
  };
}

/** Sessions, live or ended. */
export interface Sessions {
  /**
   * Lists everyone who was in a session. A participant who is still there has no `left_at`. Awaiting
   * gives one page; `for await` gives each participant of all pages.
   */
  getSessionParticipants(
    appId: string,
    sessionId: string,
    params?: CallParams<SessionGetSessionParticipantsParams>,
    options?: RequestOptions,
  ): PagePromise<
    SessionGetSessionParticipantsResponse,
    SessionGetSessionParticipantsResponse.Data.Participant
  >;
  getSessionParticipants(
    sessionID: string,
    params: CallParams<SessionGetSessionParticipantsParams>,
    options?: RequestOptions,
  ): PagePromise<
    SessionGetSessionParticipantsResponse,
    SessionGetSessionParticipantsResponse.Data.Participant
  >;
  /** Lists the sessions of all meetings of an app: one page. */
  getSessions(
    appId: string,
    params?: CallParams<SessionGetSessionsParams>,
    options?: RequestOptions,
  ): APIPromise<SessionGetSessionsResponse>;
}

export declare namespace Sessions {
  export {
    type SessionGetSessionParticipantsParams as SessionGetSessionParticipantsParams,
    type SessionGetSessionParticipantsResponse as SessionGetSessionParticipantsResponse,
    type SessionGetSessionsParams as SessionGetSessionsParams,
    type SessionGetSessionsResponse as SessionGetSessionsResponse,
  };
}

/** Meetings. */
export interface Meetings {
  /** Returns a page of the audit log of a meeting. Only this project's gateway has one. */
  getAudit(
    appId: string,
    meetingId: string,
    params?: CallParams<MeetingGetAuditParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingGetAuditResponse>;
  /** Returns a meeting. */
  getMeetingById(
    appId: string,
    meetingId: string,
    params?: CallParams<MeetingGetMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingGetMeetingByIDResponse>;
  getMeetingById(
    meetingID: string,
    params: CallParams<MeetingGetMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingGetMeetingByIDResponse>;
  /** `getMeetingById`, as version 7 calls it. */
  getMeetingByID(
    meetingID: string,
    params: CallParams<MeetingGetMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingGetMeetingByIDResponse>;
  getMeetingByID(
    appId: string,
    meetingId: string,
    params?: CallParams<MeetingGetMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingGetMeetingByIDResponse>;
  /** Updates a meeting. With `status: 'INACTIVE'` no one new can join. */
  updateMeetingById(
    appId: string,
    meetingId: string,
    params: CallParams<MeetingUpdateMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingUpdateMeetingByIDResponse>;
  updateMeetingById(
    meetingID: string,
    params: CallParams<MeetingUpdateMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingUpdateMeetingByIDResponse>;
  /** `updateMeetingById`, as version 7 calls it. */
  updateMeetingByID(
    meetingID: string,
    params: CallParams<MeetingUpdateMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingUpdateMeetingByIDResponse>;
  updateMeetingByID(
    appId: string,
    meetingId: string,
    params: CallParams<MeetingUpdateMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingUpdateMeetingByIDResponse>;
  /**
   * Deletes a participant from a meeting and revokes their token: a ban. A participant who is in the
   * session stays until kicked.
   */
  deleteMeetingParticipant(
    appId: string,
    meetingId: string,
    participantId: string,
    params?: CallParams<MeetingDeleteMeetingParticipantParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingDeleteMeetingParticipantResponse>;
  deleteMeetingParticipant(
    participantID: string,
    params: CallParams<MeetingDeleteMeetingParticipantParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingDeleteMeetingParticipantResponse>;
}

export declare namespace Meetings {
  export {
    type MeetingGetAuditParams as MeetingGetAuditParams,
    type MeetingGetAuditResponse as MeetingGetAuditResponse,
    type MeetingDeleteMeetingParticipantParams as MeetingDeleteMeetingParticipantParams,
    type MeetingDeleteMeetingParticipantResponse as MeetingDeleteMeetingParticipantResponse,
    type MeetingGetMeetingByIDParams as MeetingGetMeetingByIDParams,
    type MeetingGetMeetingByIDResponse as MeetingGetMeetingByIDResponse,
    type MeetingUpdateMeetingByIDParams as MeetingUpdateMeetingByIDParams,
    type MeetingUpdateMeetingByIDResponse as MeetingUpdateMeetingByIDResponse,
  };
}

/** The account. It may be left out if the client has an `accountId`. */
export interface AccountParams {
  /** The account identifier tag. */
  account_id?: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
}

/** The `…Params` of a call, with an optional account. */
export type CallParams<Params> = Omit<Params, 'account_id'> & AccountParams;

/** The participants to mute: one list, or both. They need at least one ID. */
export type Whom =
  | {
      /** The `user_id`s of participants, never the `id`s of peers. */
      participant_ids: Array<string>;
      /** Your app's own IDs of participants. */
      custom_participant_ids?: Array<string>;
    }
  | {
      /** The `user_id`s of participants, never the `id`s of peers. */
      participant_ids?: Array<string>;
      /** Your app's own IDs of participants. */
      custom_participant_ids: Array<string>;
    };

/** The params of `getActiveSession`. */
export interface ActiveSessionGetActiveSessionParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
}

/** The params of `kickAllParticipants`. */
export interface ActiveSessionKickAllParticipantsParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
}

/** The params of `kickParticipants`. A call needs at least one ID, in either list. */
export interface ActiveSessionKickParticipantsParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
  /** Your app's own IDs of participants. */
  custom_participant_ids?: Array<string>;
  /** The `user_id`s of participants, never the `id`s of peers. */
  participant_ids?: Array<string>;
}

/** The params of `muteParticipants`. */
export type ActiveSessionMuteParticipantsParams = AccountParams & Whom;

/** The params of `muteAllParticipants`. */
export interface ActiveSessionMuteAllParticipantsParams extends AccountParams {
  /** Whether participants can unmute themselves afterwards. Default: false. */
  allow_unmute?: boolean;
}

/** The poll to create. */
export interface ActiveSessionCreatePollParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
  /** The options of the poll. */
  options: Array<string>;
  /** The question of the poll. */
  question: string;
  /** Whether votes are anonymous. */
  anonymous?: boolean;
  /**
   * Whether votes are hidden from a person who has not voted, by its name. (The API description says
   * the opposite.)
   */
  hide_votes?: boolean;
}

/** The params of `watch`. */
export interface ActiveSessionWatchParams extends AccountParams {}

/** The options of `watch`. */
export interface ActiveSessionWatchOptions {
  /**
   * The usual time between two refreshes, in milliseconds, 1 or more.
   * @default 2000
   */
  interval?: number | undefined;
  /**
   * The number of participants per request, 1 to 200.
   * @default 200
   */
  perPage?: number | undefined;
  /** Ends the loop without an error, at any time. */
  signal?: AbortSignal | null | undefined;
  /** How long a request may take, in milliseconds. Default: the client's `timeout`. */
  timeout?: number | undefined;
  /**
   * Whether the gateway may push changes over a WebSocket. `watch` then polls only while there is no connection: to a
   * server that pushes nothing (Cloudflare's API), behind a proxy that refuses WebSockets, with a client that has a
   * `fetch` of its own.
   * @default true
   */
  push?: boolean | undefined;
  /**
   * The class of WebSockets. Needed in Node before version 22 (`ws` on npm has one), and for a client that has a `fetch` of
   * its own.
   * @default globalThis.WebSocket
   */
  WebSocket?: (new (url: string, protocols: string[]) => any) | null | undefined;
}

/** The newest good data of a session, and what has changed since the snapshot before. */
export interface ActiveSessionWatchSnapshot {
  /**
   * When the shown data was read, in milliseconds since 1970. It accounts for the `Age` header of
   * the responses. `null` before the first good refresh.
   */
  at: number | null;
  /** How old the shown data was when the snapshot was made, in milliseconds. */
  age: number | null;
  /** The session. `null` if none is live, or before the first good refresh. */
  session: ActiveSessionGetActiveSessionResponse.Data | null;
  /**
   * Everyone who was in this session, each once, in order of their first join. A participant who has
   * not changed is the same object as in the snapshot before.
   */
  participants: Array<ActiveSessionWatchParticipant>;
  /**
   * The participants seen for the first time in this session. The first good snapshot lists no one
   * here: later ones are compared with it.
   */
  joined: Array<ActiveSessionWatchParticipant>;
  /** The participants who left, or who were away between two refreshes. */
  left: Array<ActiveSessionWatchParticipant>;
  /** The participants who returned. Those away between two refreshes are also in `left`. */
  cameBack: Array<ActiveSessionWatchParticipant>;
  /** Why the newest refresh failed. `null` if it succeeded. */
  trouble: ActiveSessionWatchSnapshot.Trouble | null;
  /**
   * When the next refresh is due, in milliseconds since 1970. It comes earlier if the page becomes
   * visible or is online again.
   */
  nextAt: number;
  /** The newest known rate limit. */
  rateLimit: RateLimit | null;
  /**
   * What moderators have done since the snapshot before, if the gateway pushes. Without the permission `audit` only `at` is
   * known.
   */
  actions: Array<ActiveSessionWatchSnapshot.Action>;
  /** The moderators who watch the meeting. `null` if the gateway does not say. */
  moderators: ActiveSessionWatchSnapshot.Moderators | null;
}

export namespace ActiveSessionWatchSnapshot {
  /** An action of a moderator: the record of the gateway's audit, or only when it happened. */
  interface Action {
    /** The ID of the record in the audit. */
    id?: string;
    /** When it happened, as ISO 8601. */
    time?: string;
    /** When it happened, in milliseconds since 1970, if the record is not shown. */
    at?: number;
    /** The moderator's `sub`. */
    moderator?: string;
    /** The operation, as in the API description: `KickParticipants`. */
    operation?: string;
    /** What became of it: `done`, `failed`, `unknown`. */
    outcome?: string;
    [field: string]: unknown;
  }

  /** The moderators who watch a meeting. */
  interface Moderators {
    /** How many there are. */
    count: number;
    /** At most 50 of them, the earliest first. */
    moderators: Array<{ sub: string; name?: string; since: number }>;
  }

  /** Refreshes that failed, one after the other. */
  interface Trouble {
    /** Why the last of them failed. */
    error: CloudflareError;
    /** When the first of them failed, in milliseconds since 1970. */
    since: number;
    /** The number of failed refreshes. */
    failures: number;
  }
}

/** A participant of a session, with all their peers. */
export interface ActiveSessionWatchParticipant {
  /** `user_id`; without one `custom_participant_id`; without either the peer's `id`. */
  key: string;
  /** The participant's permanent ID, for a kick. */
  user_id?: string;
  /** Your app's own ID of the participant. */
  custom_participant_id?: string;
  /** The name of the newest peer. */
  display_name?: string;
  /** The preset of the newest peer. */
  preset_name?: string;
  /** Whether any of their peers is in the session. */
  present: boolean;
  /** Their peers, one for each join, the oldest first. */
  peers: Array<SessionGetSessionParticipantsResponse.Data.Participant>;
}

/** Which participants to list, and how. */
export interface SessionGetSessionParticipantsParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
  /** Whether to include the peer events of each participant. */
  include_peer_events?: boolean;
  /** The number of the page. */
  page_no?: number;
  /** Results per page: 1 to 200, default 25. */
  per_page?: number;
  /** A participant ID, custom participant ID, or display name. */
  search?: string;
  /** The sort key. */
  sort_by?: 'joinedAt' | 'duration';
  /** The sort direction. */
  sort_order?: 'ASC' | 'DESC';
  /** `raw`: durations in this session; `consolidated`: with its breakout rooms. */
  view?: 'raw' | 'consolidated';
}

/** Which sessions to list, and how. */
export interface SessionGetSessionsParams {
  /** The account identifier tag. */
  account_id: string;
  /** The ID of the meeting of the sessions. */
  associated_id?: string;
  /** The end of the time range, in ISO format. */
  end_time?: string;
  /** The number of the page. */
  page_no?: number;
  /** The API description does not explain it. */
  participants?: string;
  /** Results per page. */
  per_page?: number;
  /** A meeting's title or ID, or a session's ID. */
  search?: string;
  /** The sort key. */
  sort_by?: 'minutesConsumed' | 'createdAt';
  /** The sort direction. */
  sort_order?: 'ASC' | 'DESC';
  /** The start of the time range, in ISO format. */
  start_time?: string;
  /** The status of the sessions. */
  status?: 'LIVE' | 'ENDED';
}

/** Which page of the audit log to read. */
export interface MeetingGetAuditParams {
  /** The account identifier tag. */
  account_id: string;
  /** Records per page: 1 to 200. */
  per_page?: number;
  /** `paging.next` of the page before: the page with older records. */
  before?: string;
}

/** The params of `getMeetingById`. */
export interface MeetingGetMeetingByIDParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
  /** The API description does not explain it. */
  name?: string;
}

/** The settings of a meeting. */
export interface MeetingSettings {
  /** Users are not able to join an INACTIVE meeting. */
  status?: 'ACTIVE' | 'INACTIVE';
  /** Title of the meeting. */
  title?: string;
  /** Whether the chat is stored for a week. */
  persist_chat?: boolean;
  /** Whether recording starts when someone joins. */
  record_on_start?: boolean;
  /** Whether livestreaming starts when someone joins. */
  live_stream_on_start?: boolean;
  /** Seconds a session stays active after the last participant left: 60 to 600. */
  session_keep_alive_time_in_secs?: number;
  /** Whether a transcript is made when the meeting ends. */
  transcribe_on_end?: boolean;
  /** Whether the transcript is summarized. */
  summarize_on_end?: boolean;
  /** Settings of transcripts and summaries. */
  ai_config?: MeetingSettings.AIConfig;
  /** Settings of recordings, which replace the app's. */
  recording_config?: MeetingSettings.RecordingConfig;
}

export namespace MeetingSettings {
  /** Settings of transcripts and summaries. */
  interface AIConfig {
    /** Settings of the summary. */
    summarization?: AIConfig.Summarization;
    /** Settings of the transcript. */
    transcription?: AIConfig.Transcription;
  }

  namespace AIConfig {
    /** Settings of a summary. */
    interface Summarization {
      /** The style of the summary. */
      summary_type?:
        | 'general'
        | 'team_meeting'
        | 'sales_call'
        | 'client_check_in'
        | 'interview'
        | 'daily_standup'
        | 'one_on_one_meeting'
        | 'lecture'
        | 'code_review';
      /** The form of the summary. */
      text_format?: 'plain_text' | 'markdown';
      /** The largest number of words. */
      word_limit?: number;
    }

    /** Settings of a transcript. */
    interface Transcription {
      /** Words that the speech recognition should expect. */
      keywords?: Array<string>;
      /** The spoken language. */
      language?: 'en-US' | 'en-IN' | 'de' | 'hi' | 'sv' | 'ru' | 'pl' | 'el' | 'fr' | 'nl';
      /** Whether offensive words are removed. */
      profanity_filter?: boolean;
    }
  }

  /** Settings of recordings. */
  interface RecordingConfig {
    /** Settings of the audio. */
    audio_config?: RecordingConfig.AudioConfig;
    /** The start of the file name. */
    file_name_prefix?: string;
    /** The livestream of the recording. */
    live_streaming_config?: RecordingConfig.LiveStreamingConfig;
    /** The longest recording in seconds: 60 to one day. */
    max_seconds?: number;
    /** Whether the recording goes to RealtimeKit's own storage. */
    realtimekit_bucket_config?: RecordingConfig.RealtimekitBucketConfig;
    /** Your own storage for the recording. */
    storage_config?: RecordingConfig.StorageConfig | null;
    /** Settings of the video. */
    video_config?: RecordingConfig.VideoConfig;
  }

  namespace RecordingConfig {
    /** Settings of the audio. */
    interface AudioConfig {
      /** One channel or two. */
      channel?: 'mono' | 'stereo';
      /** The codec. */
      codec?: 'MP3' | 'AAC';
      /** Whether there is a file with the audio alone. */
      export_file?: boolean;
    }

    /** The livestream of a recording. */
    interface LiveStreamingConfig {
      /** The address of the stream. */
      rtmp_url?: string;
    }

    /** RealtimeKit's own storage. */
    interface RealtimekitBucketConfig {
      /** Whether recordings go to RealtimeKit's bucket. Only those have a `download_url`. */
      enabled: boolean;
    }

    /** Your own storage, as version 6 calls it. Version 7 has the four members. */
    type StorageConfig = UnionMember0 | UnionMember1 | UnionMember2 | UnionMember3;

    /** Google Cloud Storage. */
    interface UnionMember0 {
      /** It can be set but not read. */
      access_key?: string;
      /** Only for `sftp`. */
      auth_method?: 'KEY' | 'PASSWORD';
      /** The bucket's name. */
      bucket?: string;
      /** Only for `sftp`. */
      host?: string;
      /** Only for `sftp`: the password, or the passphrase of the private key. */
      password?: string;
      /** The folder in the bucket. */
      path?: string;
      /** Only for `sftp`. */
      port?: number;
      /** Only for `sftp`. */
      private_key?: string;
      /** The bucket's region. */
      region?: string;
      /** It can be set but not read. */
      secret?: string;
      /** Only for `sftp`. */
      username?: string;
      /** The kind of storage. */
      type?: 'gcs';
    }

    /** Storage with an access key. */
    interface UnionMember1 {
      /** The access key. */
      access_key: unknown;
      /** The bucket's region. */
      region: unknown;
      /** Only for `sftp`. */
      auth_method?: 'KEY' | 'PASSWORD';
      /** The bucket's name. */
      bucket?: string;
      /** Only for `sftp`. */
      host?: string;
      /** Only for `sftp`: the password, or the passphrase of the private key. */
      password?: string;
      /** The folder in the bucket. */
      path?: string;
      /** Only for `sftp`. */
      port?: number;
      /** Only for `sftp`. */
      private_key?: string;
      /** It can be set but not read. */
      secret?: string;
      /** Only for `sftp`. */
      username?: string;
      /** The kind of storage. */
      type?: 'aws' | 'azure' | 'digitalocean';
    }

    /** Storage with a private key. */
    interface UnionMember2 {
      /** The private key. */
      private_key: string;
      /** It can be set but not read. */
      access_key?: string;
      /** Only for `sftp`. */
      auth_method?: 'KEY';
      /** The bucket's name. */
      bucket?: string;
      /** Only for `sftp`. */
      host?: string;
      /** Only for `sftp`: the password, or the passphrase of the private key. */
      password?: string;
      /** The folder in the bucket. */
      path?: string;
      /** Only for `sftp`. */
      port?: number;
      /** The bucket's region. */
      region?: string;
      /** It can be set but not read. */
      secret?: string;
      /** Only for `sftp`. */
      username?: string;
      /** The kind of storage. */
      type?: 'aws' | 'azure' | 'digitalocean' | 'gcs' | 'sftp';
    }

    /** Storage with a password. */
    interface UnionMember3 {
      /** The password, or the passphrase of the private key. */
      password: string;
      /** It can be set but not read. */
      access_key?: string;
      /** Only for `sftp`. */
      auth_method?: 'PASSWORD';
      /** The bucket's name. */
      bucket?: string;
      /** Only for `sftp`. */
      host?: string;
      /** The folder in the bucket. */
      path?: string;
      /** Only for `sftp`. */
      port?: number;
      /** Only for `sftp`. */
      private_key?: string;
      /** The bucket's region. */
      region?: string;
      /** It can be set but not read. */
      secret?: string;
      /** Only for `sftp`. */
      username?: string;
      /** The kind of storage. */
      type?: 'aws' | 'azure' | 'digitalocean' | 'gcs' | 'sftp';
    }

    /** Settings of the video. */
    interface VideoConfig {
      /** The codec. */
      codec?: 'H264' | 'VP8' | 'VP9';
      /** Whether there is a file with the video. */
      export_file?: boolean;
      /** In pixels. */
      height?: number;
      /** A picture over the video. */
      watermark?: VideoConfig.Watermark;
      /** In pixels. */
      width?: number;
    }

    namespace VideoConfig {
      /** A picture over the video. */
      interface Watermark {
        /** The corner. */
        position?: 'left top' | 'right top' | 'left bottom' | 'right bottom';
        /** The size. */
        size?: Watermark.Size;
        /** The address of the picture. */
        url?: string;
      }

      namespace Watermark {
        /** The size of a picture. */
        interface Size {
          /** In pixels. */
          height?: number;
          /** In pixels. */
          width?: number;
        }
      }
    }
  }
}

/** The settings of a meeting to change. */
export interface MeetingUpdateMeetingByIDParams extends MeetingSettings {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
}

export namespace MeetingUpdateMeetingByIDParams {
  export import AIConfig = MeetingSettings.AIConfig;
  export import RecordingConfig = MeetingSettings.RecordingConfig;
}

/** The params of `deleteMeetingParticipant`. */
export interface MeetingDeleteMeetingParticipantParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app identifier tag, if it is no argument of the call. */
  app_id?: string;
  /** The meeting's ID, if it is no argument of the call. */
  meeting_id?: string;
}

/** The response of `getActiveSession`. */
export interface ActiveSessionGetActiveSessionResponse {
  /** The result. */
  data?: ActiveSessionGetActiveSessionResponse.Data;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace ActiveSessionGetActiveSessionResponse {
  /** A session: from the first join until everyone has been gone for a while. */
  interface Data {
    /** The ID of the session. */
    id: string;
    /** The ID of the meeting: a UUID, or a V1 room name such as `abcdef-ghijkl`. */
    associated_id: string;
    /** When the session was created. */
    created_at: string;
    /** The number of participants in the session now. */
    live_participants: number;
    /** The largest number of participants at one time. */
    max_concurrent_participants: number;
    /** The title of the meeting. */
    meeting_display_name: string;
    /** The minutes consumed since the session started. */
    minutes_consumed: number;
    /** The ID of the app. */
    organization_id: string;
    /** When the session started. */
    started_at: string;
    /** The status of the session. */
    status: 'LIVE' | 'ENDED';
    /** The type of the session. */
    type: 'meeting' | 'livestream' | 'participant';
    /** When the session was last updated. */
    updated_at: string;
    /** Its breakout rooms. */
    breakout_rooms?: Array<unknown>;
    /** When the session ended. The API may return the string `'null'` for a live session. */
    ended_at?: string;
    /** Any metadata about the session. */
    meta?: unknown;
  }
}

/** The response of `kickParticipants`. */
export interface ActiveSessionKickParticipantsResponse {
  /** The result. */
  data?: ActiveSessionKickParticipantsResponse.Data;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace ActiveSessionKickParticipantsResponse {
  /** The action, and the peers that it affected. */
  interface Data {
    /** The action. */
    action?: string;
    /** The peers that it affected. */
    participants?: Array<Data.Participant>;
  }

  namespace Data {
    /** A peer that was kicked or muted. */
    interface Participant {
      /** The ID of the peer. */
      id: string;
      /** When it was created. */
      created_at: string;
      /** When it was last updated. */
      updated_at: string;
      /** The participant's email. */
      email?: string;
      /** The participant's name. */
      name?: string;
      /** The URL of the participant's picture. */
      picture?: string;
    }
  }
}

/** The response of `kickAllParticipants`. */
export interface ActiveSessionKickAllParticipantsResponse {
  /** The result. */
  data?: ActiveSessionKickAllParticipantsResponse.Data;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace ActiveSessionKickAllParticipantsResponse {
  /** The action, and the number of peers that it affected. */
  interface Data {
    /** The action. */
    action?: string;
    /** The number of kicked peers. */
    kicked_participants_count?: number;
  }
}

/** The response of `muteParticipants`. */
export import ActiveSessionMuteParticipantsResponse = ActiveSessionKickParticipantsResponse;

/** The response of `muteAllParticipants`. */
export interface ActiveSessionMuteAllParticipantsResponse {
  /** The result. */
  data?: ActiveSessionMuteAllParticipantsResponse.Data;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace ActiveSessionMuteAllParticipantsResponse {
  /** The action, and the number of peers that it affected. */
  interface Data {
    /** The action. */
    action?: string;
    /** The number of muted peers. */
    muted_participants_count?: number;
  }
}

/** The response of `createPoll`. */
export interface ActiveSessionCreatePollResponse {
  /** The result. */
  data?: ActiveSessionCreatePollResponse.Data;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace ActiveSessionCreatePollResponse {
  /** The action and the poll. */
  interface Data {
    /** The action. */
    action?: string;
    /** The poll. */
    poll?: Data.Poll;
  }

  namespace Data {
    /** A poll. */
    interface Poll {
      /** The ID of the poll. */
      id: string;
      /** The options. */
      options: Array<Poll.Option>;
      /** The question. */
      question: string;
      /** Whether votes are anonymous. */
      anonymous?: boolean;
      /** Who created it. */
      created_by?: string;
      /** Whether votes are hidden from a person who has not voted. */
      hide_votes?: boolean;
      /** The participants who have voted. */
      voted?: Array<string>;
    }

    namespace Poll {
      /** An option of a poll. */
      interface Option {
        /** The number of votes. */
        count: number;
        /** The text. */
        text: string;
        /** The votes. */
        votes: Array<Option.Vote>;
      }

      namespace Option {
        /** A vote. */
        interface Vote {
          /** The voter's ID. */
          id: string;
          /** The voter's name. */
          name: string;
        }
      }
    }
  }
}

/** The response of `getSessionParticipants`: one page. */
export interface SessionGetSessionParticipantsResponse {
  /** The result. */
  data?: SessionGetSessionParticipantsResponse.Data;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace SessionGetSessionParticipantsResponse {
  /** The participants, and the position of the page. */
  interface Data {
    /** The peers on this page. */
    participants?: Array<Data.Participant>;
    /** The position of the page among all entries. */
    paging?: Data.Paging;
  }

  namespace Data {
    /** The position of a page among all entries. */
    interface Paging {
      /** The number of all entries. */
      total_count: number;
      /** The number of the first entry on the page. */
      start_offset: number;
      /** The number of the last entry on the page. */
      end_offset: number;
    }

    /** A peer: one stay of a participant in a session, from a join to a leave. */
    interface Participant {
      /** The peer's ID. Each join makes a new one. It is not for a kick. */
      id?: string;
      /** When the entry was created. */
      created_at?: string;
      /** Your app's own ID of the participant. */
      custom_participant_id?: string;
      /** The name at the time of the join. */
      display_name?: string;
      /** The minutes that the participant was in the session. */
      duration?: number;
      /** When the participant joined. */
      joined_at?: string;
      /** When the participant left. Absent, null or empty while they are in the session. */
      left_at?: string;
      /** The name of the preset, which is the participant's role. */
      preset_name?: string;
      /** When the entry was last updated. */
      updated_at?: string;
      /** The participant's permanent ID, for a kick. */
      user_id?: string;
      /** The peer's events, if requested. */
      peer_events?: Array<Participant.PeerEvent>;
    }

    namespace Participant {
      /** An event of a peer. */
      interface PeerEvent {
        /** The ID of the event. */
        id?: string;
        /** When the event was created. */
        created_at?: string;
        /** The name of the event. */
        event_name?: 'PEER_CREATED' | 'PEER_JOINING' | 'PEER_LEAVING';
        /** The minutes that the peer was in the session. */
        minutes_consumed?: number;
        /** The ID of the participant. */
        participant_id?: string | null;
        /** The ID of the peer. */
        peer_id?: string;
        /** The kind of meeting that the preset is for. */
        preset_view_type?: 'GROUP_CALL' | 'WEBINAR' | 'AUDIO_ROOM' | 'LIVESTREAM' | 'CHAT' | null;
        /** The ID of the session. */
        session_id?: string | null;
        /** The ID of the connection. */
        socket_session_id?: string | null;
        /** When the event was last updated. */
        updated_at?: string;
      }
    }
  }
}

/** The response of `getSessions`: one page. */
export interface SessionGetSessionsResponse {
  /** The result. */
  data?: SessionGetSessionsResponse.Data;
  /** The position of the page among all entries. */
  paging?: SessionGetSessionsResponse.Paging;
  /** Whether the call succeeded, as the API says. */
  success?: boolean;
}

export namespace SessionGetSessionsResponse {
  /** The sessions on this page. */
  interface Data {
    /** The sessions. */
    sessions?: Array<Data.Session>;
  }

  namespace Data {
    /** A session. */
    interface Session extends ActiveSessionGetActiveSessionResponse.Data {}
  }

  /** The position of a page among all entries. */
  interface Paging {
    /** The number of the last entry on the page. */
    end_offset?: number;
    /** The number of the first entry on the page. */
    start_offset?: number;
    /** The number of all entries. */
    total_count?: number;
  }
}

/** The response of `getAudit`: one page, the newest record first. */
export interface MeetingGetAuditResponse {
  /** The result. */
  data?: MeetingGetAuditResponse.Data;
  /** Whether the call succeeded. */
  success?: boolean;
}

export namespace MeetingGetAuditResponse {
  /** The records on this page. */
  interface Data {
    /** The records. */
    records?: Array<Data.Record>;
    /** The position of the page. */
    paging?: Data.Paging;
  }

  namespace Data {
    /** The position of a page. */
    interface Paging {
      /** The number of all records. */
      total_count?: number;
      /** For the page with older records; null on the last one. */
      next?: string | null;
    }

    /** A mutation by a moderator. */
    interface Record {
      /** The ID of the request. */
      id: string;
      /** When it came, in RFC 3339. */
      time: string;
      /** The moderator's ID. */
      moderator: string;
      /** The moderator's name. */
      name?: string;
      /** The operation. */
      operation: string;
      /** The participants that it names. */
      targets?: Array<string>;
      /** Those of them for whom it failed. */
      failed?: Array<string>;
      /** The question of a poll. */
      question?: string;
      /** The new status of the meeting. */
      set?: string;
      /** Its outcome. */
      outcome: 'done' | 'refused' | 'unknown';
      /** Why the gateway refused it. */
      reason?: string;
      /** The moderator's reason. */
      moderator_reason?: string;
    }
  }
}

/** The response of `getMeetingById`. */
export interface MeetingGetMeetingByIDResponse {
  /** Whether the call succeeded. */
  success: boolean;
  /** The result. */
  data?: MeetingGetMeetingByIDResponse.Data;
}

export namespace MeetingGetMeetingByIDResponse {
  /** A meeting: a place where sessions happen. */
  interface Data extends Omit<MeetingSettings, 'recording_config'> {
    /** The ID of the meeting. */
    id: string;
    /** When it was created. */
    created_at: string;
    /** Settings of recordings, which replace the app's. */
    recording_config?: Data.RecordingConfig;
    /** When it was last updated. */
    updated_at: string;
  }

  namespace Data {
    export import AIConfig = MeetingSettings.AIConfig;

    /** Settings of recordings. The API sends no secrets. */
    interface RecordingConfig extends Omit<MeetingSettings.RecordingConfig, 'storage_config'> {
      /** Your own storage for the recording. */
      storage_config?: RecordingConfig.StorageConfig | null;
    }

    namespace RecordingConfig {
      export import AudioConfig = MeetingSettings.RecordingConfig.AudioConfig;
      export import LiveStreamingConfig = MeetingSettings.RecordingConfig.LiveStreamingConfig;
      export import RealtimekitBucketConfig = MeetingSettings.RecordingConfig.RealtimekitBucketConfig;
      export import VideoConfig = MeetingSettings.RecordingConfig.VideoConfig;

      /** Your own storage, as version 6 calls it. Version 7 has the four members. */
      type StorageConfig = UnionMember0 | UnionMember1 | UnionMember2 | UnionMember3;

      /** Google Cloud Storage. */
      interface UnionMember0 {
        /** Only for `sftp`. */
        auth_method?: 'KEY' | 'PASSWORD';
        /** The bucket's name. */
        bucket?: string;
        /** Only for `sftp`. */
        host?: string;
        /** The folder in the bucket. */
        path?: string;
        /** Only for `sftp`. */
        port?: number;
        /** The bucket's region. */
        region?: string;
        /** Only for `sftp`. */
        username?: string;
        /** The kind of storage. */
        type?: 'gcs';
        /** The API does not send it. */
        access_key?: string;
        /** The API does not send it. */
        password?: string;
        /** The API does not send it. */
        private_key?: string;
        /** The API does not send it. */
        secret?: string;
      }

      /** Storage with an access key. */
      interface UnionMember1 {
        /** The access key. */
        access_key: unknown;
        /** The bucket's region. */
        region: unknown;
        /** Only for `sftp`. */
        auth_method?: 'KEY' | 'PASSWORD';
        /** The bucket's name. */
        bucket?: string;
        /** Only for `sftp`. */
        host?: string;
        /** The folder in the bucket. */
        path?: string;
        /** Only for `sftp`. */
        port?: number;
        /** Only for `sftp`. */
        username?: string;
        /** The kind of storage. */
        type?: 'aws' | 'azure' | 'digitalocean';
        /** The API does not send it. */
        password?: string;
        /** The API does not send it. */
        private_key?: string;
        /** The API does not send it. */
        secret?: string;
      }

      /** Storage with a private key. */
      interface UnionMember2 {
        /** Only for `sftp`. */
        auth_method?: 'KEY';
        /** The bucket's name. */
        bucket?: string;
        /** Only for `sftp`. */
        host?: string;
        /** The folder in the bucket. */
        path?: string;
        /** Only for `sftp`. */
        port?: number;
        /** The bucket's region. */
        region?: string;
        /** Only for `sftp`. */
        username?: string;
        /** The kind of storage. */
        type?: 'aws' | 'azure' | 'digitalocean' | 'gcs' | 'sftp';
        /** The API does not send it. */
        access_key?: string;
        /** The API does not send it. */
        password?: string;
        /** The API does not send it. */
        private_key?: string;
        /** The API does not send it. */
        secret?: string;
      }

      /** Storage with a password. */
      interface UnionMember3 {
        /** Only for `sftp`. */
        auth_method?: 'PASSWORD';
        /** The bucket's name. */
        bucket?: string;
        /** Only for `sftp`. */
        host?: string;
        /** The folder in the bucket. */
        path?: string;
        /** Only for `sftp`. */
        port?: number;
        /** The bucket's region. */
        region?: string;
        /** Only for `sftp`. */
        username?: string;
        /** The kind of storage. */
        type?: 'aws' | 'azure' | 'digitalocean' | 'gcs' | 'sftp';
        /** The API does not send it. */
        access_key?: string;
        /** The API does not send it. */
        password?: string;
        /** The API does not send it. */
        private_key?: string;
        /** The API does not send it. */
        secret?: string;
      }
    }
  }
}

/** The response of `updateMeetingById`: the updated meeting. */
export import MeetingUpdateMeetingByIDResponse = MeetingGetMeetingByIDResponse;

/** The response of `deleteMeetingParticipant`. */
export interface MeetingDeleteMeetingParticipantResponse {
  /** Whether the call succeeded. */
  success: boolean;
  /** The result. */
  data?: MeetingDeleteMeetingParticipantResponse.Data;
}

export namespace MeetingDeleteMeetingParticipantResponse {
  /** A deleted participant. */
  interface Data {
    /** When it was created. */
    created_at: string;
    /** Your app's own ID of the participant. */
    custom_participant_id: string;
    /** The ID of the participant's preset. */
    preset_id: string;
    /** When it was last updated. */
    updated_at: string;
  }
}

/** The parent of all errors of this package. `name` is the class name, even in minified code. */
export declare class CloudflareError extends Error {}

/** An argument is invalid. Nothing was sent. */
export declare class InvalidArgumentError extends CloudflareError {
  constructor(argument: string, message: string);
  /** The name of the argument or option. */
  readonly argument: string;
}

/** The WebAssembly module could not be loaded. The next call tries again. */
export declare class ModuleLoadError extends CloudflareError {
  constructor(cause: unknown);
}

/** Facts about the attempts of a call. */
export interface Trail {
  /** Whether the server may have carried out the call. */
  maybeApplied?: boolean;
  /** The number of requests sent. */
  attempts?: number;
  /** From the header `Ratelimit`. */
  rateLimit?: RateLimit;
  /** The seconds to wait before the next request, from `Retry-After`. */
  retryAfter?: number;
}

/** An entry in the `errors` of a response. */
export interface ErrorData {
  /** The API's error code. */
  code?: number;
  /** The address of its documentation. */
  documentation_url?: string;
  /** The error message. */
  message?: string;
  /** The cause in the request. */
  source?: ErrorData.Source;
}

export namespace ErrorData {
  /** The part of the request that caused the error. */
  interface Source {
    /** A pointer to it in the request body. */
    pointer?: string;
  }
}

/** Response headers: an object whose names can be read in any case, and a `Headers`. */
export type ErrorHeaders = Record<string, string | null | undefined> & Headers;

/** The headers that the constructor of an error takes. */
export type GivenErrorHeaders = Record<string, string | null | undefined> | Headers | undefined;

/** A call with valid arguments failed. */
export declare class APIError<
  TStatus extends number | undefined = number | undefined,
  THeaders extends ErrorHeaders | undefined = ErrorHeaders | undefined,
  TError = any,
> extends CloudflareError {
  constructor(
    status: TStatus,
    error: TError,
    message: string,
    headers: THeaders | GivenErrorHeaders,
    trail?: Trail,
  );
  /** The HTTP status. `undefined` if there was no response. */
  readonly status: TStatus;
  /** The response headers. Names can be read in any case. */
  readonly headers: THeaders;
  /** The parsed response body. `undefined` if it was not JSON. */
  readonly error: TError;
  /** The `errors` of the body, or an empty list. */
  readonly errors: Array<ErrorData>;
  /** Whether the server may have carried out the call. Always `false` for a read. */
  readonly maybeApplied: boolean;
  /** The number of requests sent. */
  readonly attempts: number;
  /** From the header `Ratelimit`. */
  readonly rateLimit: RateLimit | undefined;
  /** The seconds to wait before the next request, from `Retry-After`. */
  readonly retryAfter: number | undefined;
}

/** Your signal was aborted. */
export declare class APIUserAbortError extends APIError<undefined, undefined, undefined> {
  constructor(options?: { message?: string; trail?: Trail });
}

/** The connection failed, or the response was cut off. `cause` is the error of `fetch`. */
export declare class APIConnectionError extends APIError<undefined, undefined, undefined> {
  constructor(options?: { message?: string; cause?: unknown; trail?: Trail });
}

/** The last attempt took longer than its timeout. */
export declare class APIConnectionTimeoutError extends APIConnectionError {
  constructor(options?: { message?: string; trail?: Trail });
}

/** 400 */
export declare class BadRequestError extends APIError<400, ErrorHeaders> {}
/** 401 */
export declare class AuthenticationError extends APIError<401, ErrorHeaders> {}
/** 403 */
export declare class PermissionDeniedError extends APIError<403, ErrorHeaders> {}
/** 404 */
export declare class NotFoundError extends APIError<404, ErrorHeaders> {}
/** 409 */
export declare class ConflictError extends APIError<409, ErrorHeaders> {}
/** 422 */
export declare class UnprocessableEntityError extends APIError<422, ErrorHeaders> {}
/** 429 */
export declare class RateLimitError extends APIError<429, ErrorHeaders> {}
/** 500 and above */
export declare class InternalServerError extends APIError<number, ErrorHeaders> {}
