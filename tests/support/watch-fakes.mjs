// What a watch is tested with: an API of a few lines, and a clock that needs no waiting.

const KIT = { baseURL: 'http://localhost', apiToken: 'a-token', accountId: 'acc' };
/** By this the timers of attempts are told from the waits of a watch. */
const TIMEOUT = 54_321;

/** A peer of which `id whose in|out joined [left]` is said, as in the cases. */
export function peer(text) {
  const [id, whose, , joined_at, left_at] = text.split(' ');
  const custom = /^custom:(.+)/.exec(whose)?.[1];
  return {
    id,
    ...(custom ? { custom_participant_id: custom } : whose !== '-' && { user_id: whose }),
    joined_at,
    ...(left_at && { left_at }),
  };
}

/** An API with one meeting. What it answers is what its fields say at the time. */
export function fakeApi() {
  const api = {
    /** The ID of the live session, if one is. */
    session: 's1',
    peers: [],
    /** Of every answer. */
    headers: {},
    /** Answers in place of what follows, if it gives anything. */
    instead: (_path) => undefined,
    /** What has been asked for, and how much of it at once at the most. */
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
    const { headers, session, peers } = api;
    if (pathname.endsWith('/participants')) {
      const paging = { total_count: peers.length, start_offset: 1, end_offset: peers.length };
      return Response.json({ success: true, data: { participants: peers, paging } }, { headers });
    }
    if (session) {
      return Response.json({ success: true, data: { id: session, status: 'LIVE' } }, { headers });
    }
    const error = { code: 404, message: 'No active session found' };
    return Response.json({ success: false, error }, { status: 404, headers });
  }
  return api;
}

/**
 * Replaces the clock: a wait ends at once, and its time has passed. While it is `held`, waits do
 * not end by themselves.
 */
export function fakeClock(context) {
  const { setTimeout: start, clearTimeout: clear } = globalThis;
  const clock = {
    now: 1_700_000_000_000,
    held: false,
    /** How long each wait was to be. */
    waits: [],
    /** The waits under way. */
    pending: new Set(),
    /** When the next wait begins. */
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
