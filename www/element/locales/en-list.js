// The texts of the list in English: what is needed at first.

/** @import { Problem } from '../types.js' */

/** A text for each action on participants. @template Text @param {(verb: string) => Text} make */
export const each = (make) => ({ mute: make('Mute'), kick: make('Remove'), ban: make('Ban') });

/** @param {import('../model/format.js').Formats} fmt */
export default function enList({ n, span, seconds, exact, time, isolated }) {
  /** @type {Record<string, string>} */
  const problems = {
    grant_missing: 'No access token was sent.',
    grant_invalid: 'Your access isn’t valid.',
    grant_too_long: 'Your access is for too long.',
    grant_revoked: 'Your access was revoked.',
    grant_expired: 'Your access has expired.',
    grant_early: 'Your access hasn’t started yet.',
    account: 'Your access is for another account.',
    app: 'Your access is for another app.',
    meeting: 'Your access is for another meeting.',
    session: 'This session belongs to another meeting.',
    origin: 'This page isn’t allowed to use the gateway.',
    permission: 'You don’t have permission to do this.',
    permission_read: 'You don’t have permission to view this meeting.',
    protected: 'This participant is protected.',
    protect_unknown: 'Couldn’t check who is protected.',
    invalid: 'The request wasn’t accepted.',
    too_large: 'The request was too large.',
    too_slow: 'The request took too long to send.',
    key_reused: 'This request was already used for something else.',
    fate_unknown: 'We don’t know whether the poll started.',
    moderator_limit: 'Too many requests.',
    budget: 'Cloudflare takes no more requests for now.',
    audit: 'The audit log can’t be written, so nothing was done.',
    audit_unread: 'The audit log can’t be read.',
    api_token: 'The gateway can’t sign in to Cloudflare.',
    busy: 'The gateway is busy.',
    not_sent: 'Cloudflare couldn’t be reached.',
    lost: 'Cloudflare isn’t responding.',
    timed_out: 'Cloudflare took too long.',
  };
  /** @type {Record<number, string>} */
  const byStatus = {
    401: problems.grant_invalid,
    403: problems.permission,
    404: 'Not found.',
    429: problems.moderator_limit,
  };
  return {
    /** A problem as a sentence, with its status. */
    problem: (/** @type {Problem} */ { status, reason = '', message }) => {
      const other =
        status === undefined ? 'Connection error.' : status >= 500 ? problems.lost : message;
      const text = problems[reason] ?? byStatus[status ?? 0] ?? other;
      return status ? `${text} (${status})` : text;
    },
    // Views
    participants: 'Participants',
    views: 'Views',
    tab: { participants: 'Participants', meeting: 'Meeting', polls: 'Polls', timeline: 'Activity' },
    untitled: 'Untitled meeting',
    you: 'you',
    notLoaded: 'Part of this page couldn’t be loaded. Check your connection and reload.',
    // State
    phase: {
      ...{ loading: 'Connecting…', failing: 'Unavailable', waiting: 'Not started' },
      ...{ live: 'Live', ended: 'Ended' },
    },
    phaseAnnounced: {
      ...{ loading: 'Connecting to the meeting.', failing: 'Can’t load the meeting.' },
      ...{ waiting: 'The meeting hasn’t started.', live: 'The meeting is live.' },
      ended: 'The meeting has ended.',
    },
    locked: 'Locked',
    inNow: 'here now',
    otherModerators: 'Other moderators',
    moderatorNames: (/** @type {string[]} */ names, /** @type {number} */ more) =>
      names.map(isolated).join(', ') + (more > 0 ? ` +${n(more)}` : ''),
    moderatorCount: (/** @type {number} */ count) =>
      count === 1 ? '1 other moderator' : `${n(count)} other moderators`,
    noData: 'Loading…',
    upToDate: 'Live',
    updatedAgo: (/** @type {number} */ ms) => `Updated ${span(ms)} ago`,
    dataAge: (/** @type {number} */ ms) => `Last updated ${span(ms)} ago`,
    noNewer: (/** @type {number} */ ms) => `Waiting for an update. This list is ${span(ms)} old.`,
    grantEndsIn: (/** @type {number} */ ms) => `Access ends in ${span(ms)}`,
    grantEnded: 'Access expired',
    grantEndsSoon: (/** @type {number} */ ms) =>
      `Your access ends in ${span(ms)}. To keep moderating, open a new moderator link in this tab.`,
    grantEndedLong: 'Your access has expired. Open a new moderator link in this tab to continue.',
    noGrant: 'The app can’t get access for you. We’ll keep trying.',
    unreachable: (/** @type {string} */ gateway, /** @type {string} */ origin) =>
      `Connection error: no response from ${gateway}. Either it isn’t running, its address doesn’t end in /client/v4, or its “origins” don’t list ${origin}.`,
    listStops: 'This list will not update.',
    lost: (/** @type {number} */ since) => `You’re offline. Last update ${exact(since)}.`,
    cannotRead: (/** @type {number} */ since) => `Can’t get updates since ${exact(since)}.`,
    refreshedAgain: 'Back online.',
    nextRefresh: (/** @type {number} */ ms) =>
      ms > 0 ? `Retrying in ${seconds(ms)}` : 'Retrying…',
    retryNow: 'Retry now',
    limited: (/** @type {number} */ until) =>
      `Too many requests. Updates resume at ${exact(until)}.`,
    endedLong: 'The meeting has ended. This page will update if it starts again.',
    endedLocked: 'The meeting has ended and is locked. No one can start it until you unlock it.',
    loading: 'Loading participants…',
    notStarted: 'The meeting hasn’t started',
    notStartedText: 'Participants appear here as soon as someone joins.',
    notFound: 'Meeting not found',
    notFoundText: 'We can’t find this meeting. Check the link, or ask whoever sent it.',
    cannotOpen: 'Can’t open this meeting',
    openNewLink: 'Open a new moderator link.',
    enterByHand: 'Enter it by hand',
    keepTrying: 'We’ll keep trying.',
    notConfigured: 'Not connected to a meeting',
    missing: (/** @type {string[]} */ names) =>
      `Moderation isn’t available right now. Missing: ${names.join(', ')}.`,
    // The overview
    allMeetings: 'All live meetings',
    // The list
    search: 'Search by name',
    matches: (/** @type {number} */ count, /** @type {number} */ all) => `${n(count)} of ${n(all)}`,
    show: 'Filter by status',
    showIn: 'Here now',
    showLeft: 'Left',
    showAll: 'All',
    role: 'Role',
    everyRole: 'All roles',
    order: 'Sort by',
    ascending: 'Ascending',
    descending: 'Descending',
    name: 'Name',
    joined: 'Joined',
    timeIn: 'Time in meeting',
    joins: 'Times joined',
    actions: 'Actions',
    noName: 'No name',
    leftAt: (/** @type {number} */ at) => `Left at ${time(at)}`,
    mark: { kick: 'Removed', ban: 'Banned', mute: 'Muted just now', still: 'Still here' },
    markBy: (/** @type {string} */ mark, /** @type {string} */ name) =>
      `${mark} by ${isolated(name)}`,
    protected: 'Protected',
    sameName: 'Several participants have this name. This is the end of the ID.',
    joinedTimes: (/** @type {number} */ count) => `joined ${n(count)} times`,
    select: (/** @type {string} */ name) => `Select ${isolated(name)}`,
    selectAll: (/** @type {number} */ count) => `Select all ${n(count)}`,
    about: (/** @type {string} */ name) => `Details for ${isolated(name)}`,
    nobodyMatches: 'No participants match.',
    nobodyIn: 'No one is here right now.',
    nobodyLeft: 'No one has left yet.',
    clearFilters: 'Clear filters',
    whoWasIn: 'Show who attended',
    selected: (/** @type {number} */ count) => `${n(count)} selected`,
    selectedHidden: (/** @type {number} */ count, /** @type {number} */ hidden) =>
      `${n(count)} selected, ${n(hidden)} hidden`,
    ofThemLeft: (/** @type {number} */ count) => `${n(count)} ${count === 1 ? 'has' : 'have'} left`,
    clear: 'Clear selection',
    // Actions on participants
    verb: each((verb) => verb),
    verbWhom: each((verb) => (/** @type {string} */ name) => `${verb} ${isolated(name)}`),
    nothingPossible: each((verb) => `There is no one to ${verb.toLowerCase()}.`),
    dismiss: 'Dismiss',
    // The meeting
    since: 'Started',
    lasts: 'Duration',
    most: 'Peak',
    wereIn: 'Attended',
    freeze: 'Freeze the meeting',
    isFrozen: 'The meeting is frozen',
    freezeText: 'Locks the meeting and mutes everyone, without letting them unmute.',
    unfreezeText:
      'No one can join or unmute. Unfreezing unlocks the meeting and lets everyone unmute.',
    freezeButton: 'Freeze',
    unfreezeButton: 'Unfreeze',
    isOpen: 'Meeting is unlocked',
    isLocked: 'Meeting is locked',
    lockUnknown: 'Lock status unknown',
    lockText: 'Locking stops anyone new from joining. People already here stay.',
    lockButton: { lock: 'Lock meeting', unlock: 'Unlock meeting' },
    muteAll: 'Mute everyone',
    muteAllText:
      'Mutes everyone here now, hosts and presenters included. People who join later aren’t muted.',
    muteAllButton: 'Mute everyone…',
    muteExceptButton: 'Mute everyone except…',
    kickAll: 'Remove everyone',
    kickAllText: 'Ends the meeting and stops any recording.',
    kickAllButton: 'Remove everyone…',
    meetingNotAllowed:
      'You don’t have permission to lock the meeting or to mute or remove everyone.',
    // Settings
    settings: 'Settings and shortcuts',
  };
}
