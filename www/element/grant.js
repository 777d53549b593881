// What a grant says of itself: who, what they may do, and until when. It is read, never verified: that
// is the gateway's; here it only decides what is offered.

/** What a grant can allow, in the gateway's words. */
export const WORDS = /** @type {const} */ ([
  ...['read', 'kick', 'kick_all', 'mute', 'mute_all', 'poll', 'ban', 'lock', 'audit'],
]);

/**
 * @typedef {object} Grant
 * @property {string | null} sub Who it is, as the audit names them.
 * @property {string | null} name
 * @property {number | null} exp When it ends, in ms since 1970.
 * @property {string | null} app
 * @property {string | null} meeting
 * @property {(word: string) => boolean} can Whether something is to be offered.
 */

/** @type {(value: unknown) => string | null} */
const text = (value) => (typeof value === 'string' && value ? value : null);

/**
 * @param {string | null | undefined} token
 * @returns {Grant}
 */
export function readGrant(token) {
  const claims = claimsOf(token ?? '');
  // An API token, at the emulator: it can all that the API can, and the API has no audit.
  if (!claims) {
    const can = (/** @type {string} */ word) => word !== 'audit';
    return { sub: null, name: null, exp: null, app: null, meeting: null, can };
  }
  const { can, exp } = claims;
  return {
    sub: text(claims.sub),
    name: text(claims.name),
    exp: typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : null,
    app: text(claims.app_id),
    meeting: text(claims.meeting_id),
    // An identity provider's token does not say: the gateway looks it up, and refuses in words.
    can: (word) => (Array.isArray(can) ? can.includes(word) : true),
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
