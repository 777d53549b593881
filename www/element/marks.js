// What was just done to somebody, until a look tells: who was removed may be seen in the list for a
// moment longer. What is known is said, and no more. Pure.

/**
 * @import { Person } from './types.js'
 *
 * @typedef {object} Mark
 * @property {'kick' | 'ban' | 'mute' | 'still'} word `still`: removed, and yet they are in.
 * @property {number} at When it was done.
 * @property {number} joins How often they had joined by then: one more is a return.
 */

/** How long is shown what no look tells. */
const SHOWN_MS = { mute: 8000, still: 30_000 };

export class Marks {
  /** @type {Map<string, Mark>} */
  #marks = new Map();

  /** @param {string} key */
  of(key) {
    return this.#marks.get(key)?.word;
  }

  /** Whether somebody is out, as far as is known. @param {string} key */
  removed(key) {
    const word = this.of(key);
    return word === 'kick' || word === 'ban';
  }

  /** Something was done to them. @param {'kick' | 'ban' | 'mute'} word @param {Person[]} people @param {number} at */
  note(word, people, at) {
    for (const { key, joins, present } of people)
      if (present) this.#marks.set(key, { word, at, joins });
  }

  /**
   * What a look tells of them. Who is out needs no mark; who came back is in again.
   *
   * @param {Map<string, Person>} byKey
   * @param {number} began When the look did: what was done later it does not know.
   * @param {number} now
   * @returns {Person[]} Who is still in.
   */
  looked(byKey, began, now) {
    const still = [];
    for (const [key, mark] of this.#marks) {
      const person = byKey.get(key);
      if (!person?.present || person.joins > mark.joins) this.#marks.delete(key);
      else if (this.removed(key) && began >= mark.at) {
        this.#marks.set(key, { ...mark, word: 'still', at: now });
        still.push(person);
      }
    }
    return still;
  }

  /** What was shown long enough goes. @param {number} now */
  passed(now) {
    for (const [key, { word, at }] of this.#marks)
      if (now - at > (SHOWN_MS[/** @type {'mute'} */ (word)] ?? Infinity)) this.#marks.delete(key);
  }

  clear() {
    this.#marks.clear();
  }
}
