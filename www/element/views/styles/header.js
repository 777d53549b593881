// The header and the banners.

import { css } from './css.js';

export const header = css`
  .top {
    display: flex;
    flex: none;
    align-items: center;
    gap: 12px;
    min-block-size: 56px;
    padding: 8px 16px;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .top h1 {
    font-size: 1.15em;
    font-weight: 650;
  }
  .top .space {
    flex: 1;
  }
  .badge {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    flex: none;
    padding-block: 2px;
  }
  .badge.live::before {
    content: '';
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: currentcolor;
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
  .pulse {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--good);
  }
  .banners {
    display: grid;
    flex: none;
    max-block-size: 30%;
    overflow: auto;
  }
  .short .banners {
    max-block-size: none;
  }
  .banner button {
    color: inherit;
  }
  .banner button.plain {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .banner.alert span {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 2px 16px;
  }
  .banner {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 16px;
    border-block-end: 1px solid var(--line);
  }
  .narrow .top {
    flex-wrap: wrap;
    gap: 2px 8px;
    padding: 8px 12px;
  }
  .narrow .top .icon-only {
    margin-block: -6px;
  }
  .narrow .space {
    flex: 1 0 100%;
  }
  .narrow :is(.space, .fact) {
    order: 1;
  }
  /* It shrinks before anything goes to another line. */
  .narrow .top h1 {
    flex: 1;
    min-inline-size: 25%;
  }
  .narrow .fact {
    font-size: 0.93em;
  }
`;
