// Validates a draft of a poll. Pure.

/** @import { Action, AuditRecord, Poll } from '../types.js' */

export const [FEWEST, MOST] = [2, 10];
export const EMPTY = () => ({
  question: '',
  options: ['', ''],
  anonymous: false,
  hide_votes: false,
});

/**
 * The poll of a draft, and its first problem. Empty options are ignored.
 *
 * @param {Poll} draft
 * @returns {{ poll: Poll, wrong: 'question' | 'few' | 'many' | 'same' | null }}
 */
export function checked(draft) {
  const question = draft.question.trim();
  const options = draft.options.map((option) => option.trim()).filter(Boolean);
  const poll = { ...draft, question, options };
  const wrong = !question
    ? 'question'
    : options.length < FEWEST
      ? 'few'
      : options.length > MOST
        ? 'many'
        : new Set(options).size < options.length
          ? 'same'
          : null;
  return { poll, wrong };
}

/**
 * The outcome of a poll from here. The audit log may know it when the response was lost.
 *
 * @param {Action} action
 * @param {Map<Action, AuditRecord>} records
 */
export function outcomeOf(action, records) {
  if (action.outcome !== 'unknown') return action.outcome;
  const outcome = records.get(action)?.outcome ?? 'unknown';
  return outcome === 'refused' ? 'failed' : outcome;
}
