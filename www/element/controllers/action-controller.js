// Runs a moderator's actions: asks for confirmation, sends them, repeats and undoes them, and compares them with later
// refreshes.

import { Actions } from '../model/actions.js';
import { saveReason } from '../model/saved-lists.js';
import { stillPresent, verify } from '../model/removal-checks.js';
import { actionEnded } from './action-feedback.js';
import { Controller } from './controller.js';

/** @import { State } from '../model/meeting.js' */
/** @import { Action, Participant, Verb } from '../types.js' */
/** @typedef {'kickAll' | 'muteAll' | 'lock' | 'unlock' | 'freeze' | 'unfreeze'} MeetingVerb */

/** How long a successful action is shown. */
const SHOWN_MS = 8000;
/** Actions that undo each other. Only the newest of a group can be undone. */
const UNDO = /** @type {Record<string, MeetingVerb>} */ ({
  ...{ lock: 'unlock', unlock: 'lock', freeze: 'unfreeze', unfreeze: 'freeze' },
});
const UNDOABLE = /** @type {MeetingVerb[]} */ (Object.keys(UNDO));

export class ActionController extends Controller {
  /** @param {import('../moderator.js').RtkModerator} host */
  constructor(host) {
    super(host);
    this.actions = new Actions({
      api: () => this.#api(),
      mayKick: () => host.can('kick'),
      renews: () => !!host.getGrant,
      changed: () => this.set({}),
      ended: (action, targets) => {
        if (this.actions.list.includes(action)) actionEnded(host, action, targets);
        else host.announce(`${host.t.elsewhere(action.api.title)} ${host.t.did(action)}`);
      },
      limitedUntil: () => host.clock.limitedUntil,
    });
  }

  /** The client for an action. After the moderator has left its meeting, it has the grant it had. */
  #api() {
    const { watch, place: at, state } = this.host;
    const { place } = watch;
    const client = watch.connect();
    const now = () => (watch.place === place ? watch.connect() : client);
    return {
      ...{ place, title: state.title, ids: /** @type {const} */ ([at.app, at.meeting]) },
      get kit() {
        return now().realtimeKit;
      },
      get renewed() {
        return now() === watch.client;
      },
    };
  }

  /** Hides successful actions, and those of others, after a while, unless a card has the pointer or the focus. */
  tick() {
    const { host } = this;
    if (document.visibilityState === 'hidden') return;
    const { deviceNow } = host.clock;
    host.optimistic.passed(deviceNow);
    if (host.renderRoot.querySelector('.activity:is(:hover, :focus-within)')) return;
    host.others.passed(deviceNow);
    for (const action of this.actions.list) {
      // Count only the time in which the tab was visible.
      if (!action.running) action.seenAt ??= deviceNow;
      const old = deviceNow - (action.seenAt ?? Infinity) > SHOWN_MS;
      const calm = action.outcome === 'done' && !action.banOnly && !action.still;
      if (calm && old && !action.hidden) this.actions.dismiss(action);
    }
  }

  /** Acts on participants, after a question. @param {Verb} verb @param {Participant[]} participants */
  async ask(verb, participants) {
    const { host } = this;
    const able = participants.filter((one) => host.participants.possible(verb, one));
    if (!able.length) {
      host.announce(host.t.nothingPossible[verb]);
      return;
    }
    // A mute harms nobody, and has to be fast.
    if (verb === 'mute' && participants.length === 1) {
      // The second click of a double click.
      const [{ key }] = able;
      const runs = this.actions.list.some(
        ({ running, operation, targets }) =>
          running && operation === verb && targets.some((target) => target.key === key),
      );
      if (!runs) await this.#run(verb, able, {});
      return;
    }
    const { collator } = host.fmt;
    const sorted = [...participants].sort((a, b) =>
      collator.compare(host.participants.nameOf(a), host.participants.nameOf(b)),
    );
    const answer = await host.confirm.ask({ kind: 'participants', verb, participants: sorted });
    if (answer?.participants.length)
      await this.#run(verb, answer.participants, this.#reason(answer));
  }

  /** @param {{ reason?: string }} answer */
  #reason({ reason = '' }) {
    if (reason) saveReason(reason);
    return reason ? { reason } : {};
  }

  /** @param {Verb} verb @param {Participant[]} participants @param {Partial<Action>} more */
  async #run(verb, participants, more) {
    const { host, actions } = this;
    const { place } = host.watch;
    const action = await actions.onParticipants(verb, participants, this.#presence(), more);
    if (place !== host.watch.place) return;
    // Failed participants stay selected, for another action.
    for (const { key, result } of action.targets)
      if (result === 'done' || result === 'gone') host.selection.keys.delete(key);
    this.set({});
    await host.updateComplete;
    // The bar with the focus may have disappeared with the selection.
    if (document.activeElement === document.body) host.list.focus();
  }

  /** Who is in the session. An action goes on after a change of the meeting, with what was known then. */
  #presence() {
    const { host } = this;
    const { place } = host.watch;
    const known = host.state.byKey;
    return (/** @type {Participant} */ { key }) => {
      const isShown = place === host.watch.place;
      const present = (isShown ? host.state.byKey : known).get(key)?.present;
      return !!present && !(isShown && host.optimistic.removed(key));
    };
  }

  /**
   * Acts on the meeting. Asks first, unless it can be undone.
   *
   * @param {MeetingVerb} operation
   * @param {{ lockFirst?: boolean, except?: boolean }} [preset] Preselected options.
   */
  async askMeeting(operation, preset = {}) {
    const { host, actions } = this;
    const undoable = operation in UNDO;
    if (actions.running(...(undoable ? UNDOABLE : [operation]))) return;
    if (operation !== 'lock' && operation !== 'unlock' && host.state.phase !== 'live') return;
    if (undoable) {
      await this.#change(operation);
      return;
    }
    const { place } = host.watch;
    const kind = /** @type {'kickAll' | 'muteAll'} */ (operation);
    const answer = await host.confirm.ask({ kind, ...preset });
    if (!answer) return;
    const more = this.#reason(answer);
    if (answer.except.size) {
      const rest = host.state.participants.filter(
        (one) =>
          one.present && !answer.except.has(one.role) && host.participants.possible('mute', one),
      );
      await this.#run('mute', rest, more);
      return;
    }
    // If the lock fails, stop: removed participants could rejoin.
    if (answer.lockFirst) {
      const { outcome } = await actions.onMeeting('lock', { before: 'kickAll', ...more });
      if (outcome !== 'done') return;
    }
    if (place !== host.watch.place) return;
    const { allowUnmute } = answer;
    await actions.onMeeting(kind, kind === 'muteAll' ? { allowUnmute, ...more } : more);
  }

  /** @param {MeetingVerb} operation */
  async #change(operation) {
    // Two offers to undo would contradict each other.
    for (const action of this.actions.list)
      if (action.operation in UNDO && !action.running) action.hidden = true;
    await this.actions.onMeeting(operation);
  }

  /** Whether the moderator froze the meeting, and nobody has unlocked it since. */
  get frozen() {
    const last = this.host.timeline
      ?.actionEntries()
      .find(({ operation, outcome }) => outcome === 'done' && (operation ?? '') in UNDO);
    return last?.operation === 'freeze' && this.host.state.locked !== false;
  }

  /** The action that undoes this one, if it is the newest that can be undone. @param {Action} action */
  undoOf(action) {
    const newest = this.actions.list.find(({ operation }) => operation in UNDO);
    return action === newest && action.outcome === 'done' ? UNDO[action.operation] : undefined;
  }

  /** @param {Action} action */
  undo(action) {
    const undo = this.undoOf(action);
    if (undo) this.#change(undo);
  }

  /** @param {Action} action */
  again(action) {
    const { operation, allowUnmute, before, reason } = action;
    this.actions.dismiss(action);
    // The second step still needs a confirmation. It may be an hour later.
    if (operation === 'kickAll' || before) this.askMeeting('kickAll', { lockFirst: !!before });
    else this.actions.onMeeting(/** @type {any} */ (operation), { allowUnmute, reason });
  }

  /**
   * Compares a refresh with earlier actions. Returns texts about participants who should be gone but are not, and
   * about actions whose outcome is clear now.
   *
   * @param {number} of The earliest time of the data.
   * @param {State} before
   */
  refreshed(of, before) {
    const { host, actions } = this;
    const { optimistic, state, t } = host;
    const slipped = actions.bannedButPresent(state.byKey);
    if (slipped.length && host.can('kick'))
      actions.onParticipants('kick', slipped, this.#presence());
    if (state.trouble) return [];
    // Others may have removed them.
    const left = state.participants.length - state.present;
    if (left > before.participants.length - before.present) host.audit.readSoon();
    const still = optimistic.refreshed(state.byKey, of, Date.now());
    stillPresent(actions.list, still);
    const texts = verify(actions.list, state.byKey, of).map((action) => t.did(action));
    return [...texts, ...(still.length ? [t.stillIn(still)] : [])];
  }
}
