// The types of `realtimekit-moderator/element`: importing it defines <rtk-moderator>.

import type { ActiveSessionCreatePollParams, ActiveSessionWatchSnapshot } from './index.js';

/**
 * `<rtk-moderator>`: moderates one meeting through a gateway. Where there are no custom elements, as in a
 * server's rendering, importing it defines nothing.
 */
export declare class RtkModerator extends HTMLElement {
  /** Where the gateway's API is, such as `https://moderate.example.com/client/v4`. Attribute `gateway`. */
  gateway: string | undefined;
  /** Attribute `account-id`. */
  accountId: string | undefined;
  /** Attribute `app-id`. */
  appId: string | undefined;
  /** Attribute `meeting-id`. */
  meetingId: string | undefined;
  /** How often it looks who is in, in milliseconds; 2000 if not given. Attribute `interval`. */
  interval: number | undefined;
  /** How long a request may take, in milliseconds; a minute if not given. Attribute `timeout`. */
  timeout: number | undefined;
  /**
   * Where single keys do something: in the element (`'element'`), on the whole page (`'page'`), or nowhere
   * (`'off'`). Attribute `shortcuts`.
   */
  shortcuts: 'element' | 'page' | 'off';
  /** The moderator's grant. It goes in and cannot be read; another one keeps what is on screen. */
  get grant(): undefined;
  set grant(grant: string | null | undefined);

  addEventListener<Name extends keyof RtkModeratorEventMap>(
    type: Name,
    listener: (this: RtkModerator, event: RtkModeratorEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof RtkModeratorEventMap>(
    type: Name,
    listener: (this: RtkModerator, event: RtkModeratorEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** What a moderator did, and what came of it. */
export interface RtkModeratorAction {
  /** What was asked for. */
  operation: 'kick' | 'mute' | 'ban' | 'kickAll' | 'muteAll' | 'lock' | 'unlock' | 'poll';
  /** What came of it, of all of them together. `unknown`: the answer was lost, it may have worked. */
  outcome: 'done' | 'partly' | 'failed' | 'unknown';
  /** Why it failed, in the API's words; empty if it did not, or if `targets` say it. */
  why: string;
  /** On whom; empty where it names nobody. */
  targets: Array<RtkModeratorTarget>;
  /** The poll, if it is one. */
  poll?: Pick<ActiveSessionCreatePollParams, 'question' | 'options' | 'anonymous' | 'hide_votes'>;
}

/** Somebody who was acted on. */
export interface RtkModeratorTarget {
  user_id: string | null;
  custom_participant_id: string | null;
  name: string;
  /** `gone`: they had left, and nothing was done. */
  result: 'done' | 'failed' | 'unknown' | 'gone';
  /** Why it failed, in the API's words. */
  why: string;
}

/** The events, which bubble and leave shadow trees. */
export interface RtkModeratorEventMap extends HTMLElementEventMap {
  /** After every look, also one that failed. */
  'rtk-moderator-snapshot': CustomEvent<ActiveSessionWatchSnapshot>;
  /** After every action. */
  'rtk-moderator-action': CustomEvent<RtkModeratorAction>;
  /** Ten minutes before the grant ends, in ms since 1970: time to set another. */
  'rtk-moderator-grant-expiring': CustomEvent<{ expires: number }>;
  /** The meeting can no longer be read, or not watched at all. */
  'rtk-moderator-error': CustomEvent<{ error: Error }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'rtk-moderator': RtkModerator;
  }
}
