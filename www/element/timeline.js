// The activity panel: joins, leaves and actions as a list, a chart and files.

import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { afterFrame } from './frames.js';
import { comings, deeds, merged, namesOf, presence, toCSV, toJSON } from './history.js';
import { icons } from './icons.js';
import { timeOf } from './people.js';

/**
 * @import { Entry } from './types.js'
 * @import { RtkModerator } from './moderator.js'
 */

const [PAGE, NAMES] = [50, 3];
/** The number of chart updates without changes. More would not be visible. */
const STEPS = 600;

export class Timeline {
  /** @type {'all' | 'people' | 'actions'} */
  #show = 'all';
  #most = PAGE;
  /** @type {unknown[]} What the deeds were made of. */
  #madeOf = [];
  /** @type {unknown} And the comings. */
  #people;
  /** @type {{ comings: Entry[], deeds: Entry[], all: Entry[] }} */
  #made = { comings: [], deeds: [], all: [] };
  /** @type {import('./chart.js').Chart | null} */
  #chart = null;
  #loading = false;
  #noChart = false;

  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
  }

  /** All entries, newest first. Cached until something changes. */
  get entries() {
    const { people } = this.host.state;
    const done = this.#deeds();
    if (people !== this.#people || done !== this.#made.deeds) {
      const came = people === this.#people ? this.#made.comings : comings(people);
      this.#made = { comings: came, deeds: done, all: merged(done, came) };
      this.#people = people;
    }
    return this.#made;
  }

  /** The actions of moderators. Cached until an action or a name is new. */
  #deeds() {
    const { state, audit, actions, claims: grant, t } = this.host;
    const { people, session } = state;
    const settled = actions.list.filter(({ running }) => !running).length;
    const madeOf = [audit.version, actions.list, settled, people.length, session?.id, t];
    if (!madeOf.some((part, i) => part !== this.#madeOf[i])) return this.#made.deeds;
    this.#madeOf = madeOf;
    const started = timeOf(session?.started_at);
    const self = grant.name ?? grant.sub ?? t.you;
    const own = actions.list.filter((action) => !(action.at + state.ahead < started));
    // The audit log covers the whole meeting. Keep the records of this session.
    const records = audit.records.filter(({ time }) => !(timeOf(time) < started));
    return deeds(records, own, namesOf(people), self, grant.sub, state.ahead);
  }

  /** @param {string} kind @param {string} text */
  #save(kind, text) {
    const stamp = new Date(this.host.now).toISOString().slice(0, 16).replaceAll(':', '');
    const url = URL.createObjectURL(new Blob([text], { type: kind }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `timeline-${stamp}.${kind.includes('json') ? 'json' : 'csv'}`;
    link.click();
    // The download has started by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  render() {
    const { host } = this;
    const { t } = host;
    const entries = this.#shown();
    const shown = { all: entries.all, people: entries.comings, actions: entries.deeds }[this.#show];
    const shows = /** @type {const} */ ([
      ['all', t.everything],
      ['people', t.comings],
      ['actions', t.deeds],
    ]);
    return html`
      <div class="stack">
        ${this.#figure()}
        <div class="tools">
          <fieldset class="segments">
            <legend class="sr">${t.show}</legend>
            ${shows.map(
              ([show, text]) =>
                html`<label>
                  <input
                    type="radio"
                    name="timeline"
                    .checked=${live(this.#show === show)}
                    @change=${() => {
                      this.#show = show;
                      this.#most = PAGE;
                      host.requestUpdate();
                    }}
                  />
                  <span>${text}</span>
                </label>`,
            )}
          </fieldset>
          <span class="buttons">
            <button
              type="button"
              ?disabled=${!entries.all.length}
              @click=${() => this.#save('text/csv;charset=utf-8', toCSV(this.entries.all))}
            >
              ${icons.download} CSV
            </button>
            <button
              type="button"
              ?disabled=${!entries.all.length}
              @click=${() => this.#save('application/json', toJSON(this.entries.all))}
            >
              ${icons.download} JSON
            </button>
          </span>
        </div>
        ${this.#auditWord()}
        ${shown.length
          ? html`<ol class="events">
              ${guard([shown, this.#most, t], () =>
                repeat(
                  shown.slice(0, this.#most),
                  (entry) => entry,
                  (entry) => this.#entry(entry),
                ),
              )}
            </ol>`
          : html`<p class="muted">${t.nothingYet}</p>`}
        ${shown.length > this.#most
          ? html`<button
              type="button"
              @click=${() => {
                this.#most += PAGE;
                host.requestUpdate();
              }}
            >
              ${t.older(shown.length - this.#most)}
            </button>`
          : nothing}
      </div>
    `;
  }

  /** Renders one frame after the list. */
  #shown() {
    const { entries } = this;
    if (entries.deeds !== this.#followed?.deeds) this.#followed = entries;
    else if (entries !== this.#followed && !this.#follows) {
      this.#follows = true;
      afterFrame(() => {
        this.#follows = false;
        this.#followed = this.entries;
        this.host.requestUpdate();
      });
    }
    return this.#followed;
  }
  /** @type {Timeline['entries'] | undefined} */
  #followed;
  #follows = false;

  #auditWord() {
    const { host } = this;
    const { t, audit } = host;
    if (!host.can('audit') || audit.refused) return html`<p class="muted">${t.noAudit}</p>`;
    return audit.trouble
      ? html`<p class="note">${icons.warning} ${t.auditTrouble(audit.trouble)}</p>`
      : nothing;
  }

  /** @param {Entry} entry */
  #entry({ at, kind, person, operation, by, whom = [], outcome, detail }) {
    const { host } = this;
    const { t, fmt } = host;
    if (kind !== 'action' && person)
      return html`<li class=${kind}>
        <time>${fmt.exact(at)}</time>
        <p title=${host.nameOf(person)}><bdi>${host.nameOf(person)}</bdi> ${t.event[kind]}</p>
      </li>`;
    const names = whom.slice(0, NAMES).map((name, i) => html`${i ? ', ' : ''}<bdi>${name}</bdi>`);
    const all = whom.slice(0, NAMES).join(', ');
    const more = whom.length > NAMES ? t.andMore(whom.length - NAMES) : '';
    return html`<li class="action ${outcome}">
      <time>${fmt.exact(at)}</time>
      <p>
        <b>${t.deed(operation ?? '')}</b>
        ${whom.length ? html`<span title=${all}>${names} ${more}</span>` : nothing}
        ${detail ? html`<span class="detail" title=${detail}><bdi>${detail}</bdi></span>` : nothing}
        <span class="muted" title=${by ?? ''}
          ><bdi>${by}</bdi>${outcome && outcome !== 'done'
            ? html` · ${t.fate(outcome)}`
            : nothing}</span
        >
      </p>
    </li>`;
  }

  #figure() {
    const { t, fmt } = this.host;
    if (this.#noChart) return html`<p class="note">${icons.warning} ${t.noChart}</p>`;
    const [times, counts] = this.#line();
    const most = counts.reduce((most, count) => Math.max(most, count), 0);
    const now = counts.at(-1) ?? 0;
    const label = times.length ? t.chart(now, most) : t.chartEmpty;
    return html`<figure class="chart">
      <figcaption>
        ${t.peopleOverTime}
        <span class="muted">${times.length ? t.mostAtOnce(most) : nothing}</span>
      </figcaption>
      <div class="plot" role="img" aria-label=${label}></div>
    </figure>`;
  }

  /** @returns {[number[], number[]]} */
  #line() {
    const { host } = this;
    const made = this.#followed ?? this.entries;
    const live = host.state.phase === 'live';
    const step = Math.max(1000, (host.now - (made.comings.at(-1)?.at ?? 0)) / STEPS);
    const now = live ? Math.ceil(host.now / step) * step : 0;
    if (this.#drawn?.made !== made || this.#drawn.now !== now)
      this.#drawn = { made, now, line: presence(host.state.people, now) };
    return this.#drawn.line;
  }

  /** @type {{ made: unknown, now: number, line: [number[], number[]] } | undefined} */
  #drawn;

  /** Updates or removes the chart, after each render. */
  updated() {
    const { host } = this;
    const place = /** @type {HTMLElement | null} */ (host.renderRoot.querySelector('.plot'));
    if (!place) {
      this.#chart?.destroy();
      this.#chart = null;
    } else if (this.#chart && this.#chart.place === place) {
      this.#chart.show(this.#line(), this.entries.deeds, host.t.deed, host.fmt);
    } else if (!this.#loading) this.#load();
  }

  /** Loads the chart when it is first shown. */
  async #load() {
    this.#loading = true;
    try {
      const { Chart } = await import('./chart.js');
      const place = /** @type {HTMLElement | null} */ (this.host.renderRoot.querySelector('.plot'));
      this.#chart?.destroy();
      this.#chart = place && new Chart(place, afterFrame);
    } catch {
      this.#noChart = true;
    }
    this.#loading = false;
    this.host.requestUpdate();
  }

  disconnected() {
    this.#chart?.destroy();
    this.#chart = null;
  }
}
