// The shared styles of the panels, and the meeting panel.

import { css } from './css.js';

export const panels = css`
  .stack {
    display: grid;
    gap: 24px;
    grid-template-columns: minmax(0, 1fr);
    inline-size: 100%;
    max-inline-size: 640px;
    margin-inline: auto;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(92px, auto));
    gap: 16px 20px;
  }
  dt {
    color: var(--muted);
    font-size: 0.9em;
  }
  .facts .whole {
    grid-column: 1 / -1;
  }
  .facts dd {
    font-size: 1.1em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .control {
    display: grid;
    gap: 4px;
    padding-block-start: 16px;
    border-block-start: 1px solid var(--line);
  }
  .control .buttons {
    margin-block-start: 8px;
  }
  .stack > .control + .control {
    margin-block-start: -8px;
  }
  .note {
    display: flex;
    gap: 8px;
    align-items: start;
    padding: 10px 12px;
    border-radius: var(--radius);
  }
`;
