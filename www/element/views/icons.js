// The icons: strokes on a grid of 24, in the colour of the text. They are decorative: each button also has
// a text.

import { html } from 'lit';

const paths = {
  search: 'M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13ZM20 20l-4.9-4.9',
  mute: 'M3 3l18 18M9 9v3a3 3 0 0 0 5 2.2M15 9.5V6a3 3 0 0 0-5.7-1.3M5 11a7 7 0 0 0 11.5 5.4M19 11a7 7 0 0 1-.6 2.8M12 18v3',
  kick: 'M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M10 12h10M16.5 8.5 20 12l-3.5 3.5',
  ban: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM5.7 5.7l12.6 12.6',
  lock: 'M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  unlock: 'M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 6.8-1.2',
  participants:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.4c2.1.8 3.5 2.8 3.5 5.6',
  meeting: 'M4 20V5a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v15M2.5 20h19M16 8h3a1 1 0 0 1 1 1v11M12.5 12v.5',
  polls: 'M5 20V10M12 20V4M19 20v-7',
  timeline: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 7.5V12l3 2',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 4.5v5M8 14.5v5',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6Z',
  moderators:
    'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 1 0-6 3 3 0 0 1 0 6Z',
  freeze: 'M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9.5 4.5 12 7l2.5-2.5M9.5 19.5 12 17l2.5 2.5',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  done: 'M5 12.5 10 17.5 19.5 7',
  warning: 'M12 4 2.8 20h18.4ZM12 10v4.5M12 17.3v.2',
  offline:
    'M3 3l18 18M8.5 15.6a5 5 0 0 1 5.6-.7M5 12a10 10 0 0 1 4.3-2.5M19 12a10 10 0 0 0-5.3-2.8M2 8.5a15 15 0 0 1 3.8-2.3M22 8.5A15 15 0 0 0 10 5.1M12 19v.1',
  clock: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 7.5V12l3 2',
  more: 'M5 11.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1ZM12 11.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1ZM19 11.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1Z',
  up: 'M12 19V6M6.5 11.5 12 6l5.5 5.5',
  down: 'M12 5v13M6.5 12.5 12 18l5.5-5.5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
};

export const icons = /** @type {Record<keyof typeof paths, import('lit').TemplateResult>} */ (
  Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [
      name,
      html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`,
    ]),
  )
);
