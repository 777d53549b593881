// The settings: the keyboard shortcuts, the alerts, and what the page around adds.

import { html, nothing } from 'lit';
import { ALERTS } from '../model/alerts.js';
import { check, closeButton } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */

/** @param {RtkModerator} host */
export function settingsDialog(host) {
  const { t, dialogs, alerts } = host;
  return html`
    <dialog
      class="settings"
      aria-labelledby="settings-title"
      part="dialog"
      @close=${dialogs.closed}
    >
      ${
        dialogs.settings
          ? html`
              <header>
                <h2 id="settings-title">${t.settings}</h2>
                ${closeButton(t.close, () => host.panels.closeDialogs())}
              </header>
              <h3>${t.alerts}</h3>
              <div>
                ${ALERTS.map((kind) =>
                  check(t.alertKind[kind], alerts.isEnabled(kind), (on) => alerts.enable(kind, on)),
                )}
              </div>
              <slot name="settings"></slot>
              ${host.shortcuts === 'off' ? nothing : shortcuts(host)}
            `
          : nothing
      }
    </dialog>
  `;
}

/** @param {RtkModerator} host */
const shortcuts = ({ t, keyboard }) => html`
  <h3>${t.shortcuts}</h3>
  ${check(t.singleKeys, keyboard.enabled, (on) => keyboard.enable(on))}
  <dl class="keys">
    ${t.keys.map(
      ([keys, text]) =>
        html`<div>
          <dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>
`;
