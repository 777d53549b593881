// The state of the meeting and its data: the header, the banners, and the content in place of a list.

import { html, nothing } from 'lit';
import { ageOf, pausedUntil } from '../model/meeting.js';
import { others } from '../model/moderators.js';
import { problemOf } from '../model/outcomes.js';
import { icons } from './icons.js';
import { button, closeButton, iconButton, muted } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */

/** The age of data that is live, and of old data, in ms. */
const [LIVE, OLD] = [5000, 15_000];
/** The names of moderators in the header, and their length in all. */
const [NAMES, LONGEST] = [2, 32];

/** The status of the last failed refresh. @param {RtkModerator} host @returns {number | undefined} */
const statusOf = ({ state }) => /** @type {any} */ (state.trouble?.error)?.status;

/** @param {RtkModerator} host */
export function header(host) {
  const { t, fmt, state, access, size } = host;
  const { phase, locked, title, present, trouble, missing } = state;
  const age = ageOf(state, host.clock.deviceNow);
  // After a failed refresh the data is not up to date, even if it is new.
  const old = (age ?? 0) > OLD;
  const stale = trouble || host.watch.problem || old;
  const { left } = access;
  // Old data does not say that the meeting is live now.
  const shown = missing ? 'failing' : old && phase === 'live' ? '' : phase;
  // Before and after a meeting, only old data is worth a word.
  const quiet = stale ? age === null : phase === 'waiting' || phase === 'ended';
  return html`
    <header class="top" part="header">
      ${
        host.navigation.mayChoose
          ? iconButton(
              icons.back,
              t.allMeetings,
              () => host.navigation.openMeeting(undefined),
              t.allMeetings,
            )
          : nothing
      }
      <h1><bdi>${title || t.untitled}</bdi></h1>
      ${shown && html`<span class="badge ${shown}">${t.phase[shown]}</span>`}
      ${locked ? html`<span class="badge locked">${icons.lock} ${t.locked}</span>` : nothing}
      <span class="space"></span>
      ${
        state.session
          ? html`<span class="fact big"><b>${fmt.n(present)}</b> ${t.inNow}</span>`
          : nothing
      }
      ${otherModerators(host)}
      ${
        missing || quiet
          ? nothing
          : html`<span class="fact ${stale ? 'stale' : ''}">
              ${
                age === null
                  ? t.noData
                  : stale
                    ? t.dataAge(age)
                    : html`<span class="pulse"></span>
                        ${age < LIVE ? t.upToDate : t.updatedAgo(age)}`
              }
            </span>`
      }
      ${
        left !== null && access.isShown
          ? html`<span class="fact wide ${access.endsSoon ? 'stale' : ''}">
              ${icons.clock} ${left > 0 ? t.grantEndsIn(left) : t.grantEnded}
            </span>`
          : nothing
      }
      ${iconButton(icons.settings, t.settings, () => host.panels.openSettings(), `${t.settings}${size.narrow ? '' : ' (?)'}`)}
    </header>
  `;
}

/** Who else moderates: their names, or how many if there is no place. @param {RtkModerator} host */
function otherModerators({ t, state, claims, size }) {
  const { moderators: names, count } = others(state.moderators, claims.sub);
  if (!count) return nothing;
  const all = t.moderatorNames(names, count - names.length);
  const some = t.moderatorNames(names.slice(0, NAMES), count - Math.min(NAMES, names.length));
  const fits = size.wide && some.length <= LONGEST;
  return html`<span class="fact moderators" title=${all}>
    ${icons.moderators}
    ${
      fits
        ? html`<span class="sr">${t.otherModerators}:</span> <span>${some}</span>`
        : html`<span>${t.moderatorCount(count)}</span>`
    }
  </span>`;
}

/** The problems and alerts, one per line. @param {RtkModerator} host */
export function banners(host) {
  const { t, state, access, alerts, clock } = host;
  const { trouble, nextAt, phase, missing } = state;
  const { problem } = host.watch;
  const { left } = access;
  const now = clock.deviceNow;
  const ended = left !== null && left <= 0;
  const lines = [];
  if (problem) lines.push(banner('bad', icons.warning, problem));
  if (host.getGrant && left !== null && access.endsSoon) {
    // A renewal that takes a moment is no news.
    if (host.renewal.failed) lines.push(banner('warn', icons.clock, t.noGrant));
  } else if (ended) {
    const list = state.participants.length ? ` ${t.listStops}` : '';
    lines.push(banner('bad', icons.clock, t.grantEndedLong + list));
  } else if (left !== null && access.endsSoon)
    lines.push(banner('warn', icons.clock, t.grantEndsSoon(left)));
  const status = statusOf(host);
  const paused = Math.max(clock.limitedUntil, pausedUntil(state));
  if (trouble && !problem && status !== 429) {
    const icon = status ? icons.warning : icons.offline;
    const final = status === 401 || status === 403;
    const wait = Math.max(0, (nextAt ?? now) - now);
    const retry = html`${problemText(host)} ${t.nextRefresh(wait)}
    ${button(t.retryNow, () => host.watch.retry(), 'plain')}`;
    lines.push(banner('bad', icon, final ? problemText(host) : retry));
  }
  if (paused > now) lines.push(banner('warn', icons.clock, t.limited(clock.server(paused))));
  const age = ageOf(state, now) ?? 0;
  if (!trouble && !problem && !ended && age > OLD)
    lines.push(banner('warn', icons.clock, t.noNewer(age)));
  if (phase === 'ended' && state.session && !trouble && !missing)
    lines.push(banner('calm', icons.clock, state.locked ? t.endedLocked : t.endedLong));
  if (host.panels.failed) lines.push(banner('bad', icons.warning, t.notLoaded));
  if (alerts?.list.length) lines.push(alertBanners(host));
  return lines.length ? html`<div class="banners">${lines}</div>` : nothing;
}

/** The newest alert, and the others if they were asked for: they would fill a small screen. @param {RtkModerator} host */
function alertBanners({ t, alerts, panels }) {
  const { list, open } = alerts;
  const more = list.length - 1;
  const rest = html`<button
      type="button"
      class="plain"
      aria-expanded=${open}
      @click=${() => alerts.set({ open: !open })}
    >
      ${t.moreAlerts(more)} ${open ? icons.up : icons.down}
    </button>
    ${open ? button(t.dismissAll, () => alerts.dismiss(...list), 'plain') : nothing}`;
  return (open ? list : list.slice(0, 1)).map((alert, place) => {
    const { participant } = alert;
    const text = t.alert(alert);
    return banner(
      'warn alert',
      icons.warning,
      html`${participant ? button(text, () => panels.openDetails(participant), 'plain') : text}
      ${more && !place ? rest : nothing}`,
      closeButton(t.dismiss, () => alerts.dismiss(alert)),
    );
  });
}

/** Why the data is old, for sight and for screen readers. @param {RtkModerator} host */
export function problemText(host) {
  const { t, state, clock } = host;
  const { trouble, nextAt } = state;
  if (!trouble) return '';
  const status = statusOf(host);
  const problem = problemOf(trouble.error);
  if (status === 429) return t.limited(clock.server(nextAt));
  if (status === 401 || status === 403) return t.problem(problem);
  // A page that the gateway serves has the right address.
  const { gateway } = host.place;
  const { origin } = location;
  if (!status && state.at === null && !gateway.startsWith(`${origin}/`))
    return t.unreachable(gateway, origin);
  const since = clock.server(trouble.since);
  return status ? `${t.cannotRead(since)} ${t.problem(problem)}` : t.lost(since);
}

/** @param {string} mood @param {unknown} icon @param {unknown} text @param {unknown} [more] */
const banner = (mood, icon, text, more = nothing) =>
  html`<p class="banner ${mood}">${icon} <span>${text}</span> ${more}</p>`;

/** The content in place of a list, or null. @param {RtkModerator} host */
export function placeholder(host) {
  const { t, state } = host;
  const { phase, missing } = state;
  if (host.getGrant && host.missing[0] === 'grant')
    return host.renewal.failed
      ? blank(icons.warning, t.cannotOpen, t.noGrant)
      : blank(html`<span class="spinner"></span>`, t.loading, '');
  if (!host.configured) return blank(icons.participants, t.notConfigured, t.missing(host.missing));
  if (missing && !state.session) return blank(icons.search, t.notFound, t.notFoundText);
  if (phase === 'loading') return blank(html`<span class="spinner"></span>`, t.loading, '');
  if (phase === 'waiting') return blank(icons.clock, t.notStarted, t.notStartedText);
  if (phase !== 'failing' || state.session) return null;
  const status = statusOf(host);
  const denied = status === 401 || status === 403;
  return blank(
    status ? icons.warning : icons.offline,
    t.cannotOpen,
    denied ? t.openNewLink : t.keepTrying,
    denied && host.signIn ? button(t.enterByHand, () => host.dispatch('sign-in', {})) : nothing,
  );
}

/** @param {unknown} icon @param {string} title @param {string} text @param {unknown} [more] */
const blank = (icon, title, text, more = nothing) => html`
  <section class="blank" part="participants">
    ${icon}
    <h2>${title}</h2>
    ${muted(text)} ${more}
  </section>
`;
