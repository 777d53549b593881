// Settings in local storage: poll templates, reasons, and what is switched off. Without storage (a
// private window, a sandbox) they last as long as the page.

/** @import { Poll } from '../types.js' */

const PREFIX = 'rtk-moderator:';
const [MOST_TEMPLATES, MOST_REASONS] = [50, 8];

/** Values that could not be stored. They are newer than the stored ones. @type {Map<string, string>} */
const memory = new Map();

/** @param {string} name */
function get(name) {
  const unwritten = memory.get(name);
  if (unwritten !== undefined) return unwritten;
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
function set(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
    memory.delete(name);
  } catch {
    // Keep it for the lifetime of the page.
    memory.set(name, value);
  }
}

/** Validates a stored poll. Any code on this origin may have written it. @param {any} poll @returns {poll is Poll} */
function isPoll(poll) {
  return (
    typeof poll?.question === 'string' &&
    Array.isArray(poll.options) &&
    poll.options.every((/** @type {unknown} */ option) => typeof option === 'string')
  );
}

/** @returns {Poll[]} */
export function savedTemplates() {
  try {
    const list = JSON.parse(get('polls') ?? '[]');
    return Array.isArray(list)
      ? list.filter(isPoll).map(({ question, options, anonymous, hide_votes }) => ({
          ...{ question, options: options.slice(0, 10) },
          ...{ anonymous: !!anonymous, hide_votes: !!hide_votes },
        }))
      : [];
  } catch {
    return [];
  }
}

/** Stores a template. It replaces one with the same question. @param {Poll} poll */
export function saveTemplate(poll) {
  const others = savedTemplates().filter(({ question }) => question !== poll.question);
  set('polls', JSON.stringify([poll, ...others].slice(0, MOST_TEMPLATES)));
}

/** @param {string} question */
export function deleteTemplate(question) {
  set('polls', JSON.stringify(savedTemplates().filter((poll) => poll.question !== question)));
}

/** @param {string} name A setting that is on unless it was switched off. */
export const isEnabled = (name) => get(name) !== 'off';

/** @param {string} name @param {boolean} enabled */
export const enable = (name, enabled) => set(name, enabled ? 'on' : 'off');

/** The reasons that were given last, the latest first. @returns {string[]} */
export function savedReasons() {
  try {
    const list = JSON.parse(get('reasons') ?? '[]');
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

/** @param {string} reason */
export function saveReason(reason) {
  const others = savedReasons().filter((other) => other !== reason);
  set('reasons', JSON.stringify([reason, ...others].slice(0, MOST_REASONS)));
}
