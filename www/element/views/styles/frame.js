// The layout: header, banners, columns and tabs.

import { css } from 'lit';

export const frame = css`
  .app {
    position: relative;
    display: flex;
    flex-direction: column;
    flex: 1 1 auto;
    min-block-size: 0;
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 56px;
    padding: 8px 16px;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .top h1 {
    min-inline-size: 0;
    font-size: 1.15em;
    font-weight: 650;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .top .space {
    flex: 1;
  }
  .badge {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    flex: none;
    padding: 2px 10px;
    border-radius: 99px;
    font-size: 0.9em;
    font-weight: 600;
    color: var(--muted);
    background: color-mix(in srgb, var(--muted) 14%, var(--surface));
  }
  .badge .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .badge.live {
    color: var(--good);
    background: color-mix(in srgb, var(--good) 12%, var(--surface));
  }
  .badge.live::before {
    content: '';
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: currentcolor;
  }
  .badge.locked {
    color: var(--warn);
    background: color-mix(in srgb, var(--warn) 12%, var(--surface));
  }
  .badge.failing {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 10%, var(--surface));
  }
  .fact {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    flex: none;
    color: var(--muted);
    white-space: nowrap;
  }
  .fact.big b {
    font-size: 1.15em;
    color: var(--text);
  }
  .fact.stale {
    color: var(--danger);
    font-weight: 600;
  }
  .fact .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .pulse {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--good);
  }
  [dir='rtl'] .back .icon {
    transform: scaleX(-1);
  }
  .banners {
    display: grid;
  }
  .banner button {
    color: inherit;
    margin-inline-start: 4px;
  }
  .banner button.plain {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .banner.alert span {
    flex: 1;
  }
  .banner {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 16px;
    border-block-end: 1px solid var(--line);
    background: var(--surface);
  }
  .banner.bad {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 8%, var(--surface));
  }
  .banner.warn {
    color: var(--warn);
    background: color-mix(in srgb, var(--warn) 10%, var(--surface));
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) clamp(340px, 30%, 420px);
    flex: 1;
    min-block-size: 0;
  }
  .one,
  .panel {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .side {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
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
  .middle > .tabs,
  .narrow > .tabs {
    padding-block-end: env(safe-area-inset-bottom);
    border-block: 1px solid var(--line);
    border-block-end: 0;
  }
  .middle > .tabs button,
  .narrow > .tabs button {
    flex-direction: column;
    gap: 2px;
    min-block-size: 56px;
    font-size: 0.86em;
    box-shadow: inset 0 2px transparent;
  }
  .middle > .tabs button[aria-selected='true'],
  .narrow > .tabs button[aria-selected='true'] {
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
  }
  .narrow .top {
    flex-wrap: wrap;
    gap: 2px 8px;
    padding: 8px 12px;
  }
  .narrow .top .icon-only {
    margin-block: -6px;
  }
  .narrow .top > button:last-child {
    margin-inline-start: auto;
  }
  .narrow .space {
    flex: 1 0 100%;
  }
  .narrow :is(.space, .fact) {
    order: 1;
  }
  .narrow .top h1 {
    max-inline-size: 62%;
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
  .short > .tabs {
    position: sticky;
    inset-block-end: 0;
    z-index: 2;
  }
  .short.narrow > .tabs button,
  .short.middle > .tabs button {
    min-block-size: 40px;
  }
  .short.narrow > .tabs button span {
    position: absolute;
    inline-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .narrow .fact {
    font-size: 0.93em;
  }
`;
