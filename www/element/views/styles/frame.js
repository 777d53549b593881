// The layout: columns, panels and tabs, also in a small window.

import { css } from './css.js';

export const frame = css`
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) clamp(340px, 30%, 420px);
    flex: 1;
    min-block-size: 0;
  }
  .app,
  .one,
  .panel,
  .participants,
  .side {
    position: relative;
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
  }
  .side {
    background: var(--surface);
    border-inline-start: 1px solid var(--line);
  }
  .scroll {
    overflow: auto;
    padding: 16px;
    background: var(--surface);
    overscroll-behavior: contain;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
  }
  .tabs {
    display: flex;
    padding-inline: 8px;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .tabs button {
    flex: 1;
    min-block-size: 46px;
    padding: 4px 8px;
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--muted);
    box-shadow: inset 0 -2px transparent;
  }
  .tabs button[aria-selected='true'] {
    color: var(--accent);
    box-shadow: inset 0 -2px currentcolor;
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
  }
  /* Messages above and below the list leave a part of it: if they have no room, the whole element scrolls. */
  .app:not(.wide) {
    overflow: auto;
  }
  .app:not(.wide) :is(.one:has(.grid), .panel:not(.scroll), .participants) {
    min-block-size: auto;
  }
  .app:not(.wide) > .tabs {
    position: sticky;
    inset-block-end: 0;
    z-index: 2;
    padding-block-end: env(safe-area-inset-bottom);
    border-block: 1px solid var(--line);
    border-block-end: 0;
  }
  .app:not(.wide) > .tabs button {
    flex-direction: column;
    gap: 2px;
    min-block-size: 56px;
    box-shadow: inset 0 2px transparent;
  }
  .app:not(.wide) > .tabs span {
    font-size: 0.86em;
  }
  .app:not(.wide) > .tabs button[aria-selected='true'] {
    box-shadow: inset 0 2px currentcolor;
  }
  .blank {
    display: grid;
    flex: 1;
    place-content: center;
    justify-items: center;
    gap: 8px;
    padding: 32px 16px;
    text-align: center;
  }
  .blank > .icon {
    inline-size: 40px;
    block-size: 40px;
    margin-block-end: 8px;
    color: var(--muted);
    stroke-width: 1.25;
  }
  .blank > .spinner {
    inline-size: 32px;
    block-size: 32px;
    margin-block-end: 8px;
  }
  .blank p {
    max-inline-size: 44ch;
    text-wrap: balance;
  }
  /* A small window or a large zoom: the whole element scrolls. */
  .short {
    display: block;
    overflow: auto;
  }
  .short :is(.one, .panel, .participants, .side) {
    display: block;
  }
  .short .grid {
    block-size: 220px;
  }
  .short .scroll {
    overflow: visible;
  }
  .short .columns {
    min-block-size: 100%;
  }
  .app.short > .tabs button {
    min-block-size: 40px;
  }
`;
