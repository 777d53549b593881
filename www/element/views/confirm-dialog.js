// The confirmation dialog: who is affected, how many, and what will happen.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { savedReasons } from '../model/local-storage.js';
import { idEnd, rolesOf, sharedNames } from '../model/participants.js';
import { icons } from './icons.js';
import { closeModal } from './modal.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { ParticipantsQuestion, Question } from '../controllers/confirm-controller.js' */

/** The number of names in a dialog, so that it stays readable with thousands of targets. */
const MOST_NAMES = 200;

/** @param {RtkModerator} host */
export function confirmDialog(host) {
  const { t, confirm } = host;
  const { question } = confirm;
  return html`
    <dialog
      class="confirm"
      aria-labelledby="ask-title"
      aria-describedby="ask-text"
      part="dialog"
      @close=${confirm.closed}
    >
      ${
        question &&
        html`<form method="dialog" autocomplete="off" @submit=${confirm.submit}>
          ${question.kind === 'participants' ? participants(host, question) : meeting(host, question)}
          ${confirm.wanted ? typed(host) : nothing}
          ${
            question.kind === 'participants' ||
            question.kind === 'kickAll' ||
            question.kind === 'muteAll'
              ? reason(host)
              : nothing
          }
          <div class="buttons">
            <button
              type="button"
              ?autofocus=${isDangerous(question)}
              @click=${() => closeModal(confirm.dialog)}
            >
              ${t.cancel}
            </button>
            ${yes(host, question)}
          </div>
        </form>`
      }
    </dialog>
  `;
}

/** @param {Question} question */
const isDangerous = ({ kind, ...rest }) =>
  ['kickAll', 'pollAgain', 'replaceDraft'].includes(kind) ||
  ('verb' in rest && rest.verb !== 'mute');

/** @param {RtkModerator} host @param {Question} question */
function yes({ t, confirm }, question) {
  const text =
    question.kind === 'participants'
      ? t.verbCount[question.verb](confirm.able.length)
      : question.kind === 'muteAll' && confirm.except.size
        ? t.yes.muteExcept
        : t.yes[question.kind];
  const danger = isDangerous(question);
  return html`<button
    class=${danger ? 'danger solid' : 'primary'}
    ?autofocus=${!danger}
    ?disabled=${!confirm.ready}
  >
    ${text}
  </button>`;
}

/** @param {RtkModerator} host */
function typed({ t, confirm }) {
  return html`<label class="field">
    ${t.typeToConfirm(confirm.wanted)}
    <input
      name="typed"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      inputmode=${/^\d+$/.test(confirm.wanted) ? 'numeric' : nothing}
      .value=${live(confirm.typed)}
      @input=${(/** @type {any} */ event) => confirm.set({ typed: event.target.value })}
    />
  </label>`;
}

/** @param {RtkModerator} host */
function reason({ t, confirm }) {
  return html`<label class="field">
    ${t.reason}
    <input
      name="reason"
      list="reasons"
      maxlength="200"
      .value=${live(confirm.reason)}
      @input=${(/** @type {any} */ event) => confirm.set({ reason: event.target.value })}
    />
    <datalist id="reasons">
      ${savedReasons().map((text) => html`<option value=${text}></option>`)}
    </datalist>
  </label>`;
}

/** @param {RtkModerator} host @param {Exclude<Question, ParticipantsQuestion>['kind']} kind */
function text({ t, state, confirm }, kind) {
  if (kind !== 'muteAll' || !confirm.except.size) return t.askText[kind](state.present);
  const others = state.participants.filter((one) => one.present && !confirm.except.has(one.role));
  return t.muteExceptText(others.length);
}

/** @param {RtkModerator} host @param {Exclude<Question, ParticipantsQuestion>} question */
function meeting(host, question) {
  const { t, state, confirm } = host;
  const { kind } = question;
  const { allowUnmute, lockFirst, mayLock } = confirm;
  const protectedOnes = state.participants.filter(
    (one) => one.present && host.claims.protects(one),
  ).length;
  return html`
    <h2 id="ask-title" tabindex="-1">${t.askTitle[kind]}</h2>
    <p id="ask-text">${text(host, kind)}</p>
    ${
      kind === 'kickAll' && mayLock
        ? check(t.lockFirst, lockFirst, (on) => confirm.set({ lockFirst: on }))
        : nothing
    }
    ${kind === 'muteAll' ? except(host) : nothing}
    ${
      kind === 'muteAll' && !confirm.except.size
        ? check(t.allowUnmute, allowUnmute, (on) => confirm.set({ allowUnmute: on }))
        : nothing
    }
    ${
      (kind === 'kickAll' || kind === 'muteAll') && protectedOnes
        ? html`<p class="note">${icons.shield} ${t.protectedMeeting(protectedOnes)}</p>`
        : nothing
    }
    ${
      'poll' in question
        ? html`<blockquote><bdi>${question.poll.question}</bdi></blockquote>`
        : nothing
    }
  `;
}

/** The roles that stay unmuted. @param {RtkModerator} host */
function except(host) {
  const { t, fmt, confirm, state } = host;
  if (!host.can('mute')) return nothing;
  const present = state.participants.filter((one) => one.present);
  const roles = rolesOf(present, fmt.collator);
  if (roles.length < 2) return nothing;
  const toggle = (/** @type {string} */ role, /** @type {boolean} */ on) => {
    const roles = new Set(confirm.except);
    if (on) roles.add(role);
    else roles.delete(role);
    confirm.set({ except: roles });
  };
  return html`<fieldset class="checks">
    <legend>${t.except}</legend>
    ${roles.map(([role, count]) =>
      check(
        `${host.participants.roleName(role)} (${fmt.n(count)})`,
        confirm.except.has(role),
        (on) => toggle(role, on),
      ),
    )}
  </fieldset>`;
}

/** @param {string} text @param {boolean} on @param {(on: boolean) => void} change */
const check = (text, on, change) =>
  html`<label class="check-line">
    <input
      type="checkbox"
      .checked=${live(on)}
      @change=${(/** @type {any} */ event) => change(event.target.checked)}
    />
    ${text}
  </label>`;

/** @param {RtkModerator} host @param {ParticipantsQuestion} question */
function participants(host, { verb, participants }) {
  const { t, fmt, confirm } = host;
  const { able } = confirm;
  const [one] = able;
  const same = sharedNames(host.state.participants);
  const skipped = participants.length - able.length;
  const isProtected = participants.filter((one) => host.claims.protects(one)).length;
  const roles = rolesOf(able, fmt.collator)
    .sort(([, a], [, b]) => b - a)
    .slice(1);
  const title =
    able.length === 1
      ? t.verbAsk[verb](host.participants.nameOf(one))
      : t.verbAskMany[verb](able.length);
  const other = skipped - isProtected;
  return html`
    <h2 id="ask-title" tabindex="-1">${title}</h2>
    <p id="ask-text">
      ${verb === 'ban' && !host.can('kick') ? t.happens.banOnly : t.happens[verb]}
      ${
        roles.length
          ? html`<b
              >${t.includes(
                roles.map(([role, count]) => [host.participants.roleName(role), count]),
              )}</b
            >`
          : nothing
      }
    </p>
    ${
      able.length === 1 && same.has(one.text)
        ? html`<p class="note">
            ${icons.warning}
            <span
              >${t.sameNameAs}
              ${t.identity(host.participants.roleName(one.role), one.visits[0]?.[0] ?? NaN)}
              <bdi class="id">${idEnd(one)}</bdi></span
            >
          </p>`
        : nothing
    }
    ${
      able.length > 1
        ? html`<ul class="names" tabindex="0" aria-label=${t.whom}>
            ${able.slice(0, MOST_NAMES).map(
              (one) =>
                html`<li>
                  <bdi>${host.participants.nameOf(one)}</bdi>
                  <span class="muted">
                    ${
                      same.has(one.text)
                        ? html`${t.identity(
                              host.participants.roleName(one.role),
                              one.visits[0]?.[0] ?? NaN,
                            )} <bdi class="id">${idEnd(one)}</bdi>`
                        : html`<bdi>${host.participants.roleName(one.role)}</bdi>`
                    }
                  </span>
                </li>`,
            )}
            ${
              able.length > MOST_NAMES
                ? html`<li class="muted">${t.andMore(able.length - MOST_NAMES)}</li>`
                : nothing
            }
          </ul>`
        : nothing
    }
    ${
      isProtected
        ? html`<p class="note" role="status">${icons.shield} ${t.protectedSkipped(isProtected)}</p>`
        : nothing
    }
    ${
      other > 0
        ? html`<p class="note" role="status">
            ${icons.warning} ${verb === 'ban' ? t.cannotBan(other) : t.haveLeft(other)}
          </p>`
        : nothing
    }
  `;
}
