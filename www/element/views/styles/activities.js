// The cards of actions.

import { css } from './css.js';

export const activities = css`
  /* In the flow: what was asked for covers nothing that may be wanted next. */
  .activities {
    display: grid;
    gap: 8px;
    flex: none;
    max-block-size: 45%;
    padding: 12px 16px;
    overflow: auto;
    background: var(--surface);
    border-block-start: 1px solid var(--line);
  }
  .card {
    display: grid;
    gap: 8px;
    padding: 10px 8px 10px 14px;
    border: 1px solid var(--line);
    border-inline-start: 4px solid var(--tone, var(--muted));
    border-radius: var(--radius);
    background: var(--raised);
  }
  .summary > .icon {
    color: var(--tone);
  }
  .summary {
    display: flex;
    gap: 10px;
    align-items: center;
    min-block-size: 34px;
  }
  .summary p {
    flex: 1;
    overflow-wrap: anywhere;
    max-block-size: 8em;
    overflow: auto;
  }
  .why {
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  progress {
    inline-size: 100%;
    block-size: 6px;
    accent-color: var(--accent-solid);
  }
  .failures {
    display: grid;
    gap: 6px;
    max-block-size: 180px;
    overflow: auto;
    padding-inline-end: 8px;
  }
  .failures li {
    display: grid;
  }
  .failures span {
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .activities > .all {
    justify-self: start;
  }
`;
