// User preferences: reduced motion, more contrast, forced colours.

import { css } from './css.js';

export const preferences = css`
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation-duration: 6s;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --line: var(--strong-line);
      --muted: var(--text);
    }
  }
  @media (pointer: coarse) {
    /* Smaller text in a field makes iOS zoom in. */
    input:not([type='checkbox'], [type='radio']),
    select {
      font-size: 16px;
    }
    button:not(.plain),
    .banner button,
    select,
    input:not([type='checkbox'], [type='radio']),
    .segments span,
    .check-line,
    .check label,
    .all-box {
      min-block-size: 44px;
    }
    .icon-only {
      inline-size: 44px;
    }
    .check label {
      min-inline-size: 44px;
    }
    input[type='checkbox'] {
      inline-size: 20px;
      block-size: 20px;
    }
    .head button {
      min-block-size: 34px;
    }
    .middle,
    .wide {
      --cells: minmax(140px, 1.4fr) minmax(90px, 1fr) 100px 72px;
      --acts: 140px;
    }
    .wide .row .wide {
      display: none;
    }
    .rows .row {
      block-size: 44px;
    }
    .narrow {
      --check: 48px;
    }
    .narrow .rows .row {
      block-size: 60px;
    }
  }
  @media print {
    :host {
      block-size: auto;
      max-block-size: none;
      overflow: visible;
    }
    .app,
    .columns,
    .one,
    .panel,
    .participants {
      display: block;
    }
    .grid {
      contain: none;
      overflow: visible;
    }
    .rows {
      block-size: auto !important;
    }
    .rows .row {
      position: static;
      transform: none !important;
      break-inside: avoid;
    }
    .tabs,
    .tools,
    .bar,
    .banners,
    .activities,
    .actions,
    .check,
    .top button,
    .columns > .side {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .tabs button[aria-selected='true'],
    .segments input:checked + span {
      forced-color-adjust: none;
      color: HighlightText;
      background: Highlight;
    }
    .segments input:checked + span b {
      color: inherit;
    }
    /* A mark at its side: its texts and buttons keep the colours that go together. */
    .rows .row.selected {
      forced-color-adjust: none;
      color: CanvasText;
      background: linear-gradient(Highlight, Highlight) 0 0 / 6px 100% no-repeat Canvas;
    }
    .rows .row.selected :is(button, .role, .number, .gone, .id, .sub, .avatar) {
      color: CanvasText;
    }
    .row.active {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
