// The layout: the header, the list beside or instead of a panel, the tabs, and the dialogs.

import { html, nothing } from 'lit';
import { icons } from './icons.js';
import { list } from './list.js';
import { meetingControls } from './meeting-controls.js';
import { banners, header, placeholder } from './status.js';

/** @import { RtkModerator, View } from '../moderator.js' */

const TABS = /** @type {const} */ (['people', 'room', 'polls', 'timeline']);

/** @param {RtkModerator} host */
export function layout(host) {
  const { wide, narrow, short } = host.size;
  const size = wide ? 'wide' : narrow ? 'narrow' : 'middle';
  const kind = `${size} ${short ? 'short' : ''} ${host.verbs.length ? '' : 'look-only'}`;
  const { panels } = host;
  // A browser's translation would replace the texts, which could not change any more.
  return html`
    <div class="app ${kind}" lang=${host.fmt.lang} dir=${host.fmt.dir} translate="no">
      ${host.choosing
        ? (panels?.overview(host) ?? loading(host))
        : [host.configured ? [header(host), banners(host)] : nothing, content(host)]}
      ${panels ? [panels.confirmDialog(host), panels.detailsDialog(host)] : nothing}
      ${panels ? panels.settingsDialog(host) : nothing}
      <div class="sr" role="status" aria-live="polite">${host.announcement}</div>
    </div>
  `;
}

/** @param {RtkModerator} host */
const loading = ({ notLoaded, t }) =>
  notLoaded
    ? html`<p class="note">${icons.warning} ${t.notLoaded}</p>`
    : html`<section class="blank"><span class="spinner"></span></section>`;

/** @param {RtkModerator} host */
function content(host) {
  const { size, configured, panel } = host;
  const blank = placeholder(host);
  if (size.wide && configured && (!blank || host.state.phase === 'waiting'))
    return html`<div class="columns">
      ${blank ?? list(host)}
      <aside class="side" part="panel">
        ${tabs(
          host,
          TABS.filter((tab) => tab !== 'people'),
          panel,
        )}
        ${panelView(host, panel)} ${host.panels?.activities(host)}
      </aside>
    </div>`;
  const one = host.tab === 'people' ? people(host, blank) : panelView(host, panel);
  return html`<div class="one">${size.wide || !configured ? blank : one}</div>
    ${!size.wide && configured
      ? [host.panels?.activities(host), tabs(host, TABS, host.tab)]
      : nothing}`;
}

/** @param {RtkModerator} host @param {unknown} blank The content without a list. */
function people(host, blank) {
  return html`<div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-people">
    ${blank ?? list(host)}
  </div>`;
}

/** @param {RtkModerator} host @param {View} panel */
function panelView(host, panel) {
  const views = {
    people: () => nothing,
    room: () => meetingControls(host),
    polls: () => host.panels?.pollsView(host) ?? loading(host),
    timeline: () => host.panels?.timelineView(host) ?? loading(host),
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
    const place = shown.indexOf(chosen) + (host.fmt.dir === 'rtl' ? -by : by);
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
