// Settings in local storage. Without storage (a private window, a sandbox) they last as long as the page.

const PREFIX = 'rtk-moderator:';

/** Values that could not be stored. They are newer than the stored ones. @type {Map<string, string>} */
const memory = new Map();

/** @param {string} name */
export function get(name) {
  const unwritten = memory.get(name);
  if (unwritten !== undefined) return unwritten;
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function set(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
    memory.delete(name);
  } catch {
    // Keep it for the lifetime of the page.
    memory.set(name, value);
  }
}

/** @param {string} name A setting that is on unless it was switched off. */
export const isEnabled = (name) => get(name) !== 'off';

/** @param {string} name @param {boolean} enabled */
export const enable = (name, enabled) => set(name, enabled ? 'on' : 'off');
