// A chart of participants over time, with the moderators' actions, on a canvas. A library would add a third to the
// page.

import { afterPaint } from './after-paint.js';

/**
 * @import { Entry } from '../types.js'
 * @import { Formats } from '../model/format.js'
 */

/** In CSS pixels: the size, and the space of the axes. */
const HEIGHT = 160;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 20, 8, 26];
/** How long the theme's colours are cached. */
const THEME_MS = 10_000;
/** The smallest distance between two labels. */
const [APART_X, APART_Y] = [72, 28];
/** Possible steps of the axes: seconds, and counts. */
const SECONDS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

export class Chart {
  /** @type {[number[], number[]]} Seconds since 1970, and the number of participants from then on. */
  #line = [[], []];
  /** @type {Entry[]} */
  #actions = [];
  /** @type {Formats | undefined} */
  #fmt;
  #width = 0;
  /** @type {string[]} The theme's colours, cached because computing them is slow. */
  #colours = [];
  #colouredAt = 0;
  #due = false;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.canvas = place.appendChild(document.createElement('canvas'));
    this.resized = new ResizeObserver(([{ contentRect }]) => {
      this.#width = contentRect.width;
      this.#draw();
    });
    this.resized.observe(place);
    // A canvas does not follow changes of the theme: draw again.
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.scheme.addEventListener('change', this.#recolour);
  }

  /**
   * @param {[number[], number[]]} line
   * @param {Entry[]} actions
   * @param {Formats} fmt
   */
  show(line, actions, fmt) {
    if (this.#line === line && this.#actions === actions && this.#fmt === fmt) return;
    [this.#line, this.#actions, this.#fmt] = [line, actions, fmt];
    if (this.#due) return;
    this.#due = true;
    // After the frame that shows everything else.
    afterPaint(() => {
      this.#due = false;
      this.#draw();
    });
  }

  #recolour = () => {
    this.#colouredAt = 0;
    this.#draw();
  };

  #draw = () => {
    const { canvas } = this;
    const fmt = this.#fmt;
    const [times, counts] = this.#line;
    const width = this.#width;
    const ctx = canvas.getContext('2d');
    if (!width || !ctx || !fmt) return;
    const dense = devicePixelRatio;
    canvas.width = Math.round(width * dense);
    canvas.height = Math.round(HEIGHT * dense);
    if (!times.length) return;
    ctx.scale(dense, dense);
    const [text, grid, accent, danger, warn, font] = this.#theme();
    const [from, to] = [times[0], Math.max(times[0] + 1, times[times.length - 1])];
    const most = Math.max(1, Math.ceil(counts.reduce((a, b) => Math.max(a, b), 0) * 1.1));
    const [wide, high] = [width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
    const x = (/** @type {number} */ at) => LEFT + ((at - from) / (to - from)) * wide;
    const y = (/** @type {number} */ count) => TOP + (1 - count / most) * high;

    ctx.font = `11px ${font}`;
    ctx.fillStyle = text;
    ctx.strokeStyle = grid;
    const rule = (/** @type {number[]} */ ...[x1, y1, x2, y2]) => {
      ctx.beginPath();
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.stroke();
    };
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    for (const count of ticks(0, most, COUNTS, high / APART_Y)) {
      rule(LEFT, y(count), width - RIGHT, y(count));
      ctx.fillText(fmt.n(count), LEFT - 8, y(count));
    }
    ctx.textAlign = 'center';
    ctx.textBaseline = 'bottom';
    const clock = ticks(from, to, SECONDS, wide / APART_X);
    // In a short range, labels need seconds.
    const label = clock[1] - clock[0] < 60 ? fmt.exact : fmt.time;
    for (const at of clock) {
      rule(x(at), TOP, x(at), TOP + high);
      ctx.fillText(label(at * 1000), x(at), HEIGHT - 4);
    }

    // A step chart: the count stays until the next change.
    ctx.beginPath();
    ctx.moveTo(x(from), y(counts[0]));
    times.forEach((at, i) => {
      ctx.lineTo(x(at), y(counts[Math.max(0, i - 1)]));
      ctx.lineTo(x(at), y(counts[i]));
    });
    ctx.strokeStyle = accent;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.lineTo(x(times[times.length - 1]), y(0));
    ctx.lineTo(x(from), y(0));
    ctx.fillStyle = accent;
    ctx.globalAlpha = 0.14;
    ctx.fill();
    ctx.globalAlpha = 1;

    // A line for each action.
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 3]);
    for (const { at, operation, outcome } of this.#actions) {
      if (outcome === 'refused' || !(at / 1000 >= from && at / 1000 <= to)) continue;
      const harsh = ['kick', 'kickAll', 'ban'].includes(operation ?? '');
      ctx.strokeStyle = ctx.fillStyle = harsh ? danger : warn;
      rule(x(at / 1000), TOP, x(at / 1000), TOP + high);
      ctx.beginPath();
      ctx.arc(x(at / 1000), TOP + 3, 3, 0, 2 * Math.PI);
      ctx.fill();
    }
  };

  /** The theme's colours and font in a form for a canvas, with `light-dark()` resolved. */
  #theme() {
    if (performance.now() - this.#colouredAt < THEME_MS && this.#colouredAt) return this.#colours;
    this.#colouredAt = performance.now();
    const probe = this.place.appendChild(document.createElement('i'));
    const { style } = probe;
    const colours = ['--muted', '--line', '--accent', '--danger', '--warn'].map((name) => {
      style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    });
    this.#colours = [...colours, getComputedStyle(probe).fontFamily];
    probe.remove();
    return this.#colours;
  }

  destroy() {
    this.resized.disconnect();
    this.scheme.removeEventListener('change', this.#recolour);
    this.canvas.remove();
  }
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
