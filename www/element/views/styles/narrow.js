// The list in a narrow element, or without actions.

import { css } from './css.js';

export const narrow = css`
  .read-only :is(.check, .actions:not(:has(button))) {
    display: none;
  }
  .app.read-only {
    --check: ;
    --acts: ;
  }
  .app.read-only.narrow {
    --acts: 52px;
  }
  .read-only .row {
    padding-inline-start: 16px;
  }
  .narrow .participants > .tools {
    padding: 8px 12px;
  }
  .narrow .pick {
    flex: 1 1 110px;
    max-inline-size: none;
  }
  .narrow .order {
    flex-basis: 175px;
  }
  .narrow .pick select {
    inline-size: 100%;
    padding-inline: 8px;
  }
  .narrow .participants > .tools .search {
    flex-basis: 100%;
  }
  .narrow .participants > .tools .segments {
    flex: 1 1 100%;
  }
  .narrow .participants > .tools .segments label {
    flex: 1;
  }
  .narrow .participants > .tools .segments span {
    flex: 1;
    justify-content: center;
    padding-inline: 6px;
  }
  .narrow .who {
    display: grid;
    gap: 0;
  }
  .narrow .sub {
    max-inline-size: 100%;
    color: var(--muted);
    font-size: 0.9em;
  }
  .narrow .avatar {
    inline-size: 36px;
    block-size: 36px;
    font-size: 13px;
  }
  .narrow .actions {
    padding-inline-end: 8px;
  }
  .narrow .actions button {
    inline-size: 44px;
    block-size: 44px;
  }
  .narrow .bar {
    padding: 8px 12px;
  }
  .narrow .bar p {
    flex: 1 0 calc(100% - 60px);
  }
  /* Also long words fit beside each other. */
  .narrow .bar button:not(.quiet) {
    flex: 1;
    flex-direction: column;
    gap: 0;
    min-block-size: 48px;
    padding-inline: 4px;
    font-size: 0.93em;
    order: 1;
  }
`;
