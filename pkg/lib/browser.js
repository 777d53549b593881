// Rejects Cloudflare's API as the base URL in a browser.

import { InvalidArgumentError } from './errors.js';

/** @param {string} url In a page it may be relative. */
function absolute(url) {
  return new URL(url, globalThis.location?.href);
}

/**
 * The constructor must say this at once, before the module is loaded. (For Rust, `src/request/base_url.rs` says it.)
 *
 * @param {{ baseURL: string, dangerouslyAllowBrowser?: boolean }} settings
 */
export function rejectInBrowser({ baseURL, dangerouslyAllowBrowser }) {
  if (dangerouslyAllowBrowser || !isBrowser()) return;
  let host;
  try {
    host = absolute(baseURL).hostname;
  } catch {
    return;
  }
  if (host.replace(/\.+$/, '') !== 'api.cloudflare.com') return;
  throw new InvalidArgumentError(
    'baseURL',
    'baseURL must not be api.cloudflare.com in a browser: it sends no CORS headers, and every ' +
      'visitor could read the API token. Use a gateway that keeps the token as baseURL, with a ' +
      'short-lived grant as apiToken, or set dangerouslyAllowBrowser',
  );
}

/** Whether this is a page or a worker of one. */
function isBrowser() {
  const { window, document, navigator, WorkerGlobalScope } = /** @type {any} */ (globalThis);
  if (window !== undefined && document !== undefined) return true;
  return WorkerGlobalScope !== undefined && /^Mozilla\//.test(navigator?.userAgent);
}
