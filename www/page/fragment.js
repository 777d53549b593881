// Reads the meeting and the grant from the URL's fragment, which no server sees, and removes it from the address bar
// first. Reads pasted links, too.

/**
 * @typedef {object} Given
 * @property {string} gateway
 * @property {string} token
 * @property {string} account
 * @property {string} app
 * @property {string} meeting
 * @property {number} [timeout]
 */

/** Reads the fragment and removes it. @returns {Record<string, string> | null} */
export function takeFragment() {
  const { hash, pathname, search } = location;
  if (hash.length < 2) return null;
  // Also removes it from the tab's history.
  history.replaceState(null, '', pathname + search);
  return fieldsOf(hash);
}

/**
 * The fields of a moderator link, if it has a grant. Its server is the gateway unless it names one.
 *
 * @param {string} link
 * @returns {Record<string, string> | null}
 */
export function fieldsOf(link) {
  const [address, fragment] = link.trim().split(/#(.*)/s);
  const fields = Object.fromEntries(new URLSearchParams(fragment ?? ''));
  if (!('token' in fields)) return null;
  if (address && !fields.base_url && URL.canParse(address))
    fields.base_url = `${new URL(address).origin}/client/v4`;
  return fields;
}

/**
 * @param {Record<string, string>} fields
 * @returns {Given}
 */
export function given({ base_url, token, account_id, app_id, meeting_id, timeout }) {
  return {
    gateway: (base_url || defaultGateway()).replace(/\/+$/, ''),
    ...{ token: token ?? '', account: account_id ?? '', app: app_id ?? '' },
    meeting: meeting_id ?? '',
    ...(Number(timeout) > 0 ? { timeout: Number(timeout) } : {}),
  };
}

/** The address of the gateway that serves this page. */
export const defaultGateway = () => `${location.origin}/client/v4`;

/** Whether the page's policy allows requests to this gateway. @param {string} gateway */
export function isHere(gateway) {
  try {
    return new URL(gateway).origin === location.origin;
  } catch {
    return false;
  }
}

/** The server of an address, for people. @param {string} address */
export function serverOf(address) {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
