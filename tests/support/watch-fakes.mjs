// Fakes for tests of a watch: an API in a few lines, and a clock that does not wait.

const KIT = { baseURL: 'http://localhost', apiToken: 'a-token', accountId: 'acc' };
/** The client's timeout, by which its timers are distinguished from the waits of a watch. */
const TIMEOUT = 54_321;

/** A peer, written as in the cases: `id owner in|out joined [left]`. */
export function peer(text) {
  const [id, owner, , joined_at, left_at] = text.split(' ');
  const custom = /^custom:(.+)/.exec(owner)?.[1];
  return {
    id,
    ...(custom ? { custom_participant_id: custom } : owner !== '-' && { user_id: owner }),
    joined_at,
    ...(left_at && { left_at }),
  };
}

/** An API with one meeting, which responds by its fields. */
export function fakeApi() {
  const api = {
    /** The ID of the live session, if there is one. */
    session: 's1',
    peers: [],
    /** The session's own number of participants, if it says one. */
    live: undefined,
    /** The headers of every response. */
    headers: {},
    /** May return another response. */
    instead: (_path) => undefined,
    /** The paths requested, and the most requests at one time. */
    paths: [],
    tokens: [],
    most: 0,
    fetch: async (url, { headers, signal }) => {
      const { pathname, search } = new URL(url);
      const path = pathname + search;
      api.paths.push(path);
      api.tokens.push(new Headers(headers).get('authorization'));
      inFlight += 1;
      api.most = Math.max(api.most, inFlight);
      try {
        return (await api.instead(path, signal)) ?? answer(pathname);
      } finally {
        inFlight -= 1;
      }
    },
    /** The options of a client that uses it. */
    get options() {
      return { ...KIT, fetch: api.fetch, timeout: TIMEOUT };
    },
  };
  let inFlight = 0;

  function answer(pathname) {
    const { headers, session, peers, live: live_participants } = api;
    if (pathname.endsWith('/participants')) {
      const paging = { total_count: peers.length, start_offset: 1, end_offset: peers.length };
      return Response.json({ success: true, data: { participants: peers, paging } }, { headers });
    }
    if (session) {
      const data = { id: session, status: 'LIVE', live_participants };
      return Response.json({ success: true, data }, { headers });
    }
    const error = { code: 404, message: 'No active session found' };
    return Response.json({ success: false, error }, { status: 404, headers });
  }
  return api;
}

/**
 * Replaces the clock: a wait ends at once, and its time has passed. While the clock is `held`, waits
 * do not end.
 */
export function fakeClock(context) {
  const { setTimeout: start, clearTimeout: clear } = globalThis;
  const clock = {
    now: 1_700_000_000_000,
    held: false,
    /** The length of each wait. */
    waits: [],
    /** The running waits. */
    pending: new Set(),
    /** Resolves when the next wait begins. */
    begins: () => new Promise((resolve) => begun.push(resolve)),
  };
  const begun = [];
  context.mock.method(Date, 'now', () => clock.now);
  globalThis.setTimeout = (run, ms, ...rest) => {
    if (ms === TIMEOUT) return start(run, ms, ...rest);
    clock.waits.push(ms);
    const pass = () => {
      clock.pending.delete(timer);
      clock.now += ms;
      run();
    };
    const timer = clock.held ? start(pass, 2 ** 30) : start(pass, 0);
    clock.pending.add(timer);
    for (const resolve of begun.splice(0)) resolve();
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    clock.pending.delete(timer);
    clear(timer);
  };
  context.after(() => {
    for (const timer of clock.pending) clear(timer);
    Object.assign(globalThis, { setTimeout: start, clearTimeout: clear });
  });
  return clock;
}
