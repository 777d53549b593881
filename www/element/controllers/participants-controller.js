// Participants as views and actions need them: names, roles, what is possible, and which are selected.

import { isHostRole } from '../model/participants.js';
import { Controller } from './controller.js';

/** @import { Participant, Verb } from '../types.js' */

const VERBS = /** @type {const} */ (['mute', 'kick', 'ban']);

export class ParticipantsController extends Controller {
  /** @returns {Verb[]} The actions on participants that the grant allows. */
  get verbs() {
    return VERBS.filter((verb) => this.host.can(verb));
  }

  /** @returns {Participant[]} The selected participants, with their current data. */
  get chosen() {
    const { state, selection } = this.host;
    return state.participants.filter(({ key }) => selection.has(key));
  }

  /** The roles of hosts and presenters in this meeting. */
  get hostRoles() {
    return this.host.list.roles.map(([role]) => role).filter(isHostRole);
  }

  /** Whether an action on a participant is possible now. @param {Verb} verb @param {Participant} participant */
  possible(verb, participant) {
    const { host } = this;
    const { key, userId, id, present } = participant;
    if (!host.can(verb) || host.optimistic.removed(key)) return false;
    if (host.claims.protects(participant)) return false;
    // A participant who has left can still be banned, but only once.
    if (verb === 'ban') return userId !== null && this.removalOf(participant)?.operation !== 'ban';
    return present && id !== null;
  }

  /** The removal of a participant who is not in the session. @param {Participant} participant */
  removalOf({ key, present }) {
    return present ? undefined : this.host.timeline?.removals.get(key);
  }

  /** @param {Participant} participant */
  nameOf({ name, custom }) {
    return name || custom || this.host.t.noName;
  }

  /** A role for people: the app's label, or the preset's name without signs. @param {string} role */
  roleName(role) {
    const plain = role.replace(/[_-]+/g, ' ').trim();
    return this.host.roleLabels?.[role] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
  }

  /** How many are selected, and how many of them a search hides. */
  get selectedText() {
    const { t, list, selection } = this.host;
    const { size, keys } = selection;
    const hidden = [...keys].filter((key) => !list.visible.has(key)).length;
    return hidden ? t.selectedHidden(size, hidden) : t.selected(size);
  }

  /** @param {boolean} [announced] */
  selectionChanged(announced = false) {
    if (announced) this.host.announce(this.selectedText);
    this.set();
  }

  clearSelection() {
    this.host.selection.clear();
    this.host.list.focus();
    this.selectionChanged(true);
  }
}
