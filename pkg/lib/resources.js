// The API's resources, with the official SDK's names and argument order.

import { PagePromise, APIPromise } from './api-promise.js';
import { BODY, NOTHING, QUERY } from './arguments.js';
import { Call } from './call.js';
import { watch } from './watch.js';

/** @typedef {Record<string, any>} Fields */

/**
 * Sends a call of an operation of the table, with the IDs in its path but for the account.
 *
 * @typedef {(call: Call, operation: string, sends: number, ids: unknown[], params?: Fields, options?: Fields) => void} Send
 */

class Resource {
  #send;

  /** @param {Send} send */
  constructor(send) {
    this.#send = send;
  }

  /** @type {(operation: string, sends: number, ids: unknown[], params?: Fields, options?: Fields) => APIPromise<any>} */
  _call(operation, sends, ids, params, options) {
    const call = new Call();
    const promise = new APIPromise(call);
    this.#send(call, operation, sends, ids, params, options);
    return promise;
  }

  /** @type {(operation: string, ids: unknown[], params?: Fields, options?: Fields) => PagePromise<any, any>} */
  _list(operation, ids, params, options) {
    const sends = QUERY;
    const call = new Call();
    const promise = new PagePromise(
      call,
      () => (options?.query === undefined ? params : options.query)?.page_no,
      (page_no) =>
        options?.query === undefined
          ? this._call(operation, sends, ids, { ...params, page_no }, options)
          : this._call(operation, sends, ids, params, {
              ...options,
              query: { ...options.query, page_no },
            }),
    );
    this.#send(call, operation, sends, ids, params, options);
    return promise;
  }
}

export class ActiveSession extends Resource {
  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getActiveSession(appId, meetingId, params, options) {
    return this._call('GetActiveSession', NOTHING, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  kickParticipants(appId, meetingId, params, options) {
    return this._call('KickParticipants', BODY, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  kickAllParticipants(appId, meetingId, params, options) {
    return this._call('KickAllParticipants', NOTHING, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  muteParticipants(appId, meetingId, params, options) {
    return this._call('MuteParticipants', BODY, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  muteAllParticipants(appId, meetingId, params, options) {
    return this._call('MuteAllParticipants', BODY, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  createPoll(appId, meetingId, params, options) {
    return this._call('CreatePoll', BODY, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => AsyncGenerator<any, void, undefined>} */
  watch(appId, meetingId, params, options) {
    return watch(
      (own, given, session) =>
        session
          ? this._call('GetSessionParticipants', QUERY, [appId, session], own, given)
          : this._call('GetActiveSession', NOTHING, [appId, meetingId], own, given),
      params,
      options,
    );
  }
}

export class Sessions extends Resource {
  /** @type {(appId: string, sessionId: string, params?: Fields, options?: Fields) => PagePromise<any, any>} */
  getSessionParticipants(appId, sessionId, params, options) {
    return this._list('GetSessionParticipants', [appId, sessionId], params, options);
  }
}

export class Meetings extends Resource {
  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getMeetingById(appId, meetingId, params, options) {
    return this._call('GetMeeting', QUERY, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  updateMeetingById(appId, meetingId, params, options) {
    return this._call('UpdateMeeting', BODY, [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, participantId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  deleteMeetingParticipant(appId, meetingId, participantId, params, options) {
    const ids = [appId, meetingId, participantId];
    return this._call('DeleteMeetingParticipant', NOTHING, ids, params, options);
  }
}

export class RealtimeKit {
  /** @param {Send} send */
  constructor(send) {
    this.activeSession = new ActiveSession(send);
    this.sessions = new Sessions(send);
    this.meetings = new Meetings(send);
  }
}
