// The overview of the live meetings.

import { css } from './css.js';

export const overview = css`
  .overview {
    display: grid;
    gap: 16px;
    align-content: start;
    flex: 1;
    min-block-size: 0;
    overflow: auto;
    padding: 24px 16px;
    inline-size: min(720px, 100%);
    margin-inline: auto;
  }
  .overview h1 {
    font-size: 1.3em;
  }
  .overview ul {
    display: grid;
    gap: 8px;
  }
  .overview button {
    inline-size: 100%;
    min-block-size: 56px;
    display: flex;
    flex-wrap: wrap;
    justify-content: start;
    gap: 0 16px;
    padding: 8px 16px;
    text-align: start;
  }
  .overview .title {
    flex: 1 1 12em;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .overview button span + span {
    font-weight: 400;
  }
`;
