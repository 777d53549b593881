// The avatar of a participant: a picture, or initials.

import { html, nothing } from 'lit';
import { hue, initials } from '../model/participants.js';

/** @import { Participant } from '../types.js' */

/** Initials, covered by the picture if it loads. @param {Participant} person */
export function avatar({ picture, name, key }) {
  return html`<span class="avatar" aria-hidden="true" .style=${`--hue:${hue(key)}`}
    >${initials(name) || '?'}${
      picture
        ? html`<img
            src=${picture}
            alt=""
            loading="lazy"
            referrerpolicy="no-referrer"
            decoding="async"
            @load=${shown}
            @error=${shown}
          />`
        : nothing
    }</span
  >`;
}

/** Hides a picture that failed, until its address changes. @param {Event} event */
function shown({ type, target }) {
  /** @type {HTMLElement} */ (target).hidden = type === 'error';
}
