// The error classes, with the names and constructors of the official SDK.

/** @typedef {{ policy: string, remaining: number, reset: number }} RateLimit */

/** @typedef {{ rateLimit?: RateLimit, retryAfter?: number }} Limits What headers say about limits. */

/** @typedef {Limits & { maybeApplied?: boolean, attempts?: number }} Info What is known about the attempts. */

export class CloudflareError extends Error {}

export class InvalidArgumentError extends CloudflareError {
  /**
   * @param {string} argument
   * @param {string} message
   */
  constructor(argument, message) {
    super(message);
    this.argument = argument;
  }
}

export class ModuleLoadError extends CloudflareError {
  /** @param {unknown} cause */
  constructor(cause) {
    super('The WebAssembly module could not be loaded.', { cause });
  }
}

export class APIError extends CloudflareError {
  /**
   * @param {number | undefined} status
   * @param {any} error
   * @param {string} message
   * @param {Record<string, string> | undefined} headers
   * @param {Info} [info]
   */
  constructor(status, error, message, headers, info = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.error = error;
    this.errors = error?.errors ?? [];
    this.maybeApplied = info.maybeApplied ?? false;
    this.attempts = info.attempts ?? 0;
    this.rateLimit = info.rateLimit;
    this.retryAfter = info.retryAfter;
  }
}

export class APIUserAbortError extends APIError {
  /** @param {{ message?: string, info?: Info }} [options] */
  constructor({ message, info } = {}) {
    super(undefined, undefined, message || 'Request was aborted.', undefined, info);
  }
}

export class APIConnectionError extends APIError {
  /** @param {{ message?: string, cause?: unknown, info?: Info }} [options] */
  constructor({ message, cause, info } = {}) {
    super(undefined, undefined, message || 'Connection error.', undefined, info);
    if (cause !== undefined) {
      Object.defineProperty(this, 'cause', { value: cause, configurable: true, writable: true });
    }
  }
}

export class APIConnectionTimeoutError extends APIConnectionError {
  /** @param {{ message?: string, info?: Info }} [options] */
  constructor({ message, info } = {}) {
    super({ message: message ?? 'Request timed out.', info });
  }
}

export class BadRequestError extends APIError {}
export class AuthenticationError extends APIError {}
export class PermissionDeniedError extends APIError {}
export class NotFoundError extends APIError {}
export class ConflictError extends APIError {}
export class UnprocessableEntityError extends APIError {}
export class RateLimitError extends APIError {}
export class InternalServerError extends APIError {}

/** @type {Record<string, new (...args: any[]) => CloudflareError>} */
export const classes = {
  CloudflareError,
  InvalidArgumentError,
  ModuleLoadError,
  APIError,
  APIUserAbortError,
  APIConnectionError,
  APIConnectionTimeoutError,
  BadRequestError,
  AuthenticationError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  InternalServerError,
};

for (const [name, Class] of Object.entries(classes)) {
  // A minifier renames classes; logs show the name.
  Object.defineProperty(Class.prototype, 'name', {
    value: name,
    configurable: true,
    writable: true,
  });
}

/** @type {Record<number, typeof APIError>} */
const byStatus = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  422: UnprocessableEntityError,
  429: RateLimitError,
};

/**
 * The headers as both major versions of the official SDK give them: an object whose names are read in any case, and a
 * `Headers`.
 *
 * @param {Response} response
 */
function headersObject(response) {
  /** @type {Record<string, string>} */
  const object = {};
  /** @type {any} */
  let headers = object;
  try {
    ({ headers } = response);
    // Each by its name: an iteration gives `set-cookie` several times.
    for (const name of headers.keys()) object[name] = headers.get(name);
  } catch {
    // A custom fetch may return anything.
    headers = object;
  }
  return new Proxy(object, {
    get(target, name) {
      const method = headers[name];
      if (typeof method === 'function') return method.bind(headers);
      const key = name.toString();
      return target[key.toLowerCase()] || target[key];
    },
    getPrototypeOf: () => Object.getPrototypeOf(headers),
  });
}

/**
 * An error of the class of that name, with that class's message if `message` is empty.
 *
 * @param {string} name
 * @param {string} message
 * @param {number} attempts
 * @param {boolean} maybeApplied
 * @param {any} detail The body of an error response; else the cause.
 * @param {number} status
 * @param {Response} response
 * @param {Limits} [limits]
 */
export function createError(
  name,
  message,
  attempts,
  maybeApplied,
  detail,
  status,
  response,
  limits,
) {
  // A framework's own exception, such as those of Next.js, which steer its rendering.
  if (typeof detail?.digest === 'string' && name === 'APIConnectionError') return detail;
  const info = { attempts, maybeApplied, ...limits };
  if (name !== 'APIError')
    return new classes[name]({ message: message || undefined, cause: detail, info });
  const Class = byStatus[status] ?? (status >= 500 ? InternalServerError : APIError);
  return new Class(status, detail, message, headersObject(response), info);
}
