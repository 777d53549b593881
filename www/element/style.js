// How it looks. What an app may change are the custom properties `--rtk-moderator-…`, each with what it
// is by itself; everything else is by these few names.

import { css } from 'lit';

const theme = css`
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
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  blockquote,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
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
  .narrow .word {
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
  .icon {
    inline-size: 18px;
    block-size: 18px;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
`;

const controls = css`
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
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.primary {
    color: var(--on-accent);
    background: var(--accent-solid);
    border-color: var(--accent-solid);
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, #000 12%, var(--accent-solid));
  }
  button.danger {
    color: var(--danger);
  }
  button.danger.solid {
    color: #fff;
    background: var(--danger-solid);
    border-color: var(--danger-solid);
  }
  button.danger.solid:hover:not(:disabled) {
    background: color-mix(in srgb, #000 12%, var(--danger-solid));
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
    font-weight: 550;
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
    margin: 0;
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
    font-weight: 550;
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
    margin: 0;
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

const frame = css`
  .app {
    position: relative;
    display: flex;
    flex-direction: column;
    flex: 1 1 auto;
    min-block-size: 0;
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 56px;
    padding: 8px 16px;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .top h1 {
    min-inline-size: 0;
    font-size: 1.15em;
    font-weight: 650;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .top .space {
    flex: 1;
  }
  .badge {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    flex: none;
    padding: 2px 10px;
    border-radius: 99px;
    font-size: 0.9em;
    font-weight: 600;
    color: var(--muted);
    background: color-mix(in srgb, var(--muted) 14%, var(--surface));
  }
  .badge .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .badge.live {
    color: var(--good);
    background: color-mix(in srgb, var(--good) 12%, var(--surface));
  }
  .badge.live::before {
    content: '';
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: currentcolor;
  }
  .badge.locked {
    color: var(--warn);
    background: color-mix(in srgb, var(--warn) 12%, var(--surface));
  }
  .badge.failing {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 10%, var(--surface));
  }
  .fact {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    flex: none;
    color: var(--muted);
    white-space: nowrap;
  }
  .fact.big b {
    font-size: 1.15em;
    color: var(--text);
  }
  .fact.stale {
    color: var(--danger);
    font-weight: 600;
  }
  .fact .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .pulse {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--good);
  }
  .banners {
    display: grid;
  }
  .banner {
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 16px;
    border-block-end: 1px solid var(--line);
    background: var(--surface);
  }
  .banner.bad {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 8%, var(--surface));
  }
  .banner.warn {
    color: var(--warn);
    background: color-mix(in srgb, var(--warn) 10%, var(--surface));
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) clamp(340px, 30%, 420px);
    flex: 1;
    min-block-size: 0;
  }
  .one,
  .panel {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .side {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    background: var(--surface);
    border-inline-start: 1px solid var(--line);
  }
  .scroll {
    overflow: auto;
    padding: 16px;
    background: var(--surface);
    overscroll-behavior: contain;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
  }
  .tabs {
    display: flex;
    padding-inline: 8px;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .tabs button {
    flex: 1;
    min-block-size: 46px;
    padding: 4px 8px;
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--muted);
    box-shadow: inset 0 -2px transparent;
  }
  .tabs button[aria-selected='true'] {
    color: var(--accent);
    box-shadow: inset 0 -2px currentcolor;
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
  }
  .middle > .tabs,
  .narrow > .tabs {
    padding-block-end: env(safe-area-inset-bottom);
    border-block: 1px solid var(--line);
    border-block-end: 0;
  }
  .middle > .tabs button,
  .narrow > .tabs button {
    flex-direction: column;
    gap: 2px;
    min-block-size: 56px;
    font-size: 0.86em;
    box-shadow: inset 0 2px transparent;
  }
  .middle > .tabs button[aria-selected='true'],
  .narrow > .tabs button[aria-selected='true'] {
    box-shadow: inset 0 2px currentcolor;
  }
  .blank {
    display: grid;
    flex: 1;
    place-content: center;
    justify-items: center;
    gap: 8px;
    padding: 32px 16px;
    text-align: center;
  }
  .blank > .icon {
    inline-size: 40px;
    block-size: 40px;
    margin-block-end: 8px;
    color: var(--muted);
    stroke-width: 1.25;
  }
  .blank > .spinner {
    inline-size: 32px;
    block-size: 32px;
    margin-block-end: 8px;
  }
  .blank p {
    max-inline-size: 44ch;
  }
  .narrow .top {
    flex-wrap: wrap;
    gap: 2px 8px;
    padding: 8px 12px;
  }
  .narrow .top .icon-only {
    display: none;
  }
  .narrow .top h1 {
    max-inline-size: 62%;
  }
  .narrow .space {
    flex: 1 0 0;
  }
  .narrow .fact {
    font-size: 0.93em;
  }
`;

const list = css`
  .people {
    position: relative;
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .people > .tools {
    padding: 10px 16px;
  }
  .search {
    position: relative;
    flex: 1 1 180px;
  }
  .search .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 10px;
    margin-block: auto;
    color: var(--muted);
    pointer-events: none;
  }
  .search input {
    padding-inline-start: 36px;
  }
  .pick {
    min-inline-size: 0;
    max-inline-size: 220px;
  }
  .grid {
    flex: 1;
    min-block-size: 0;
    overflow: auto;
    contain: strict;
    overscroll-behavior: contain;
    background: var(--surface);
    border-block-start: 1px solid var(--line);
    scrollbar-width: thin;
    scrollbar-color: var(--strong-line) transparent;
  }
  /* The row that the keys act on shows where the focus is. */
  .grid:focus-visible {
    outline: none;
  }
  .grid:focus-visible:not([aria-activedescendant]) {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .heads {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
  }
  .rows {
    position: relative;
  }
  .row {
    display: grid;
    grid-template-columns: 48px minmax(160px, 1.4fr) minmax(100px, 1fr) 80px 100px 76px 122px;
    align-items: center;
  }
  .rows .row {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    block-size: 44px;
    border-block-end: 1px solid color-mix(in srgb, var(--line) 60%, transparent);
    contain: layout style;
  }
  .row > * {
    min-inline-size: 0;
  }
  .rows .row:hover {
    background: var(--hover);
  }
  .rows .row.selected {
    background: var(--tint);
  }
  .grid:focus-visible .row.active {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .absent .avatar {
    filter: saturate(0.15);
  }
  .head {
    block-size: 35px;
    font-size: 0.9em;
    color: var(--muted);
  }
  .head button {
    min-block-size: 28px;
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    gap: 4px;
  }
  .head button:hover:not(:disabled) {
    background: none;
    color: var(--text);
  }
  .head .icon {
    inline-size: 13px;
    block-size: 13px;
    stroke-width: 2.5;
  }
  .check label {
    display: grid;
    place-items: center;
    block-size: 100%;
    min-block-size: 34px;
    cursor: pointer;
  }
  .check {
    align-self: stretch;
  }
  .check label {
    padding-inline-start: 4px;
  }
  [role='gridcell'].name {
    padding-inline-end: 12px;
    display: flex;
    gap: 10px;
    align-items: center;
  }
  .who {
    display: flex;
    gap: 8px;
    align-items: baseline;
    min-inline-size: 0;
  }
  .who button,
  .role {
    overflow: hidden;
  }
  .who bdi,
  .role bdi {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    overflow-wrap: normal;
  }
  .who button {
    min-inline-size: 0;
  }
  .mark {
    flex: none;
    padding: 0 8px;
    border-radius: 99px;
    font-size: 0.9em;
    font-weight: 600;
    color: var(--muted);
    background: color-mix(in srgb, var(--muted) 14%, var(--surface));
  }
  .mark.kick,
  .mark.ban {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 10%, var(--surface));
  }
  .mark.still {
    color: var(--warn);
    background: color-mix(in srgb, var(--warn) 12%, var(--surface));
  }
  .gone {
    flex: none;
    color: var(--muted);
    font-size: 0.9em;
  }
  [role='gridcell'].role,
  [role='gridcell'].number {
    color: var(--muted);
    padding-inline-end: 12px;
  }
  .number {
    text-align: end;
    white-space: nowrap;
    padding-inline-end: 12px;
  }
  .number button {
    inline-size: 100%;
    justify-content: end;
  }
  .deeds {
    display: flex;
    justify-content: end;
    padding-inline-end: 12px;
  }
  .rows .deeds button {
    color: var(--muted);
  }
  .rows .deeds button:hover {
    color: var(--text);
  }
  .rows .deeds button.danger:hover {
    color: var(--danger);
    background: color-mix(in srgb, var(--danger) 10%, transparent);
  }
  .avatar {
    position: relative;
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 28px;
    block-size: 28px;
    border-radius: 50%;
    overflow: hidden;
    font-size: 11px;
    font-weight: 650;
    color: light-dark(oklch(0.4 0.09 var(--hue)), oklch(0.87 0.07 var(--hue)));
    background: light-dark(oklch(0.93 0.04 var(--hue)), oklch(0.35 0.06 var(--hue)));
  }
  .avatar img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
    background: inherit;
  }
  .avatar img[hidden] {
    display: none;
  }
  .nobody {
    display: block;
    padding: 48px 16px;
    text-align: center;
    color: var(--muted);
  }
  .nobody button {
    margin-block-start: 12px;
    color: var(--text);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding: 10px 16px;
    background: var(--raised);
    border-block-start: 1px solid var(--line);
    box-shadow: 0 -4px 16px rgb(0 0 0 / 8%);
  }
  .bar p {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
  }
  .middle .row {
    grid-template-columns: 48px minmax(140px, 1.4fr) minmax(90px, 1fr) 100px 72px 122px;
  }
  .middle .row .wide {
    display: none;
  }
  .narrow .row {
    grid-template-columns: 44px minmax(0, 1fr) 52px;
  }
  .narrow .rows .row {
    block-size: 60px;
  }
  .look-only :is(.check, .deeds:not(:has(button))) {
    display: none;
  }
  .look-only .row {
    grid-template-columns: minmax(160px, 1.4fr) minmax(100px, 1fr) 80px 100px 76px;
    padding-inline-start: 16px;
  }
  .look-only.middle .row {
    grid-template-columns: minmax(140px, 1.4fr) minmax(90px, 1fr) 100px 72px;
  }
  .look-only.narrow .row {
    grid-template-columns: minmax(0, 1fr) 52px;
  }
  .narrow .people > .tools {
    padding: 8px 12px;
  }
  .narrow .pick {
    flex: 1 1 0;
    max-inline-size: none;
  }
  .narrow .pick select {
    inline-size: 100%;
  }
  .narrow .people > .tools .search {
    flex-basis: 100%;
  }
  .narrow .people > .tools .segments {
    flex: 1 1 100%;
  }
  .narrow .people > .tools .segments label {
    flex: 1;
  }
  .narrow .people > .tools .segments span {
    flex: 1;
    justify-content: center;
  }
  .narrow .who {
    display: grid;
    gap: 0;
  }
  .narrow .sub {
    color: var(--muted);
    font-size: 0.9em;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .narrow .sub bdi {
    display: inline;
  }
  .narrow .avatar {
    inline-size: 36px;
    block-size: 36px;
    font-size: 13px;
  }
  .narrow .deeds {
    padding-inline-end: 8px;
  }
  .narrow .deeds button {
    inline-size: 44px;
    block-size: 44px;
  }
  .narrow .bar {
    padding: 8px 12px;
  }
  .narrow .bar p {
    flex: 1 0 60%;
  }
  .narrow .bar button:not(.quiet) {
    flex: 1;
    min-block-size: 44px;
    order: 1;
  }
`;

const panels = css`
  .stack {
    display: grid;
    gap: 24px;
    grid-template-columns: minmax(0, 1fr);
    inline-size: 100%;
    max-inline-size: 640px;
    margin-inline: auto;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(92px, 1fr));
    gap: 16px 12px;
  }
  dt {
    color: var(--muted);
    font-size: 0.9em;
  }
  .facts dd {
    font-size: 1.1em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .deed {
    display: grid;
    gap: 4px;
    padding-block-start: 16px;
    border-block-start: 1px solid var(--line);
  }
  .deed .buttons {
    margin-block-start: 8px;
  }
  .stack > .deed + .deed {
    margin-block-start: -8px;
  }
  .note {
    display: flex;
    gap: 8px;
    align-items: start;
    padding: 10px 12px;
    border-radius: var(--radius);
    color: var(--muted);
    background: color-mix(in srgb, var(--text) 4%, var(--surface));
  }
  dialog .note {
    color: var(--warn);
    background: color-mix(in srgb, var(--warn) 10%, var(--surface));
  }
  .poll {
    display: grid;
    gap: 14px;
  }
  .options {
    display: grid;
    gap: 6px;
  }
  .options legend {
    padding: 0;
    margin-block-end: 4px;
    font-weight: 550;
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
  .wrong:empty {
    display: none;
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
  .plot {
    min-block-size: 160px;
  }
  .plot canvas {
    display: block;
    inline-size: 100%;
    block-size: 160px;
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
    min-inline-size: 0;
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
  .detail::before {
    content: '“';
  }
  .detail::after {
    content: '”';
  }
`;

const over = css`
  dialog {
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
  dialog.sheet[open] {
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
    min-inline-size: 0;
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
    justify-content: space-between;
    gap: 16px;
    padding-block: 4px;
  }
  .names .muted {
    flex: none;
    max-inline-size: 50%;
  }
  .names bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
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
    grid-template-columns: 7em minmax(0, 1fr);
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
    border-inline-start: 4px solid var(--muted);
    border-radius: var(--radius);
    background: var(--raised);
  }
  .card.good {
    border-inline-start-color: var(--good);
  }
  .card.bad {
    border-inline-start-color: var(--danger);
  }
  .card.busy {
    border-inline-start-color: var(--accent);
  }
  .card.good > .said > .icon {
    color: var(--good);
  }
  .card.bad > .said > .icon {
    color: var(--danger);
  }
  .said {
    display: flex;
    gap: 10px;
    align-items: center;
    min-block-size: 34px;
  }
  .said p {
    flex: 1;
    min-inline-size: 0;
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

export const style = [theme, controls, frame, list, panels, over];
