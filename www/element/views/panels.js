// What is not needed for the list: the panels, the dialogs, their controllers and texts. It is loaded after the list.

import { ActionController } from '../controllers/action-controller.js';
import { AlertsController } from '../controllers/alerts-controller.js';
import { ConfirmController } from '../controllers/confirm-controller.js';
import { DialogController } from '../controllers/dialog-controller.js';
import { OtherModeratorsController } from '../controllers/other-moderators-controller.js';
import { OverviewController } from '../controllers/overview-controller.js';
import { PollsController } from '../controllers/polls-controller.js';
import { TimelineController } from '../controllers/timeline-controller.js';

/** @import { RtkModerator } from '../moderator.js' */

export { default as en } from '../locales/en.js';
export { activities } from './activities.js';
export { confirmDialog } from './confirm-dialog.js';
export { detailsDialog } from './details-dialog.js';
export { overview } from './overview.js';
export { pollsView } from './polls.js';
export { settingsDialog } from './settings-dialog.js';
export { timelineView } from './timeline.js';

/** Adds the controllers to the element. @param {RtkModerator} host */
export function connect(host) {
  host.moderation = new ActionController(host);
  host.timeline = new TimelineController(host);
  host.alerts = new AlertsController(host);
  host.others = new OtherModeratorsController(host);
  host.overview = new OverviewController(host);
  host.polls = new PollsController(host);
  host.confirm = new ConfirmController(host);
  host.dialogs = new DialogController(host);
}
