// The keyboard: which key does what, in the list and on the page.

import { enable, isEnabled } from '../model/local-storage.js';
import { Controller } from './controller.js';

/** @import { Verb } from '../types.js' */

/** Signs by their place on the keyboard, for layouts without Latin letters. */
const SIGNS = /** @type {Record<string, string>} */ ({ Slash: '/', ShiftSlash: '?' });

/**
 * The key of an event as on a Latin layout. Cyrillic, Greek and Hebrew keyboards have other letters in the same
 * places.
 *
 * @param {KeyboardEvent} event
 */
export function keyOf({ key, code, shiftKey }) {
  if (key.length !== 1 || /[\x20-\x7F]/.test(key)) return latinSign(key, code, shiftKey);
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  return /^Digit\d$/.test(code) ? code.slice(5) : key;
}

/** @param {string} key @param {string} code @param {boolean} shift */
function latinSign(key, code, shift) {
  // On a Cyrillic layout the key of the slash has a full stop or a comma.
  return key === '.' || key === ',' ? (SIGNS[(shift ? 'Shift' : '') + code] ?? key) : key;
}

export class ShortcutsController extends Controller {
  /** Whether single-key shortcuts are on. */
  get enabled() {
    return isEnabled('keys');
  }

  /** @param {boolean} enabled */
  enable(enabled) {
    enable('keys', enabled);
    this.set();
  }

  hostConnected() {
    this.host.addEventListener('keydown', this.#key);
    window.addEventListener('keydown', this.#pageKey);
  }

  hostDisconnected() {
    this.host.removeEventListener('keydown', this.#key);
    window.removeEventListener('keydown', this.#pageKey);
  }

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented) return;
    // A dialog handles its own keys.
    if (this.host.renderRoot.querySelector('dialog[open]')) return;
    if (this.#handle(event)) event.preventDefault();
  };

  #pageKey = (/** @type {KeyboardEvent} */ event) => {
    const { host } = this;
    if (host.shortcuts === 'page' && !event.composedPath().includes(host)) this.#key(event);
  };

  /** Handles a key. Returns whether it did something. @param {KeyboardEvent} event */
  #handle(event) {
    const { host } = this;
    const { list } = host;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    const key = keyOf(event);
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const typing =
      target.isContentEditable ||
      target.matches?.('textarea, select, input:not([type=checkbox], [type=radio])');
    const inSearch = typing && target === host.renderRoot.querySelector('[name=search]');
    if (key === 'Escape') return this.#escape(!!typing, inSearch);
    // From the search to the list.
    if (inSearch && key === 'ArrowDown') {
      list.focus();
      list.set();
      return true;
    }
    if (typing) return false;
    const inList = host.focusInside === list.grid;
    const arrows = /^(Arrow|Page|Home|End)/.test(key);
    // Page keys scroll the focused element.
    const letters = host.shortcuts !== 'off' && this.enabled;
    const moves = arrows ? inList : letters;
    if (moves && host.navigation.view === 'participants' && list.key(key, event.shiftKey))
      return true;
    const act = this.#actions()[key];
    // Space and Enter press a focused button. Only in the list they act on the active row.
    const press = /^( |Enter)$/.test(key);
    if (!act || (press ? !inList : !letters)) return false;
    // Ignore key repeat.
    if (!event.repeat) act();
    return true;
  }

  /** Clears the search in its field, elsewhere the selection. @param {boolean} typing @param {boolean} inSearch */
  #escape(typing, inSearch) {
    const { list, selection } = this.host;
    if (inSearch) {
      if (list.options.query) list.setOptions({ query: '' });
      else list.focus();
      return true;
    }
    if (typing || !selection.size) return false;
    this.host.participants.clearSelection();
    return true;
  }

  /** Acts on the selected participants, else on the active one. Rows that a search hides do not count. @param {Verb} verb */
  #act(verb) {
    const { host } = this;
    const { list, selection } = host;
    const { chosen } = host.participants;
    if (!host.participants.verbs.includes(verb) || host.navigation.view !== 'participants') return;
    const { activeParticipant: active } = list;
    const targets = selection.size
      ? chosen.filter(({ key }) => list.visible.has(key))
      : active
        ? [active]
        : [];
    if (targets.length) host.panels.ask(verb, targets);
    else if (selection.size) host.announce(host.participants.selectedText);
  }

  /** @returns {Record<string, () => unknown>} */
  #actions() {
    const { host } = this;
    const { list, panels, state } = host;
    // Without actions on participants there is no selection.
    const may = host.participants.verbs.length > 0;
    const { activeParticipant: active } = list;
    const select = () => may && active && list.toggle(active);
    return {
      '/': () => host.navigation.focusSearch(),
      '?': () => host.panels.openSettings(),
      x: select,
      ' ': select,
      Enter: () => active && host.panels.openDetails(active),
      a: () => may && list.toggleAll(),
      m: () => this.#act('mute'),
      r: () => this.#act('kick'),
      b: () => this.#act('ban'),
      M: () => host.can('mute_all') && panels.askMeeting('muteAll'),
      L: () =>
        host.can('lock') &&
        state.locked !== null &&
        panels.askMeeting(state.locked ? 'unlock' : 'lock'),
      F: () =>
        host.can('lock') &&
        host.can('mute_all') &&
        panels.askMeeting(host.moderation?.frozen ? 'unfreeze' : 'freeze'),
      1: () => host.navigation.go('participants'),
      2: () => host.navigation.go('meeting'),
      3: () => host.navigation.go('polls'),
      4: () => host.navigation.go('timeline'),
    };
  }
}
