// The error classes, named and built as the official SDK's are.

/** @typedef {{ policy: string, remaining: number, reset: number }} RateLimit */

/** @typedef {{ rateLimit?: RateLimit, retryAfter?: number }} Limits What headers say of limits. */

/**
 * @typedef {Limits & { maybeApplied?: boolean, attempts?: number }} Trail What is known of a
 *   call's attempts.
 */

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
   * @param {Trail} [trail]
   */
  constructor(status, error, message, headers, trail = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.error = error;
    this.errors = error?.errors ?? [];
    this.maybeApplied = trail.maybeApplied ?? false;
    this.attempts = trail.attempts ?? 0;
    this.rateLimit = trail.rateLimit;
    this.retryAfter = trail.retryAfter;
  }
}

export class APIUserAbortError extends APIError {
  /** @param {{ message?: string, trail?: Trail }} [options] */
  constructor({ message, trail } = {}) {
    super(undefined, undefined, message || 'Request was aborted.', undefined, trail);
  }
}

export class APIConnectionError extends APIError {
  /** @param {{ message?: string, cause?: unknown, trail?: Trail }} [options] */
  constructor({ message, cause, trail } = {}) {
    super(undefined, undefined, message || 'Connection error.', undefined, trail);
    if (cause !== undefined) {
      Object.defineProperty(this, 'cause', { value: cause, configurable: true, writable: true });
    }
  }
}

export class APIConnectionTimeoutError extends APIConnectionError {
  /** @param {{ message?: string, trail?: Trail }} [options] */
  constructor({ message, trail } = {}) {
    super({ message: message ?? 'Request timed out.', trail });
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
  // A minifier renames classes; an error is told by its name in a log all the same.
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
 * The headers as the official SDK gives them: an object, read in any case.
 *
 * @param {Response} response
 * @returns {Record<string, string>}
 */
function headersObject(response) {
  /** @type {Record<string, string>} */
  let object = {};
  try {
    object = Object.fromEntries(response.headers.entries());
  } catch {
    // A caller's own fetch may answer with anything.
  }
  return new Proxy(object, {
    get(target, name) {
      const key = name.toString();
      return target[key.toLowerCase()] || target[key];
    },
  });
}

/**
 * The error of an answer that says no.
 *
 * @param {number} status
 * @param {string} message
 * @param {Trail} trail
 * @param {any} body
 * @param {Response} response
 */
export function refusal(status, message, trail, body, response) {
  const Class = byStatus[status] ?? (status >= 500 ? InternalServerError : APIError);
  return new Class(status, body, message, headersObject(response), trail);
}

/**
 * The error of a call that got no answer, or not the whole of it: its connection failed (1), it took
 * too long (2), it was aborted (3).
 *
 * @param {number} kind
 * @param {Trail} trail
 * @param {any} cause
 */
export function failure(kind, trail, cause) {
  if (kind === 1) return new APIConnectionError({ cause, trail });
  return new (kind === 2 ? APIConnectionTimeoutError : APIUserAbortError)({ trail });
}
