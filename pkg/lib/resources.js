// The API's resources, with the names and arguments of both major versions of the official SDK.

import { PagePromise, APIPromise } from './api-promise.js';
import { callOptions } from './arguments.js';
import { Call, request } from './call.js';
import { wasmSoon } from './wasm.js';
import { watch } from './watch.js';

/** @typedef {import('./arguments.js').Payload} Payload */
/** @typedef {ReturnType<import('./arguments.js').readCall>} Arguments */
/** @typedef {import('./client.js').Method} Method */
/** @typedef {(...args: unknown[]) => APIPromise<any>} Operation Takes its arguments in either form: `readForm` says how. */

const APP = ['app_id'];
const MEETING = [...APP, 'meeting_id'];
const SESSION = ['app_id', 'session_id'];
const PARTICIPANT = [...MEETING, 'participant_id'];

/**
 * What the resources need of their client.
 *
 * @typedef {object} Context
 * @property {(fetchOptions?: Record<string, any>) => import('../dist/realtimekit_moderator.js').ClientSettings} settings
 *   Returns its settings as they are now.
 * @property {(call: Call, method: Method, payload: Payload, ids: string[], args: unknown[]) => Arguments | undefined} send
 *   Sends a call; returns its arguments as they were read, unless they are invalid.
 */

class Resource {
  #context;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
  }

  /** @type {(method: Method, payload: Payload, ids: string[], args: unknown[]) => APIPromise<any>} */
  _call(method, payload, ids, args) {
    const call = new Call();
    const promise = new APIPromise(call);
    this.#context.send(call, method, payload, ids, args);
    return promise;
  }

  /** @type {(ids: string[], args: unknown[]) => PagePromise<any, any>} */
  _participants(names, args) {
    const { send, settings } = this.#context;
    const call = new Call();
    /** @type {Arguments | undefined} */
    let read;
    const promise = new PagePromise(call, async () => {
      // The first page was received, so its arguments were valid.
      const { ids, query, options } = /** @type {Arguments} */ (read);
      const wasm = await wasmSoon();
      return {
        take: wasm.participantPages(Number(query?.page_no ?? 0) || 0),
        page: async (page_no) => {
          const own = callOptions({ query: { ...query, page_no }, options });
          const client = settings(options.fetchOptions);
          const { data } = await request((wasm) =>
            wasm.getSessionParticipants(client, ids, undefined, own),
          );
          return data;
        },
      };
    });
    read = send(call, 'getSessionParticipants', 'query', names, args);
    return promise;
  }

  /** @type {(args: unknown[]) => AsyncGenerator<any, void, undefined>} */
  _watch(args) {
    return watch(this.#context.settings, args);
  }
}

export class ActiveSession extends Resource {
  /** @type {Operation} */
  getActiveSession(...args) {
    return this._call('getActiveSession', undefined, MEETING, args);
  }

  /** @type {Operation} */
  kickParticipants(...args) {
    return this._call('kickParticipants', 'body', MEETING, args);
  }

  /** @type {Operation} */
  kickAllParticipants(...args) {
    return this._call('kickAllParticipants', undefined, MEETING, args);
  }

  /** @type {Operation} */
  muteParticipants(...args) {
    return this._call('muteParticipants', 'body', MEETING, args);
  }

  /** @type {Operation} */
  muteAllParticipants(...args) {
    return this._call('muteAllParticipants', 'body', MEETING, args);
  }

  /** @type {Operation} */
  createPoll(...args) {
    return this._call('createPoll', 'body', MEETING, args);
  }

  /** @type {(...args: unknown[]) => AsyncGenerator<any, void, undefined>} */
  watch(...args) {
    return this._watch(args);
  }
}

export class Sessions extends Resource {
  /** @type {(...args: unknown[]) => PagePromise<any, any>} */
  getSessionParticipants(...args) {
    return this._participants(SESSION, args);
  }

  /** @type {Operation} */
  getSessions(...args) {
    return this._call('getSessions', 'query', APP, args);
  }
}

export class Meetings extends Resource {
  /** @type {Operation} */
  getAudit(...args) {
    return this._call('getAudit', 'query', MEETING, args);
  }

  /** @type {Operation} */
  getMeetingById(...args) {
    return this._call('getMeetingById', 'query', MEETING, args);
  }

  /** @type {Operation} */
  getMeetingByID(...args) {
    return this._call('getMeetingById', 'query', MEETING, args);
  }

  /** @type {Operation} */
  updateMeetingById(...args) {
    return this._call('updateMeetingById', 'body', MEETING, args);
  }

  /** @type {Operation} */
  updateMeetingByID(...args) {
    return this._call('updateMeetingById', 'body', MEETING, args);
  }

  /** @type {Operation} */
  deleteMeetingParticipant(...args) {
    return this._call('deleteMeetingParticipant', undefined, PARTICIPANT, args);
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
