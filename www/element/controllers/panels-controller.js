// What is not needed for the list, the actions, panels and dialogs: loads them after the list, with their styles.

import { adopt } from '../views/adopt-styles.js';
import { closeModal } from '../views/modal.js';
import { style } from '../views/styles/index.js';
import { Controller } from './controller.js';

/** @import { Participant, Verb } from '../types.js' */
/** @import { MeetingVerb } from './action-controller.js' */

export class PanelsController extends Controller {
  /** The views, when they are loaded. @type {typeof import('../views/panels.js') | null} */
  views = null;
  failed = false;

  /** Loads the views. Returns whether they are there. */
  async load() {
    if (this.views) return true;
    const { host } = this;
    try {
      const views = await import('../views/panels.js');
      await host.language.extend(views.en);
      if (!this.views) {
        views.connect(host);
        this.views = views;
      }
      this.set({ failed: false });
      return true;
    } catch {
      this.set({ failed: true });
      return false;
    }
  }

  /** Each time, because it may be in another document now. */
  hostConnected() {
    adopt(this.host, style);
  }

  /** After the first list: the rest. */
  hostUpdated() {
    const { host } = this;
    if (this.views || this.failed) return;
    if (host.navigation.choosing || (host.state.phase !== 'loading' && host.configured))
      this.load();
  }

  hostDisconnected() {
    this.closeDialogs();
  }

  closeDialogs() {
    this.host.renderRoot.querySelectorAll('dialog').forEach(closeModal);
  }

  /** Loads the views for an action. Returns whether the meeting is still the same. */
  async #ready() {
    const { watch } = this.host;
    const { place } = watch;
    return (await this.load()) && place === watch.place;
  }

  /** Opens the details of a participant. @param {Participant} participant */
  async openDetails(participant) {
    if (await this.#ready()) await this.host.dialogs.openDetails(participant);
  }

  /** Acts on participants, after a question. @param {Verb} verb @param {Participant[]} participants */
  async ask(verb, participants) {
    if (await this.#ready()) await this.host.moderation.ask(verb, participants);
  }

  /**
   * Acts on the meeting. Asks first, unless it can be undone.
   *
   * @param {MeetingVerb} operation
   * @param {{ lockFirst?: boolean, except?: boolean }} [preset] Preselected options.
   */
  async askMeeting(operation, preset) {
    if (await this.#ready()) await this.host.moderation.askMeeting(operation, preset);
  }

  async openSettings() {
    if (await this.load()) await this.host.dialogs.openSettings();
  }
}
