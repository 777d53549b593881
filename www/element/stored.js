// What is kept on this device: templates of polls, and whether single keys do something. Where nothing
// can be kept (a private window, a sandbox) it lasts as long as the page.

/** @import { Poll } from './types.js' */

const PREFIX = 'rtk-moderator:';
const MOST_TEMPLATES = 50;

/** What could not be written, and is newer than what is there. @type {Map<string, string>} */
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
    // It lasts as long as the page.
    memory.set(name, value);
  }
}

/** What was kept may have been written by anybody on this origin. @param {any} poll @returns {poll is Poll} */
function isPoll(poll) {
  return (
    typeof poll?.question === 'string' &&
    Array.isArray(poll.options) &&
    poll.options.every((/** @type {unknown} */ option) => typeof option === 'string')
  );
}

/** @returns {Poll[]} */
export function templates() {
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

/** Keeps a template; one of the same question is replaced. @param {Poll} poll */
export function keepTemplate(poll) {
  const others = templates().filter(({ question }) => question !== poll.question);
  set('polls', JSON.stringify([poll, ...others].slice(0, MOST_TEMPLATES)));
}

/** @param {string} question */
export function dropTemplate(question) {
  set('polls', JSON.stringify(templates().filter((poll) => poll.question !== question)));
}

export const keysWanted = () => get('keys') !== 'off';

/** @param {boolean} wanted */
export const wantKeys = (wanted) => set('keys', wanted ? 'on' : 'off');
