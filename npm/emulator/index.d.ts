/// <reference lib="esnext.disposable" />

/** How the emulator starts. Its defaults are those of the command `realtimekit-emulator`. */
export interface EmulatorOptions {
  /** The port; 0, the default, picks a free one. */
  port?: number;
  /** The same seed gives the same world, including the IDs. */
  seed?: number;
  /** The participants of the main meeting at the start, 0 to 10000; 25 by default. */
  participants?: number;
  /** Simulated seconds per real second; 0, the default, freezes the world. */
  speed?: number;
  /** The simulated time at the start. */
  startTime?: Date | string;
  /** The API token that it accepts. */
  apiToken?: string;
  /** The ID of its only account. */
  accountId?: string;
  /** Requests per window of real time; 0 means no limit. */
  rateLimit?: number;
  /** The window in seconds. */
  rateWindow?: number;
  /** `session_keep_alive_time_in_secs` of new meetings, 60 to 600. */
  keepAlive?: number;
  /** The `page_no` of the first page. */
  firstPage?: 0 | 1;
  /** How a row shows that the participant has not left. */
  leftAt?: 'absent' | 'empty' | 'null' | 'mixed';
  /** The origins that get CORS headers; `*` for all. */
  cors?: string | string[];
  /** Folders to serve: `DIR`, or `NAME=DIR`. */
  serve?: string | string[];
}

/** What a request gets in place of a response. docs/reference/emulator.md describes each. */
export type FaultStep =
  | 'ok'
  | `delay:ms=${number}`
  | 'reset-before'
  | 'reset-after'
  | 'close-before'
  | 'close-after'
  | 'hang-before'
  | 'hang-after'
  | `status:code=${string}`
  | 'html'
  | `html:${string}`
  | 'cut'
  | `cut:${string}`
  | 'stall'
  | `stall:${string}`
  | 'not-json'
  | 'empty'
  | 'no-content'
  | 'text'
  | `body:${string}`
  | `redirect:${string}`
  | 'echo-auth'
  | `echo-auth:${string}`;

/** An operation of the API description, such as `KickParticipants`. */
export type EmulatedOperation =
  | 'GetActiveSession'
  | 'KickParticipants'
  | 'KickAllParticipants'
  | 'MuteParticipants'
  | 'MuteAllParticipants'
  | 'CreatePoll'
  | 'GetSessionParticipants'
  | 'GetMeeting'
  | 'UpdateMeeting'
  | 'DeleteMeetingParticipant'
  | (string & {});

/** A participant of a meeting that a test made. */
export interface EmulatedParticipant {
  userId: string;
  customParticipantId: string;
  peerId: string;
  name: string | null;
}

/** A meeting that a test made. */
export interface EmulatedMeeting {
  appId: string;
  meetingId: string;
  /** Null if it has no participants. */
  sessionId: string | null;
  /** In the order of their joins. */
  participants: EmulatedParticipant[];
}

/** A participant: one of the IDs, in the main meeting by default. */
export interface Who {
  meetingId?: string;
  userId?: string;
  customParticipantId?: string;
}

/** A request that the emulator received. */
export interface RecordedRequest {
  n: number;
  at_ms: number;
  method: string;
  path: string;
  query: string | null;
  headers: Record<string, string>;
  body: unknown;
  operation: string | null;
  /** Null while there is no response. */
  status: number | null;
  cf_ray: string;
  fault: string | null;
  /** Whether the world changed. */
  acted: boolean;
}

/** A running emulator. */
export interface Emulator {
  /** Its address. */
  readonly url: string;
  /** The API's base URL. */
  readonly baseURL: string;
  readonly apiToken: string;
  readonly accountId: string;
  readonly appId: string;
  /** The main meeting. */
  readonly meetingId: string;
  /** Its session; null with `participants: 0`. */
  readonly sessionId: string | null;
  /** For `new Cloudflare(emulator.clientOptions)`. */
  readonly clientOptions: { baseURL: string; apiToken: string; accountId: string };

  /** Makes a meeting of the test's own, with 3 participants by default. */
  createMeeting(options?: {
    participants?: number;
    title?: string;
    lively?: boolean;
  }): Promise<EmulatedMeeting>;
  /** Lets a participant join. An unknown custom ID adds a participant. */
  join(who: Who & { name?: string }): Promise<Record<string, unknown>>;
  /** Lets a participant, or one of their peers, leave. */
  leave(who: Who & { peerId?: string }): Promise<{ left: string[] }>;
  /** Ends a session. */
  endSession(meetingId?: string): Promise<Record<string, unknown>>;
  /** Moves simulated time. */
  advance(seconds: number): Promise<{ now: string }>;

  /** Queues faults: each matching request takes one step. */
  faults(
    steps: FaultStep | FaultStep[],
    only?: { operation?: EmulatedOperation; meetingId?: string },
  ): Promise<{ pending: number }>;
  /** Forgets queued faults. */
  clearFaults(): Promise<void>;
  /** Headers that give the n-th request with them the n-th fault, retries included. */
  faultHeaders(...steps: FaultStep[]): { 'x-emulator-faults': string };
  /** Sets the rate limit, and counts from 0. */
  rateLimit(limit: number, windowSeconds?: number): Promise<unknown>;

  /** The received requests, in order; with `path` those whose path contains it. */
  requests(path?: string): Promise<RecordedRequest[]>;
  /** Forgets the received requests. */
  clearRequests(): Promise<void>;
  /** The whole world, or one meeting. */
  state(meetingId?: string): Promise<any>;
  /** Any other route of the control API: docs/reference/emulator.md. */
  control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<any>;

  /** Ends it. It also ends with the process that started it. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an emulator on a free port.
 *
 * @throws Error that says how to build the program, if there is none for this platform.
 */
export declare function startEmulator(options?: EmulatorOptions): Promise<Emulator>;

/**
 * The path of the emulator's program: that of the environment variable `REALTIMEKIT_EMULATOR_BINARY`, or
 * npm's for this platform.
 *
 * @throws Error that says how to build it, if there is none for this platform.
 */
export declare function binaryPath(): string;
