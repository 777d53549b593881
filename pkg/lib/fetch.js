// The `fetch` of a client that has `fetchOptions`, or a log.

import { logged } from './log.js';

/** @typedef {Record<string, any>} Fields */
/** @typedef {import('./log.js').Fetch} Fetch */

/**
 * @param {import('./client.js').Settings} settings
 * @param {Fields} [own] The options of one call.
 * @returns {Function | undefined} Nothing for the platform's own.
 */
export function fetchOf(settings, own) {
  const { fetch, fetchOptions } = settings;
  /** @type {Fetch} */
  const plain = (url, init) => (fetch ?? globalThis.fetch)(url, init);
  const send = logged(plain, settings);
  if (!fetchOptions && !own) return send === plain ? (fetch ?? undefined) : send;
  /** @type {Fetch} */
  return (url, init) => {
    /** @type {Fields} */
    const { method, headers, body, signal, redirect, next } = init;
    const precedent = { method, headers, body, signal, redirect };
    const given = { ...fetchOptions, ...own };
    // Next.js wants only one of the two.
    return send(
      url,
      /** @type {any} */ ({
        ...init,
        next: given.cache ? undefined : next,
        ...given,
        ...precedent,
      }),
    );
  };
}
