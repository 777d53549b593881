// The sign-in that a moderator keeps for this tab. It survives a reload, and a phone that discards the tab. The
// browser deletes it with the tab.

const KEY = 'rtk-moderator:sign-in';

/** @returns {Record<string, string> | null} */
export function readKept() {
  try {
    const fields = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return fields && typeof fields.token === 'string' ? fields : null;
  } catch {
    return null;
  }
}

/** Keeps a sign-in, or forgets it. @param {Record<string, string> | null} fields */
export function keep(fields) {
  try {
    if (fields) sessionStorage.setItem(KEY, JSON.stringify(fields));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage a reload asks again.
  }
}
