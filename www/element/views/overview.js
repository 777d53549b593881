// The overview: the live meetings of the app, for a grant that is for all of them.

import { html, nothing } from 'lit';
import { icons } from './icons.js';
import { muted, note } from './parts.js';

/** @import { RtkModerator } from '../moderator.js' */
/** @import { LiveMeeting } from '../controllers/overview-controller.js' */

/** @param {RtkModerator} host */
export function overview(host) {
  const { t } = host;
  const { meetings, problem } = host.overview;
  return html`
    <section class="overview" aria-labelledby="overview-title" part="overview">
      <h1 id="overview-title">${t.allMeetings}</h1>
      ${problem ? note(icons.warning, t.problem(problem)) : nothing}
      ${
        meetings === null
          ? problem
            ? nothing
            : html`<span class="spinner"></span>`
          : meetings.length
            ? html`<ul>
                ${meetings.map((meeting) => entry(host, meeting))}
              </ul>`
            : muted(t.noMeetings)
      }
    </section>
  `;
}

/** @param {RtkModerator} host @param {LiveMeeting} meeting */
const entry = (host, { id, title, present, started }) =>
  html`<li>
    <button type="button" @click=${() => host.navigation.openMeeting(id)}>
      <span class="title"><bdi>${title || host.t.untitled}</bdi></span>
      <span>${host.t.here(present)}</span>
      <span class="muted">${host.t.since} ${host.fmt.since(started, host.now)}</span>
    </button>
  </li>`;
