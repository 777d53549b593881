// What somebody wants of every page: less motion, more contrast, their own colours.

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
    .row.selected,
    .tabs button[aria-selected='true'],
    .segments input:checked + span {
      forced-color-adjust: none;
      color: HighlightText;
      background: Highlight;
    }
    .row.active {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
