// The slim entry for Node by `import`: what `require` gives, as with the main entry.

import slim from './slim.cjs';

export const {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIPromise,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  Cloudflare,
  CloudflareError,
  ConflictError,
  InternalServerError,
  InvalidArgumentError,
  ModuleLoadError,
  NotFoundError,
  PagePromise,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
  initialize,
} = slim;
export { Cloudflare as default };
