// Where the meeting is, from the element's properties and the grant, and what is missing for requests. Pure.

/** In place of an account: the gateway's own. */
const OWN_ACCOUNT = '_';

/**
 * @typedef {object} Place
 * @property {string} gateway
 * @property {string} account
 * @property {string} app
 * @property {string} meeting
 *
 * @typedef {Partial<Record<'gateway' | 'accountId' | 'appId' | 'meetingId', string>>} Given
 */

/**
 * @param {Given} given
 * @param {import('./grant.js').Grant} claims
 * @returns {Place}
 */
export function placeOf({ gateway, accountId, appId, meetingId }, claims) {
  return {
    gateway: gateway ?? '',
    account: accountId || (claims.isSigned ? OWN_ACCOUNT : ''),
    app: appId || claims.app || '',
    meeting: meetingId || (claims.meeting === '*' ? '' : claims.meeting) || '',
  };
}

/** What is missing, by the names of its attributes. @param {Place} place @param {string} token */
export function missing({ gateway, account, app, meeting }, token) {
  const first = names({ grant: token, gateway });
  // The rest may be in the grant.
  return first.length
    ? first
    : names({ 'account-id': account, 'app-id': app, 'meeting-id': meeting });
}

/** @param {Record<string, string>} values */
const names = (values) => Object.keys(values).filter((name) => !values[name]);
