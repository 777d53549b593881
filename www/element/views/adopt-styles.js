// The style sheets of the element in its document. A constructed sheet belongs to one document, so an element in a
// pop-out window or in picture-in-picture needs sheets of that window.

/** @import { CSSResult, LitElement } from 'lit' */

/** @param {LitElement} element @param {CSSResult[]} styles */
export function adopt({ ownerDocument, renderRoot }, styles) {
  const view = /** @type {any} */ (ownerDocument.defaultView);
  // jsdom has no such sheets.
  if (!view?.CSSStyleSheet?.prototype.replaceSync) return;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(styles.map(({ cssText }) => cssText).join('\n'));
  /** @type {ShadowRoot} */ (renderRoot).adoptedStyleSheets = [sheet];
}
