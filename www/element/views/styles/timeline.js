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
  /* Time goes from left to right, also where text does not. */
  .plot {
    position: relative;
    block-size: 126px;
    margin: 8px 20px 26px 44px;
    direction: ltr;
    font-size: 11px;
    line-height: 1.4;
    color: var(--muted);
    white-space: nowrap;
  }
  .plot svg {
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
  }
  .plot path {
    fill: none;
    stroke: var(--line);
    vector-effect: non-scaling-stroke;
  }
  .plot .area {
    fill: var(--accent);
    stroke: none;
    opacity: 0.14;
  }
  .plot .line {
    stroke: var(--accent);
    stroke-width: 2;
  }
  .plot .mild {
    stroke: var(--warn);
  }
  .plot .harsh {
    stroke: var(--danger);
  }
  .plot .mark {
    stroke-dasharray: 3;
  }
  .plot .dot {
    stroke-width: 7;
    stroke-linecap: round;
  }
  .plot span {
    position: absolute;
    right: calc(100% + 8px);
    translate: 0 -50%;
  }
  .plot time {
    position: absolute;
    top: calc(100% + 6px);
    translate: -50%;
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
