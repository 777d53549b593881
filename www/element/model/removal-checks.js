// Compares actions with a later refresh: who should be gone but is not, and how a removal with a lost response
// ended. Pure.

import { outcomeOfTargets } from './outcomes.js';

/** @import { Action, Participant } from '../types.js' */

/**
 * Shows the actions again that removed participants who are still in the session.
 *
 * @param {Action[]} actions
 * @param {Participant[]} participants
 */
export function stillPresent(actions, participants) {
  for (const { key } of participants) {
    const action = actions.find(
      ({ operation, targets }) =>
        operation === 'kickAll' ||
        ((operation === 'kick' || operation === 'ban') && targets.some((one) => one.key === key)),
    );
    if (action) Object.assign(action, { still: (action.still ?? 0) + 1, hidden: false });
  }
}

/**
 * Settles removals with an unknown outcome, by a refresh that began after them. Returns the actions that
 * changed.
 *
 * @param {Action[]} actions
 * @param {Map<string, Participant>} byKey
 * @param {number} began
 */
export function verify(actions, byKey, began) {
  return actions.filter((action) => {
    const { operation, targets, running, endedAt = Infinity } = action;
    if (running || began < endedAt) return false;
    if (operation === 'kickAll' && action.outcome === 'unknown') {
      if ([...byKey.values()].some(({ present }) => present)) return false;
      action.outcome = 'done';
      return true;
    }
    const open = targets.filter(
      ({ result, removed }) =>
        result === 'unknown' && (operation === 'kick' || (operation === 'ban' && removed)),
    );
    for (const target of open) {
      const present = !!byKey.get(target.key)?.present;
      const verified = present ? 'present' : 'left';
      Object.assign(target, { result: present ? 'failed' : 'done', why: undefined, verified });
    }
    if (open.length) Object.assign(action, { outcome: outcomeOfTargets(targets), hidden: false });
    return open.length > 0;
  });
}
