// What the main module imports from the runtime, and from worker-build's output.

declare module 'cloudflare:workers' {
  export class WorkerEntrypoint {
    constructor(ctx: unknown, env: unknown);
    protected ctx: unknown;
    protected env: unknown;
  }
  export class DurableObject {
    constructor(ctx: unknown, env: unknown);
  }
}
