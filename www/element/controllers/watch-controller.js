// The client and the watch of the meeting: starts, restarts and stops them, and reports what changed.

import Cloudflare from 'realtimekit-moderator';
import { PERMISSIONS } from '../model/grant.js';
import { EMPTY_STATE, Meeting } from '../model/meeting.js';
import { afterPaint } from '../views/after-paint.js';
import { problemText } from '../views/status.js';
import { tokenOf } from './access-controller.js';
import { Controller } from './controller.js';

/** @import { State } from '../model/meeting.js' */
/** @import { Snapshot } from '../types.js' */

export class WatchController extends Controller {
  /** @type {State} */
  state = EMPTY_STATE;
  /** @type {any} */
  client;
  /** Why no watch can run, as the client reports it. */
  problem = '';
  /** The key of the current meeting. */
  place = '';
  /** @type {Meeting | null} */
  meeting = null;
  /** The moderator and the permissions of the grant. */
  #granted = '';
  /** @type {unknown[]} */
  #options = [];

  hostConnected() {
    this.set({});
  }

  hostDisconnected() {
    this.#stop();
  }

  hostUpdate() {
    const { host } = this;
    const { timeout, interval } = host;
    const place = JSON.stringify(host.place);
    if (this.place !== place) {
      Object.assign(this, { place, state: EMPTY_STATE });
      this.#changeClient();
      this.#stop();
      host.meetingChanged();
    }
    if (timeout !== this.#options[0]) this.client = undefined;
    if (timeout !== this.#options[0] || interval !== this.#options[1]) this.#stop();
    this.#options = [timeout, interval];
    if (!host.configured) this.#stop();
    else if (host.isConnected && !this.meeting && !this.problem) this.#start();
  }

  /** Actions in the meeting before keep its client. A grant for every meeting goes on for them, too. */
  #changeClient() {
    const { place, navigation, access } = this.host;
    const { baseURL, accountId } = this.client ?? {};
    const goesOn = navigation.mayChoose && baseURL === place.gateway && accountId === place.account;
    if (goesOn) this.client.apiToken = tokenOf(access);
    else this.client = undefined;
  }

  /** A client for the gateway. */
  connect() {
    const { place, timeout, access, clock } = this.host;
    this.client ??= new Cloudflare({
      ...{ baseURL: place.gateway, accountId: place.account, fetch: clock.fetch },
      apiToken: tokenOf(access) || null,
      ...(timeout ? { timeout } : {}),
    });
    return this.client;
  }

  /**
   * The screen stays. After failures refresh at once, unless the server asked for a pause. A connection takes a renewed
   * grant, but no other one, and keeps its own if the new one has expired.
   */
  granted() {
    const { access } = this.host;
    const token = tokenOf(access);
    // The grant of another meeting is not for the actions that go on here.
    if (this.client && JSON.stringify(this.host.place) === this.place)
      this.client.apiToken = token || null;
    const { sub, app, meeting, can } = this.host.claims;
    const granted = JSON.stringify([sub, app, meeting, ...PERMISSIONS.filter(can)]);
    const isRenewal = granted === this.#granted && (access.left ?? 1) > 0;
    this.#granted = granted;
    // One that is just being opened has the old grant, too.
    if (!isRenewal || this.state.trouble || this.problem || !token) this.#stop();
    else this.meeting?.refreshSoon();
  }

  /** Tries again now. */
  retry() {
    this.#stop();
    this.set({});
  }

  #stop() {
    this.meeting?.stop();
    Object.assign(this, { meeting: null, problem: '' });
  }

  #start() {
    const { host } = this;
    const { app, meeting: meetingId } = host.place;
    try {
      this.connect();
    } catch (error) {
      this.#fail(error);
      return;
    }
    /** @type {Meeting} */
    const meeting = new Meeting({
      ...{ client: this.client, app, meeting: meetingId, interval: host.interval },
      ...{ state: this.state, offset: () => host.clock.offset },
      changed: (snapshot, began) => {
        if (meeting !== this.meeting) return;
        const before = this.state;
        this.state = meeting.state;
        this.#refreshed(before, snapshot, began);
      },
      statusChanged: () => meeting === this.meeting && this.set({ state: meeting.state }),
      failed: (error) => meeting === this.meeting && this.#fail(error),
    });
    this.meeting = meeting;
    meeting.start();
    host.audit.read();
  }

  /** @param {any} error */
  #fail(error) {
    this.host.dispatch('error', { error });
    this.set({ problem: String(error?.message ?? error) });
  }

  /** @param {State} before @param {Snapshot} snapshot @param {number} began */
  #refreshed(before, snapshot, began) {
    const { host } = this;
    const { phase, byKey, trouble } = this.state;
    host.selection.prune(byKey);
    const records = host.audit.take(snapshot, before);
    // A cached response is as old as its `Age`, even if it was requested later.
    const of = Math.min(began, snapshot.at ?? 0);
    const announcements = host.moderation?.refreshed(of, before) ?? [];
    announcements.push(...(host.others?.acted(records) ?? []));
    if (phase !== before.phase && before.phase !== 'loading')
      announcements.push(host.t.phaseAnnounced[phase]);
    if (trouble && !before.trouble) {
      announcements.push(problemText(host));
      host.dispatch('error', { error: trouble.error });
    } else if (!trouble && before.trouble) announcements.push(host.t.refreshedAgain);
    if (announcements.length) host.announce(announcements.join(' '));
    host.dispatch('snapshot', snapshot);
    // Reading a thousand participants fills one frame.
    if (phase === before.phase && phase === 'live' && !trouble) afterPaint(() => this.set({}));
    else this.set({});
  }
}
