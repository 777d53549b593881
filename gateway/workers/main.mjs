// The Worker's main module: what worker-build made, with an end for requests after a panic.
//
// A panic ends the wasm instance, and the promises of its requests would stay pending until the runtime
// gives up. worker-build's module starts a new instance for the next request.

import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import './build/toml.js';
import './crypto.mjs';
import Worker, { AccountObject as Account, MeetingObject as Meeting } from './build/index.js';

/** How often the instance has panicked. */
let panics = 0;
globalThis.realtimekitGatewayPanicked = () => {
  panics += 1;
};

/** How often a call in flight looks for a panic, in milliseconds: that of another one may be its end, too. */
const LOOK_EVERY = 100;

/** The result of a call, or an error soon after the instance panicked. */
async function untilPanic(call) {
  const before = panics;
  let timer;
  // A timer of its own: a call must not wait for what another one settles.
  const panicked = new Promise((_, reject) => {
    const look = () => {
      if (panics === before) timer = setTimeout(look, LOOK_EVERY);
      else reject(new Error('The gateway panicked'));
    };
    timer = setTimeout(look, LOOK_EVERY);
  });
  try {
    return await Promise.race([call(), panicked]);
  } finally {
    clearTimeout(timer);
  }
}

/** In the API's envelope, as the gateway's other errors. */
const broken = () =>
  Response.json(
    {
      success: false,
      errors: [{ code: 1006, message: 'The gateway failed', reason: 'failed' }],
      messages: [],
      result: null,
    },
    { status: 500, headers: { 'cache-control': 'no-store', 'x-should-retry': 'false' } },
  );

export default class extends WorkerEntrypoint {
  async fetch(request) {
    try {
      return await untilPanic(() => new Worker(this.ctx, this.env).fetch(request));
    } catch (error) {
      console.error(
        JSON.stringify({ level: 'ERROR', message: 'a request failed', error: error?.name }),
      );
      return broken();
    }
  }
}

/** An object whose calls end at a panic. */
const object = (Inner) =>
  class extends DurableObject {
    constructor(ctx, env) {
      super(ctx, env);
      this.inner = new Inner(ctx, env);
    }
    fetch(request) {
      return untilPanic(() => this.inner.fetch(request));
    }
    alarm() {
      return untilPanic(() => this.inner.alarm());
    }
    webSocketMessage(socket, message) {
      return untilPanic(() => this.inner.webSocketMessage(socket, message));
    }
    webSocketClose(socket, code, reason, wasClean) {
      return untilPanic(() => this.inner.webSocketClose(socket, code, reason, wasClean));
    }
    webSocketError(socket, error) {
      return untilPanic(() => this.inner.webSocketError(socket, error));
    }
  };

export const MeetingObject = object(Meeting);
export const AccountObject = object(Account);
