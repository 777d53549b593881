// The colours, with the custom properties that an app can change, and the base styles.

import { css } from './css.js';

export const theme = css`
  :host {
    --accent: var(--rtk-moderator-accent, light-dark(#1d5bd0, #82aeff));
    --accent-solid: var(--rtk-moderator-accent-solid, light-dark(#1d5bd0, #2a66d8));
    --on-accent: var(--rtk-moderator-on-accent, #fff);
    --back: var(--rtk-moderator-background, light-dark(#f4f6f8, #0e1217));
    --surface: var(--rtk-moderator-surface, light-dark(#fff, #161b22));
    --raised: var(--rtk-moderator-raised, light-dark(#fff, #1e252e));
    --text: var(--rtk-moderator-text, light-dark(#141a22, #e6eaf0));
    --muted: var(--rtk-moderator-muted, light-dark(#566171, #9ba7b6));
    --line: var(--rtk-moderator-line, light-dark(#e0e5eb, #2a323d));
    --strong-line: var(--rtk-moderator-strong-line, light-dark(#858f9d, #6b7787));
    --danger: var(--rtk-moderator-danger, light-dark(#b8261b, #ff8f86));
    --danger-solid: var(--rtk-moderator-danger-solid, light-dark(#b8261b, #c2342a));
    --good: var(--rtk-moderator-good, light-dark(#15703f, #66d19e));
    --warn: var(--rtk-moderator-warn, light-dark(#815300, #eebf62));
    --radius: var(--rtk-moderator-radius, 8px);
    --hover: color-mix(in srgb, var(--text) 5%, transparent);
    --tint: color-mix(in srgb, var(--accent) 9%, var(--surface));
    --shadow: 0 1px 2px rgb(0 0 0 / 6%), 0 8px 24px rgb(0 0 0 / 14%);
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    block-size: 100%;
    min-block-size: 24rem;
    max-block-size: 100dvh;
    overflow: hidden;
    color: var(--text);
    background: var(--back);
    color-scheme: light dark;
    font: var(--rtk-moderator-font, 14px/1.45 system-ui, 'Segoe UI', Roboto, sans-serif);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
    margin: 0;
    padding: 0;
    min-inline-size: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 1.15em;
    line-height: 1.3;
  }
  h3,
  .stack h2 {
    font-size: 1em;
  }
  bdi {
    overflow-wrap: anywhere;
  }
  .sr,
  .narrow .word,
  .short.narrow > .tabs span {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .muted {
    color: var(--muted);
  }
  /* The colour of a state, for what has one. */
  .live,
  .good {
    --tone: var(--good);
  }
  .locked,
  .still,
  .warn,
  dialog .note {
    --tone: var(--warn);
  }
  .failing,
  .bad,
  .kick,
  .ban,
  .kickAll {
    --tone: var(--danger);
  }
  .busy {
    --tone: var(--accent);
  }
  .badge,
  .mark,
  .banner,
  .note {
    color: var(--tone, var(--muted));
    background: color-mix(in srgb, var(--tone, var(--muted)) 10%, var(--surface));
  }
  .badge,
  .mark {
    border-radius: 99px;
    padding: 0 10px;
    font-size: 0.9em;
    font-weight: 600;
  }
  .icon {
    inline-size: 1.25em;
    block-size: 1.25em;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  [dir='rtl'] .directed {
    transform: scaleX(-1);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
`;
