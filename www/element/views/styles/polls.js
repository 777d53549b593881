// The polls panel: form, preview, templates and sent polls.

import { css } from './css.js';

export const polls = css`
  .poll {
    display: grid;
    gap: 14px;
  }
  .options,
  .option-list {
    display: grid;
    gap: 6px;
  }
  .options legend {
    margin-block-end: 4px;
  }
  .option {
    display: flex;
    gap: 4px;
  }
  .add {
    justify-self: start;
    color: var(--accent);
    padding-inline: 4px 12px;
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: 0 24px;
  }
  .wrong {
    color: var(--danger);
  }
  .preview {
    display: grid;
    gap: 8px;
    padding: 12px;
    border: 1px dashed var(--strong-line);
    border-radius: var(--radius);
  }
  .preview figcaption {
    color: var(--muted);
    font-size: 0.9em;
  }
  .preview figcaption + p {
    font-weight: 600;
  }
  .preview ul {
    display: grid;
    gap: 6px;
  }
  .preview li {
    padding: 5px 10px;
    border-radius: calc(var(--radius) - 2px);
    background: color-mix(in srgb, var(--text) 6%, var(--surface));
  }
  .kept,
  .asked {
    display: grid;
    margin-block-start: 8px;
  }
  .kept li {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    border-block-start: 1px solid var(--line);
  }
  .kept .plain {
    display: grid;
    gap: 0;
    padding-block: 6px;
  }
  .kept .plain span {
    font-weight: 400;
    font-size: 0.9em;
  }
  .asked li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 12px;
    padding-block: 8px;
    border-block-start: 1px solid var(--line);
  }
  .asked div {
    display: grid;
    gap: 4px;
    justify-items: start;
  }
  .asked p {
    display: flex;
    gap: 6px;
    color: var(--warn);
  }
`;
