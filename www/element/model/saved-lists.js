// Lists in local storage: poll templates, and the reasons that were given.

import { get, set } from './local-storage.js';

/** @import { Poll } from '../types.js' */

const [MOST_TEMPLATES, MOST_REASONS] = [50, 8];

/**
 * A stored list. Any code on this origin may have written it.
 *
 * @template Item
 * @param {string} name
 * @param {(item: any) => item is Item} isItem
 * @returns {Item[]}
 */
function read(name, isItem) {
  try {
    const list = JSON.parse(get(name) ?? '[]');
    return Array.isArray(list) ? list.filter(isItem) : [];
  } catch {
    return [];
  }
}

/** @param {unknown} item @returns {item is string} */
const isText = (item) => typeof item === 'string';

/** @param {any} poll @returns {poll is Poll} */
const isPoll = (poll) =>
  isText(poll?.question) && Array.isArray(poll.options) && poll.options.every(isText);

/** @returns {Poll[]} */
export const savedTemplates = () =>
  read('polls', isPoll).map(({ question, options, anonymous, hide_votes }) => ({
    ...{ question, options: options.slice(0, 10) },
    ...{ anonymous: !!anonymous, hide_votes: !!hide_votes },
  }));

/** @param {string} question */
const withoutTemplate = (question) => savedTemplates().filter((poll) => poll.question !== question);

/** Stores a template. It replaces one with the same question. @param {Poll} poll */
export function saveTemplate(poll) {
  const polls = [poll, ...withoutTemplate(poll.question)];
  set('polls', JSON.stringify(polls.slice(0, MOST_TEMPLATES)));
}

/** @param {string} question */
export const deleteTemplate = (question) => set('polls', JSON.stringify(withoutTemplate(question)));

/** The reasons that were given last, the latest first. */
export const savedReasons = () => read('reasons', isText);

/** @param {string} reason */
export function saveReason(reason) {
  const reasons = new Set([reason, ...savedReasons()]);
  set('reasons', JSON.stringify([...reasons].slice(0, MOST_REASONS)));
}
