// Buttons, fields and other controls.

import { css } from './css.js';

export const controls = css`
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button,
  select,
  input:not([type='checkbox'], [type='radio']) {
    min-block-size: 34px;
    padding: 4px 12px;
    border: 1px solid var(--strong-line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  /* A text that must be read whole. */
  button,
  .segments label {
    min-inline-size: auto;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    font-weight: 550;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:hover:not(:disabled) {
    background: color-mix(in srgb, var(--text) 6%, var(--surface));
  }
  button:is(:disabled, [aria-disabled='true']) {
    opacity: 0.5;
    cursor: default;
  }
  button.danger {
    color: var(--danger);
  }
  button.solid {
    --solid: var(--accent-solid);
    color: var(--on-accent);
    background: var(--solid);
    border-color: var(--solid);
  }
  button.danger.solid {
    --solid: var(--danger-solid);
    color: #fff;
  }
  button.solid:hover:not(:disabled) {
    background: color-mix(in srgb, #000 12%, var(--solid));
  }
  button.quiet,
  button.plain {
    background: none;
    border-color: transparent;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--hover);
  }
  button.plain {
    border: 0;
    justify-content: start;
    min-block-size: 0;
    padding: 0;
    text-align: start;
  }
  button.plain:hover:not(:disabled) {
    background: none;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .icon-only {
    inline-size: 34px;
    padding: 0;
    flex: none;
  }
  input:not([type='checkbox'], [type='radio']) {
    inline-size: 100%;
    font-weight: 400;
  }
  input::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  input[aria-invalid='true'] {
    border-color: var(--danger);
  }
  input[type='checkbox'] {
    inline-size: 17px;
    block-size: 17px;
    flex: none;
    accent-color: var(--accent-solid);
    cursor: pointer;
  }
  select {
    max-inline-size: 100%;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  .field {
    display: grid;
    gap: 4px;
  }
  .field,
  legend {
    font-weight: 550;
  }
  fieldset {
    border: 0;
  }
  .check-line {
    display: flex;
    gap: 8px;
    align-items: center;
    min-block-size: 32px;
    cursor: pointer;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .segments {
    display: inline-flex;
    flex-wrap: wrap;
    padding: 2px;
    border-radius: var(--radius);
    background: color-mix(in srgb, var(--text) 8%, transparent);
  }
  .segments label {
    position: relative;
    display: flex;
  }
  .segments input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
  }
  .segments span {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-block-size: 30px;
    padding: 2px 12px;
    border-radius: calc(var(--radius) - 2px);
    white-space: nowrap;
  }
  .segments b {
    font-weight: 550;
    color: var(--muted);
  }
  .segments input:checked + span {
    background: light-dark(#fff, #3a4552);
    box-shadow: 0 1px 2px rgb(0 0 0 / 18%);
    font-weight: 550;
  }
  .segments input:checked + span b {
    color: inherit;
  }
  .segments input:focus-visible + span {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .spinner {
    inline-size: 18px;
    block-size: 18px;
    flex: none;
    border: 2px solid var(--line);
    border-block-start-color: var(--accent);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
`;
