// The signals and listeners of calls: one listener for all who wait for an event, and none that outlives a body.

/** @typedef {(event: any) => void} Listener */

/**
 * Who listens to an event of a target. A signal may be that of very many calls, and Node warns of more than ten
 * listeners: all share one.
 *
 * @type {WeakMap<EventTarget, Record<string, [Set<Listener>, relay: Listener]>>}
 */
const shared = new WeakMap();

/** @type {(target: EventTarget, name: string, listener: Listener) => () => void} Returns what removes the listener. */
export function listen(target, name, listener) {
  const events = shared.get(target) ?? {};
  shared.set(target, events);
  if (!events[name]) {
    /** @type {Set<Listener>} */
    const all = new Set();
    /** @type {Listener} */
    const relay = (event) => all.forEach((one) => one(event));
    target.addEventListener(name, relay);
    events[name] = [all, relay];
  }
  const [all, relay] = events[name];
  all.add(listener);
  return () => {
    all.delete(listener);
    if (all.size || events[name]?.[0] !== all) return;
    delete events[name];
    try {
      target.removeEventListener(name, relay);
    } catch {
      // The caller's signal may be anything.
    }
  };
}

/** @type {boolean | undefined} */
let refusesSignals;

/**
 * Whether `fetch` refuses the signals of this realm, as in jsdom.
 *
 * @param {AbortSignal} signal
 */
function isRefused(signal) {
  if (typeof Request !== 'function') return false;
  try {
    new Request('http://a', { signal });
    return false;
  } catch {
    return true;
  }
}

/** Ends what was set up for a body that was dropped unread. */
const dropped = new FinalizationRegistry((/** @type {() => void} */ end) => end());

export function abortController() {
  const own = new AbortController();
  refusesSignals ??= isRefused(own.signal);
  return refusesSignals ? undefined : own;
}

/** @type {(response: Response, signal: AbortSignal, controller: AbortController) => Response} */
export function handOver(response, signal, controller) {
  const { body: source } = response;
  if (!source) return response;
  const abort = () => controller.abort();
  const end = listen(signal, 'abort', abort);
  // A custom `fetch` may return anything.
  const reader = source.getReader?.();
  if (!reader) {
    dropped.register(response, end);
    return response;
  }
  const body = new ReadableStream(
    {
      async pull(to) {
        try {
          const { done, value } = await reader.read();
          if (!done) return to.enqueue(value);
          to.close();
        } catch (error) {
          to.error(error);
        }
        end();
      },
      cancel(reason) {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  dropped.register(body, () => {
    end();
    abort();
  });
  const copy = new Response(body, response);
  return Object.defineProperty(copy, 'url', { value: response.url });
}
