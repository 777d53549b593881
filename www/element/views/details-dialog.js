// The details dialog of a participant: identity, attendance, history and actions.

import { html, nothing } from 'lit';
import { actionsOn } from '../model/history.js';
import { attendance } from '../model/participants.js';
import { avatar } from './avatar.js';
import { icons } from './icons.js';
import { button, closeButton, note } from './parts.js';
import { absence } from './rows.js';
import { actionText } from './timeline.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Participant } from '../types.js' */

/** The number of visits and of entries to show, the latest first. */
const [MOST_VISITS, MOST_ENTRIES] = [20, 30];

/** @param {RtkModerator} host */
export function detailsDialog(host) {
  const { dialogs, state } = host;
  // The current data, not the data at the time of opening.
  const participant =
    dialogs.participant && (state.byKey.get(dialogs.participant.key) ?? dialogs.participant);
  return html`
    <dialog class="details" aria-labelledby="details-name" part="dialog" @close=${dialogs.closed}>
      ${participant ? body(host, participant) : nothing}
    </dialog>
  `;
}

/** @param {RtkModerator} host @param {Participant} participant */
function body(host, participant) {
  const { t, fmt, optimistic } = host;
  const { present, key, role, custom, userId, joins } = participant;
  const mark = optimistic.of(key);
  const facts = [
    [t.role, host.participants.roleName(role)],
    [t.ownId, custom],
    [t.userId, userId],
    [t.timeIn, fmt.span(attendance(participant, host.now))],
    [t.joins, fmt.n(joins)],
  ];
  const close = () => host.panels.closeDialogs();
  return html`
    <header>
      ${avatar(participant)}
      <h2 id="details-name"><bdi>${host.participants.nameOf(participant)}</bdi></h2>
      ${closeButton(t.close, close)}
    </header>
    <p class=${present && !optimistic.removed(key) ? 'in' : 'muted'}>
      ${present ? (mark && t.mark[mark]) || t.showIn : absence(host, participant)}
    </p>
    <dl class="lines">
      ${facts.map(([name, value]) =>
        value
          ? html`<div>
              <dt>${name}</dt>
              <dd><bdi>${value}</bdi></dd>
            </div>`
          : nothing,
      )}
    </dl>
    ${history(host, participant)} ${participant.id ? nothing : note(icons.warning, t.noId)}
    ${host.claims.protects(participant) ? note(icons.shield, t.protectedText) : nothing}
    <div class="buttons">
      ${host.participants.verbs
        .filter((verb) => host.participants.possible(verb, participant))
        .map((verb) => {
          const ask = () => {
            close();
            host.panels.ask(verb, [participant]);
          };
          return button([icons[verb], t.verb[verb]], ask, verb === 'mute' ? '' : 'danger');
        })}
    </div>
  `;
}

/** @param {RtkModerator} host @param {Participant} participant */
function history(host, participant) {
  const { t, fmt, timeline } = host;
  const visits = participant.visits.slice(-MOST_VISITS).reverse();
  const actions = actionsOn(participant, timeline.actionEntries()).slice(0, MOST_ENTRIES);
  return html`<h3>${t.stays}</h3>
    <ul class="stays">
      ${visits.map(
        ([from, to]) =>
          html`<li>
            <span>${fmt.exact(from)} – ${to === null ? t.now : fmt.exact(to)}</span>
            <span class="muted">${fmt.span((to ?? host.now) - from)}</span>
          </li>`,
      )}
    </ul>
    ${
      actions.length
        ? html`<h3>${t.moderatorActions}</h3>
            <ul class="stays">
              ${actions.map(
                (entry) =>
                  html`<li>
                    <span>${actionText(host, { ...entry, targets: [] })}</span>
                    <span class="muted">${fmt.exact(entry.at)}</span>
                  </li>`,
              )}
            </ul>`
        : nothing
    }`;
}
