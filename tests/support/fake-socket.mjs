// A gateway's WebSocket without a network: a class whose sockets a test opens, feeds and closes.

/** The features that a gateway advertises. */
export const PUSHES = { 'realtimekit-gateway-features': 'idempotency-key, watch' };

/** A class of sockets. `sockets` are those made of it, the newest last. */
export function fakeSockets() {
  const sockets = [];
  const waiting = [];

  class FakeSocket {
    readyState = 0;
    sent = [];
    closed = false;
    onmessage = null;
    onclose = null;
    onerror = null;

    constructor(url, protocols) {
      for (const protocol of protocols) {
        if (!/^[\w!#$%&'*+.^`|~-]+$/.test(protocol)) throw new SyntaxError('not a subprotocol');
      }
      this.url = new URL(url);
      this.protocols = protocols;
      sockets.push(this);
      waiting.shift()?.(this);
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.readyState = 3;
      this.closed = true;
    }

    /** The server sends messages. */
    receive(...messages) {
      this.readyState = 1;
      for (const message of messages) {
        const data = typeof message === 'object' ? JSON.stringify(message) : message;
        this.onmessage?.({ data });
      }
    }

    /** The connection ends. */
    end(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code });
    }
  }

  return {
    FakeSocket,
    sockets,
    /** The next socket that is made. */
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

export const welcome = (seq, { resumed = false, stream = 'one' } = {}) => ({
  type: 'welcome',
  seq,
  version: 1,
  stream,
  resumed,
  now: Date.now(),
  heartbeat_ms: 20_000,
  interval_ms: 2000,
  expires_at: Date.now() + 3_600_000,
  can: ['read'],
});

export const snapshot = (seq, peers, fields = {}) => ({
  type: 'snapshot',
  seq,
  read_at: Date.now(),
  session: { id: 's1', status: 'LIVE' },
  peers,
  ...fields,
});
