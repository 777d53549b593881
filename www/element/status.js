// The status, always visible: the state of the meeting, the age of the data, problems and retries. Old data is
// never shown without a warning.

import { html, nothing } from 'lit';
import { reason } from './outcomes.js';
import { icons } from './icons.js';

/** @import { RtkModerator } from './moderator.js' */

/** The time before a grant's end that shows a warning, and the age of old data, in ms. */
export const [ENDS_SOON, OLD] = [10 * 60_000, 15_000];

/** @param {RtkModerator} host */
export function header(host) {
  const { t, fmt, state, claims: grant } = host;
  const { phase, locked, title, present, at, trouble } = state;
  const age = at === null ? null : Math.max(0, host.wallNow - at);
  // After a failed refresh the data is not up to date, even if it is new.
  const stale = trouble || host.problem || (age ?? 0) > OLD;
  const left = grant.exp === null ? null : grant.exp - host.wallNow;
  return html`
    <header class="top" part="header">
      <h1><bdi>${title || t.untitled}</bdi></h1>
      <span class="badge ${phase}">${t.phase[phase]}</span>
      ${locked ? html`<span class="badge locked">${icons.lock} ${t.locked}</span>` : nothing}
      <span class="space"></span>
      ${state.session
        ? html`<span class="fact big"><b>${fmt.n(present)}</b> ${t.inNow}</span>`
        : nothing}
      <span class="fact ${stale ? 'stale' : ''}">
        ${age === null
          ? t.noData
          : stale
            ? t.dataAge(age)
            : html`<span class="pulse"></span> ${t.upToDate}`}
      </span>
      ${left !== null
        ? html`<span class="fact wide ${left < ENDS_SOON ? 'stale' : ''}">
            ${icons.clock} ${left > 0 ? t.grantEndsIn(left) : t.grantEnded}
          </span>`
        : nothing}
      <button
        type="button"
        class="quiet icon-only"
        aria-label=${t.shortcuts}
        title=${`${t.shortcuts} (?)`}
        @click=${() => host.sheet.open()}
      >
        ${icons.keys}
      </button>
    </header>
  `;
}

/** The problems, one per line. @param {RtkModerator} host */
export function banners(host) {
  const { t, state, claims: grant, problem } = host;
  const { trouble, nextAt, phase } = state;
  const now = host.wallNow;
  const lines = [];
  const ended = grant.exp !== null && grant.exp <= now;
  if (problem) lines.push(banner('bad', icons.warning, problem));
  if (ended) lines.push(banner('bad', icons.clock, t.grantEndedLong));
  else if (grant.exp !== null && grant.exp - now < ENDS_SOON)
    lines.push(banner('warn', icons.clock, t.grantEndsSoon(grant.exp - now)));
  if (trouble && !problem) {
    /** @type {any} */
    const { status } = trouble.error ?? {};
    const icon = status === 429 ? icons.clock : status ? icons.warning : icons.offline;
    const next = [401, 403, 429].includes(status)
      ? ''
      : t.nextLook(Math.max(0, (nextAt ?? now) - now));
    const text = `${troubleSaid(t, state)} ${next}`;
    lines.push(banner(status === 429 ? 'warn' : 'bad', icon, text));
  }
  const age = state.at === null ? 0 : now - state.at;
  if (!trouble && !problem && age > OLD) lines.push(banner('warn', icons.clock, t.noNewer(age)));
  if (phase === 'ended' && state.session && !trouble)
    lines.push(banner('calm', icons.clock, t.endedLong));
  return lines.length ? html`<div class="banners">${lines}</div>` : nothing;
}

/**
 * The reason for old data, for sight and for screen readers.
 *
 * @param {RtkModerator['t']} t
 * @param {RtkModerator['state']} state
 */
export function troubleSaid(t, { trouble, nextAt }) {
  if (!trouble) return '';
  /** @type {any} */
  const error = trouble.error;
  if (error?.status === 429) return t.limited(nextAt);
  if ([401, 403].includes(error?.status)) return `${t.refused} ${reason(error)}`;
  if (error?.status) return `${t.cannotRead(trouble.since)} ${reason(error)}.`;
  return `${t.lost(trouble.since)} (${reason(error)})`;
}

/** @param {string} mood @param {unknown} icon @param {string} text */
const banner = (mood, icon, text) =>
  html`<p class="banner ${mood}">${icon} <span>${text}</span></p>`;

/** The content in place of a list. @param {RtkModerator} host */
export function instead(host) {
  const { t, state } = host;
  if (!host.configured) return blank(icons.people, t.notConfigured, t.notConfiguredText);
  if (state.phase === 'loading') return blank(html`<span class="spinner"></span>`, t.loading, '');
  if (state.phase === 'waiting') return blank(icons.clock, t.notStarted, t.notStartedText);
  if (state.phase === 'failing' && !state.session)
    return blank(
      /** @type {any} */ (state.trouble?.error)?.status ? icons.warning : icons.offline,
      ...[t.cannotOpen, t.cannotOpenText],
    );
  return null;
}

/** @param {unknown} icon @param {string} title @param {string} text */
const blank = (icon, title, text) => html`
  <section class="blank" part="people">
    ${icon}
    <h2>${title}</h2>
    <p class="muted">${text}</p>
  </section>
`;
