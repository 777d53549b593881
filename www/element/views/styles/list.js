// The list of participants: its tools, the grid, and the bar for selected participants.

import { css } from './css.js';

export const list = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .participants > .tools {
    padding: 10px 16px;
  }
  .search {
    position: relative;
    flex: 1 1 180px;
  }
  .search .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 10px;
    margin-block: auto;
    color: var(--muted);
    pointer-events: none;
  }
  .search input {
    padding-inline-start: 36px;
  }
  .search:has(.matches) input {
    padding-inline-end: 8em;
  }
  .matches {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 2.4em;
    display: grid;
    align-items: center;
    color: var(--muted);
    font-size: 0.9em;
    pointer-events: none;
  }
  .order {
    display: flex;
    gap: 4px;
    align-items: center;
  }
  .all-box {
    display: grid;
    place-items: center;
  }
  .pick {
    max-inline-size: 220px;
  }
  .grid {
    flex: 1;
    min-block-size: 120px;
    overflow: auto;
    contain: strict;
    overscroll-behavior: contain;
    background: var(--surface);
    border-block-start: 1px solid var(--line);
    scrollbar-width: thin;
    scrollbar-color: var(--strong-line) transparent;
  }
  /* The row that the keys act on shows where the focus is. */
  .grid:focus-visible {
    outline: none;
  }
  .grid:focus-visible:not([aria-activedescendant]) {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .heads {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .rows {
    position: relative;
  }
  .empty {
    display: block;
    padding: 48px 16px;
    text-align: center;
    color: var(--muted);
  }
  .empty button {
    margin-block-start: 12px;
    color: var(--text);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding: 10px 16px;
    background: var(--raised);
    border-block-start: 1px solid var(--line);
    box-shadow: 0 -4px 16px rgb(0 0 0 / 8%);
  }
  .bar p {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
  }
`;
