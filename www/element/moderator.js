// <rtk-moderator>: the element that moderates one meeting. It has the properties, and connects the controllers.

import { LitElement } from 'lit';
import { AccessController, tokenOf } from './controllers/access-controller.js';
import { AuditController } from './controllers/audit-controller.js';
import { ClockController } from './controllers/clock-controller.js';
import { FocusController } from './controllers/focus-controller.js';
import { LanguageController } from './controllers/language-controller.js';
import { ListController } from './controllers/list-controller.js';
import { NavigationController } from './controllers/navigation-controller.js';
import { PanelsController } from './controllers/panels-controller.js';
import { ParticipantsController } from './controllers/participants-controller.js';
import { RenewalController } from './controllers/renewal-controller.js';
import { ShortcutsController } from './controllers/shortcuts-controller.js';
import { SizeController } from './controllers/size-controller.js';
import { WatchController } from './controllers/watch-controller.js';
import { OptimisticState } from './model/optimistic-state.js';
import { missing, placeOf } from './model/place.js';
import { Selection } from './model/selection.js';
import { layout } from './views/layout.js';

/**
 * @import { Texts } from './locales/en.js'
 * @import { Formats } from './model/format.js'
 */

/** React writes properties as attributes, in lower case, if the element is not defined yet. */
const ALIASES = /** @type {Record<string, string>} */ ({
  ...{ accountid: 'account-id', appid: 'app-id', meetingid: 'meeting-id', signin: 'sign-in' },
});

export class RtkModerator extends LitElement {
  static properties = {
    gateway: {},
    accountId: { attribute: 'account-id' },
    appId: { attribute: 'app-id' },
    meetingId: { attribute: 'meeting-id' },
    lang: { reflect: true },
    interval: { type: Number },
    timeout: { type: Number },
    shortcuts: {},
    roleLabels: { attribute: false },
    texts: { attribute: false },
    signIn: { type: Boolean, attribute: 'sign-in' },
    grant: { attribute: false, noAccessor: true },
    getGrant: { attribute: false },
    announcement: { state: true },
  };

  static get observedAttributes() {
    return [...super.observedAttributes, 'grant', ...Object.keys(ALIASES)];
  }

  constructor() {
    super();
    /** @type {string | undefined} */ this.gateway = undefined;
    /** @type {string | undefined} */ this.accountId = undefined;
    /** @type {string | undefined} */ this.appId = undefined;
    /** @type {string | undefined} */ this.meetingId = undefined;
    /** @type {number | undefined} */ this.interval = undefined;
    /** @type {number | undefined} */ this.timeout = undefined;
    /** Where single-key shortcuts work: in the element, on the whole page, or nowhere. */
    this.shortcuts = 'element';
    /** The names of the app's roles, by preset. @type {Record<string, string> | undefined} */
    this.roleLabels = undefined;
    /** The app's own texts. @type {Partial<Texts> | ((formats: Formats) => Texts) | undefined} */
    this.texts = undefined;
    /** Whether to offer a sign-in, for which `rtk-moderator-sign-in` is fired. */
    this.signIn = false;
    /** Gets a grant when one is needed. @type {(() => string | Promise<string>) | undefined} */
    this.getGrant = undefined;
    /** The text for screen readers. */
    this.announcement = '';
    this.selection = new Selection();
    this.optimistic = new OptimisticState();
    // In the order in which they update.
    this.clock = new ClockController(this);
    this.size = new SizeController(this);
    this.access = new AccessController(this);
    this.renewal = new RenewalController(this);
    this.language = new LanguageController(this);
    this.navigation = new NavigationController(this);
    this.participants = new ParticipantsController(this);
    this.panels = new PanelsController(this);
    this.watch = new WatchController(this);
    this.audit = new AuditController(this);
    this.list = new ListController(this);
    this.keyboard = new ShortcutsController(this);
    this.focusKeeper = new FocusController(this);
    // These are loaded after the list.
    const later = /** @type {any} */ (null);
    /** @type {import('./controllers/action-controller.js').ActionController} */
    this.moderation = later;
    /** @type {import('./controllers/timeline-controller.js').TimelineController} */
    this.timeline = later;
    /** @type {import('./controllers/alerts-controller.js').AlertsController} */
    this.alerts = later;
    /** @type {import('./controllers/other-moderators-controller.js').OtherModeratorsController} */
    this.others = later;
    /** @type {import('./controllers/overview-controller.js').OverviewController} */
    this.overview = later;
    /** @type {import('./controllers/polls-controller.js').PollsController} */
    this.polls = later;
    /** @type {import('./controllers/confirm-controller.js').ConfirmController} */
    this.confirm = later;
    /** @type {import('./controllers/dialog-controller.js').DialogController} */
    this.dialogs = later;
  }

  // The grant can be set but not read.
  /** @param {string | null | undefined} grant */
  set grant(grant) {
    // A file or an environment variable may end in a line break.
    this.access.change(String(grant ?? '').trim());
    this.renewal.changed();
    this.audit.log.refused = false;
    this.watch.granted();
    this.moderation?.actions.queue.granted();
  }

  /** @returns {any} */
  get grant() {
    return undefined;
  }

  /** What the grant says. The gateway verifies it. */
  get claims() {
    return this.access.grant;
  }

  /** The current state of the meeting. */
  get state() {
    return this.watch.state;
  }

  /** The texts in the current language. */
  get t() {
    return this.language.t;
  }

  get fmt() {
    return this.language.fmt;
  }

  /** The server's time. */
  get now() {
    return this.clock.server(this.clock.deviceNow);
  }

  /** Where the meeting is. */
  get place() {
    return placeOf(this, this.claims);
  }

  /** What is missing for requests, by the names of its attributes. */
  get missing() {
    return missing(this.place, tokenOf(this.access));
  }

  /** Whether requests are possible, except that the meeting may be open. */
  get connected() {
    return this.missing.every((name) => name === 'meeting-id');
  }

  get configured() {
    return !this.missing.length;
  }

  /** @returns {Element | null} */
  get focusInside() {
    return this.shadowRoot?.activeElement ?? null;
  }

  /** Focuses an element after the update. @param {string} selector */
  async focusOn(selector) {
    await this.updateComplete;
    const element = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector));
    element?.focus();
    return element;
  }

  /** @param {string} word */
  can(word) {
    return this.claims.can(word);
  }

  /** @param {string} name @param {string | null} old @param {string | null} value */
  attributeChangedCallback(name, old, value) {
    super.attributeChangedCallback(name, old, value);
    if (value === null) return;
    if (name in ALIASES) super.attributeChangedCallback(ALIASES[name], old, value);
    if (name !== 'grant') return;
    // The document is no place for a secret.
    this.removeAttribute(name);
    this.grant = value;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('beforeprint', this.#print);
    window.addEventListener('afterprint', this.#print);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('beforeprint', this.#print);
    window.removeEventListener('afterprint', this.#print);
  }

  /** Renders all rows for the printer, at once. @param {Event} event */
  #print = ({ type }) => {
    this.list.print(type === 'beforeprint');
    this.performUpdate();
  };

  /** Drops all state of the meeting before. Open questions belong to it. */
  meetingChanged() {
    this.selection.clear();
    this.optimistic.clear();
    this.moderation?.actions.moved(this.watch.place);
    this.alerts?.reset();
    this.others?.reset();
    this.audit.reset();
    this.panels.closeDialogs();
  }

  /** @param {string} name @param {unknown} detail */
  dispatch(name, detail) {
    const init = { detail, bubbles: true, composed: true, cancelable: true };
    return this.dispatchEvent(new CustomEvent(`rtk-moderator-${name}`, init));
  }

  /** Announces a text to screen readers. @param {string} text */
  announce(text) {
    // A repeated text is announced again.
    this.announcement = text === this.announcement ? `${text}\u00A0` : text;
  }

  render() {
    return layout(this);
  }
}
