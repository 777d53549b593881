// The layout: the header, the list beside or instead of a panel, the tabs, and the dialogs.

import { html, nothing } from 'lit';
import { icons } from './icons.js';
import { list } from './list.js';
import { meetingControls } from './meeting-controls.js';
import { note } from './parts.js';
import { banners, header, placeholder } from './status.js';

/** @import { View } from '../controllers/navigation-controller.js' */
/** @import { RtkModerator } from '../moderator.js' */

const TABS = /** @type {const} */ (['participants', 'meeting', 'polls', 'timeline']);

/** @param {RtkModerator} host */
export function layout(host) {
  const { wide, narrow, short } = host.size;
  const size = wide ? 'wide' : narrow ? 'narrow' : 'middle';
  const kind = `${size} ${short ? 'short' : ''} ${host.participants.verbs.length ? '' : 'read-only'}`;
  const { views } = host.panels;
  // A browser's translation would replace the texts, which could not change any more.
  return html`
    <div class="app ${kind}" lang=${host.fmt.lang} dir=${host.fmt.dir} translate="no">
      ${
        host.navigation.choosing
          ? [views?.overview(host) ?? loading(host), views?.activities(host)]
          : [host.configured ? [header(host), banners(host)] : nothing, content(host)]
      }
      ${
        views
          ? [views.confirmDialog(host), views.detailsDialog(host), views.settingsDialog(host)]
          : nothing
      }
      <div class="sr" role="status" aria-live="polite">${host.announcement}</div>
    </div>
  `;
}

/** @param {RtkModerator} host */
const loading = ({ panels, t }) =>
  panels.failed
    ? note(icons.warning, t.notLoaded)
    : html`<section class="blank"><span class="spinner"></span></section>`;

/** @param {RtkModerator} host */
function content(host) {
  const { size, configured } = host;
  const { panel } = host.navigation;
  const { phase, missing, session } = host.state;
  const blank = placeholder(host);
  // There is no such meeting, or it could never be read.
  const closed = !configured || (!session && (missing || phase === 'failing'));
  if (size.wide && !closed && (!blank || phase === 'waiting'))
    return html`<div class="columns">
      ${blank ?? list(host)}
      <aside class="side" part="panel">
        ${tabs(
          host,
          TABS.filter((tab) => tab !== 'participants'),
          panel,
        )}
        ${panelView(host, panel)} ${host.panels.views?.activities(host)}
      </aside>
    </div>`;
  return html`<div class="one">
      ${size.wide || closed ? blank : panelView(host, host.navigation.tab, blank)}
    </div>
    ${
      !size.wide && !closed
        ? [host.panels.views?.activities(host), tabs(host, TABS, host.navigation.tab)]
        : nothing
    }`;
}

/** @param {RtkModerator} host @param {View} panel @param {unknown} [blank] The content without a list. */
function panelView(host, panel, blank) {
  const isList = panel === 'participants';
  const views = {
    participants: () => blank ?? list(host),
    meeting: () => meetingControls(host),
    polls: () => host.panels.views?.pollsView(host) ?? loading(host),
    timeline: () => host.panels.views?.timelineView(host) ?? loading(host),
  };
  return html`<div
    class="panel ${isList ? '' : 'scroll'}"
    role="tabpanel"
    id="panel"
    tabindex=${isList ? nothing : 0}
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
    host.navigation.go(to).then(() => host.focusOn(`#tab-${to}`));
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
          @click=${() => host.navigation.go(tab)}
        >
          ${icons[tab]} <span>${host.t.tab[tab]}</span>
        </button>`,
    )}
  </div>`;
}
