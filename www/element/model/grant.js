// Reads a grant: the moderator, the permissions and the end. It does not verify it, because the gateway does.
// Here it only decides what the element offers.

/** The permissions of a grant. */
export const PERMISSIONS = /** @type {const} */ ([
  ...['read', 'kick', 'kick_all', 'mute', 'mute_all', 'poll', 'ban', 'lock', 'audit'],
]);

/**
 * @typedef {object} Grant
 * @property {string | null} sub The moderator, as in the audit log.
 * @property {string | null} name
 * @property {number | null} exp The end, in ms since 1970.
 * @property {string | null} app
 * @property {string | null} meeting
 * @property {(word: string) => boolean} can Whether a permission is granted.
 * @property {(participant: Identity) => boolean} protects Whether the gateway refuses actions on a participant.
 *
 * @typedef {{ userId: string | null, custom: string, role: string }} Identity
 */

/** @type {(value: unknown) => string | null} */
const text = (value) => (typeof value === 'string' && value ? value : null);

/**
 * @param {string | null | undefined} token
 * @returns {Grant}
 */
export function readGrant(token) {
  const claims = claimsOf(token ?? '');
  // An API token, for the emulator. It allows everything that the API has; the API has no audit log.
  if (!claims) {
    const can = (/** @type {string} */ word) => word !== 'audit';
    return {
      sub: null,
      name: null,
      exp: null,
      app: null,
      meeting: null,
      can,
      protects: () => false,
    };
  }
  const { can, exp, sub } = claims;
  const { presets, ids } = /** @type {any} */ (claims.protect) ?? {};
  const has = (/** @type {unknown} */ list, /** @type {unknown} */ one) =>
    Array.isArray(list) && list.includes(one);
  return {
    sub: text(claims.sub),
    name: text(claims.name),
    exp: typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : null,
    app: text(claims.app_id),
    meeting: text(claims.meeting_id),
    // The token of an identity provider lists no permissions. The gateway decides.
    can: (word) => (Array.isArray(can) ? can.includes(word) : true),
    protects: ({ userId, custom, role }) =>
      !!claims.protect &&
      (has(presets, role) || [userId, custom].some((id) => id && (id === sub || has(ids, id)))),
  };
}

/**
 * @param {string} token
 * @returns {Record<string, unknown> | null}
 */
function claimsOf(token) {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const binary = atob(parts[1].replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return claims && typeof claims === 'object' && !Array.isArray(claims) ? claims : null;
  } catch {
    return null;
  }
}
