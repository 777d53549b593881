// The rows of the list and their cells, in a wide and a narrow element.

import { css } from './css.js';

export const rows = css`
  /* The columns: the checkbox, the participant, and the actions. */
  .app {
    --check: 48px;
    --cells: minmax(150px, 1.4fr) minmax(90px, 1fr) 76px 128px 104px;
    --acts: 122px;
  }
  .middle {
    --cells: minmax(130px, 1.4fr) minmax(80px, 1fr) 128px 104px;
  }
  .narrow {
    --check: 44px;
    --cells: minmax(0, 1fr);
    --acts: 52px;
  }
  .row {
    display: grid;
    grid-template-columns: var(--check) var(--cells) var(--acts);
    align-items: center;
  }
  .rows .row {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    block-size: 44px;
    border-block-end: 1px solid color-mix(in srgb, var(--line) 60%, transparent);
    contain: layout style;
  }
  .rows .row:hover {
    background: var(--hover);
  }
  .rows .row.selected {
    background: var(--tint);
  }
  .grid:focus-visible .row.active {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .absent .avatar {
    filter: saturate(0.15);
  }
  .head {
    block-size: 35px;
    font-size: 0.9em;
    color: var(--muted);
  }
  .head button {
    min-block-size: 28px;
    padding: 0;
    white-space: nowrap;
    border: 0;
    background: none;
    font-weight: 600;
    gap: 4px;
  }
  .head button:hover:not(:disabled) {
    background: none;
    color: var(--text);
  }
  .check label {
    display: grid;
    place-items: center;
    block-size: 100%;
    min-block-size: 34px;
    padding-inline-start: 4px;
    cursor: pointer;
  }
  .check {
    align-self: stretch;
  }
  .rows .name {
    padding-inline-end: 12px;
    display: flex;
    gap: 10px;
    align-items: center;
  }
  .who,
  .label {
    display: flex;
    gap: 8px;
    align-items: baseline;
    max-inline-size: 100%;
  }
  .who button,
  .role {
    min-inline-size: 0;
    overflow: hidden;
  }
  .who button bdi,
  .role bdi {
    display: block;
  }
  .top h1,
  .who bdi,
  .role bdi,
  .mark,
  .gone,
  .sub {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    overflow-wrap: normal;
  }
  .mark {
    flex: none;
  }
  .absent .who,
  .who:has(.mark) {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: 0;
    line-height: 1.3;
  }
  .gone,
  .id {
    color: var(--tone, var(--muted));
    font-size: 0.9em;
  }
  .label .id {
    flex: none;
  }
  .shield {
    display: inline-flex;
    flex: none;
    align-self: center;
    color: var(--good);
  }
  .rows :is(.role, .number) {
    color: var(--muted);
  }
  .role,
  .number {
    padding-inline-end: 12px;
  }
  .number {
    text-align: end;
    white-space: nowrap;
  }
  .number button {
    inline-size: 100%;
    justify-content: end;
  }
  .actions {
    display: flex;
    justify-content: end;
    padding-inline-end: 12px;
  }
  .rows .actions button {
    color: var(--muted);
  }
  .rows .actions button:hover {
    color: var(--text);
  }
  .rows .actions button.danger:hover {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 10%, transparent);
  }
  .avatar {
    position: relative;
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 28px;
    block-size: 28px;
    border-radius: 50%;
    overflow: hidden;
    font-size: 11px;
    font-weight: 650;
    color: light-dark(oklch(0.4 0.09 var(--hue)), oklch(0.87 0.07 var(--hue)));
    background: light-dark(oklch(0.93 0.04 var(--hue)), oklch(0.35 0.06 var(--hue)));
  }
  .avatar img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
    background: inherit;
  }
  .avatar img[hidden] {
    display: none;
  }
  .middle .row .wide {
    display: none;
  }
  .narrow .rows .row {
    block-size: 60px;
  }
`;
