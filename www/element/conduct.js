// What a moderator does, from the question before it to what is seen after it: in the list, in words, by the
// page around the element.

/**
 * @import { Action, Person, Target } from './types.js'
 * @import { RtkModerator, Verb } from './moderator.js'
 */

export class Conduct {
  /**
   * @param {RtkModerator} host
   * @param {{ meeting: () => import('./meeting.js').Meeting | null }} given The one that is watched, if one is.
   */
  constructor(host, given) {
    this.host = host;
    this.given = given;
  }

  /** @param {Verb} verb @param {Person[]} people */
  async askAbout(verb, people) {
    const { collator } = this.host.fmt;
    const place = this.host.place;
    const named = [...people].sort((a, b) =>
      collator.compare(this.host.nameOf(a), this.host.nameOf(b)),
    );
    const answer = await this.host.confirm.ask({ kind: 'people', verb, people: named });
    if (!answer?.people.length || place !== this.host.place) return;
    const action = await this.host.actions.onPeople(verb, answer.people, this.#stillIn);
    // Whom it failed for stays selected, to try something else.
    for (const { key, result } of action.targets)
      if (result === 'done' || result === 'gone') this.host.selection.keys.delete(key);
    this.host.requestUpdate();
    await this.host.updateComplete;
    // The bar that had the focus may have gone with the selection.
    if (place === this.host.place && document.activeElement === document.body)
      this.host.roster.focus();
  }

  /** @type {(person: Person) => boolean} */
  #stillIn = ({ key }) =>
    (this.host.state.byKey.get(key)?.present ?? false) && !this.host.marks.removed(key);

  /**
   * @param {'kickAll' | 'muteAll' | 'lock' | 'unlock'} operation
   * @param {boolean} [lockFirst] Whether that is offered as chosen already.
   */
  async askRoom(operation, lockFirst = false) {
    const { actions, state } = this.host;
    const lock = operation === 'lock' || operation === 'unlock';
    if (lock ? actions.running('lock', 'unlock') : actions.running(operation)) return;
    if (!lock && state.phase !== 'live') return;
    // It can be undone: nothing to ask.
    if (lock) {
      await this.host.actions.onRoom(operation);
      return;
    }
    const place = this.host.place;
    const answer = await this.host.confirm.ask({ kind: operation, lockFirst });
    if (!answer || place !== this.host.place) return;
    const { allowUnmute } = answer;
    // Who is to stay out is not let back in by a lock that failed.
    if (answer.lockFirst) {
      const { outcome } = await this.host.actions.onRoom('lock', { before: 'kickAll' });
      if (outcome !== 'done') return;
    }
    if (place !== this.host.place) return;
    await this.host.actions.onRoom(operation, operation === 'muteAll' ? { allowUnmute } : {});
  }

  /** @param {Action} action */
  retry(action) {
    this.host.actions.retry(action, this.#stillIn);
  }

  /** @param {Action} action */
  undo(action) {
    this.host.actions.dismiss(action);
    this.host.actions.onRoom(action.operation === 'lock' ? 'unlock' : 'lock');
  }

  /** @param {Action} action */
  again(action) {
    this.host.actions.dismiss(action);
    const { operation, allowUnmute, before } = action;
    // What it was to come before is still to be done, and asked about: it may be an hour later.
    if (operation === 'kickAll' || before) this.askRoom('kickAll', !!before);
    else this.host.actions.onRoom(/** @type {any} */ (operation), { allowUnmute });
  }

  /** @param {Action} action @param {Target[]} now Whom it was about this time. */
  ended(action, now) {
    const { operation, outcome, targets, why, poll } = action;
    action.endedAt = Date.now();
    // It began in a meeting that is no longer shown.
    if (!this.host.actions.list.includes(action)) return;
    this.#mark(action, now);
    this.host.announce(this.host.t.did(action));
    this.host.tell('action', {
      operation,
      outcome,
      why,
      ...(poll && { poll }),
      targets: targets.map(({ person, result, why }) => ({
        ...{ user_id: person.userId, custom_participant_id: person.custom || null },
        ...{ name: person.name, result, why },
      })),
    });
    if (outcome === 'done' && (operation === 'lock' || operation === 'unlock'))
      this.given.meeting()?.setStatus(operation === 'lock' ? 'INACTIVE' : 'ACTIVE');
    else if (operation === 'lock' || operation === 'unlock') this.given.meeting()?.readStatus();
    this.host.readAudit();
  }

  /**
   * What was done is seen where it was done, and soon looked for.
   *
   * @param {Action} action
   * @param {Target[]} targets
   */
  #mark({ operation, outcome, endedAt = 0 }, targets) {
    const done = targets.flatMap(({ key, result }) =>
      result === 'done' ? (this.host.state.byKey.get(key) ?? []) : [],
    );
    if (operation === 'kickAll' && outcome === 'done')
      this.host.marks.note('kick', this.host.state.people, endedAt);
    // A ban removes only whoever may kick.
    if (
      operation === 'kick' ||
      operation === 'mute' ||
      (operation === 'ban' && this.host.can('kick'))
    )
      this.host.marks.note(operation, done, endedAt);
    if (operation === 'kick' || operation === 'ban' || operation === 'kickAll')
      this.given.meeting()?.lookSoon();
  }

  /**
   * What a look tells of what was done before it; in words, if it is not as it should be.
   *
   * @param {number} of When what it shows was so, at the earliest.
   */
  looked(of) {
    const { actions, marks, state, t } = this.host;
    const slipped = actions.slippedIn(state.byKey);
    if (slipped.length && this.host.can('kick')) actions.onPeople('kick', slipped, this.#stillIn);
    const still = state.trouble ? [] : marks.looked(state.byKey, of, Date.now());
    return still.length ? [t.stillIn(actions.stillIn(still))] : [];
  }
}
