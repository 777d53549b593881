// The log: which messages are written, and what of a request and its response is in them. Never the token.

/** @typedef {'off' | 'error' | 'warn' | 'info' | 'debug'} Level */
/** @typedef {(url: string, init: RequestInit) => Promise<Response>} Fetch */

/** @type {Level[]} */
const LEVELS = ['off', 'error', 'warn', 'info', 'debug'];
const INFO = 3;
const DEBUG = 4;

/** Headers that are credentials, in either direction. */
const SECRET = /^(authorization|(set-)?cookie|.*api-key|x-auth-.*)$/;

/** @type {(logger: any, level: number, ...rest: unknown[]) => void} */
function write(logger, level, ...rest) {
  try {
    logger[LEVELS[level]](...rest);
  } catch {
    // A call does not fail because of its log.
  }
}

/**
 * A level. Anything else is reported, and ignored.
 *
 * @param {any} level
 * @param {string} source
 * @param {unknown} logger
 * @returns {Level | undefined}
 */
export function readLevel(level, source, logger) {
  if (!level || LEVELS.includes(level)) return level;
  write(logger, 2, `${source} was set to "${String(level)}", expected one of ${LEVELS}`);
  return undefined;
}

/**
 * A `fetch` that logs each attempt: at the level `debug` with the details.
 *
 * @param {Fetch} fetch
 * @param {import('./client.js').Settings} settings
 * @returns {Fetch}
 */
export function logged(fetch, { logger, logLevel, apiToken }) {
  const most = LEVELS.indexOf(logLevel);
  if (most < INFO) return fetch;
  return async (url, init) => {
    const { method, headers, body } = /** @type {Record<string, any>} */ (init);
    // A call may have a token of its own.
    const words = [apiToken, headers.authorization].join(' ').split(' ');
    const secrets = words.filter((word) => word.length > 5);
    /** @type {(key: string, value: any) => any} */
    const redact = (key, value) => {
      if (SECRET.test(key)) return '***';
      if (typeof value !== 'string') return value;
      return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), value);
    };
    const start = Date.now();
    const id = `log_${Math.random().toString(16).slice(2, 8)}`;
    /** @type {(level: number, message: string, details: object) => void} */
    const log = (level, message, details) => {
      if (level > most) return;
      const line = [`[${id}] ${method} ${url} ${message}`, details].slice(0, most - 2);
      write(logger, level, ...JSON.parse(JSON.stringify(line, redact)));
    };
    const since = () => `after ${Date.now() - start} ms`;
    log(DEBUG, 'is sent', { headers, body });
    try {
      const response = await fetch(url, init);
      const { ok, status, headers } = response;
      const received = { status, headers: Object.fromEntries(headers) };
      log(INFO, `${ok ? 'succeeded' : 'failed'} with status ${status} ${since()}`, received);
      return response;
    } catch (error) {
      log(INFO, `got no response ${since()}`, { message: String(error) });
      throw error;
    }
  };
}
