// The entry for Node by `import`, and for Deno and Bun: what `require` gives, so that a program
// which does both has one class of each name, and one wasm module.

import Cloudflare from './node.cjs';

export default Cloudflare;
export const {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIPromise,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
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
} = Cloudflare;
export { Cloudflare };
