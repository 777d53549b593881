// A watch of the packed package before a gateway, with sockets that a test sees.

import Cloudflare from 'realtimekit-moderator';
import { WebSocket } from 'ws';

/** A client of a moderator; `url` leads to the gateway, through a proxy for example. */
export const moderator = (gateway, meeting, claims, url = gateway.url) =>
  new Cloudflare({
    apiToken: gateway.grant(meeting, claims),
    baseURL: `${url}/client/v4`,
    accountId: gateway.account_id,
  });

/** A watch, which ends with the test. `sockets` are those it made. */
export function watchBy(t, client, meeting, options) {
  const sockets = [];
  class Counted extends WebSocket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
    }
  }
  const watch = client.realtimeKit.activeSession.watch(
    meeting.app_id,
    meeting.meeting_id,
    {},
    { WebSocket: Counted, ...options },
  );
  t.after(() => watch.return());
  /** The next snapshot in which this is so. */
  const until = async (isSo) => {
    for (;;) {
      const { value } = await watch.next();
      if (isSo(value)) return value;
    }
  };
  /** Whether the newest connection is open. */
  const isOpen = () => sockets.at(-1)?.readyState === WebSocket.OPEN;
  return { watch, sockets, until, isOpen, client };
}
