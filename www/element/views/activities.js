// The cards of running and finished actions: progress, results per participant, and the next steps. What other
// moderators have done has a card, too.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { progress, retryable } from '../model/outcomes.js';
import { icons } from './icons.js';
import { button, closeButton } from './parts.js';
import { actionText } from './timeline.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Action, Entry } from '../types.js' */

const MOST_FAILURES = 100;

/** @param {RtkModerator} host */
export function activities(host) {
  const { actions } = host.moderation;
  const shown = [...actions.elsewhere, ...actions.list].filter(({ hidden }) => !hidden);
  const others = host.others.list;
  if (!shown.length && !others.length) return nothing;
  return html`
    <div class="activities" part="activities">
      ${others.map((entry) => otherCard(host, entry))}
      ${repeat(
        shown,
        ({ id }) => id,
        (action) => card(host, action),
      )}
      ${
        shown.length > 2
          ? button(
              host.t.dismissAll,
              () => shown.forEach((action) => action.running || actions.dismiss(action)),
              'all',
            )
          : nothing
      }
    </div>
  `;
}

/** @param {Entry} entry */
function iconOf({ operation = '' }) {
  const same = /** @type {Record<string, keyof typeof icons>} */ ({
    ...{ kickAll: 'kick', muteAll: 'mute', poll: 'polls', unfreeze: 'freeze' },
  });
  return (
    icons[same[operation] ?? /** @type {keyof typeof icons} */ (operation)] ?? icons.moderators
  );
}

/** @param {RtkModerator} host @param {Entry} entry */
function otherCard(host, entry) {
  return html`
    <div class="card activity calm other">
      <div class="summary">
        ${iconOf(entry)}
        <p>${actionText(host, entry)}</p>
        ${closeButton(host.t.dismiss, () => host.others.dismiss(entry))}
      </div>
      ${
        entry.reason
          ? html`<p class="why">${host.t.reasonIs} <bdi>${entry.reason}</bdi></p>`
          : nothing
      }
    </div>
  `;
}

/** @param {RtkModerator} host @param {Action} action */
function card(host, action) {
  const { t } = host;
  const { running, outcome, targets, api } = action;
  const rest = retryable(action);
  // The sentence names a single participant.
  const why = targets.length > 1 ? undefined : (targets[0] ?? action).why;
  const gone = targets.filter(({ result }) => result === 'gone').length;
  const calm = (!rest.length && gone > 0) || action.banOnly;
  const good = !action.still && (outcome === 'done' || (calm && gone < targets.length));
  const mood = running ? 'busy' : good && !action.banOnly ? 'good' : calm ? 'calm' : 'bad';
  const icon = mood === 'good' ? icons.done : icons.warning;
  return html`
    <div class="card activity ${mood}">
      <div class="summary">
        ${running ? html`<span class="spinner"></span>` : icon}
        <p>${running ? t.doing(action) : t.did(action)}</p>
        ${running ? nothing : closeButton(t.dismiss, () => host.moderation.actions.dismiss(action))}
      </div>
      ${
        api.place === host.watch.place
          ? nothing
          : html`<p class="why">${t.elsewhere(api.title)}</p>`
      }
      ${running ? pause(host, action) : nothing}
      ${action.still ? html`<p class="why">${t.stillInCard(action.still)}</p>` : nothing}
      ${
        running && targets.length > 1
          ? html`<progress
              aria-label=${t.doing(action)}
              max=${targets.length}
              .value=${progress(action)}
            ></progress>`
          : nothing
      }
      ${!running && why ? html`<p class="why">${t.problem(why)}</p>` : nothing}
      ${rest.length && !running && targets.length > 1 ? failures(host, rest) : nothing}
      ${next(host, action, rest.length)}
    </div>
  `;
}

/** What a running action waits for, and how far it is. @param {RtkModerator} host @param {Action} action */
function pause({ t, clock }, action) {
  const { targets, waitsFor, waitUntil = 0 } = action;
  const until = Math.max(waitsFor === 'limit' ? waitUntil : 0, clock.limitedUntil);
  const left = until - clock.deviceNow;
  const count = targets.length > 1 ? t.progress(action, progress(action)) : '';
  const wait =
    waitsFor === 'grant' ? t.grantEndedLong : left > 0 ? t.continuesIn(left, !count) : '';
  return count || wait ? html`<p class="why" aria-live="off">${count} ${wait}</p>` : nothing;
}

/** @param {RtkModerator} host @param {Action['targets']} rest */
function failures(host, rest) {
  const { t } = host;
  return html`<ul class="failures" tabindex="0" aria-label=${t.notDone}>
    ${rest.slice(0, MOST_FAILURES).map(
      ({ participant, why, result }) =>
        html`<li>
          <bdi>${host.participants.nameOf(participant)}</bdi>
          <span>
            ${result === 'unknown' ? t.maybe : result === 'stopped' ? t.stopped : nothing}
            ${why ? t.problem(why) : nothing}
          </span>
        </li>`,
    )}
    ${
      rest.length > MOST_FAILURES
        ? html`<li>${t.andMore(rest.length - MOST_FAILURES)}</li>`
        : nothing
    }
  </ul>`;
}

/** The buttons of a card. @param {RtkModerator} host @param {Action} action @param {number} rest */
function next({ t, moderation, clock, watch }, action, rest) {
  const { running, operation, outcome, targets, api } = action;
  const one = (/** @type {string} */ text, /** @type {() => void} */ click) =>
    html`<div class="buttons">${button(text, click)}</div>`;
  if (running) {
    const stoppable = targets.length > 1 || action.waitsFor || clock.limitedUntil > clock.deviceNow;
    const stop = () => moderation.actions.queue.stop(action);
    return stoppable && !action.stopped
      ? one(targets.length > 1 ? t.stop : t.cancel, stop)
      : nothing;
  }
  if (rest) return one(t.retry(rest), () => moderation.actions.retry(action));
  if (moderation.undoOf(action)) return one(t.undo, () => moderation.undo(action));
  if (api.place !== watch.place) return nothing;
  if (!targets.length && operation !== 'poll' && outcome !== 'done')
    return one(action.before ? t.lockAndKick : t.again, () => moderation.again(action));
  return nothing;
}
