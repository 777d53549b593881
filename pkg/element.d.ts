// The types of `realtimekit-moderator/element`. Importing it defines <rtk-moderator>.

import type { ActiveSessionCreatePollParams, ActiveSessionWatchSnapshot } from './index.js';
// The types of `<rtk-moderator>` in the templates of frameworks.
import './element-frameworks.js';

/**
 * `<rtk-moderator>`: a moderator console for one meeting, through a gateway. It needs `gateway`, and `grant` or
 * `getGrant`. Rendered on a server, where there are no custom elements, the import defines nothing.
 */
export declare class RtkModerator extends HTMLElement {
  /**
   * The gateway's API address, such as `https://moderate.example.com/client/v4`. It may be relative to the page:
   * `/client/v4`. Attribute `gateway`.
   */
  gateway: string | undefined;
  /** The Cloudflare account; the gateway's own by default. Attribute `account-id`. */
  accountId: string | undefined;
  /** The RealtimeKit app; the grant's by default. Attribute `app-id`. */
  appId: string | undefined;
  /**
   * The meeting; the grant's by default. Without one, a grant for every meeting lists the live meetings of the app.
   * Attribute `meeting-id`.
   */
  meetingId: string | undefined;
  /** The time between two refreshes, in milliseconds; 2000 by default. Attribute `interval`. */
  interval: number | undefined;
  /** How long a request may take, in milliseconds; one minute by default. Attribute `timeout`. */
  timeout: number | undefined;
  /**
   * Where single-key shortcuts work: in the element (`'element'`), on the whole page (`'page'`), or nowhere
   * (`'off'`). Attribute `shortcuts`.
   */
  shortcuts: 'element' | 'page' | 'off';
  /** The names of your app's roles, by preset: `{ group_call_host: 'Teacher' }`. */
  roleLabels: Record<string, string> | undefined;
  /**
   * Texts of your own, instead of the element's: an object, or a function of the formats of the language `lang`.
   * Missing texts are in English.
   */
  texts: RtkModeratorTexts | ((formats: RtkModeratorFormats) => RtkModeratorTexts) | undefined;
  /**
   * Whether to offer a sign-in where the grant opens nothing. Its button fires `rtk-moderator-sign-in`.
   * Attribute `sign-in`.
   */
  signIn: boolean;
  /**
   * The moderator's grant. A new one keeps what is on screen. It can only be set: reading it gives `undefined`, so that
   * no script of the page gets it from here.
   */
  get grant(): string | undefined;
  set grant(grant: string | null | undefined);
  /**
   * Gets a grant from your backend: at the start, before a grant ends (ten minutes, or a fifth of its lifetime if that
   * is less), after the gateway refused one, and for another `meetingId`. After a failure it is called again, with
   * growing pauses.
   */
  getGrant: (() => string | Promise<string>) | undefined;

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

/** Texts, by key. `www/element/locales/en-list.js` and `en.js` have all keys with their arguments. */
export type RtkModeratorTexts = Record<string, unknown>;

/** How a language writes numbers, times and names. */
export interface RtkModeratorFormats {
  /** The language. */
  lang: string;
  /** A number: 1,234. */
  n(value: number): string;
  /** A duration in milliseconds: 12 min. */
  span(ms: number): string;
  /** A time: 14:05. */
  time(at: number): string;
  /** A time with seconds: 14:05:09. */
  exact(at: number): string;
  /** A name within a sentence, whose direction it does not change. */
  isolated(name: string): string;
}

/** An action of a moderator, and its outcome. */
export interface RtkModeratorAction {
  /** The kind of action. */
  operation:
    | 'kick'
    | 'mute'
    | 'ban'
    | 'kickAll'
    | 'muteAll'
    | 'lock'
    | 'unlock'
    | 'freeze'
    | 'unfreeze'
    | 'poll';
  /** The outcome for all targets. `unknown`: the response was lost, so it may have worked. */
  outcome: 'done' | 'partly' | 'failed' | 'unknown';
  /** What went wrong, in the element's language. Empty if it succeeded, or if `targets` have the texts. */
  why: string;
  /** The moderator's reason, or an empty string. */
  reason: string;
  /** The participants. Empty if the action names none. */
  targets: Array<RtkModeratorTarget>;
  /** The poll, if the action is one. */
  poll?: Pick<ActiveSessionCreatePollParams, 'question' | 'options' | 'anonymous' | 'hide_votes'>;
}

/** A participant of an action. */
export interface RtkModeratorTarget {
  user_id: string | null;
  custom_participant_id: string | null;
  name: string;
  /** `gone`: the participant had already left, and nothing was done. `stopped`: the moderator stopped before. */
  result: 'done' | 'failed' | 'unknown' | 'gone' | 'stopped';
  /** What went wrong, in the element's language. */
  why: string;
}

/** The element's own events. They bubble and cross shadow roots. */
export interface RtkModeratorEvents {
  /** After each refresh, also a failed one. */
  'rtk-moderator-snapshot': CustomEvent<ActiveSessionWatchSnapshot>;
  /** After each action. */
  'rtk-moderator-action': CustomEvent<RtkModeratorAction>;
  /**
   * Before the grant ends: ten minutes, or a fifth of its lifetime if that is less. `expires` is in milliseconds since
   * 1970. Set a new grant. With `getGrant` it is fired only if that fails.
   */
  'rtk-moderator-grant-expiring': CustomEvent<{ expires: number }>;
  /** A moderator opens a meeting of the overview, or goes back to it (no ID). Cancelable. */
  'rtk-moderator-open': CustomEvent<{ meetingId: string | undefined }>;
  /** A moderator wants to sign in again; only with `signIn`. */
  'rtk-moderator-sign-in': CustomEvent<object>;
  /** The meeting cannot be read any more, or `getGrant` failed. The element keeps trying. */
  'rtk-moderator-error': CustomEvent<{ error: Error }>;
}

/** All events of the element. */
export interface RtkModeratorEventMap extends HTMLElementEventMap, RtkModeratorEvents {}

/** The properties of the element. */
export type RtkModeratorProperties = Partial<
  Pick<
    RtkModerator,
    | 'gateway'
    | 'accountId'
    | 'appId'
    | 'meetingId'
    | 'grant'
    | 'getGrant'
    | 'interval'
    | 'timeout'
    | 'shortcuts'
    | 'roleLabels'
    | 'texts'
    | 'signIn'
  >
>;

/** The attributes of the element that are not named as its properties. */
export interface RtkModeratorAttributes {
  'account-id'?: string;
  'app-id'?: string;
  'meeting-id'?: string;
  'sign-in'?: boolean | '';
}

/** The listeners of the element's events, as attributes: `onrtk-moderator-action`. */
export type RtkModeratorListeners = {
  [Name in keyof RtkModeratorEvents as `on${Name}`]?: (event: RtkModeratorEvents[Name]) => void;
};

declare global {
  interface HTMLElementTagNameMap {
    'rtk-moderator': RtkModerator;
  }
}
