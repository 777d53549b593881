// The types of `realtimekit-moderator/react`. It needs React 18 or newer, which it does not bundle.

import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from 'react';
import type {
  RtkModerator as RtkModeratorElement,
  RtkModeratorEvents,
  RtkModeratorProperties,
} from './element.js';

/** The props of `RtkModerator`: the element's properties, its events, and the attributes of every HTML element. */
export interface RtkModeratorProps
  extends RtkModeratorProperties, Omit<HTMLAttributes<RtkModeratorElement>, 'onError'> {
  /** After each refresh, also a failed one. */
  onSnapshot?: (event: RtkModeratorEvents['rtk-moderator-snapshot']) => void;
  /** After each action. */
  onAction?: (event: RtkModeratorEvents['rtk-moderator-action']) => void;
  /** Before the grant ends; with `getGrant` only if that fails. */
  onGrantExpiring?: (event: RtkModeratorEvents['rtk-moderator-grant-expiring']) => void;
  /** A moderator opens a meeting of the overview, or goes back to it. Cancelable. */
  onOpen?: (event: RtkModeratorEvents['rtk-moderator-open']) => void;
  /** A moderator wants to sign in again; only with `signIn`. */
  onSignIn?: (event: RtkModeratorEvents['rtk-moderator-sign-in']) => void;
  /** The meeting cannot be read any more, or `getGrant` failed. */
  onError?: (event: RtkModeratorEvents['rtk-moderator-error']) => void;
}

/**
 * `<rtk-moderator>` as a component. On a server it renders the empty element, and no grant is in the HTML. A `ref` gets
 * the element.
 */
export declare const RtkModerator: ForwardRefExoticComponent<
  RtkModeratorProps & RefAttributes<RtkModeratorElement>
>;

/**
 * A function for `getGrant` that fetches a grant from your backend, which responds with it as plain text. The function
 * stays the same.
 *
 * @param address Where to fetch the grant.
 * @param init Options for `fetch`, such as headers.
 */
export declare function useModeratorGrant(
  address: string | URL,
  init?: RequestInit,
): () => Promise<string>;
