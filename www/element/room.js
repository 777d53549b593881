// The meeting panel: facts about the session, and actions on everyone. It hides what the grant does not allow.
// A button that is unavailable now keeps its focus and does nothing.

import { html, nothing } from 'lit';
import { icons } from './icons.js';
import { timeOf } from './people.js';

/** @import { RtkModerator } from './moderator.js' */

/** @param {RtkModerator} host */
export function room(host) {
  const { t, fmt, state } = host;
  const { session, phase, present } = state;
  const started = timeOf(session?.started_at);
  const whole = (/** @type {unknown} */ value) =>
    typeof value === 'number' ? fmt.n(Math.round(value)) : '–';
  const facts = [
    [t.since, fmt.since(started, host.now)],
    [t.lasts, phase === 'live' ? fmt.span(host.now - started) : '–'],
    [t.showIn, fmt.n(present)],
    [t.most, whole(session?.max_concurrent_participants)],
    [t.wereIn, fmt.n(state.people.length)],
    [t.minutesUsed, whole(session?.minutes_consumed)],
  ];
  const live = phase === 'live';
  const none = !['mute_all', 'kick_all', 'lock'].some((word) => host.can(word));
  return html`
    <div class="stack">
      ${session
        ? html`<dl class="facts">
            ${facts.map(
              ([name, value]) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
          </dl>`
        : html`<p class="muted">${t.noSessionYet}</p>`}
      ${host.can('lock') ? lock(host) : nothing}
      ${host.can('mute_all')
        ? deed(
            t.muteAll,
            t.muteAllText,
            html`<button
              type="button"
              aria-disabled=${!live || host.actions.running('muteAll')}
              @click=${() => host.conduct.askRoom('muteAll')}
            >
              ${icons.mute} ${t.muteAllButton}
            </button>`,
          )
        : nothing}
      ${host.can('kick_all')
        ? deed(
            t.kickAll,
            t.kickAllText,
            html`<button
              type="button"
              class="danger"
              aria-disabled=${!live || host.actions.running('kickAll')}
              @click=${() => host.conduct.askRoom('kickAll')}
            >
              ${icons.kick} ${t.kickAllButton}
            </button>`,
          )
        : nothing}
      ${none ? html`<p class="muted">${t.roomNotAllowed}</p>` : nothing}
    </div>
  `;
}

/** @param {RtkModerator} host */
function lock(host) {
  const { t, state } = host;
  const { locked } = state;
  const busy = host.actions.running('lock', 'unlock');
  const button = (/** @type {'lock' | 'unlock'} */ way) =>
    html`<button type="button" aria-disabled=${busy} @click=${() => host.conduct.askRoom(way)}>
      ${icons[way]} ${t.lockButton[way]}
    </button>`;
  return deed(
    locked === null ? t.lockUnknown : locked ? t.isLocked : t.isOpen,
    t.lockText,
    // If the lock status is unknown, show both buttons.
    locked === null ? [button('lock'), button('unlock')] : button(locked ? 'unlock' : 'lock'),
  );
}

/** @param {string} title @param {string} text @param {unknown} buttons */
function deed(title, text, buttons) {
  return html`<section class="deed">
    <h2>${title}</h2>
    <p class="muted">${text}</p>
    <div class="buttons">${buttons}</div>
  </section>`;
}
