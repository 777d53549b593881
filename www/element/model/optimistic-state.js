// Marks on rows after an action until a refresh confirms it: a removed participant may still be listed for a
// moment. Pure.

/**
 * @import { Participant } from '../types.js'
 *
 * @typedef {object} Mark
 * @property {'kick' | 'ban' | 'mute' | 'still'} word `still`: removed, but still in the session.
 * @property {number} at The time of the action.
 * @property {string} [by] The other moderator who did it.
 * @property {number} joins The number of joins then. One more means that they returned.
 */

/** How long a mark without confirmation stays. */
const SHOWN_MS = { mute: 8000, still: 30_000 };

export class OptimisticState {
  /** @type {Map<string, Mark>} */
  #marks = new Map();

  /** @param {string} key */
  of(key) {
    return this.#marks.get(key)?.word;
  }

  /** The other moderator who did it. @param {string} key */
  by(key) {
    const { word, by = '' } = this.#marks.get(key) ?? {};
    return word === 'still' ? '' : by;
  }

  /** Whether a participant is marked as removed. @param {string} key */
  removed(key) {
    const word = this.of(key);
    return word === 'kick' || word === 'ban';
  }

  /**
   * Adds marks after an action.
   *
   * @param {'kick' | 'ban' | 'mute'} word
   * @param {Participant[]} participants
   * @param {number} at
   * @param {string} [by] The other moderator who did it.
   */
  note(word, participants, at, by) {
    for (const { key, joins, present } of participants)
      if (present) this.#marks.set(key, { word, at, by, joins });
  }

  /**
   * Updates the marks after a refresh. Drops those of participants who left or returned.
   *
   * @param {Map<string, Participant>} byKey
   * @param {number} began The start of the refresh. It does not include later actions.
   * @param {number} now
   * @returns {Participant[]} The participants who are still in the session.
   */
  refreshed(byKey, began, now) {
    const still = [];
    for (const [key, mark] of this.#marks) {
      const participant = byKey.get(key);
      if (!participant?.present || participant.joins > mark.joins) this.#marks.delete(key);
      else if (this.removed(key) && began >= mark.at) {
        this.#marks.set(key, { ...mark, word: 'still', at: now });
        still.push(participant);
      }
    }
    return still;
  }

  /** Drops old marks. @param {number} now */
  passed(now) {
    for (const [key, { word, at }] of this.#marks)
      if (now - at > (SHOWN_MS[/** @type {'mute'} */ (word)] ?? Infinity)) this.#marks.delete(key);
  }

  clear() {
    this.#marks.clear();
  }
}
