// The icons: strokes on a grid of 24, in the colour of the text. They are decorative: each button also has
// a text.

import { html } from 'lit';

const paths = {
  search: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14ZM20 20l-5-5',
  mute: 'M3 3l18 18M9 9v3a3 3 0 0 0 5 2M15 10V6a3 3 0 0 0-6-1M5 11a7 7 0 0 0 12 5M19 11a7 7 0 0 1-1 3M12 18v3',
  kick: 'M10 4H5v16h5M10 12h10M16 8l4 4-4 4',
  ban: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM6 6l12 12',
  lock: 'M6 11h12v9H6ZM8 11V8a4 4 0 0 1 8 0v3',
  unlock: 'M6 11h12v9H6ZM8 11V8a4 4 0 0 1 8-1',
  participants:
    'M9 12a4 4 0 1 1 0-8 4 4 0 0 1 0 8ZM3 20a6 5 0 0 1 12 0M16 5a3 3 0 0 1 0 6M17 15a6 5 0 0 1 4 5',
  meeting: 'M4 20V4h12v16M2 20h20M16 8h4v12M12 12v.5',
  polls: 'M5 20V10M12 20V4M19 20v-7',
  timeline: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 7v5l3 2',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M8 14v6',
  shield: 'M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6Z',
  moderators: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7ZM12 15a3 3 0 1 1 0-6 3 3 0 0 1 0 6Z',
  freeze: 'M12 3v18M4 7l16 10M20 7 4 17M9 4l3 3 3-3M9 20l3-3 3 3',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  done: 'M5 12l5 5L20 7',
  warning: 'M12 4 3 20h18ZM12 10v4M12 17v.2',
  offline:
    'M3 3l18 18M9 16a5 5 0 0 1 5-1M5 12a10 10 0 0 1 4-2M19 12a10 10 0 0 0-5-3M2 9a15 15 0 0 1 4-3M22 9a15 15 0 0 0-12-4M12 19v.2',
  clock: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 7v5l3 2',
  more: 'M5 12h.5M12 12h.5M19 12h.5',
  up: 'M12 19V6M6 12l6-6 6 6',
  down: 'M12 5v13M6 12l6 6 6-6',
  download: 'M12 4v12M7 11l5 5 5-5M5 20h14',
};

/** Those that point where the text goes, or where it comes from. */
const directed = ['kick', 'back'];

export const icons = /** @type {Record<keyof typeof paths, import('lit').TemplateResult>} */ (
  Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [
      name,
      html`<svg
        class=${directed.includes(name) ? 'icon directed' : 'icon'}
        viewBox="0 0 24 24"
        aria-hidden="true"
      >
        <path d=${path} />
      </svg>`,
    ]),
  )
);
