// The API's resources, with the official SDK's names and argument order.

import { PagePromise, APIPromise } from './api-promise.js';
import { encodeQuery } from './arguments.js';
import { Call, guarded } from './call.js';
import { wasmSoon } from './wasm.js';
import { watch } from './watch.js';

/** @typedef {Record<string, any>} Fields */
/** @typedef {import('./arguments.js').Payload} Payload */
/** @typedef {ReturnType<import('./arguments.js').readCall>} Arguments */

/**
 * What the resources need of their client.
 *
 * @typedef {object} Context
 * @property {() => import('../dist/realtimekit_moderator.js').ClientSettings} settings Returns its settings as they are
 *   now.
 * @property {(call: Call, method: import('./client.js').Method, payload: Payload, ids: unknown[], params?: Fields, options?: Fields) => Arguments | undefined} send
 *   Sends a call; returns its arguments as they were read, unless they are invalid.
 */

class Resource {
  #context;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
  }

  /** @type {(method: import('./client.js').Method, payload: Payload, ids: unknown[], params?: Fields, options?: Fields) => APIPromise<any>} */
  _call(method, payload, ids, params, options) {
    const call = new Call();
    const promise = new APIPromise(call);
    this.#context.send(call, method, payload, ids, params, options);
    return promise;
  }

  /** @type {(ids: [string, string], params?: Fields, options?: Fields) => PagePromise<any, any>} */
  _participants(ids, params, options) {
    const { send, settings } = this.#context;
    const call = new Call();
    /** @type {Arguments | undefined} */
    let read;
    const promise = new PagePromise(call, async () => {
      // The first page was received, so its arguments were valid.
      const { query, options } = /** @type {Arguments} */ (read);
      const wasm = await wasmSoon();
      return {
        take: wasm.participantPages(Number(query?.page_no ?? 0) || 0),
        page: async (page_no) => {
          const own = { ...options, query: encodeQuery({ ...query, page_no }), wanted: undefined };
          const client = settings();
          const page = () => wasm.getSessionParticipants(client, ...ids, undefined, own);
          return (await guarded(page)).data;
        },
      };
    });
    read = send(call, 'getSessionParticipants', 'query', ids, params, options);
    return promise;
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => AsyncGenerator<any, void, undefined>} */
  _watch(appId, meetingId, params, options) {
    return watch(this.#context.settings, appId, meetingId, params, options);
  }
}

export class ActiveSession extends Resource {
  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getActiveSession(appId, meetingId, params, options) {
    return this._call('getActiveSession', undefined, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  kickParticipants(appId, meetingId, params, options) {
    return this._call('kickParticipants', 'body', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  kickAllParticipants(appId, meetingId, params, options) {
    return this._call('kickAllParticipants', undefined, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  muteParticipants(appId, meetingId, params, options) {
    return this._call('muteParticipants', 'body', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  muteAllParticipants(appId, meetingId, params, options) {
    return this._call('muteAllParticipants', 'body', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  createPoll(appId, meetingId, params, options) {
    return this._call('createPoll', 'body', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => AsyncGenerator<any, void, undefined>} */
  watch(appId, meetingId, params, options) {
    return this._watch(appId, meetingId, params, options);
  }
}

export class Sessions extends Resource {
  /** @type {(appId: string, sessionId: string, params?: Fields, options?: Fields) => PagePromise<any, any>} */
  getSessionParticipants(appId, sessionId, params, options) {
    return this._participants([appId, sessionId], params, options);
  }

  /** @type {(appId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getSessions(appId, params, options) {
    return this._call('getSessions', 'query', [appId], params, options);
  }
}

export class Meetings extends Resource {
  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getAudit(appId, meetingId, params, options) {
    return this._call('getAudit', 'query', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getMeetingById(appId, meetingId, params, options) {
    return this._call('getMeetingById', 'query', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  updateMeetingById(appId, meetingId, params, options) {
    return this._call('updateMeetingById', 'body', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, participantId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  deleteMeetingParticipant(appId, meetingId, participantId, params, options) {
    const ids = [appId, meetingId, participantId];
    return this._call('deleteMeetingParticipant', undefined, ids, params, options);
  }
}

export class RealtimeKit {
  /** @param {Context} context */
  constructor(context) {
    this.activeSession = new ActiveSession(context);
    this.sessions = new Sessions(context);
    this.meetings = new Meetings(context);
  }
}
