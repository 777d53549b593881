// The error classes, named and built as the official SDK's are.

/** @typedef {{ policy: string, remaining: number, reset: number }} RateLimit */

/**
 * @typedef {object} Trail What is known of a call's attempts.
 * @property {boolean} [maybeApplied]
 * @property {number} [attempts]
 * @property {RateLimit} [rateLimit]
 * @property {number} [retryAfter]
 */

/**
 * @typedef {Trail & {
 *   kind: 'invalid' | 'aborted' | 'timeout' | 'connection' | 'status',
 *   message: string,
 *   argument?: string,
 *   cause?: unknown,
 *   status?: number,
 *   headers?: Headers,
 *   body?: any,
 * }} Thrown What the wasm module throws.
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
 * @param {Headers | undefined} headers
 * @returns {Record<string, string>}
 */
function headersObject(headers) {
  /** @type {Record<string, string>} */
  const object =
    typeof headers?.entries === 'function' ? Object.fromEntries(headers.entries()) : {};
  return new Proxy(object, {
    get(target, name) {
      const key = name.toString();
      return target[key.toLowerCase()] || target[key];
    },
  });
}

/**
 * What the wasm module threw, as an instance of its class.
 *
 * @param {Thrown | unknown} thrown
 * @returns {Error}
 */
export function asError(thrown) {
  if (thrown instanceof Error) return thrown;
  const { kind, message, argument, cause, status, headers, body, ...trail } =
    /** @type {Thrown} */ (thrown);
  switch (kind) {
    case 'invalid':
      return new InvalidArgumentError(argument ?? '', message);
    case 'aborted':
      return new APIUserAbortError({ message, trail });
    case 'timeout':
      return new APIConnectionTimeoutError({ message, trail });
    case 'connection':
      return new APIConnectionError({ message, cause, trail });
    default: {
      const known = byStatus[status ?? 0];
      const Class = known ?? (status && status >= 500 ? InternalServerError : APIError);
      return new Class(status, body, message, headersObject(headers), trail);
    }
  }
}
