// <rtk-moderator>: the element that moderates one meeting. It connects the parts: the state, the views, the
// actions, and the events for the page around it.

import { LitElement } from 'lit';
import Cloudflare from 'realtimekit-moderator';
import { Actions } from './actions.js';
import { Activities } from './activities.js';
import { Audit } from './audit.js';
import { Conduct } from './conduct.js';
import { Confirm } from './confirm.js';
import { Details } from './details.js';
import { Focus } from './focus.js';
import { formats } from './format.js';
import { afterFrame } from './frames.js';
import { readGrant } from './grant.js';
import { layout } from './layout.js';
import { Marks } from './marks.js';
import { Meeting, NOTHING, pausedUntil } from './meeting.js';
import { Polls } from './polls.js';
import { Roster } from './roster.js';
import { Selection } from './selection.js';
import { Sheet } from './sheet.js';
import { ENDS_SOON, troubleSaid } from './status.js';
import { style } from './style.js';
import en from './texts/en.js';
import { languageOf, textsOf } from './texts/index.js';
import { Timeline } from './timeline.js';

/**
 * @import { Action, Person } from './types.js'
 *
 * @typedef {'people' | 'room' | 'polls' | 'timeline'} View
 * @typedef {'kick' | 'mute' | 'ban'} Verb
 */

/** The width from which the panel is beside the list, and the width up to which rows have two lines. */
const [WIDE, NARROW] = [1000, 640];
const AUDIT_EVERY = 15_000;
/** How long a successful action is shown. */
const SHOWN_MS = 8000;
const VERBS = /** @type {const} */ (['mute', 'kick', 'ban']);

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
    grant: { attribute: false, noAccessor: true },
  };

  static styles = style;

  /** @type {string} */ #token = '';
  /** @type {any} */ #client;
  /** @type {Meeting | null} */ #meeting = null;
  #started = '';
  #tick = 0;
  #sizes = /** @type {ResizeObserver | undefined} */ (undefined);
  #warnedOf = 0;
  #auditAt = 0;
  #lastTrouble = /** @type {unknown} */ (null);
  #focus = new Focus(this);

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
    this.state = NOTHING;
    /** @type {import('./grant.js').Grant} */ this.parsed = readGrant('');
    this.problem = '';
    this.wide = false;
    this.narrow = false;
    /** @type {View} */ this.tab = 'people';
    this.fmt = formats('en');
    /** @type {import('./texts/en.js').Texts | null} */ this.spoken = en(this.fmt);
    this.wallNow = Date.now();
    /** The text for screen readers. */
    this.said = '';
    /** The key of the current meeting. */
    this.place = '';
    this.selection = new Selection();
    this.marks = new Marks();
    const changed = () => this.requestUpdate();
    this.actions = new Actions({
      api: () => ({ kit: this.#client.realtimeKit, ids: [this.appId ?? '', this.meetingId ?? ''] }),
      mayKick: () => this.can('kick'),
      changed,
      ended: (action, targets) => this.conduct.ended(action, targets),
    });
    this.conduct = new Conduct(this, { meeting: () => this.#meeting });
    this.audit = this.#newAudit();
    this.roster = new Roster(this);
    this.confirm = new Confirm(this);
    this.details = new Details(this);
    this.activities = new Activities(this);
    this.polls = new Polls(this);
    this.timeline = new Timeline(this);
    this.sheet = new Sheet(this);
  }

  // The grant can be set but not read. It is sent only to the gateway.
  /** @param {string | null | undefined} grant */
  set grant(grant) {
    this.#token = grant ?? '';
    this.parsed = readGrant(this.#token);
    if (this.#client) this.#client.apiToken = this.#token || null;
    this.audit.refused = false;
    this.#warnedOf = 0;
    // The screen stays. After failures refresh at once, unless the server asked for a pause.
    if (this.state.trouble || this.problem || !this.#token) this.#started = '';
    else this.#meeting?.lookSoon();
    this.requestUpdate();
  }

  /** @returns {any} */
  get grant() {
    return undefined;
  }

  get claims() {
    return this.parsed;
  }

  get configured() {
    return !!(this.gateway && this.accountId && this.appId && this.meetingId && this.#token);
  }

  /** The API's time, for durations. */
  get now() {
    return this.wallNow + this.state.ahead;
  }

  /** The panel beside or instead of the list. @returns {View} */
  get view() {
    return this.wide ? 'people' : this.tab;
  }

  /** @returns {Verb[]} The actions on participants that the grant allows. */
  get verbs() {
    return VERBS.filter((verb) => this.can(verb));
  }

  /** @returns {Person[]} The selected participants, with their current data. */
  get chosen() {
    return this.state.people.filter(({ key }) => this.selection.has(key));
  }

  /** @returns {Element | null} */
  get focusInside() {
    return this.shadowRoot?.activeElement ?? null;
  }

  /** @param {string} word */
  can(word) {
    return this.parsed.can(word);
  }

  /** Whether an action on a participant is possible now. @param {Verb} verb @param {Person} person */
  possible(verb, person) {
    if (!this.can(verb) || this.marks.removed(person.key)) return false;
    // A participant who has left can still be banned.
    return verb === 'ban' ? person.userId !== null : person.present && person.id !== null;
  }

  /** @param {Person} person */
  nameOf({ name, custom }) {
    return name || custom || this.t.noName;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sizes = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect.width));
    this.#sizes.observe(this);
    this.#tick = window.setInterval(() => this.#ticked(), 1000);
    this.addEventListener('keydown', this.#key);
    window.addEventListener('keydown', this.#pageKey);
    this.#started = '';
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.timeline.disconnected();
    this.#closeDialogs();
    this.#sizes?.disconnect();
    clearInterval(this.#tick);
    this.removeEventListener('keydown', this.#key);
    window.removeEventListener('keydown', this.#pageKey);
    this.#meeting?.stop();
    this.#meeting = null;
  }

  #closeDialogs() {
    this.renderRoot.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  }

  /** @param {number} width */
  #resized(width) {
    Object.assign(this, { wide: width >= WIDE, narrow: width < NARROW });
    this.requestUpdate();
  }

  #ticked() {
    this.wallNow = Date.now();
    const { exp } = this.parsed;
    // Also in a hidden page, because the app may have to fetch another grant.
    if (exp !== null && exp - this.wallNow < ENDS_SOON && this.#warnedOf !== exp) {
      this.#warnedOf = exp;
      const left = exp - this.wallNow;
      this.tell('grant-expiring', { expires: exp });
      this.announce(left > 0 ? this.t.grantEndsSoon(left) : this.t.grantEndedLong);
    }
    if (document.visibilityState === 'hidden') return;
    // Do not remove a card under the pointer or with the focus.
    this.marks.passed(this.wallNow);
    const used = this.renderRoot.querySelector('.activity:is(:hover, :focus-within)');
    for (const action of used ? [] : this.actions.list) {
      // Count only the time in which the tab was visible.
      if (!action.running) action.seenAt ??= this.wallNow;
      const old = this.wallNow - (action.seenAt ?? Infinity) > SHOWN_MS;
      if (action.outcome === 'done' && old && !action.hidden) this.actions.dismiss(action);
    }
    const auditShown = this.panel === 'timeline' || this.panel === 'polls';
    if (auditShown && this.wallNow - this.#auditAt >= AUDIT_EVERY) this.readAudit();
    this.requestUpdate();
  }

  /** @returns {View} The visible panel. */
  get panel() {
    return this.wide && this.tab === 'people' ? 'room' : this.tab;
  }

  #newAudit() {
    return new Audit({
      place: () => ({
        base: this.gateway ?? '',
        account: this.accountId ?? '',
        app: this.appId ?? '',
        meeting: this.meetingId ?? '',
        token: this.#token,
        timeout: this.timeout,
      }),
      changed: () => this.requestUpdate(),
    });
  }

  readAudit() {
    this.#auditAt = Date.now();
    const paused = pausedUntil(this.state) > this.#auditAt;
    if (this.configured && this.can('audit') && !paused) this.audit.read();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    this.wallNow = Date.now();
    const language = languageOf(this);
    if (language !== this.#language) this.#speak(language);
    const { gateway, accountId, appId, meetingId, timeout, interval } = this;
    const place = JSON.stringify([gateway, accountId, appId, meetingId]);
    if (this.place !== place) {
      // Another meeting: drop all state.
      this.place = place;
      this.state = NOTHING;
      this.selection.clear();
      this.marks.clear();
      this.actions.forget();
      // Open questions belong to the old meeting.
      this.#closeDialogs();
      this.audit = this.#newAudit();
      this.#client = undefined;
      this.#started = '';
    }
    if (changed.has('timeout')) this.#client = undefined;
    if (changed.has('timeout') || changed.has('interval')) this.#started = '';
    // Stop the old watch if the meeting, the gateway or the grant is gone or different.
    if (!this.#started || !this.configured) {
      this.#meeting?.stop();
      this.#meeting = null;
      this.#started = '';
    }
    if (this.isConnected && this.configured && !this.#started) {
      this.#started = place;
      this.#start({ gateway, accountId, appId, meetingId, timeout, interval });
    }
    this.roster.arrange();
    this.#focus.before();
  }
  #language = 'en';

  /** The texts in the current language. */
  get t() {
    return /** @type {import('./texts/en.js').Texts} */ (this.spoken);
  }

  /** Loads a language before it is shown, so that languages are never mixed. @param {string} language */
  async #speak(language) {
    this.#language = language;
    const texts = await textsOf(language);
    if (language !== this.#language) return;
    this.fmt = formats(language);
    this.spoken = texts(this.fmt);
    this.requestUpdate();
  }

  /** @param {any} given */
  #start({ gateway, accountId, appId, meetingId, timeout, interval }) {
    this.#meeting?.stop();
    this.#meeting = null;
    this.problem = '';
    try {
      this.#client ??= new Cloudflare({
        ...{ baseURL: gateway, apiToken: this.#token, accountId },
        ...(timeout ? { timeout } : {}),
      });
    } catch (/** @type {any} */ error) {
      this.#fail(error);
      return;
    }
    const meeting = new Meeting({
      ...{ client: this.#client, app: appId, meeting: meetingId, interval, state: this.state },
      changed: (snapshot, began) => {
        if (meeting !== this.#meeting) return;
        const before = this.state;
        this.state = meeting.state;
        this.#looked(before, snapshot, began);
      },
      statusChanged: () => {
        if (meeting !== this.#meeting) return;
        this.state = meeting.state;
        this.requestUpdate();
      },
      failed: (error) => meeting === this.#meeting && this.#fail(error),
    });
    this.#meeting = meeting;
    meeting.start();
    this.readAudit();
  }

  /** @param {any} error */
  #fail(error) {
    this.problem = String(error?.message ?? error);
    this.tell('error', { error });
    this.requestUpdate();
  }

  /**
   * @param {import('./meeting.js').State} before
   * @param {import('./types.js').Snapshot} snapshot
   * @param {number} began
   */
  #looked(before, snapshot, began) {
    const { phase, byKey, trouble } = this.state;
    this.selection.prune(byKey);
    // A cached response is as old as its `Age`, even if it was requested later.
    const of = Math.min(began, snapshot.at ?? 0);
    const said = this.conduct.looked(of);
    if (phase !== before.phase && before.phase !== 'loading') said.push(this.t.phaseSaid[phase]);
    if (trouble && !this.#lastTrouble) {
      said.push(troubleSaid(this.t, this.state));
      this.tell('error', { error: trouble.error });
    } else if (!trouble && this.#lastTrouble) said.push(this.t.foundAgain);
    if (said.length) this.announce(said.join(' '));
    this.#lastTrouble = trouble;
    this.tell('snapshot', snapshot);
    // Reading a thousand participants fills one frame.
    if (phase === before.phase && phase === 'live' && !trouble)
      afterFrame(() => this.requestUpdate());
    else this.requestUpdate();
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    const how = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`rtk-moderator-${name}`, how));
  }

  /** Announces a text to screen readers. @param {string} text */
  announce(text) {
    // A repeated text is announced again.
    this.said = text === this.said ? `${text}\u00A0` : text;
    this.requestUpdate();
  }

  /** @param {Person} person */
  open(person) {
    this.details.open(person);
  }

  /** @param {boolean} [said] */
  selectionChanged(said = false) {
    if (said) this.announce(this.t.selected(this.selection.size));
    this.requestUpdate();
  }

  clearSelection() {
    this.selection.clear();
    this.roster.focus();
    this.selectionChanged(true);
  }

  async focusSearch() {
    this.tab = this.wide ? this.tab : 'people';
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (
      this.renderRoot.querySelector('[name=search]')
    )?.select();
  }

  /** @param {View} tab */
  async go(tab) {
    this.tab = tab;
    if (tab === 'timeline' || tab === 'polls') this.readAudit();
    this.requestUpdate();
    await this.updateComplete;
    if (tab === 'people') this.roster.focus();
    else
      /** @type {HTMLElement | null} */ (
        this.renderRoot.querySelector('[role=tab][aria-selected=true]')
      )?.focus();
  }

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented) return;
    // A dialog handles its own keys.
    if (this.renderRoot.querySelector('dialog[open]')) return;
    if (this.sheet.key(event, this.shortcuts !== 'off')) event.preventDefault();
  };

  #pageKey = (/** @type {KeyboardEvent} */ event) => {
    if (this.shortcuts === 'page' && !event.composedPath().includes(this)) this.#key(event);
  };

  updated() {
    this.roster.measure();
    this.timeline.updated();
    this.#focus.after();
  }

  render() {
    return layout(this);
  }
}
