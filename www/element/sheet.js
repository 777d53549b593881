// The keyboard shortcuts, and the dialog that lists them and can switch them off.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { icons } from './icons.js';
import { keysWanted, wantKeys } from './stored.js';

/** @import { RtkModerator } from './moderator.js' */

export class Sheet {
  wanted = keysWanted();
  #open = false;

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (
      this.host.renderRoot?.querySelector('dialog.sheet') ?? null
    );
  }

  async open() {
    this.#open = true;
    this.host.requestUpdate();
    await this.host.updateComplete;
    if (!this.dialog?.open) this.dialog?.showModal();
  }

  /**
   * Handles a key outside the list. Returns whether it did something.
   *
   * @param {KeyboardEvent} event
   * @param {boolean} may Whether single letters count too.
   */
  key(event, may) {
    const { host } = this;
    const { roster } = host;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    const into = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const typing =
      into.isContentEditable ||
      into.matches?.('textarea, select, input:not([type=checkbox], [type=radio])');
    if (event.key === 'Escape') {
      // In the search field it clears the search, elsewhere the selection.
      if (typing && into === host.renderRoot.querySelector('[name=search]')) {
        if (roster.wish.query) roster.want({ query: '' });
        else roster.focus();
        return true;
      }
      if (!typing && host.selection.size) {
        host.clearSelection();
        return true;
      }
      return false;
    }
    // From the search to the list.
    if (
      typing &&
      event.key === 'ArrowDown' &&
      into === host.renderRoot.querySelector('[name=search]')
    ) {
      roster.focus();
      host.requestUpdate();
      return true;
    }
    if (typing) return false;
    const inList = host.focusInside === roster.grid;
    const arrows = /^(Arrow|Page|Home|End)/.test(event.key);
    // Page keys scroll the focused element.
    const letters = may && this.wanted;
    const moves = arrows ? inList : letters;
    if (moves && host.view === 'people' && roster.key(event)) return true;
    const deed = this.#deeds()[event.key];
    // Space and Enter press a focused button. Only in the list they act on the active row.
    const press = /^( |Enter)$/.test(event.key);
    if (!deed || (press ? !inList : !letters)) return false;
    // Ignore key repeat.
    if (!event.repeat) deed();
    return true;
  }

  /** @returns {Record<string, () => unknown>} */
  #deeds() {
    const { host } = this;
    const { roster } = host;
    // Without actions on participants there is no selection.
    const may = host.verbs.length > 0;
    const select = () => may && roster.activePerson && roster.toggle(roster.activePerson);
    /** @type {(verb: 'kick' | 'mute' | 'ban') => () => unknown} */
    const act = (verb) => () => {
      const whom = host.selection.size ? host.chosen : [roster.activePerson].filter(Boolean);
      if (host.verbs.includes(verb) && whom.length && host.view === 'people')
        host.conduct.askAbout(verb, /** @type {any} */ (whom));
    };
    const live = host.state.phase === 'live';
    return {
      '/': () => host.focusSearch(),
      '?': () => this.open(),
      x: select,
      ' ': select,
      Enter: () => roster.activePerson && host.open(roster.activePerson),
      a: () => may && roster.toggleAll(),
      m: act('mute'),
      r: act('kick'),
      b: act('ban'),
      M: () => live && host.can('mute_all') && host.conduct.askRoom('muteAll'),
      L: () =>
        host.can('lock') &&
        host.state.locked !== null &&
        host.conduct.askRoom(host.state.locked ? 'unlock' : 'lock'),
      1: () => host.go('people'),
      2: () => host.go('room'),
      3: () => host.go('polls'),
      4: () => host.go('timeline'),
    };
  }

  #closed = () => {
    this.#open = false;
    this.host.requestUpdate();
  };

  render() {
    const { t } = this.host;
    return html`
      <dialog class="sheet" aria-labelledby="sheet-title" part="dialog" @close=${this.#closed}>
        ${this.#open
          ? html`
              <header>
                <h2 id="sheet-title">${t.shortcuts}</h2>
                <button
                  type="button"
                  class="quiet icon-only"
                  aria-label=${t.close}
                  @click=${() => this.dialog?.close()}
                >
                  ${icons.close}
                </button>
              </header>
              <dl class="keys">
                ${t.keys.map(
                  ([keys, text]) =>
                    html`<div>
                      <dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
                      <dd>${text}</dd>
                    </div>`,
                )}
              </dl>
              <label class="check-line">
                <input
                  type="checkbox"
                  .checked=${live(this.wanted)}
                  @change=${(/** @type {any} */ event) => {
                    this.wanted = event.target.checked;
                    wantKeys(this.wanted);
                    this.host.requestUpdate();
                  }}
                />
                ${t.singleKeys}
              </label>
            `
          : nothing}
      </dialog>
    `;
  }
}
