// The activity panel and its chart.

import { css } from './css.js';

export const timeline = css`
  .stack > .tools {
    justify-content: space-between;
  }
  .chart figcaption {
    display: flex;
    justify-content: space-between;
    font-weight: 600;
    margin-block-end: 4px;
  }
  .chart figcaption span {
    font-weight: 400;
  }
  .plot {
    min-block-size: 160px;
  }
  .plot canvas {
    display: block;
    inline-size: 100%;
    block-size: 160px;
  }
  .events {
    display: grid;
  }
  .events li {
    display: grid;
    grid-template-columns: 6.2em minmax(0, 1fr);
    gap: 8px;
    padding-block: 6px;
    border-block-start: 1px solid var(--line);
    content-visibility: auto;
    contain-intrinsic-block-size: auto 34px;
  }
  .events time {
    color: var(--muted);
    white-space: nowrap;
  }
  .events p {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .events bdi {
    display: -webkit-inline-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    max-inline-size: 100%;
    overflow: hidden;
    vertical-align: top;
  }
  .events .leave p {
    color: var(--muted);
  }
  .events .action p {
    display: grid;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--accent);
  }
  .events .action.refused p {
    border-color: var(--strong-line);
  }
  .events .action.unknown p {
    border-color: var(--warn);
  }
  .by {
    font-weight: 600;
  }
  .events em {
    color: var(--muted);
  }
  .detail::before {
    content: '“';
  }
  .detail::after {
    content: '”';
  }
`;
