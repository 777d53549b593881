// Runs a moderator's actions from the confirmation to the feedback: in the list, for screen readers, and as
// events for the page around the element.

/**
 * @import { Action, Person, Target } from './types.js'
 * @import { RtkModerator, Verb } from './moderator.js'
 */

export class Conduct {
  /**
   * @param {RtkModerator} host
   * @param {{ meeting: () => import('./meeting.js').Meeting | null }} given The watched meeting, if there is one.
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
    // Failed participants stay selected, for another action.
    for (const { key, result } of action.targets)
      if (result === 'done' || result === 'gone') this.host.selection.keys.delete(key);
    this.host.requestUpdate();
    await this.host.updateComplete;
    // The bar with the focus may have disappeared with the selection.
    if (place === this.host.place && document.activeElement === document.body)
      this.host.roster.focus();
  }

  /** @type {(person: Person) => boolean} */
  #stillIn = ({ key }) =>
    (this.host.state.byKey.get(key)?.present ?? false) && !this.host.marks.removed(key);

  /**
   * @param {'kickAll' | 'muteAll' | 'lock' | 'unlock'} operation
   * @param {boolean} [lockFirst] Whether the option is preselected.
   */
  async askRoom(operation, lockFirst = false) {
    const { actions, state } = this.host;
    const lock = operation === 'lock' || operation === 'unlock';
    if (lock ? actions.running('lock', 'unlock') : actions.running(operation)) return;
    if (!lock && state.phase !== 'live') return;
    // It can be undone, so ask nothing.
    if (lock) {
      await this.host.actions.onRoom(operation);
      return;
    }
    const place = this.host.place;
    const answer = await this.host.confirm.ask({ kind: operation, lockFirst });
    if (!answer || place !== this.host.place) return;
    const { allowUnmute } = answer;
    // If the lock fails, stop: removed participants could rejoin.
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
    // The second step still needs a confirmation. It may be an hour later.
    if (operation === 'kickAll' || before) this.askRoom('kickAll', !!before);
    else this.host.actions.onRoom(/** @type {any} */ (operation), { allowUnmute });
  }

  /** @param {Action} action @param {Target[]} now The targets of this attempt. */
  ended(action, now) {
    const { operation, outcome, targets, why, poll } = action;
    action.endedAt = Date.now();
    // It belongs to a meeting that is no longer shown.
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
   * Marks the rows at once, and asks for an early refresh.
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
    // A ban removes participants only if the grant allows a kick.
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
   * Compares a refresh with earlier actions. Reports participants who should be gone but are not.
   *
   * @param {number} of The earliest time of the data.
   */
  looked(of) {
    const { actions, marks, state, t } = this.host;
    const slipped = actions.slippedIn(state.byKey);
    if (slipped.length && this.host.can('kick')) actions.onPeople('kick', slipped, this.#stillIn);
    const still = state.trouble ? [] : marks.looked(state.byKey, of, Date.now());
    return still.length ? [t.stillIn(actions.stillIn(still))] : [];
  }
}
