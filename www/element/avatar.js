// Somebody in a circle: their picture, or their initials.

import { html, nothing } from 'lit';
import { hue, initials } from './people.js';

/** @import { Person } from './types.js' */

/** Initials, and over them the picture, unless it cannot be had. @param {Person} person */
export function avatar({ picture, name, key }) {
  return html`<span class="avatar" aria-hidden="true" .style=${`--hue:${hue(key)}`}
    >${initials(name) || '?'}${picture
      ? html`<img
          src=${picture}
          alt=""
          loading="lazy"
          referrerpolicy="no-referrer"
          decoding="async"
          @load=${shown}
          @error=${shown}
        />`
      : nothing}</span
  >`;
}

/** A picture that failed is gone, until another one in its place is there. @param {Event} event */
function shown({ type, target }) {
  /** @type {HTMLElement} */ (target).hidden = type === 'error';
}
