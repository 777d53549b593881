// The element's own types: the parts of watch() that it uses, and the data between its modules.

import type {
  ActiveSessionGetActiveSessionResponse,
  ActiveSessionWatchParticipant,
  ActiveSessionWatchSnapshot,
} from 'realtimekit-moderator';

export type Session = ActiveSessionGetActiveSessionResponse.Data;
export type Snapshot = ActiveSessionWatchSnapshot;
export type Watched = ActiveSessionWatchParticipant;
/** The API description has no picture. The element shows one if there is one. */
export type Peer = Watched['peers'][number] & { picture?: unknown };

/** A participant, for the views. */
export interface Person {
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
  stays: Array<[from: number, to: number | null]>;
  /** The text for the search. */
  text: string;
}

export type Result = 'waiting' | 'done' | 'failed' | 'unknown' | 'gone';

export interface Target {
  key: string;
  person: Person;
  result: Result;
  why: string;
  /** For a ban: the link no longer works, and only the kick is left. */
  removed?: boolean;
}

export type Operation =
  | 'kick'
  | 'mute'
  | 'ban'
  | 'kickAll'
  | 'muteAll'
  | 'lock'
  | 'unlock'
  | 'poll';

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
  why: string;
  poll?: Poll;
  allowUnmute?: boolean;
  /** For a lock: the action to run after it has worked. */
  before?: 'kickAll';
  /** The number of participants who were reported as removed but are still in the session. */
  still?: number;
  /** The number of targets that are no longer stored. */
  more?: number;
  /** The IDs of its requests, as in the audit log. */
  requests: string[];
  hidden: boolean;
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
  reason?: string;
}

export interface Entry {
  at: number;
  kind: 'join' | 'return' | 'leave' | 'action';
  /** The participant who joined or left. */
  person?: Person;
  /** The action of a moderator. */
  operation?: string;
  by?: string;
  whom?: string[];
  outcome?: string;
  detail?: string;
}
