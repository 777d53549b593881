// What follows an action that has ended: the marks in the list, the text for screen readers, the event for the page
// around the element, and early refreshes.

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Action, Target, Verb } from '../types.js' */

/** The meeting's status after an action that succeeded. */
const STATUS = /** @type {Record<string, 'ACTIVE' | 'INACTIVE'>} */ ({
  ...{ lock: 'INACTIVE', freeze: 'INACTIVE', unlock: 'ACTIVE', unfreeze: 'ACTIVE' },
});

/** @param {RtkModerator} host @param {Action} action @param {Target[]} now The targets of this attempt. */
export function actionEnded(host, action, now) {
  const { t, watch } = host;
  const { operation, outcome, targets, why, poll, reason = '' } = action;
  mark(host, action, now);
  const text = (/** @type {typeof why} */ problem) => (problem ? t.problem(problem) : '');
  host.announce(t.did(action));
  host.dispatch('action', {
    ...{ operation, outcome, why: text(why), reason },
    ...(poll && { poll }),
    targets: targets.map(({ participant, result, why }) => ({
      user_id: participant.userId,
      custom_participant_id: participant.custom || null,
      ...{ name: participant.name, result, why: text(why) },
    })),
  });
  const status = STATUS[operation];
  if (status && outcome === 'done') watch.meeting?.setStatus(status);
  else if (status) watch.meeting?.readStatus();
  host.audit.readIfNeeded();
}

/**
 * Marks the rows at once, and asks for an early refresh.
 *
 * @param {RtkModerator} host
 * @param {Action} action
 * @param {Target[]} targets
 */
function mark(host, { operation, outcome, endedAt = 0 }, targets) {
  const { state, optimistic, watch } = host;
  const done = targets.flatMap(({ key, result }) =>
    result === 'done' ? (state.byKey.get(key) ?? []) : [],
  );
  if (operation === 'kickAll' && outcome === 'done')
    optimistic.note('kick', state.participants, endedAt);
  // A ban removes participants only if the grant allows a kick.
  const removes = operation === 'ban' && host.can('kick');
  if (operation === 'kick' || operation === 'mute' || removes)
    optimistic.note(/** @type {Verb} */ (operation), done, endedAt);
  if (operation === 'kick' || operation === 'ban' || operation === 'kickAll')
    watch.meeting?.refreshSoon();
}
