// Reads a grant: the moderator, the permissions and the end. It does not verify it, because the gateway does.
// Here it only decides what the element offers.

/** The permissions of a grant. */
export const PERMISSIONS = /** @type {const} */ ([
  ...['read', 'kick', 'kick_all', 'mute', 'mute_all', 'poll', 'ban', 'lock', 'audit'],
]);

/**
 * @typedef {object} Grant
 * @property {boolean} isSigned Whether it is a JWT. An API token is not.
 * @property {string | null} sub The moderator, as in the audit log.
 * @property {string | null} name
 * @property {number | null} exp The end, in ms since 1970.
 * @property {number | null} iat When it was signed, in ms since 1970.
 * @property {string | null} app
 * @property {string | null} meeting
 * @property {(word: string) => boolean} can Whether a permission is granted.
 * @property {(participant: Identity) => boolean} protects Whether the gateway refuses actions on a participant.
 *
 * @typedef {{ userId: string | null, custom: string, role: string }} Identity
 */

/** @type {(value: unknown) => string | null} */
const text = (value) => (typeof value === 'string' && value ? value : null);

/** @type {(value: unknown) => number | null} */
const time = (value) => (typeof value === 'number' && Number.isFinite(value) ? value * 1000 : null);

/**
 * @param {string | null | undefined} token
 * @returns {Grant}
 */
export function readGrant(token) {
  const signed = claimsOf(token ?? '');
  const claims = signed ?? {};
  const { can, sub } = claims;
  const { presets, ids } = /** @type {any} */ (claims.protect) ?? {};
  const has = (/** @type {unknown} */ list, /** @type {unknown} */ one) =>
    Array.isArray(list) && list.includes(one);
  return {
    isSigned: !!signed,
    sub: text(claims.sub),
    name: text(claims.name),
    exp: time(claims.exp),
    iat: time(claims.iat),
    app: text(claims.app_id),
    meeting: text(claims.meeting_id),
    // The token of an identity provider lists no permissions. The gateway decides. An API token, for the emulator,
    // allows everything that the API has; the API has no audit log.
    can: (word) => (Array.isArray(can) ? can.includes(word) : !!signed || word !== 'audit'),
    protects: ({ userId, custom, role }) =>
      !!claims.protect &&
      (has(presets, role) || [userId, custom].some((id) => id && (id === sub || has(ids, id)))),
  };
}

/** @param {number} byte */
const hex = (byte) => byte.toString(16).padStart(2, '0');

/**
 * @param {string} token
 * @returns {Record<string, unknown> | null}
 */
function claimsOf(token) {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const binary = atob(parts[1].replaceAll('-', '+').replaceAll('_', '/'));
    // Not by TextDecoder, which jsdom lacks.
    const escaped = binary.replace(/[^]/g, (byte) => `%${hex(byte.charCodeAt(0))}`);
    const claims = JSON.parse(decodeURIComponent(escaped));
    return claims && typeof claims === 'object' && !Array.isArray(claims) ? claims : null;
  } catch {
    return null;
  }
}
