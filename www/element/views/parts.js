// Small parts that several views share: buttons, notes, checkboxes and choices.

import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { icons } from './icons.js';

/**
 * A button.
 *
 * @param {unknown} text With its icon, if it has one.
 * @param {() => unknown} click
 * @param {string} [kind] Its classes.
 * @param {unknown} [off] Whether it does nothing now. It keeps the focus.
 */
export const button = (text, click, kind = '', off = nothing) =>
  html`<button type="button" class=${kind} aria-disabled=${off} @click=${click}>${text}</button>`;

/** A button with nothing but an icon. @param {unknown} icon @param {string} label @param {() => unknown} click @param {unknown} [title] */
export const iconButton = (icon, label, click, title = nothing) =>
  html`<button
    type="button"
    class="quiet icon-only"
    aria-label=${label}
    title=${title}
    @click=${click}
  >
    ${icon}
  </button>`;

/** A button that closes or removes something. @param {string} label @param {() => unknown} click */
export const closeButton = (label, click) => iconButton(icons.close, label, click);

/** A listener of a field, for its value. @param {(value: string) => unknown} take */
export const typed =
  (take) =>
  (/** @type {any} */ { target }) =>
    take(target.value);

/** @param {unknown} icon @param {unknown} text @param {unknown} [role] */
export const note = (icon, text, role = nothing) =>
  html`<p class="note" role=${role}>${icon} <span>${text}</span></p>`;

/** @param {unknown} text */
export const muted = (text) => html`<p class="muted">${text}</p>`;

/**
 * A checkbox with a text.
 *
 * @param {string} text
 * @param {boolean} on
 * @param {(on: boolean) => void} change
 * @param {unknown} [name]
 */
export const check = (text, on, change, name = nothing) =>
  html`<label class="check-line">
    <input
      type="checkbox"
      name=${name}
      .checked=${live(on)}
      @change=${(/** @type {any} */ event) => change(event.target.checked)}
    />
    ${text}
  </label>`;

/**
 * A choice of one from a few.
 *
 * @template {string} Value
 * @param {string} legend
 * @param {string} name
 * @param {readonly (readonly [Value, unknown])[]} choices
 * @param {Value} chosen
 * @param {(value: Value) => void} choose
 */
export const segments = (legend, name, choices, chosen, choose) =>
  html`<fieldset class="segments">
    <legend class="sr">${legend}</legend>
    ${choices.map(
      ([value, text]) =>
        html`<label>
          <input
            type="radio"
            name=${name}
            value=${value}
            .checked=${live(chosen === value)}
            @change=${() => choose(value)}
          />
          <span>${text}</span>
        </label>`,
    )}
  </fieldset>`;
