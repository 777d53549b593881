// Where the moderator is: in which panel, and in the overview or a meeting.

import { Controller } from './controller.js';

/** @typedef {'participants' | 'meeting' | 'polls' | 'timeline'} View */

export class NavigationController extends Controller {
  /** @type {View} */
  tab = 'participants';

  /** The panel instead of the list, if there is no space beside it. @returns {View} */
  get view() {
    return this.host.size.wide ? 'participants' : this.tab;
  }

  /** @returns {View} The visible panel. */
  get panel() {
    return this.host.size.wide && this.tab === 'participants' ? 'meeting' : this.tab;
  }

  /** Whether the grant is for every meeting of the app. */
  get mayChoose() {
    const { sub, meeting } = this.host.claims;
    // The token of an identity provider names no meeting.
    return meeting === '*' || (sub !== null && meeting === null);
  }

  /** Whether to list the live meetings: none is chosen. */
  get choosing() {
    return this.host.connected && !this.host.place.meeting && this.mayChoose;
  }

  /** Opens a meeting from the overview, or goes back to it. @param {string | undefined} meetingId */
  openMeeting(meetingId) {
    const { host } = this;
    if (host.dispatch('open', { meetingId })) host.meetingId = meetingId;
  }

  /** @param {View} tab */
  async go(tab) {
    this.set({ tab });
    if (tab === 'timeline' || tab === 'polls') this.host.audit.readIfNeeded();
    const focus = tab === 'participants' ? '.grid' : '[role=tab][aria-selected=true]';
    await this.host.focusOn(focus);
  }

  async focusSearch() {
    if (!this.host.size.wide) this.set({ tab: 'participants' });
    const search = await this.host.focusOn('[name=search]');
    /** @type {HTMLInputElement | null} */ (search)?.select();
  }
}
