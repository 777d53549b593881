// The meeting panel: facts about the session, and actions on everyone. It hides what the grant does not allow. A
// button that is unavailable now keeps its focus and does nothing.

import { html, nothing } from 'lit';
import { others } from '../model/moderators.js';
import { timeOf } from '../model/participants.js';
import { icons } from './icons.js';
import { button, muted } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */

/** @param {RtkModerator} host */
export function meetingControls(host) {
  const { t, fmt, state } = host;
  const { session, phase, participants } = state;
  const started = timeOf(session?.started_at);
  const live = phase === 'live';
  const facts = [
    [t.since, fmt.since(started, host.now)],
    [t.lasts, live ? fmt.span(host.now - started) : '–'],
    [t.showIn, fmt.n(state.present)],
    [t.most, fmt.n(host.list.peak)],
    [t.wereIn, fmt.n(participants.length)],
  ];
  const { moderators, count } = others(state.moderators, host.claims.sub);
  if (count)
    facts.push([t.otherModerators, t.moderatorNames(moderators, count - moderators.length)]);
  const may = (/** @type {string} */ word) => host.can(word);
  return html`
    <div class="stack">
      ${
        session
          ? html`<dl class="facts">
              ${facts.map(
                ([name, value]) =>
                  html`<div class=${name === t.otherModerators ? 'whole' : ''}>
                    <dt>${name}</dt>
                    <dd>${value}</dd>
                  </div>`,
              )}
            </dl>`
          : muted(t.phaseAnnounced.waiting)
      }
      ${may('lock') && may('mute_all') ? freeze(host) : nothing}
      ${may('lock') ? lock(host) : nothing}
      ${
        may('mute_all') || may('mute')
          ? section(t.muteAll, t.muteAllText, [
              may('mute_all') ? ask(host, 'muteAll', t.muteAllButton) : nothing,
              may('mute') && host.participants.hostRoles.length
                ? ask(host, 'muteAll', t.muteExceptButton, { except: true })
                : nothing,
            ])
          : nothing
      }
      ${
        may('kick_all')
          ? section(t.kickAll, t.kickAllText, ask(host, 'kickAll', t.kickAllButton))
          : nothing
      }
      ${['mute_all', 'kick_all', 'lock', 'mute'].some(may) ? nothing : muted(t.meetingNotAllowed)}
    </div>
  `;
}

/** @param {RtkModerator} host @param {'muteAll' | 'kickAll'} operation @param {string} text @param {object} [preset] */
function ask({ moderation, panels, state }, operation, text, preset) {
  const idle = state.phase === 'live' && !moderation?.actions.running(operation);
  const [icon, kind] = operation === 'kickAll' ? [icons.kick, 'danger'] : [icons.mute, ''];
  return button([icon, text], () => panels.askMeeting(operation, preset), kind, !idle);
}

/** @param {RtkModerator} host */
function freeze({ t, state, moderation, panels }) {
  const frozen = !!moderation?.frozen;
  const operation = frozen ? 'unfreeze' : 'freeze';
  const busy = state.phase !== 'live' || !!moderation?.actions.running('freeze', 'unfreeze');
  return section(
    frozen ? t.isFrozen : t.freeze,
    frozen ? t.unfreezeText : t.freezeText,
    button(
      [icons.freeze, frozen ? t.unfreezeButton : t.freezeButton],
      () => panels.askMeeting(operation),
      '',
      busy,
    ),
  );
}

/** @param {RtkModerator} host */
function lock({ t, state, moderation, panels }) {
  const { locked } = state;
  const busy = !!moderation?.actions.running('lock', 'unlock', 'freeze', 'unfreeze');
  const set = (/** @type {'lock' | 'unlock'} */ way) =>
    button([icons[way], t.lockButton[way]], () => panels.askMeeting(way), '', busy);
  return section(
    locked === null ? t.lockUnknown : locked ? t.isLocked : t.isOpen,
    t.lockText,
    // If the lock status is unknown, show both buttons.
    locked === null ? [set('lock'), set('unlock')] : set(locked ? 'unlock' : 'lock'),
  );
}

/** @param {string} title @param {string} text @param {unknown} buttons */
function section(title, text, buttons) {
  return html`<section class="control">
    <h2>${title}</h2>
    ${muted(text)}
    <div class="buttons">${buttons}</div>
  </section>`;
}
