// Keeps the focus when a render removes its element: moves it to a nearby element, not to the top of the
// page.

import { Controller } from './controller.js';

export class FocusController extends Controller {
  /** @type {{ at: Element, name: string | null, part: Element | null, panel: Element | null } | null} */
  #was = null;

  /** The focused element before a render. */
  hostUpdate() {
    const at = this.host.focusInside;
    this.#was = at && {
      ...{ at, name: nameOf(at), part: at.closest('section'), panel: at.closest('#panel') },
    };
  }

  /** Focuses the same button after a render, else its surroundings. */
  hostUpdated() {
    const { at, name, part, panel } = this.#was ?? {};
    if (!at || at.isConnected || this.host.focusInside) return;
    const buttons = part?.isConnected ? [...part.querySelectorAll('button')] : [];
    const { grid } = this.host.list;
    const around = panel?.isConnected && !panel.contains(grid) ? panel : grid;
    const near = /** @type {HTMLElement | null | undefined} */ (
      buttons.find((button) => nameOf(button) === name) ?? around ?? panel
    );
    near?.focus({ preventScroll: true });
  }
}

/** The accessible name of a button. @param {Element} button */
const nameOf = (button) => button.getAttribute('aria-label') ?? button.textContent;
