// The types of `realtimekit-moderator/grant`, which signs grants for the gateway.

/** What a grant can allow: the permissions of the operations, and reading the audit. */
export type Permission =
  'read' | 'kick' | 'kick_all' | 'mute' | 'mute_all' | 'poll' | 'ban' | 'lock' | 'audit';

/** All permissions. */
export declare const PERMISSIONS: readonly [
  'read',
  'kick',
  'kick_all',
  'mute',
  'mute_all',
  'poll',
  'ban',
  'lock',
  'audit',
];

/** A moderator, and what they may do in one meeting. */
export interface Grant {
  /** The moderator, as the audit names them. */
  sub: string | number;
  /** The moderator's name, to show. */
  name?: string | undefined;
  /** The app of the meeting. */
  appId: string;
  /** The meeting. */
  meetingId: string;
  /** What the moderator may do. */
  can: readonly Permission[];
  /**
   * When the grant ends, in seconds from now: 12 hours at most.
   * @default 3600
   */
  expiresIn?: number | undefined;
  /** The ID of the grant, by which it can be revoked. Default: a random UUID. */
  jti?: string | undefined;
  /** The `issuer` of the gateway's configuration, if it has one. */
  issuer?: string | undefined;
  /** The `audience` of the gateway's configuration, if it has one. */
  audience?: string | undefined;
}

/**
 * Signs a grant with the secret that your backend shares with the gateway. Call it on a server only: whoever has the
 * secret can grant everything.
 *
 * @param grant What the moderator may do.
 * @param secret The gateway's `grants.secret`: 32 bytes or more.
 * @returns The token, for the `apiToken` of a client or the `grant` of the element.
 * @throws {TypeError} If the gateway would refuse the grant. The message names the argument.
 */
export declare function signGrant(grant: Grant, secret: string | Uint8Array): Promise<string>;
