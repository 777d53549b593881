// Signs grants for the gateway, in an app's backend: a JWT by WebCrypto. Loads no wasm.

/** The permissions of `src/operation/types.rs`, and the audit's. A test compares them. */
export const PERMISSIONS = Object.freeze(
  /** @type {const} */ ([
    'read',
    'kick',
    'kick_all',
    'mute',
    'mute_all',
    'poll',
    'ban',
    'lock',
    'audit',
  ]),
);

/** The limits of the gateway (`gateway/src/grant.rs`). */
const LONGEST_S = 12 * 60 * 60;
const LONGEST_NAME = 256;
const SHORTEST_SECRET = 32;

const ID = /^(?!\.{1,2}$)[\w.~-]{1,128}$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const encoder = new TextEncoder();

/** @typedef {import('./grant.js').Grant} Grant */

/**
 * @param {boolean} holds
 * @param {string} argument
 * @param {string} rule
 */
function check(holds, argument, rule) {
  if (!holds) throw new TypeError(`${argument} must be ${rule}`);
}

/** @param {unknown} text */
function isName(text) {
  if (typeof text !== 'string' || CONTROL.test(text)) return false;
  const { length } = encoder.encode(text);
  return length > 0 && length <= LONGEST_NAME;
}

/** @param {unknown} id */
function isId(id) {
  return typeof id === 'string' && ID.test(id);
}

/** @param {Uint8Array} bytes */
function base64Url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {unknown} value */
function segment(value) {
  return base64Url(encoder.encode(JSON.stringify(value)));
}

/**
 * The claims of a grant that starts now.
 *
 * @param {any} grant
 */
function claimsOf(grant) {
  check(typeof grant === 'object' && grant !== null, 'the grant', 'an object');
  const {
    sub,
    name,
    appId,
    meetingId,
    can,
    expiresIn = 3600,
    jti,
    issuer,
    audience,
    ...others
  } = grant;
  const [other] = Object.keys(others);
  check(other === undefined, 'the grant', `without ${other}`);
  const known = /** @type {readonly unknown[]} */ (PERMISSIONS);
  const named = `1 to ${LONGEST_NAME} characters`;
  check(isName(sub) || Number.isSafeInteger(sub), 'sub', `${named}, or a whole number`);
  check(name === undefined || isName(name), 'name', named);
  check(isId(appId), 'appId', 'an ID');
  check(isId(meetingId), 'meetingId', 'an ID');
  const isList = Array.isArray(can) && can.length > 0 && can.every((word) => known.includes(word));
  check(isList, 'can', `a list of ${PERMISSIONS.join(', ')}`);
  const lasts = Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= LONGEST_S;
  check(lasts, 'expiresIn', `a number of seconds, ${LONGEST_S} at most`);
  check(jti === undefined || isName(jti), 'jti', named);
  check(issuer === undefined || isName(issuer), 'issuer', named);
  check(audience === undefined || isName(audience), 'audience', named);
  const iat = Math.floor(Date.now() / 1000);
  return {
    ...{ jti: jti ?? crypto.randomUUID(), sub, name, iss: issuer, aud: audience },
    ...{ iat, exp: iat + expiresIn, app_id: appId, meeting_id: meetingId, can },
  };
}

/**
 * @param {Grant} grant
 * @param {string | Uint8Array} secret
 * @returns {Promise<string>}
 */
export async function signGrant(grant, secret) {
  const claims = claimsOf(grant);
  const bytes = typeof secret === 'string' ? encoder.encode(secret) : secret;
  const isLong = bytes instanceof Uint8Array && bytes.length >= SHORTEST_SECRET;
  check(isLong, 'secret', `at least ${SHORTEST_SECRET} bytes`);
  const text = `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment(claims)}`;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const raw = /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(text));
  return `${text}.${base64Url(new Uint8Array(signature))}`;
}
