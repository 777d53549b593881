// The cards of running and finished actions: progress, results per participant, and the next steps.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { progress } from './outcomes.js';
import { icons } from './icons.js';

/**
 * @import { Action } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 */

const MOST_FAILURES = 100;

export class Activities {
  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  render() {
    const { t } = this.host;
    const shown = this.host.actions.list.filter(({ hidden }) => !hidden);
    if (!shown.length) return nothing;
    return html`
      <div class="activities" part="activities">
        ${repeat(
          shown,
          ({ id }) => id,
          (action) => this.#card(action),
        )}
        ${shown.length > 2
          ? html`<button
              type="button"
              class="all"
              @click=${() =>
                shown.forEach((action) => action.running || this.host.actions.dismiss(action))}
            >
              ${t.dismissAll}
            </button>`
          : nothing}
      </div>
    `;
  }

  /** @param {Action} action */
  #card(action) {
    const { host } = this;
    const { t } = host;
    const { running, outcome, targets, operation } = action;
    const rest = targets.filter(({ result }) => result === 'failed' || result === 'unknown');
    const gone = targets.filter(({ result }) => result === 'gone').length;
    const calm = !rest.length && gone > 0;
    const good = !action.still && (outcome === 'done' || (calm && gone < targets.length));
    const mood = running ? 'busy' : good ? 'good' : calm ? 'calm' : 'bad';
    return html`
      <div class="card activity ${mood}">
        <div class="said">
          ${running ? html`<span class="spinner"></span>` : good ? icons.done : icons.warning}
          <p>${running ? t.doing(action) : t.did(action)}</p>
          ${running
            ? nothing
            : html`<button
                type="button"
                class="quiet icon-only"
                aria-label=${t.dismiss}
                @click=${() => host.actions.dismiss(action)}
              >
                ${icons.close}
              </button>`}
        </div>
        ${action.still ? html`<p class="why">${t.stillInCard(action.still)}</p>` : nothing}
        ${running && targets.length > 1
          ? html`<progress
              aria-label=${t.doing(action)}
              max=${targets.length}
              .value=${progress(action)}
            ></progress>`
          : nothing}
        ${!running && !targets.length && action.why
          ? html`<p class="why">${action.why}</p>`
          : nothing}
        ${rest.length && !running
          ? html`<ul class="failures" tabindex="0" aria-label=${t.notDone}>
              ${rest.slice(0, MOST_FAILURES).map(
                ({ person, why, result }) =>
                  html`<li>
                    <bdi>${host.nameOf(person)}</bdi>
                    <span>${result === 'unknown' ? `${t.maybe} ` : ''}${why}</span>
                  </li>`,
              )}
              ${rest.length > MOST_FAILURES
                ? html`<li>${t.andMore(rest.length - MOST_FAILURES)}</li>`
                : nothing}
            </ul>`
          : nothing}
        ${this.#ways(action, rest.length)}
      </div>
    `;
  }

  /** The buttons of a card. @param {Action} action @param {number} rest */
  #ways(action, rest) {
    const { host } = this;
    const { t } = host;
    const { running, operation, outcome } = action;
    if (running) return nothing;
    const undo = operation === 'lock' || operation === 'unlock';
    if (rest)
      return html`<div class="buttons">
        <button type="button" @click=${() => host.conduct.retry(action)}>${t.retry(rest)}</button>
      </div>`;
    if (undo && outcome === 'done')
      return html`<div class="buttons">
        <button type="button" @click=${() => host.conduct.undo(action)}>${t.undo}</button>
      </div>`;
    if (!action.targets.length && operation !== 'poll' && outcome !== 'done')
      return html`<div class="buttons">
        <button type="button" @click=${() => host.conduct.again(action)}>
          ${action.before ? t.lockAndKick : t.again}
        </button>
      </div>`;
    return nothing;
  }
}
