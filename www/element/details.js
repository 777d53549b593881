// The details dialog of a participant: identity, attendance and actions.

import { html, nothing } from 'lit';
import { avatar } from './avatar.js';
import { icons } from './icons.js';
import { timeIn } from './people.js';

/**
 * @import { Person } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 */

/** The number of stays to show, the latest first. */
const MOST_STAYS = 20;

export class Details {
  /** @type {Person | null} */
  person = null;

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (
      this.host.renderRoot?.querySelector('dialog.details') ?? null
    );
  }

  /** @param {Person} person */
  async open(person) {
    this.person = person;
    this.host.requestUpdate();
    await this.host.updateComplete;
    if (!this.dialog?.open) this.dialog?.showModal();
  }

  #closed = () => {
    this.person = null;
    this.host.requestUpdate();
  };

  render() {
    const { t } = this.host;
    // The current data, not the data at the time of opening.
    const person = this.person && (this.host.state.byKey.get(this.person.key) ?? this.person);
    return html`
      <dialog class="details" aria-labelledby="details-name" part="dialog" @close=${this.#closed}>
        ${person ? this.#body(person) : nothing}
      </dialog>
    `;
  }

  /** @param {Person} person */
  #body(person) {
    const { host } = this;
    const { t, fmt } = host;
    const mark = host.marks.of(person.key);
    const stays = person.stays.slice(-MOST_STAYS).reverse();
    const facts = [
      [t.role, person.role],
      [t.ownId, person.custom],
      [t.userId, person.userId],
      [t.timeIn, fmt.span(timeIn(person, host.now))],
      [t.joins, fmt.n(person.joins)],
    ];
    return html`
      <header>
        ${avatar(person)}
        <h2 id="details-name"><bdi>${host.nameOf(person)}</bdi></h2>
        <button
          type="button"
          class="quiet icon-only"
          aria-label=${t.close}
          @click=${() => this.dialog?.close()}
        >
          ${icons.close}
        </button>
      </header>
      <p class=${person.present && !host.marks.removed(person.key) ? 'in' : 'muted'}>
        ${person.present
          ? (mark && t.mark[mark]) || t.isIn
          : t.leftAt(person.stays.at(-1)?.[1] ?? NaN)}
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
      <h3>${t.stays}</h3>
      <ul class="stays">
        ${stays.map(
          ([from, to]) =>
            html`<li>
              <span>${fmt.exact(from)} – ${to === null ? t.now : fmt.exact(to)}</span>
              <span class="muted">${fmt.span((to ?? host.now) - from)}</span>
            </li>`,
        )}
      </ul>
      ${person.id ? nothing : html`<p class="note">${icons.warning} ${t.noId}</p>`}
      <div class="buttons">
        ${host.verbs
          .filter((verb) => host.possible(verb, person))
          .map(
            (verb) =>
              html`<button
                type="button"
                class=${verb === 'mute' ? '' : 'danger'}
                @click=${() => {
                  this.dialog?.close();
                  host.conduct.askAbout(verb, [person]);
                }}
              >
                ${icons[verb]} ${t.verb[verb]}
              </button>`,
          )}
      </div>
    `;
  }
}
