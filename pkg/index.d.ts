// The package's types: the official SDK's names (cloudflare@6.5.0), and what is added to them. What
// both name is assignable both ways; a call also takes less than its `…Params`, as its signature
// says. API source: Cloudflare's API description of RealtimeKit, August 2026.

/** A client of the RealtimeKit API, or of a gateway that speaks it. */
export declare class Cloudflare {
  /**
   * @throws {InvalidArgumentError} If `timeout` or `maxRetries` is no positive integer; if an
   * option of the official SDK is not supported here; if in a browser the base URL is
   * api.cloudflare.com. What else is wrong is said by the first call.
   */
  constructor(options?: ClientOptions);

  /** The operations on meetings, sessions and who is in them. */
  realtimeKit: RealtimeKit;

  /** Where the API is. */
  baseURL: string;
  /** How long an attempt may take, its answer's body included, in milliseconds. */
  timeout: number;
  /** How often a call is sent again. */
  maxRetries: number;
  /** The account of calls whose `params` name none. */
  accountId: string | null;
  /** Sets another token. It cannot be read back. */
  get apiToken(): undefined;
  set apiToken(token: string | null);

  static Cloudflare: typeof Cloudflare;
  /** A minute, in milliseconds. */
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

/** Headers of requests: `null` leaves one out, `undefined` says nothing. */
export type HeaderChanges =
  | Record<string, string | number | boolean | null | undefined>
  | Iterable<readonly [string, string | number | boolean | null | undefined]>;

/** What a client is made of. */
export interface ClientOptions {
  /**
   * The API token, or the grant that a gateway takes in its place. It goes to the base URL's
   * origin alone. Default: the environment's `CLOUDFLARE_API_TOKEN`.
   */
  apiToken?: string | null | undefined;
  /**
   * The account of calls whose `params` name none. Default: the environment's
   * `CLOUDFLARE_ACCOUNT_ID`.
   */
  accountId?: string | null | undefined;
  /**
   * Where the API is; in a page it may be relative to it. Default: the environment's
   * `CLOUDFLARE_BASE_URL`, else `https://api.cloudflare.com/client/v4`.
   */
  baseURL?: string | null | undefined;
  /**
   * How long an attempt may take, its answer's body included, in milliseconds.
   * @default 60000
   */
  timeout?: number | undefined;
  /**
   * How often a call is sent again. A poll is not, where it may have been made.
   * @default 2
   */
  maxRetries?: number | undefined;
  /** Headers of every request. */
  defaultHeaders?: HeaderChanges | undefined;
  /** The query of every request. */
  defaultQuery?: Record<string, unknown> | undefined;
  /** What is called in place of the global `fetch`, with a URL and its options. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Allows api.cloudflare.com as the base URL in a browser, where every visitor can read the
   * token, and which its missing CORS headers forbid anyway.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What one call sets apart from the others. */
export interface RequestOptions {
  /** Headers of this request, over the client's. */
  headers?: HeaderChanges | undefined;
  /** The query, in place of the one that `params` make. */
  query?: object | null | undefined;
  /** How long an attempt may take, its answer's body included, in milliseconds. */
  timeout?: number | undefined;
  /** How often it is sent again. */
  maxRetries?: number | undefined;
  /** Aborts the call at once: in an attempt, in its answer's body, between attempts. */
  signal?: AbortSignal | null | undefined;
  /**
   * Sent as `Idempotency-Key` with what changes something: the gateway answers a repeat with the
   * first answer, for ten minutes. Cloudflare's API knows no such key. A poll has one of its own
   * if none is given; `headers: { 'Idempotency-Key': null }` leaves it out.
   */
  idempotencyKey?: string | undefined;
}

/** What a `Ratelimit` header says. */
export interface RateLimit {
  /** The limit's name, such as `default`. */
  policy: string;
  /** How many requests are left. */
  remaining: number;
  /** Seconds until there are more. */
  reset: number;
}

/** The promise of a call: of its parsed answer, or on demand of its `Response`. */
export declare class APIPromise<T> extends Promise<T> {
  protected constructor();
  /** The `Response`, its body unread unless the data is awaited too. */
  asResponse(): Promise<Response>;
  /** The data, the `Response`, and what its headers say of limits. */
  withResponse(): Promise<WithResponse<T>>;
}

/** An answer with what came around it. */
export interface WithResponse<T> {
  /** The parsed answer. */
  data: T;
  /** The `Response`, its body read. */
  response: Response;
  /** What its `Ratelimit` header says. From another origin a browser shows it only if exposed. */
  rateLimit?: RateLimit;
  /** After how many seconds the server wants to be asked again. */
  retryAfter?: number;
}

/**
 * The promise of one page. `for await` goes over the entries of this and all further pages, each
 * once.
 */
export declare class PagePromise<T, Item> extends APIPromise<T> implements AsyncIterable<Item> {
  private constructor();
  /** The entries of this page and all further ones, each once. */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>;
}

/** The operations on meetings, sessions and who is in them. */
export interface RealtimeKit {
  /** The live session of a meeting. */
  activeSession: ActiveSession;
  /** Sessions, live or over. */
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
    type MeetingGetMeetingByIDParams as MeetingGetMeetingByIDParams,
    type MeetingGetMeetingByIDResponse as MeetingGetMeetingByIDResponse,
    type MeetingUpdateMeetingByIDParams as MeetingUpdateMeetingByIDParams,
    type MeetingUpdateMeetingByIDResponse as MeetingUpdateMeetingByIDResponse,
    type SessionGetSessionParticipantsParams as SessionGetSessionParticipantsParams,
    type SessionGetSessionParticipantsResponse as SessionGetSessionParticipantsResponse,
  };
}

/** The live session of a meeting. */
export interface ActiveSession {
  /** Returns details of an ongoing active session for the given meeting ID; 404 if none is. */
  getActiveSession(
    appId: string,
    meetingId: string,
    params?: CallParams<ActiveSessionGetActiveSessionParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionGetActiveSessionResponse>;
  /**
   * Kicks one or more participants from an active session using user ID or custom participant
   * ID. They can come back with the same link. 404 if one of them is not in.
   */
  kickParticipants(
    appId: string,
    meetingId: string,
    params: AccountParams & Whom,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionKickParticipantsResponse>;
  /** Kicks all participants from an active session, which ends it. */
  kickAllParticipants(
    appId: string,
    meetingId: string,
    params?: CallParams<ActiveSessionKickAllParticipantsParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionKickAllParticipantsResponse>;
  /** Mutes one or more participants of an active session. */
  muteParticipants(
    appId: string,
    meetingId: string,
    params: ActiveSessionMuteParticipantsParams,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionMuteParticipantsResponse>;
  /** Mutes all participants of an active session. */
  muteAllParticipants(
    appId: string,
    meetingId: string,
    params?: ActiveSessionMuteAllParticipantsParams,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionMuteAllParticipantsResponse>;
  /**
   * Creates a new poll in an active session, at most once: where an attempt may have made it, it
   * is not sent again, and the error says `maybeApplied`.
   */
  createPoll(
    appId: string,
    meetingId: string,
    params: CallParams<ActiveSessionCreatePollParams>,
    options?: RequestOptions,
  ): APIPromise<ActiveSessionCreatePollResponse>;
  /**
   * Keeps an eye on the session: looks again and again, and gives a snapshot after each look, good
   * or failed. It looks when the next snapshot is asked for and its time has come, so there are
   * never two looks at once, and a loop that is left leaves nothing behind.
   *
   * A failed look shows what the last good one found, how old that is and why; looks go on, at
   * longer intervals, until one is good again. What a server asks for is kept to, and half of what
   * is left of a rate limit is left to others. A page that nobody sees looks twice a minute at the
   * most.
   *
   * Wrong arguments are an `InvalidArgumentError` of the first `next()`. Nothing else ends it but
   * its `signal`, quietly, and its `return()`.
   *
   * @example
   * for await (const { participants, joined, trouble } of activeSession.watch(app, meeting)) {
   *   for (const { display_name } of joined) console.log(display_name, 'has come');
   *   show(participants, trouble?.error.message);
   * }
   */
  watch(
    appId: string,
    meetingId: string,
    params?: ActiveSessionWatchParams,
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

/** Sessions, live or over. */
export interface Sessions {
  /**
   * Everybody who was in a session; who is in has no `left_at`. Awaited it gives one page, with
   * `for await` everybody over all pages.
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
}

export declare namespace Sessions {
  export {
    type SessionGetSessionParticipantsParams as SessionGetSessionParticipantsParams,
    type SessionGetSessionParticipantsResponse as SessionGetSessionParticipantsResponse,
  };
}

/** Meetings. */
export interface Meetings {
  /** Returns a meeting. */
  getMeetingById(
    appId: string,
    meetingId: string,
    params?: CallParams<MeetingGetMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingGetMeetingByIDResponse>;
  /** Updates a meeting. `status: 'INACTIVE'` keeps everybody from joining. */
  updateMeetingById(
    appId: string,
    meetingId: string,
    params: CallParams<MeetingUpdateMeetingByIDParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingUpdateMeetingByIDResponse>;
  /**
   * Removes a participant from a meeting and revokes their token. Who is in stays in until
   * kicked.
   */
  deleteMeetingParticipant(
    appId: string,
    meetingId: string,
    participantId: string,
    params?: CallParams<MeetingDeleteMeetingParticipantParams>,
    options?: RequestOptions,
  ): APIPromise<MeetingDeleteMeetingParticipantResponse>;
}

export declare namespace Meetings {
  export {
    type MeetingDeleteMeetingParticipantParams as MeetingDeleteMeetingParticipantParams,
    type MeetingDeleteMeetingParticipantResponse as MeetingDeleteMeetingParticipantResponse,
    type MeetingGetMeetingByIDParams as MeetingGetMeetingByIDParams,
    type MeetingGetMeetingByIDResponse as MeetingGetMeetingByIDResponse,
    type MeetingUpdateMeetingByIDParams as MeetingUpdateMeetingByIDParams,
    type MeetingUpdateMeetingByIDResponse as MeetingUpdateMeetingByIDResponse,
  };
}

/** The account, where the client's `accountId` may stand in for it. */
export interface AccountParams {
  /** The account identifier tag. */
  account_id?: string;
}

/** What a call takes for its `…Params`: the account may be left out. */
export type CallParams<Params> = Omit<Params, 'account_id'> & AccountParams;

/** Whom to kick or mute: one list, or both. At least one names somebody. */
export type Whom =
  | {
      /** `user_id`s of the roster, never its `id`s. */
      participant_ids: Array<string>;
      /** The app's own IDs of participants. */
      custom_participant_ids?: Array<string>;
    }
  | {
      /** `user_id`s of the roster, never its `id`s. */
      participant_ids?: Array<string>;
      /** The app's own IDs of participants. */
      custom_participant_ids: Array<string>;
    };

/** Of a read of the live session. */
export interface ActiveSessionGetActiveSessionParams {
  /** The account identifier tag. */
  account_id: string;
}

/** Of a kick of everybody. */
export interface ActiveSessionKickAllParticipantsParams {
  /** The account identifier tag. */
  account_id: string;
}

/** As the official SDK has it, with both lists. A call takes one, too: {@link Whom}. */
export interface ActiveSessionKickParticipantsParams {
  /** The account identifier tag. */
  account_id: string;
  /** The app's own IDs of participants. */
  custom_participant_ids: Array<string>;
  /** `user_id`s of the roster, never its `id`s. */
  participant_ids: Array<string>;
}

/** Of a mute of some. */
export type ActiveSessionMuteParticipantsParams = AccountParams & Whom;

/** Of a mute of everybody. */
export interface ActiveSessionMuteAllParticipantsParams extends AccountParams {
  /** If false, participants cannot unmute themselves after they are muted. Default: false. */
  allow_unmute?: boolean;
}

/** A poll to make. */
export interface ActiveSessionCreatePollParams {
  /** The account identifier tag. */
  account_id: string;
  /** Different options for the question. */
  options: Array<string>;
  /** Question of the poll. */
  question: string;
  /** If voters on a poll are anonymous. */
  anonymous?: boolean;
  /** If votes on an option are visible before a person votes. */
  hide_votes?: boolean;
}

/** Of a watch on the session. */
export interface ActiveSessionWatchParams extends AccountParams {}

/** How a session is watched. */
export interface ActiveSessionWatchOptions {
  /**
   * How long to wait between two looks if nothing is in the way, in milliseconds, 1 or more.
   * @default 2000
   */
  interval?: number | undefined;
  /**
   * How many participants to ask for at once, 1 to 200.
   * @default 200
   */
  perPage?: number | undefined;
  /** Ends the watch quietly: before it starts, in a look, in a wait. */
  signal?: AbortSignal | null | undefined;
  /** How long a request may take, if not as long as the client's others, in milliseconds. */
  timeout?: number | undefined;
}

/** A session as the newest good look found it, and what has changed since the snapshot before. */
export interface ActiveSessionWatchSnapshot {
  /**
   * When the newest good look ended, in ms since 1970, or as much earlier as its oldest answer is old
   * by its `Age` header; `null` while there has been none.
   */
  at: number | null;
  /** How old what is shown was when the snapshot was made, in ms: 0 after a good look of fresh answers. */
  age: number | null;
  /** The session; `null` if none is live, or none has been found yet. */
  session: ActiveSessionGetActiveSessionResponse.Data | null;
  /**
   * Everybody who was in this session, each once, in order of their first join. Who has not changed
   * is the same object as in the snapshot before.
   */
  participants: Array<ActiveSessionWatchParticipant>;
  /**
   * Who was seen for the first time in this session. Nobody by the first good look, which is what
   * the others are compared with.
   */
  joined: Array<ActiveSessionWatchParticipant>;
  /** Who was in and is no longer, or was out between two looks. */
  left: Array<ActiveSessionWatchParticipant>;
  /** Who had left and is in again. Who was out between two looks is in `left`, too. */
  cameBack: Array<ActiveSessionWatchParticipant>;
  /** Why the look failed; `null` if it did not. */
  trouble: ActiveSessionWatchSnapshot.Trouble | null;
  /**
   * When the next look will be, in ms since 1970. It may be earlier, when the page is shown again
   * or the network is back.
   */
  nextAt: number;
  /** The newest that is known of a limit. */
  rateLimit: RateLimit | null;
}

export namespace ActiveSessionWatchSnapshot {
  /** Looks that have failed one after the other. */
  interface Trouble {
    /** Why the last of them did. */
    error: CloudflareError;
    /** When the first of them had failed, in ms since 1970. */
    since: number;
    /** How many they are. */
    failures: number;
  }
}

/** Somebody who was in a session, by however many devices and however often. */
export interface ActiveSessionWatchParticipant {
  /** `user_id`; without one `custom_participant_id`; without either the peer's `id`. */
  key: string;
  /** The participant's permanent ID: what a kick takes. */
  user_id?: string;
  /** ID passed by the app to create this participant. */
  custom_participant_id?: string;
  /** The name of the newest peer. */
  display_name?: string;
  /** The preset of the newest peer. */
  preset_name?: string;
  /** Whether any of their peers is in. */
  present: boolean;
  /** Their peers, which are their joins, the oldest first. */
  peers: Array<SessionGetSessionParticipantsResponse.Data.Participant>;
}

/** Which participants of a session, and how they are listed. */
export interface SessionGetSessionParticipantsParams {
  /** The account identifier tag. */
  account_id: string;
  /** If true, the answer includes all the peer events of participants. */
  include_peer_events?: boolean;
  /** The page number from which the results are. */
  page_no?: number;
  /** Number of results per page: 1 to 200, default 25. */
  per_page?: number;
  /** A participant ID, custom participant ID, or display name. */
  search?: string;
  /** What the list is sorted by. */
  sort_by?: 'joinedAt' | 'duration';
  /** Which way it is sorted. */
  sort_order?: 'ASC' | 'DESC';
  /** `raw`: durations in this session; `consolidated`: with its breakout rooms. */
  view?: 'raw' | 'consolidated';
}

/** Of a read of a meeting. */
export interface MeetingGetMeetingByIDParams {
  /** The account identifier tag. */
  account_id: string;
  /** The API does not say what it is for. */
  name?: string;
}

/** What a meeting can be set to. */
export interface MeetingSettings {
  /** Users are not able to join an INACTIVE meeting. */
  status?: 'ACTIVE' | 'INACTIVE';
  /** Title of the meeting. */
  title?: string;
  /** If the chat is kept for a week. */
  persist_chat?: boolean;
  /** If recording starts as soon as someone joins. */
  record_on_start?: boolean;
  /** If livestreaming starts as soon as someone joins. */
  live_stream_on_start?: boolean;
  /** Seconds a session stays active after the last participant left: 60 to 600. */
  session_keep_alive_time_in_secs?: number;
  /** If a transcript is made when the meeting ends. */
  transcribe_on_end?: boolean;
  /** If a summary is made of the transcript. */
  summarize_on_end?: boolean;
  /** How transcripts and summaries are made. */
  ai_config?: MeetingSettings.AIConfig;
  /** How recordings are made, over the app's own settings. */
  recording_config?: MeetingSettings.RecordingConfig;
}

export namespace MeetingSettings {
  /** How transcripts and summaries are made. */
  interface AIConfig {
    /** How the summary is made. */
    summarization?: AIConfig.Summarization;
    /** How the transcript is made. */
    transcription?: AIConfig.Transcription;
  }

  namespace AIConfig {
    /** How a summary is made. */
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
      /** How many words the summary has at most. */
      word_limit?: number;
    }

    /** How a transcript is made. */
    interface Transcription {
      /** Words to look out for. */
      keywords?: Array<string>;
      /** What is spoken. */
      language?: 'en-US' | 'en-IN' | 'de' | 'hi' | 'sv' | 'ru' | 'pl' | 'el' | 'fr' | 'nl';
      /** If offensive language is left out. */
      profanity_filter?: boolean;
    }
  }

  /** How recordings are made. */
  interface RecordingConfig {
    /** How the audio is recorded. */
    audio_config?: RecordingConfig.AudioConfig;
    /** What the file's name starts with. */
    file_name_prefix?: string;
    /** Where it is streamed to. */
    live_streaming_config?: RecordingConfig.LiveStreamingConfig;
    /** How many seconds are recorded at most: 60 to a day. */
    max_seconds?: number;
    /** If it goes to RealtimeKit's own storage. */
    realtimekit_bucket_config?: RecordingConfig.RealtimekitBucketConfig;
    /** Your own storage that it goes to. */
    storage_config?: RecordingConfig.StorageConfig | null;
    /** How the video is recorded. */
    video_config?: RecordingConfig.VideoConfig;
  }

  namespace RecordingConfig {
    /** How audio is recorded. */
    interface AudioConfig {
      /** One channel or two. */
      channel?: 'mono' | 'stereo';
      /** What it is encoded with. */
      codec?: 'MP3' | 'AAC';
      /** If there is a file of the audio alone. */
      export_file?: boolean;
    }

    /** Where a recording is streamed to. */
    interface LiveStreamingConfig {
      /** Where the stream goes. */
      rtmp_url?: string;
    }

    /** RealtimeKit's own storage. */
    interface RealtimekitBucketConfig {
      /** If recordings go to RealtimeKit's bucket; only those have a `download_url`. */
      enabled: boolean;
    }

    /** Storage of your own. */
    interface StorageConfig {
      /** What kind of storage it is. */
      type: 'aws' | 'azure' | 'digitalocean' | 'gcs' | 'sftp';
      /** Can be set and not read. Not for `gcs`. */
      access_key?: string;
      /** Of `sftp`. */
      auth_method?: 'KEY' | 'PASSWORD';
      /** The bucket's name. */
      bucket?: string;
      /** Of `sftp`. */
      host?: string;
      /** Of `sftp`: the password, or that of the private key. */
      password?: string;
      /** Where in the bucket the recording goes. */
      path?: string;
      /** Of `sftp`. */
      port?: number;
      /** Of `sftp`. */
      private_key?: string;
      /** The bucket's region. */
      region?: string;
      /** Can be set and not read. */
      secret?: string;
      /** Of `sftp`. */
      username?: string;
    }

    /** How video is recorded. */
    interface VideoConfig {
      /** What it is encoded with. */
      codec?: 'H264' | 'VP8';
      /** If there is a file of the video. */
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
        /** In which corner it is. */
        position?: 'left top' | 'right top' | 'left bottom' | 'right bottom';
        /** How large it is. */
        size?: Watermark.Size;
        /** Where the picture is. */
        url?: string;
      }

      namespace Watermark {
        /** How large a picture is. */
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

/** What to change of a meeting. */
export interface MeetingUpdateMeetingByIDParams extends MeetingSettings {
  /** The account identifier tag. */
  account_id: string;
}

export namespace MeetingUpdateMeetingByIDParams {
  export import AIConfig = MeetingSettings.AIConfig;
  export import RecordingConfig = MeetingSettings.RecordingConfig;
}

/** Of the removal of a participant. */
export interface MeetingDeleteMeetingParticipantParams {
  /** The account identifier tag. */
  account_id: string;
}

/** The live session. */
export interface ActiveSessionGetActiveSessionResponse {
  /** What was asked for. */
  data?: ActiveSessionGetActiveSessionResponse.Data;
  /** Whether it worked, as the API puts it. */
  success?: boolean;
}

export namespace ActiveSessionGetActiveSessionResponse {
  /** A session: from the first join until everybody has been gone for a while. */
  interface Data {
    /** ID of the session. */
    id: string;
    /** ID of the meeting: a UUID, or in V1 a room name of the form `abcdef-ghijkl`. */
    associated_id: string;
    /** Timestamp when the session was created. */
    created_at: string;
    /** Number of participants currently in the session. */
    live_participants: number;
    /** Number of maximum participants that were in the session. */
    max_concurrent_participants: number;
    /** Title of the meeting. */
    meeting_display_name: string;
    /** Number of minutes consumed since the session started. */
    minutes_consumed: number;
    /** App ID that hosted this session. */
    organization_id: string;
    /** Timestamp when the session started. */
    started_at: string;
    /** Current status of the session. */
    status: 'LIVE' | 'ENDED';
    /** Type of session. */
    type: 'meeting' | 'livestream' | 'participant';
    /** Timestamp when the session was last updated. */
    updated_at: string;
    /** Its breakout rooms. */
    breakout_rooms?: Array<unknown>;
    /** Timestamp when the session ended; of a live one the API has been seen to say `'null'`. */
    ended_at?: string;
    /** Any metadata about the session. */
    meta?: unknown;
  }
}

/** Who was kicked. */
export interface ActiveSessionKickParticipantsResponse {
  /** What was asked for. */
  data?: ActiveSessionKickParticipantsResponse.Data;
  /** Whether it worked, as the API puts it. */
  success?: boolean;
}

export namespace ActiveSessionKickParticipantsResponse {
  /** What was done, and to whom. */
  interface Data {
    /** What was done. */
    action?: string;
    /** To whom it was done. */
    participants?: Array<Data.Participant>;
  }

  namespace Data {
    /** Somebody who was kicked or muted. */
    interface Participant {
      /** ID of the session participant. */
      id: string;
      /** When it was made. */
      created_at: string;
      /** When it last changed. */
      updated_at: string;
      /** Email of the session participant. */
      email?: string;
      /** Name of the session participant. */
      name?: string;
      /** A URL pointing to a picture of the participant. */
      picture?: string;
    }
  }
}

/** How many were kicked. */
export interface ActiveSessionKickAllParticipantsResponse {
  /** What was asked for. */
  data?: ActiveSessionKickAllParticipantsResponse.Data;
  /** Whether it worked, as the API puts it. */
  success?: boolean;
}

export namespace ActiveSessionKickAllParticipantsResponse {
  /** What was done, and to how many. */
  interface Data {
    /** What was done. */
    action?: string;
    /** How many were kicked. */
    kicked_participants_count?: number;
  }
}

/** Who was muted. */
export import ActiveSessionMuteParticipantsResponse = ActiveSessionKickParticipantsResponse;

/** How many were muted. */
export interface ActiveSessionMuteAllParticipantsResponse {
  /** What was asked for. */
  data?: ActiveSessionMuteAllParticipantsResponse.Data;
  /** Whether it worked, as the API puts it. */
  success?: boolean;
}

export namespace ActiveSessionMuteAllParticipantsResponse {
  /** What was done, and to how many. */
  interface Data {
    /** What was done. */
    action?: string;
    /** How many were muted. */
    muted_participants_count?: number;
  }
}

/** The poll that was made. */
export interface ActiveSessionCreatePollResponse {
  /** What was asked for. */
  data?: ActiveSessionCreatePollResponse.Data;
  /** Whether it worked, as the API puts it. */
  success?: boolean;
}

export namespace ActiveSessionCreatePollResponse {
  /** What was done, and the poll. */
  interface Data {
    /** What was done. */
    action?: string;
    /** The poll. */
    poll?: Data.Poll;
  }

  namespace Data {
    /** A poll. */
    interface Poll {
      /** ID of the poll. */
      id: string;
      /** Answer options. */
      options: Array<Poll.Option>;
      /** Question asked by the poll. */
      question: string;
      /** If nobody sees who voted for what. */
      anonymous?: boolean;
      /** Who made it. */
      created_by?: string;
      /** If nobody sees the votes before voting. */
      hide_votes?: boolean;
      /** Who has voted. */
      voted?: Array<string>;
    }

    namespace Poll {
      /** An answer option. */
      interface Option {
        /** How many voted for it. */
        count: number;
        /** Text of the answer option. */
        text: string;
        /** Who voted for it. */
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

/** A page of a session's participants. */
export interface SessionGetSessionParticipantsResponse {
  /** What was asked for. */
  data?: SessionGetSessionParticipantsResponse.Data;
  /** Whether it worked, as the API puts it. */
  success?: boolean;
}

export namespace SessionGetSessionParticipantsResponse {
  /** The participants, and where the page stands. */
  interface Data {
    /** Those on the page. */
    participants?: Array<Data.Participant>;
    /** Where the page stands among all entries. */
    paging?: Data.Paging;
  }

  namespace Data {
    /** Where a page stands among all entries. */
    interface Paging {
      /** How many entries there are in all. */
      total_count: number;
      /** The number of the page's first. */
      start_offset: number;
      /** The number of the page's last. */
      end_offset: number;
    }

    /** A peer: somebody's stay in a session, from a join to a leave. */
    interface Participant {
      /** Peer ID, new at every join. Not for a kick. */
      id?: string;
      /** When this entry was created. */
      created_at?: string;
      /** ID passed by the app to create this participant. */
      custom_participant_id?: string;
      /** Display name when joining the session. */
      display_name?: string;
      /** Minutes for which the participant was in the session. */
      duration?: number;
      /** When they joined. */
      joined_at?: string;
      /** When they left; absent, null or empty while they are in. */
      left_at?: string;
      /** Name of the preset, which is their role. */
      preset_name?: string;
      /** When this entry was last updated. */
      updated_at?: string;
      /** The participant's permanent ID: what a kick takes. */
      user_id?: string;
      /** What happened to the peer, if asked for. */
      peer_events?: Array<unknown>;
    }
  }
}

/** The meeting. */
export interface MeetingGetMeetingByIDResponse {
  /** Success status of the operation. */
  success: boolean;
  /** What was asked for. */
  data?: MeetingGetMeetingByIDResponse.Data;
}

export namespace MeetingGetMeetingByIDResponse {
  /** A meeting: a place in which sessions happen. */
  interface Data extends MeetingSettings {
    /** ID of the meeting. */
    id: string;
    /** When it was made. */
    created_at: string;
    /** When it last changed. */
    updated_at: string;
  }

  namespace Data {
    export import AIConfig = MeetingSettings.AIConfig;
    export import RecordingConfig = MeetingSettings.RecordingConfig;
  }
}

/** The meeting as it is now. */
export import MeetingUpdateMeetingByIDResponse = MeetingGetMeetingByIDResponse;

/** Who was removed. */
export interface MeetingDeleteMeetingParticipantResponse {
  /** Success status of the operation. */
  success: boolean;
  /** What was asked for. */
  data?: MeetingDeleteMeetingParticipantResponse.Data;
}

export namespace MeetingDeleteMeetingParticipantResponse {
  /** A participant who was removed. */
  interface Data {
    /** When it was made. */
    created_at: string;
    /** The app's own ID of the participant. */
    custom_participant_id: string;
    /** ID of the preset applied to this participant. */
    preset_id: string;
    /** When it last changed. */
    updated_at: string;
  }
}

/** Every error of this package. Its `name` is that of its class, also when minified. */
export declare class CloudflareError extends Error {}

/** An argument was refused; nothing was sent. */
export declare class InvalidArgumentError extends CloudflareError {
  constructor(argument: string, message: string);
  /** The argument, by its name in the API or in the options. */
  readonly argument: string;
}

/** The WebAssembly module could not be loaded; the next call tries again. */
export declare class ModuleLoadError extends CloudflareError {
  constructor(cause: unknown);
}

/** What is known of a call's attempts. */
export interface Trail {
  /** Whether the server may have carried out what was asked. */
  maybeApplied?: boolean;
  /** How many requests were sent. */
  attempts?: number;
  /** What the `Ratelimit` header says. */
  rateLimit?: RateLimit;
  /** After how many seconds the server wants to be asked again. */
  retryAfter?: number;
}

/** An entry of an answer's `errors`. */
export interface ErrorData {
  /** The API's number of the error. */
  code?: number;
  /** Where more is said of it. */
  documentation_url?: string;
  /** What went wrong, in words. */
  message?: string;
  /** What it is about. */
  source?: ErrorData.Source;
}

export namespace ErrorData {
  /** What an error is about. */
  interface Source {
    /** Where in what was sent the fault is. */
    pointer?: string;
  }
}

/** An answer's headers, read in any case. */
export type ErrorHeaders = Record<string, string | null | undefined>;

/** A call failed after its arguments were found good. */
export declare class APIError<
  TStatus extends number | undefined = number | undefined,
  THeaders extends ErrorHeaders | undefined = ErrorHeaders | undefined,
  TError = any,
> extends CloudflareError {
  constructor(status: TStatus, error: TError, message: string, headers: THeaders, trail?: Trail);
  /** The HTTP status; `undefined` if there was no answer. */
  readonly status: TStatus;
  /** The answer's headers, read in any case. */
  readonly headers: THeaders;
  /** The parsed body as it came; `undefined` if it was not JSON. */
  readonly error: TError;
  /** The body's `errors`, or an empty list. */
  readonly errors: Array<ErrorData>;
  /** Whether the server may have carried out what was asked. `false` of every read. */
  readonly maybeApplied: boolean;
  /** How many requests were sent. */
  readonly attempts: number;
  /** What the `Ratelimit` header says. */
  readonly rateLimit: RateLimit | undefined;
  /** After how many seconds the server wants to be asked again. */
  readonly retryAfter: number | undefined;
}

/** The caller's signal was aborted. */
export declare class APIUserAbortError extends APIError<undefined, undefined, undefined> {
  constructor(options?: { message?: string; trail?: Trail });
}

/** The connection failed, or an answer did not arrive whole. `cause` is what `fetch` said. */
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
