// The API's resources, with the official SDK's names and argument order.

import { PagePromise, APIPromise } from './api-promise.js';

/** @typedef {import('./api-promise.js').Wants} Wants */
/** @typedef {import('./api-promise.js').Answer} Answer */
/** @typedef {Record<string, any>} Fields */

/**
 * Sends a call of an operation of the table.
 *
 * @callback Send
 * @param {string} operation
 * @param {unknown[]} ids The IDs in its path but for the account.
 * @param {Fields} [params]
 * @param {Fields} [options]
 * @returns {(wants: Wants) => Promise<Answer>}
 */

class Resource {
  #send;

  /** @param {Send} send */
  constructor(send) {
    this.#send = send;
  }

  /** @type {(...call: Parameters<Send>) => APIPromise<any>} */
  _call(...call) {
    return new APIPromise(this.#send(...call));
  }

  /** @type {(...call: Parameters<Send>) => PagePromise<any, any>} */
  _list(operation, ids, params, options) {
    return new PagePromise(
      this.#send(operation, ids, params, options),
      () => (options?.query ?? params)?.page_no,
      (page_no) =>
        options?.query
          ? this._call(operation, ids, params, { ...options, query: { ...options.query, page_no } })
          : this._call(operation, ids, { ...params, page_no }, options),
    );
  }
}

export class ActiveSession extends Resource {
  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  getActiveSession(appId, meetingId, params, options) {
    return this._call('GetActiveSession', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  kickParticipants(appId, meetingId, params, options) {
    return this._call('KickParticipants', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  kickAllParticipants(appId, meetingId, params, options) {
    return this._call('KickAllParticipants', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  muteParticipants(appId, meetingId, params, options) {
    return this._call('MuteParticipants', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  muteAllParticipants(appId, meetingId, params, options) {
    return this._call('MuteAllParticipants', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  createPoll(appId, meetingId, params, options) {
    return this._call('CreatePoll', [appId, meetingId], params, options);
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
    return this._call('GetMeeting', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  updateMeetingById(appId, meetingId, params, options) {
    return this._call('UpdateMeeting', [appId, meetingId], params, options);
  }

  /** @type {(appId: string, meetingId: string, participantId: string, params?: Fields, options?: Fields) => APIPromise<any>} */
  deleteMeetingParticipant(appId, meetingId, participantId, params, options) {
    const ids = [appId, meetingId, participantId];
    return this._call('DeleteMeetingParticipant', ids, params, options);
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
