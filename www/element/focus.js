// Keeps the focus where the hands are: what has it may go with a render, and the keys then go on from
// somewhere near, not from the top of the page.

/** @import { RtkModerator } from './moderator.js' */

export class Focus {
  /** @type {{ at: Element, name: string | null, part: Element | null, panel: Element | null } | null} */
  #was = null;

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  /** What has it before a render, which may take it away. */
  before() {
    const at = this.host.focusInside;
    this.#was = at && {
      ...{ at, name: nameOf(at), part: at.closest('section'), panel: at.closest('#panel') },
    };
  }

  /** The same button made anew has it then, else what is around. */
  after() {
    const { at, name, part, panel } = this.#was ?? {};
    if (!at || at.isConnected || this.host.focusInside) return;
    const buttons = part?.isConnected ? [...part.querySelectorAll('button')] : [];
    const { grid } = this.host.roster;
    const around = panel?.isConnected && !panel.contains(grid) ? panel : grid;
    const near = /** @type {HTMLElement | null | undefined} */ (
      buttons.find((button) => nameOf(button) === name) ?? around ?? panel
    );
    near?.focus({ preventScroll: true });
  }
}

/** What a button is called. @param {Element} button */
const nameOf = (button) => button.getAttribute('aria-label') ?? button.textContent;
