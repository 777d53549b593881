// What the confirmation dialog asks: about participants, the whole meeting, or a poll.

import { html, nothing } from 'lit';
import { idEnd, rolesOf, sharedNames } from '../model/participants.js';
import { icons } from './icons.js';
import { check, note } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Participant } from '../types.js' */
/** @import { ParticipantsQuestion, Question } from '../controllers/confirm-controller.js' */

/** The number of names in a dialog, so that it stays readable with thousands of targets. */
const MOST_NAMES = 200;

/** @param {RtkModerator} host @param {Exclude<Question, ParticipantsQuestion>['kind']} kind */
function text({ t, state, confirm }, kind) {
  if (kind !== 'muteAll' || !confirm.except.size) return t.askText[kind](state.present);
  const others = state.participants.filter((one) => one.present && !confirm.except.has(one.role));
  return t.muteExceptText(others.length);
}

/** @param {RtkModerator} host @param {Exclude<Question, ParticipantsQuestion>} question */
export function meetingQuestion(host, question) {
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
        ? note(icons.shield, t.protectedMeeting(protectedOnes))
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

/** @param {RtkModerator} host @param {ParticipantsQuestion} question */
export function participantsQuestion(host, { verb, participants }) {
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
  // Participants of the same name need more.
  const identity = (/** @type {Participant} */ { role, visits, ...ids }) =>
    html`${t.identity(host.participants.roleName(role), visits[0]?.[0] ?? NaN)}
      <bdi class="id">${idEnd(ids)}</bdi>`;
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
        ? note(icons.warning, html`${t.sameNameAs} ${identity(one)}`)
        : nothing
    }
    ${
      able.length > 1
        ? html`<ul class="names" tabindex="0" aria-label=${t.participants}>
            ${able.slice(0, MOST_NAMES).map(
              (one) =>
                html`<li>
                  <bdi>${host.participants.nameOf(one)}</bdi>
                  <span class="muted">
                    ${
                      same.has(one.text)
                        ? identity(one)
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
    ${isProtected ? note(icons.shield, t.protectedSkipped(isProtected), 'status') : nothing}
    ${
      other > 0
        ? note(icons.warning, (verb === 'ban' ? t.cannotBan : t.haveLeft)(other), 'status')
        : nothing
    }
  `;
}
