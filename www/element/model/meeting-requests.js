// The requests of an action on the whole meeting.

/**
 * @import { MeetingOperation, Poll } from '../types.js'
 * @import { Call } from './request-queue.js'
 */

/** @param {boolean} allow_unmute @returns {Call} */
const muteAll = (allow_unmute) => (kit, ids, options) =>
  kit.activeSession.muteAllParticipants(...ids, { allow_unmute }, options);

/** @param {'ACTIVE' | 'INACTIVE'} status @returns {Call} */
const set = (status) => (kit, ids, options) =>
  kit.meetings.updateMeetingById(...ids, { status }, options);

/** @type {Record<MeetingOperation, (more: { allowUnmute?: boolean, poll?: Poll }) => Call[]>} */
export const meetingRequests = {
  kickAll: () => [
    (kit, ids, options) => kit.activeSession.kickAllParticipants(...ids, undefined, options),
  ],
  muteAll: ({ allowUnmute }) => [muteAll(!!allowUnmute)],
  lock: () => [set('INACTIVE')],
  unlock: () => [set('ACTIVE')],
  // Silence first. Each request is sent, even if the other fails.
  freeze: () => [muteAll(false), set('INACTIVE')],
  unfreeze: () => [set('ACTIVE'), muteAll(true)],
  poll: ({ poll }) => [(kit, ids, options) => kit.activeSession.createPoll(...ids, poll, options)],
};
