// The confirmation dialog: the question, what has to be typed, the reason, and the buttons.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { savedReasons } from '../model/saved-lists.js';
import { meetingQuestion, participantsQuestion } from './confirm-question.js';
import { typed } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { Question } from '../controllers/confirm-controller.js' */

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
          ${
            question.kind === 'participants'
              ? participantsQuestion(host, question)
              : meetingQuestion(host, question)
          }
          ${confirm.wanted ? wanted(host) : nothing}
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
              @click=${() => host.panels.closeDialogs()}
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
    class=${danger ? 'danger solid' : 'solid'}
    ?autofocus=${!danger}
    ?disabled=${!confirm.ready}
  >
    ${text}
  </button>`;
}

/** @param {RtkModerator} host */
function wanted({ t, confirm }) {
  return html`<label class="field">
    ${t.typeToConfirm(confirm.wanted)}
    <input
      name="typed"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      inputmode=${/^\d+$/.test(confirm.wanted) ? 'numeric' : nothing}
      .value=${live(confirm.typed)}
      @input=${typed((typed) => confirm.set({ typed }))}
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
      @input=${typed((reason) => confirm.set({ reason }))}
    />
    <datalist id="reasons">
      ${savedReasons().map((text) => html`<option value=${text}></option>`)}
    </datalist>
  </label>`;
}
