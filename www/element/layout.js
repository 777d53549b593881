// The layout: the header, the list beside or instead of a panel, the tabs, and the dialogs.

import { html, nothing } from 'lit';
import { icons } from './icons.js';
import { room } from './room.js';
import { banners, header, instead } from './status.js';

/** @import { RtkModerator, View } from './moderator.js' */

const TABS = /** @type {const} */ (['people', 'room', 'polls', 'timeline']);

/** @param {RtkModerator} host */
export function layout(host) {
  const { wide, narrow } = host;
  const blank = instead(host);
  const size = wide ? 'wide' : narrow ? 'narrow' : 'middle';
  const kind = host.verbs.length ? '' : 'look-only';
  const panel = host.panel;
  return html`
    <div class="app ${size} ${kind}" lang=${host.fmt.lang}>
      ${host.configured ? html`${header(host)} ${banners(host)}` : nothing}
      ${wide && (!blank || host.state.phase === 'waiting')
        ? html`<div class="columns">
            ${blank ?? host.roster.render()}
            <aside class="side" part="panel">
              ${tabs(
                host,
                TABS.filter((tab) => tab !== 'people'),
                panel,
              )}
              ${panelView(host, panel)} ${host.activities.render()}
            </aside>
          </div>`
        : html`<div class="one">
            ${wide || !host.configured
              ? blank
              : host.tab === 'people'
                ? people(host, blank)
                : panelView(host, panel)}
          </div>`}
      ${!wide && host.configured
        ? html`${host.activities.render()} ${tabs(host, TABS, host.tab)}`
        : nothing}
      ${host.confirm.render()} ${host.details.render()} ${host.sheet.render()}
      <div class="sr" role="status" aria-live="polite">${host.said}</div>
    </div>
  `;
}

/** @param {RtkModerator} host @param {unknown} blank The content without a list. */
function people(host, blank) {
  return html`<div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-people">
    ${blank ?? host.roster.render()}
  </div>`;
}

/** @param {RtkModerator} host @param {View} panel */
function panelView(host, panel) {
  const views = {
    people: () => nothing,
    room: () => room(host),
    polls: () => host.polls.render(),
    timeline: () => host.timeline.render(),
  };
  return html`<div
    class="panel scroll"
    role="tabpanel"
    id="panel"
    tabindex="0"
    aria-labelledby=${`tab-${panel}`}
  >
    ${views[panel]()}
  </div>`;
}

/** @param {RtkModerator} host @param {readonly View[]} shown @param {View} chosen */
function tabs(host, shown, chosen) {
  const step = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const rtl = getComputedStyle(host).direction === 'rtl' ? -1 : 1;
    const place = shown.indexOf(chosen) + by * rtl;
    const to = shown[(place + shown.length) % shown.length];
    host.go(to).then(() => {
      /** @type {HTMLElement | null} */ (host.renderRoot.querySelector(`#tab-${to}`))?.focus();
    });
  };
  return html`<div class="tabs" role="tablist" aria-label=${host.t.views} @keydown=${step}>
    ${shown.map(
      (tab) =>
        html`<button
          type="button"
          role="tab"
          id=${`tab-${tab}`}
          aria-selected=${tab === chosen}
          aria-controls=${tab === chosen ? 'panel' : nothing}
          tabindex=${tab === chosen ? 0 : -1}
          @click=${() => host.go(tab)}
        >
          ${icons[tab]} <span>${host.t.tab[tab]}</span>
        </button>`,
    )}
  </div>`;
}
