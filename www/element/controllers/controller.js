// The base of the controllers: parts of the element with a state of their own, which lit updates with it.

/** @import { ReactiveController } from 'lit' */
/** @import { RtkModerator } from '../moderator.js' */

/** @implements {ReactiveController} */
export class Controller {
  /** @param {RtkModerator} host */
  constructor(host) {
    this.host = host;
    // The clock is the first of them.
    host.clock?.controllers.push(this);
    // A connected host calls back at once, before the fields of a derived class are there.
    if (host.hasUpdated) queueMicrotask(() => host.addController(this));
    else host.addController(this);
  }

  /** Present for lit's type: a controller has at least one of its callbacks. */
  hostUpdated() {}

  /** Called each second, also in a hidden page. */
  tick() {}

  /** Changes fields, and renders. @param {Record<string, unknown>} [changes] */
  set(changes = {}) {
    Object.assign(this, changes);
    this.host.requestUpdate();
  }
}
