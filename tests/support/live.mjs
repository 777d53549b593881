// A watcher of a meeting by the gateway's WebSocket, which does what docs/live.md says.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { WebSocket } from 'ws';
import { LIMIT } from './eventually.mjs';
import { ROOMY } from './gateway.mjs';

export const PROTOCOL = 'realtimekit-moderator.v1';

/** Settings with which reads come often, so that no test waits for one. */
export const OFTEN = {
  ...ROOMY,
  reads: { ...ROOMY.reads, fresh_ms: 50 },
  budget: { requests: 1_000_000 },
  live: { interval_ms: 100 },
};

/** What a test that fails leaves behind. */
const open = new Set();
after(() => {
  for (const socket of open) socket.terminate();
});

/** Where a meeting is watched. */
export const watchUrl = (of, meeting, query = '') =>
  `${of.url.replace(/^http/, 'ws')}${of.path(meeting, `meetings/${meeting.meeting_id}/watch`)}${query}`;

/**
 * Opens a socket, and rejects with the response if it is refused.
 *
 * @param {any} of of `startGateway`
 * @param {any} meeting
 * @param {any} [how] `claims` of the grant, or `grant`; `since`, another watcher to resume after;
 *   `protocols`; `options` of ws
 */
export async function watch(of, meeting, { claims, grant, since, protocols, options } = {}) {
  const token = grant ?? of.grant(meeting, claims);
  const query = since ? `?stream=${since.stream}&seq=${since.seq}` : '';
  const socket = new WebSocket(
    watchUrl(of, meeting, query),
    protocols ?? [PROTOCOL, token],
    options,
  );
  open.add(socket);
  const watcher = new Watcher(socket, since);
  await watcher.opened;
  return watcher;
}

/** The participants' keys of some peers, each once. */
const keyOf = (peer) => peer.user_id ?? peer.custom_participant_id ?? peer.id;

class Watcher {
  messages = [];
  seq = 0;
  stream = undefined;
  session = undefined;
  peers = undefined;
  trouble = null;
  pause = null;
  /** Why a message does not follow the one before. */
  gap = undefined;
  #changed = [];
  #since;

  constructor(socket, since) {
    this.socket = socket;
    this.#since = since;
    socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false);
      this.#take(JSON.parse(String(data)));
    });
    socket.on('error', () => {});
    this.opened = new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('unexpected-response', async (_request, response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        // A reset is an end like any other.
        response.on('error', () => {});
        await new Promise((ended) => response.on('close', ended));
        socket.terminate();
        const text = Buffer.concat(chunks).toString();
        reject(
          Object.assign(new Error(`refused: ${response.statusCode}`), {
            ...{ status: response.statusCode, headers: response.headers, text },
          }),
        );
      });
      socket.on('close', (code) => reject(new Error(`closed: ${code}`)));
    });
    /** The code and the reason, once it is closed. */
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        open.delete(socket);
        this.#wake();
        resolve({ code, reason: String(reason) });
      });
    });
  }

  #take(message) {
    const numbered = !['welcome', 'heartbeat', 'grant', 'refused', 'reconnect'].includes(
      message.type,
    );
    const follows = message.seq === this.seq + 1;
    const first = message.type === 'snapshot';
    if (numbered && !follows && !first) this.gap ??= `${message.seq} after ${this.seq}`;
    this[`_${message.type}`]?.(message);
    if (numbered) this.seq = message.seq;
    this.messages.push(message);
    this.#wake();
  }

  _welcome({ stream, seq, resumed }) {
    this.stream = stream;
    this.seq = seq;
    if (!resumed) return;
    const { session, peers, trouble, pause } = this.#since;
    Object.assign(this, { seq: this.#since.seq, session, peers, trouble, pause });
  }
  _snapshot({ session, peers, trouble = null, pause = null }) {
    Object.assign(this, { session, peers, trouble, pause });
  }
  _change({ session, peers = [], removed = [] }) {
    if (session) this.session = { ...this.session, ...session };
    this.peers = this.peers.filter(({ id }) => !removed.includes(id));
    for (const peer of peers) {
      const at = this.peers.findIndex(({ id }) => id === peer.id);
      this.peers.splice(at < 0 ? this.peers.length : at, at < 0 ? 0 : 1, peer);
    }
    Object.assign(this, { trouble: null, pause: null });
  }
  _trouble(message) {
    this.trouble = message;
  }
  _pause(message) {
    this.pause = message;
  }

  #wake() {
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  /** Those who are in the session, by key. */
  get present() {
    const there = (this.peers ?? []).filter(({ left_at }) => !left_at);
    return [...new Set(there.map(keyOf))];
  }

  /** The messages of a type. */
  of(type) {
    return this.messages.filter((message) => message.type === type);
  }

  /** Waits until something is so, which only a message or the end can make so. */
  async until(isSo) {
    const end = performance.now() + LIMIT;
    for (;;) {
      const so = isSo(this);
      if (so) return so;
      const closed = this.socket.readyState === WebSocket.CLOSED;
      assert.ok(!closed && performance.now() < end, JSON.stringify(this.messages.slice(-3)));
      let timer;
      await new Promise((resolve) => {
        this.#changed.push(resolve);
        timer = setTimeout(resolve, LIMIT);
      });
      clearTimeout(timer);
    }
  }

  /** Waits for the first message that fits. */
  async message(type, fits = () => true) {
    return this.until(() => this.of(type).find(fits));
  }

  /** A snapshot or the missed events are there. */
  async ready() {
    await this.until(() => this.peers);
    return this;
  }

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async close() {
    this.socket.close();
    return this.closed;
  }
}
