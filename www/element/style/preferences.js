// User preferences: reduced motion, more contrast, forced colours.

import { css } from 'lit';

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
      background: linear-gradient(Highlight, Highlight) 0 0 / 6px 100% no-repeat Canvas;
    }
    .row.active {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
