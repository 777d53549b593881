// A poll as it is made: how many options it has, and what is wrong with one. Pure.

/** @import { Action, AuditRecord, Poll } from './types.js' */

export const [FEWEST, MOST] = [2, 10];
export const EMPTY = () => ({
  question: '',
  options: ['', ''],
  anonymous: false,
  hide_votes: false,
});

/**
 * What of a draft would be sent, and what is wrong with it. Options left empty are none.
 *
 * @param {Poll} draft
 * @returns {{ poll: Poll, wrong: 'question' | 'few' | 'same' | null }}
 */
export function checked(draft) {
  const question = draft.question.trim();
  const options = draft.options.map((option) => option.trim()).filter(Boolean);
  const poll = { ...draft, question, options };
  const wrong = !question
    ? 'question'
    : options.length < FEWEST || options.length > MOST
      ? 'few'
      : new Set(options).size < options.length
        ? 'same'
        : null;
  return { poll, wrong };
}

/**
 * What came of a poll that was sent from here: the audit may know what was not learnt here.
 *
 * @param {Action} action
 * @param {Map<Action, AuditRecord>} records
 */
export function fateOf(action, records) {
  if (action.outcome !== 'unknown') return action.outcome;
  const outcome = records.get(action)?.outcome ?? 'unknown';
  return outcome === 'refused' ? 'failed' : outcome;
}
