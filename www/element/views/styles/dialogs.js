// The dialogs: confirmations, details, shortcuts.

import { css } from './css.js';

export const dialogs = css`
  dialog {
    margin: auto;
    inline-size: min(480px, calc(100% - 32px));
    max-block-size: min(85dvh, 720px);
    padding: 24px;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 1.5);
    color: inherit;
    background: var(--raised);
    box-shadow: var(--shadow);
    overflow: auto;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  dialog form,
  dialog.details[open],
  dialog.settings[open] {
    display: grid;
    gap: 14px;
    grid-template-columns: minmax(0, 1fr);
  }
  dialog header {
    display: flex;
    gap: 12px;
    align-items: center;
  }
  dialog header h2 {
    flex: 1;
    max-block-size: 4em;
    overflow: auto;
  }
  .confirm h2 {
    max-block-size: 8em;
    overflow: auto;
  }
  dialog form > .buttons {
    justify-content: end;
    margin-block-start: 8px;
  }
  dialog button {
    min-block-size: 38px;
  }
  dialog .in {
    color: var(--good);
    font-weight: 600;
  }
  .names {
    max-block-size: 220px;
    overflow: auto;
    padding: 4px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .names li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 16px;
    padding-block: 4px;
  }
  .confirm .checks {
    display: grid;
  }
  .names bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .names .id {
    display: inline;
  }
  blockquote {
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--line);
  }
  .lines {
    display: grid;
    gap: 6px;
  }
  .lines div {
    display: grid;
    grid-template-columns: 8em minmax(0, 1fr);
    gap: 12px;
  }
  .stays {
    display: grid;
    gap: 4px;
    max-block-size: 180px;
    overflow: auto;
  }
  .stays li {
    display: flex;
    justify-content: space-between;
    gap: 12px;
  }
  .keys {
    display: grid;
    gap: 2px;
  }
  .keys div {
    display: grid;
    grid-template-columns: 11em minmax(0, 1fr);
    gap: 12px;
    align-items: center;
    min-block-size: 30px;
  }
  .keys dt {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  kbd {
    padding: 1px 7px;
    border: 1px solid var(--line);
    border-block-end-width: 2px;
    border-radius: 5px;
    font: inherit;
    color: var(--text);
    background: var(--surface);
  }
`;
