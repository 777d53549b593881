// The style sheets, in cascade order. An app can change the custom properties
// `--rtk-moderator-…`.

import { activities } from './activities.js';
import { controls } from './controls.js';
import { dialogs } from './dialogs.js';
import { frame } from './frame.js';
import { header } from './header.js';
import { list } from './list.js';
import { narrow } from './narrow.js';
import { overview } from './overview.js';
import { panels } from './panels.js';
import { polls } from './polls.js';
import { preferences } from './preferences.js';
import { rows } from './rows.js';
import { theme } from './theme.js';
import { timeline } from './timeline.js';

export const style = [
  ...[theme, controls, header, frame, list, rows, narrow, panels, preferences],
  ...[dialogs, activities, polls, timeline, overview],
].join('\n');
