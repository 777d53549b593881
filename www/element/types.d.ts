// What watch() gives, as the element uses it, and what its modules hand to each other.

import type {
  ActiveSessionGetActiveSessionResponse,
  ActiveSessionWatchParticipant,
  ActiveSessionWatchSnapshot,
} from 'realtimekit-moderator';

export type Session = ActiveSessionGetActiveSessionResponse.Data;
export type Snapshot = ActiveSessionWatchSnapshot;
export type Watched = ActiveSessionWatchParticipant;
/** The API describes no picture of theirs; one that is there is shown. */
export type Peer = Watched['peers'][number] & { picture?: unknown };

/** A participant as the views show them. */
export interface Person {
  key: string;
  /** What the API knows them by in a list of IDs, and in which list; null if it cannot. */
  id: string | null;
  field: 'participant_ids' | 'custom_participant_ids' | null;
  userId: string | null;
  custom: string;
  name: string;
  role: string;
  picture: string | null;
  present: boolean;
  joins: number;
  /** When they were in: from and to, in ms since 1970; the last `to` is null while they are. */
  stays: Array<[from: number, to: number | null]>;
  /** What a search looks at. */
  text: string;
}

export type Result = 'waiting' | 'done' | 'failed' | 'unknown' | 'gone';

export interface Target {
  key: string;
  person: Person;
  result: Result;
  why: string;
  /** Of a ban: their link is dead already, only the kick is left to do. */
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

/** Something that was asked for here, under way or over. */
export interface Action {
  id: number;
  operation: Operation;
  at: number;
  endedAt?: number;
  /** When the page was first in sight with its outcome. */
  seenAt?: number;
  targets: Target[];
  running: boolean;
  /** What came of it, when it is over. */
  outcome: 'done' | 'partly' | 'failed' | 'unknown' | null;
  why: string;
  poll?: Poll;
  allowUnmute?: boolean;
  /** Of a lock: what is to be done only when it has worked. */
  before?: 'kickAll';
  /** How many it was said to have removed, and are in. */
  still?: number;
  /** How many people it was about who are no longer kept. */
  more?: number;
  /** The gateway's IDs of its requests, by which the audit knows them. */
  requests: string[];
  hidden: boolean;
}

/** An entry of the gateway's audit. */
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
  /** Who came or went. */
  person?: Person;
  /** What a moderator did. */
  operation?: string;
  by?: string;
  whom?: string[];
  outcome?: string;
  detail?: string;
}
