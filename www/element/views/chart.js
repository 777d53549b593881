// A chart of participants over time, with the moderators' actions: paths that the style sheet colours, stretched over
// their place, and labels beside them. A library would add a third to the page.

import { html } from 'lit';

/**
 * @import { Entry } from '../types.js'
 * @import { Formats } from '../model/format.js'
 */

/** The paths' own units: thousandths of the width, and per cent of the height. Changes closer than one of them are one. */
const [WIDE, HIGH] = [1000, 100];
/** The most labels beside the chart, and the width of one below it, in px. */
const [LABELS, APART] = [5, 72];
/** Possible steps of the axes: seconds, and counts. */
const SECONDS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/**
 * @param {[number[], number[]]} line Seconds since 1970, and the number of participants from then on.
 * @param {number} peak
 * @param {Entry[]} actions
 * @param {Formats} fmt
 * @param {number} width In px.
 */
export function chart([times, counts], peak, actions, fmt, width) {
  const [from, last] = [times[0], times[times.length - 1]];
  const to = Math.max(from + 1, last);
  const most = Math.ceil(Math.max(1, peak) * 1.1);
  const x = (/** @type {number} */ at) => Math.round(((at - from) / (to - from)) * WIDE);
  const y = (/** @type {number} */ count) => (1 - count / most) * HIGH;
  // The count stays until the next change.
  const steps = [...new Map(times.map((at, i) => [x(at), y(counts[i])]))];
  const drawn = steps.map(([x, y], i) => `${i ? `H${x}V` : 'M0 '}${y}`).join('');
  const rows = ticks(0, most, COUNTS, LABELS);
  const clock = ticks(from, to, SECONDS, Math.max(1, width / APART));
  // In a short range, labels need seconds.
  const label = clock[1] - clock[0] < 60 ? fmt.exact : fmt.time;
  const rules = [
    ...rows.map((count) => `M0 ${y(count)}H${WIDE}`),
    ...clock.map((at) => `M${x(at)} 0V${HIGH}`),
  ];
  const shown = actions.filter(
    ({ at, outcome }) => outcome !== 'refused' && at / 1000 >= from && at / 1000 <= to,
  );
  const marks = (/** @type {boolean} */ harsh, /** @type {string} */ drawn) =>
    shown
      .filter(({ operation = '' }) => ['kick', 'kickAll', 'ban'].includes(operation) === harsh)
      .map(({ at }) => `M${x(at / 1000)} 0${drawn}`)
      .join('');
  return html`<svg viewBox=${`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none">
      <path d=${rules.join('')} />
      <path class="area" d=${`${drawn}V${HIGH}H0`} />
      <path class="line" d=${drawn} />
      <path class="mild mark" d=${marks(false, 'V100')} />
      <path class="mild dot" d=${marks(false, 'h0')} />
      <path class="harsh mark" d=${marks(true, 'V100')} />
      <path class="harsh dot" d=${marks(true, 'h0')} />
    </svg>
    ${rows.map((count) => html`<span .style=${`top:${y(count)}%`}>${fmt.n(count)}</span>`)}
    ${clock.map((at) => html`<time .style=${`left:${x(at) / 10}%`}>${label(at * 1000)}</time>`)}`;
}

/**
 * The positions of an axis's labels, up to a maximum number.
 *
 * @param {number} from
 * @param {number} to
 * @param {number[]} steps
 * @param {number} most
 */
function ticks(from, to, steps, most) {
  const longest = steps[steps.length - 1];
  const step =
    steps.find((step) => (to - from) / step <= most) ??
    longest * Math.ceil((to - from) / longest / most);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}
