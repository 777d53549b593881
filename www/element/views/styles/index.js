// The style sheets of the list and the frame, in cascade order. An app can change the custom properties
// `--rtk-moderator-…`.

import { controls } from './controls.js';
import { frame } from './frame.js';
import { header } from './header.js';
import { list } from './list.js';
import { narrow } from './narrow.js';
import { panels } from './panels.js';
import { preferences } from './preferences.js';
import { rows } from './rows.js';
import { theme } from './theme.js';

export const style = [theme, controls, header, frame, list, rows, narrow, panels, preferences];
