// The style sheet of the element in its document. A constructed sheet belongs to one document, so an element in a
// pop-out window or in picture-in-picture needs one of that window.

/** @import { LitElement } from 'lit' */

/** @param {LitElement} element @param {string} style */
export function adopt({ ownerDocument, renderRoot }, style) {
  const view = /** @type {any} */ (ownerDocument.defaultView);
  // jsdom has no such sheets.
  if (!view?.CSSStyleSheet?.prototype.replaceSync) return;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(style);
  /** @type {ShadowRoot} */ (renderRoot).adoptedStyleSheets = [sheet];
}
