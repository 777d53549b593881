// The dialogs that only show something: details of a participant, and settings.

import { showModal } from '../views/modal.js';
import { Controller } from './controller.js';

/** @import { Participant } from '../types.js' */

export class DialogController extends Controller {
  /** The participant in the details. @type {Participant | null} */
  participant = null;
  settings = false;

  /** @param {'details' | 'settings'} name */
  async #open(name) {
    await this.host.updateComplete;
    showModal(this.host.renderRoot.querySelector(`dialog.${name}`));
  }

  /** @param {Participant} participant */
  openDetails(participant) {
    this.set({ participant });
    this.host.audit.read();
    return this.#open('details');
  }

  openSettings() {
    this.set({ settings: true });
    return this.#open('settings');
  }

  /** @param {Event} event */
  closed = ({ target }) => {
    // The event comes later than a key that opens the dialog again.
    if (!(/** @type {HTMLDialogElement} */ (target).open))
      this.set({ participant: null, settings: false });
  };
}
