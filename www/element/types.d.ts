// The element's own types: the parts of watch() that it uses, and the data between its modules.

import type {
  ActiveSessionGetActiveSessionResponse,
  ActiveSessionWatchParticipant,
  ActiveSessionWatchSnapshot,
} from 'realtimekit-moderator';
import type { Api } from './model/request-queue.js';

export type Session = ActiveSessionGetActiveSessionResponse.Data;
export type Snapshot = ActiveSessionWatchSnapshot;
export type Watched = ActiveSessionWatchParticipant;
/** The API description has no picture. The element shows one if there is one. */
export type Peer = Watched['peers'][number] & { picture?: unknown };

/** A participant, for the views. */
export interface Participant {
  key: string;
  /** The ID for a kick or mute, and its list. null if there is none. */
  id: string | null;
  field: 'participant_ids' | 'custom_participant_ids' | null;
  userId: string | null;
  custom: string;
  name: string;
  role: string;
  picture: string | null;
  present: boolean;
  joins: number;
  /** The attendance: from and to, in ms since 1970. The last `to` is null while they are in the session. */
  visits: Array<[from: number, to: number | null]>;
  /** The displayed name, normalized for the search. */
  text: string;
}

export type Result = 'waiting' | 'done' | 'failed' | 'unknown' | 'gone' | 'stopped';

/** Why something failed. Locales turn it into a text. */
export interface Problem {
  status?: number;
  /** The gateway's word for its refusal. */
  reason?: string;
  /** The message of the API, in English. */
  message: string;
}

export interface Target {
  key: string;
  participant: Participant;
  result: Result;
  why?: Problem;
  /** For a ban: the link no longer works, and only the kick is left. */
  removed?: boolean;
  /** What a later refresh showed about a removal with an unknown outcome. */
  verified?: 'left' | 'present';
}

export type Verb = 'kick' | 'mute' | 'ban';
export type MeetingOperation =
  'kickAll' | 'muteAll' | 'lock' | 'unlock' | 'freeze' | 'unfreeze' | 'poll';
export type Operation = Verb | MeetingOperation;

export interface Poll {
  question: string;
  options: string[];
  anonymous: boolean;
  hide_votes: boolean;
}

/** A running or finished action. */
export interface Action {
  id: number;
  operation: Operation;
  at: number;
  endedAt?: number;
  /** When the outcome was first visible. */
  seenAt?: number;
  targets: Target[];
  running: boolean;
  /** The outcome, when it is finished. */
  outcome: 'done' | 'partly' | 'failed' | 'unknown' | null;
  why?: Problem;
  /** The moderator's reason. */
  reason?: string;
  poll?: Poll;
  allowUnmute?: boolean;
  /** For a lock: the action to run after it has worked. */
  before?: 'kickAll';
  /** The number of participants that the API acted on. */
  count?: number;
  /** A ban without a kick: participants who are in the session stay. */
  banOnly?: boolean;
  /** The pause that it is in, and its end. */
  waitsFor?: 'limit' | 'grant';
  waitUntil?: number;
  /** Aborts a request that waits for the end of a rate limit. */
  abort: AbortController;
  /** Whether the moderator stopped it. */
  stopped?: boolean;
  /** The number of participants who were reported as removed but are still in the session. */
  still?: number;
  /** The number of targets that are no longer stored. */
  more?: number;
  /** The IDs of its requests, as in the audit log. */
  requests: string[];
  hidden: boolean;
  /** Where its requests go. */
  api: Api;
  /** For a ban: whether the grant allows a kick, with which it ends. */
  kicks: boolean;
  /** Whether a target is in the session. */
  isPresent?: (participant: Participant) => boolean;
}

/** A record of the gateway's audit log. */
export interface AuditRecord {
  id: string;
  time: string;
  moderator: string;
  name?: string;
  operation: string;
  targets?: string[];
  failed?: string[];
  question?: string;
  set?: string;
  outcome: 'done' | 'refused' | 'unknown';
  /** Why the gateway refused it. */
  reason?: string;
  /** The moderator's reason. */
  moderator_reason?: string;
}

export interface Entry {
  at: number;
  endedAt?: number;
  kind: 'join' | 'return' | 'leave' | 'action';
  /** The participant who joined or left. */
  participant?: Participant;
  /** The action of a moderator. */
  operation?: string;
  by?: string;
  /** The moderator's ID in the audit log. */
  moderator?: string;
  targets?: string[];
  targetIds?: string[];
  outcome?: string;
  detail?: string;
  why?: Problem;
  reason?: string;
  requests?: string[];
}

/** Something that a moderator may miss. */
export interface Alert {
  kind: 'copy' | 'back' | 'surge';
  participant?: Participant;
  /** The number of joins in a surge. */
  count?: number;
}
