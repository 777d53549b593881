// The style sheets, in cascade order. An app can change the custom properties `--rtk-moderator-…`.

import { activities } from './style/activities.js';
import { controls } from './style/controls.js';
import { dialogs } from './style/dialogs.js';
import { frame } from './style/frame.js';
import { list } from './style/list.js';
import { narrow } from './style/narrow.js';
import { panels } from './style/panels.js';
import { polls } from './style/polls.js';
import { preferences } from './style/preferences.js';
import { theme } from './style/theme.js';
import { timeline } from './style/timeline.js';

export const style = [
  theme,
  controls,
  frame,
  list,
  narrow,
  panels,
  polls,
  timeline,
  dialogs,
  activities,
  preferences,
];
