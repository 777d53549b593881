// What the element says, in English.

/** @import { Action } from '../types.js' */

/** @typedef {ReturnType<typeof en>} Texts */

/** @param {import('../format.js').Formats} fmt */
export default function en({ n, span, exact, time, isolated }) {
  const people = (/** @type {number} */ count) =>
    `${n(count)} ${count === 1 ? 'person' : 'people'}`;
  const seconds = (/** @type {number} */ ms) => `${n(Math.ceil(ms / 1000))} s`;
  /** @type {(action: Action) => string} Who was acted on. */
  const whom = ({ targets }) => {
    if (targets.length !== 1) return people(targets.length);
    const [{ person }] = targets;
    const name = person.name || person.custom;
    return name ? isolated(name) : 'somebody without a name';
  };
  /** @type {(action: Action, result: string) => number} */
  const count = ({ targets }, result) =>
    targets.filter((target) => target.result === result).length;
  const done = {
    ...{ kick: 'kicked', mute: 'muted', ban: 'banned', kickAll: 'Everybody was kicked.' },
    ...{ muteAll: 'Everybody was muted.', lock: 'The meeting is locked.' },
    ...{ unlock: 'The meeting is unlocked.', poll: 'The poll was started.' },
  };
  const doing = {
    ...{ kick: 'Kicking', mute: 'Muting', ban: 'Banning', kickAll: 'Kicking everybody' },
    ...{ muteAll: 'Muting everybody', lock: 'Locking the meeting' },
    ...{ unlock: 'Unlocking the meeting', poll: 'Starting the poll' },
  };
  const failed = {
    ...{ kickAll: 'Nobody was kicked.', muteAll: 'Nobody was muted.' },
    ...{ lock: 'The meeting could not be locked.', unlock: 'The meeting could not be unlocked.' },
    poll: 'The poll was not started.',
  };
  return {
    // Views
    people: 'Participants',
    views: 'Views',
    tab: { people: 'People', room: 'Room', polls: 'Polls', timeline: 'Timeline' },
    untitled: 'Meeting',
    you: 'you',
    // State
    phase: {
      ...{ loading: 'Connecting', failing: 'Not readable', waiting: 'Not started' },
      ...{ live: 'Live', ended: 'Ended' },
    },
    phaseSaid: {
      ...{ loading: 'Connecting.', failing: 'The meeting cannot be read.' },
      ...{ waiting: 'The session has not started.', live: 'The session is live.' },
      ended: 'The session has ended.',
    },
    locked: 'Locked',
    inNow: 'in now',
    noData: 'No data yet',
    upToDate: 'Up to date',
    dataAge: (/** @type {number} */ ms) => `Data is ${span(ms)} old`,
    noNewer: (/** @type {number} */ ms) =>
      `There is no newer answer yet: what is shown is ${span(ms)} old.`,
    grantEndsIn: (/** @type {number} */ ms) => `Grant ends in ${span(ms)}`,
    grantEnded: 'Grant has ended',
    grantEndsSoon: (/** @type {number} */ ms) =>
      `Your grant ends in ${span(ms)}. After that nothing can be read or done here until you have a new link.`,
    grantEndedLong: 'Your grant has ended. Open a new link: what is on screen stays.',
    lost: (/** @type {number} */ since) => `Connection lost since ${exact(since)}.`,
    cannotRead: (/** @type {number} */ since) => `Could not refresh since ${exact(since)}:`,
    foundAgain: 'The connection is back.',
    nextLook: (/** @type {number} */ ms) =>
      ms > 0 ? `Next try in ${seconds(ms)}.` : 'Trying again.',
    limited: (/** @type {number} */ until) =>
      `Too many requests: RealtimeKit asks for a pause until ${exact(until)}.`,
    refused: 'The gateway refuses:',
    endedLong: 'The session has ended. This page goes on by itself when the next one begins.',
    loading: 'Reading who is in…',
    notStarted: 'No active session',
    notStartedText: 'Nobody is in yet. This page goes on by itself when somebody joins.',
    cannotOpen: 'The meeting cannot be read',
    cannotOpenText: 'Above is why. This page tries again by itself.',
    notConfigured: 'No meeting',
    notConfiguredText: 'A gateway, an account, an app, a meeting and a grant are needed.',
    noChart: 'The chart could not be loaded.',
    // The list
    search: 'Search people',
    show: 'Show',
    showIn: 'In now',
    showLeft: 'Left',
    showAll: 'All',
    role: 'Role',
    everyRole: 'Every role',
    order: 'Order',
    name: 'Name',
    joined: 'Joined',
    timeIn: 'Time in',
    joins: 'Joins',
    actions: 'Actions',
    noName: '(no name)',
    leftAt: (/** @type {number} */ at) => `left ${time(at)}`,
    mark: { kick: 'removed', ban: 'banned', mute: 'just muted', still: 'still in' },
    stillIn: (/** @type {{ name: string }[]} */ who) =>
      who.length === 1 && who[0].name
        ? `${isolated(who[0].name)} is still in.`
        : `${people(who.length)} still in.`,
    stillInCard: (/** @type {number} */ count) =>
      count === 1
        ? 'The newest look shows them still in.'
        : `The newest look shows ${people(count)} still in.`,
    joinedTimes: (/** @type {number} */ count) => `${n(count)} joins`,
    select: (/** @type {string} */ name) => `Select ${isolated(name)}`,
    selectAll: (/** @type {number} */ count) => `Select all ${n(count)} shown`,
    about: (/** @type {string} */ name) => `About ${isolated(name)}`,
    nobodyMatches: 'Nobody matches.',
    nobodyIn: 'Nobody is in now.',
    nobodyLeft: 'Nobody has left.',
    clearFilters: 'Show everybody',
    whoWasIn: 'Show who was in',
    selected: (/** @type {number} */ count) => `${n(count)} selected`,
    ofThemLeft: (/** @type {number} */ count) => `${n(count)} of them left`,
    clear: 'Clear',
    // Somebody
    ownId: 'App’s ID',
    userId: 'Participant ID',
    stays: 'In the session',
    now: 'now',
    isIn: 'In now',
    noId: 'RealtimeKit gives no ID of theirs, so they cannot be acted on.',
    // What is done to people
    verb: { mute: 'Mute', kick: 'Kick', ban: 'Ban' },
    verbWhom: {
      mute: (/** @type {string} */ name) => `Mute ${isolated(name)}`,
      kick: (/** @type {string} */ name) => `Kick ${isolated(name)}`,
      ban: (/** @type {string} */ name) => `Ban ${isolated(name)}`,
    },
    verbCount: {
      mute: (/** @type {number} */ count) => (count > 1 ? `Mute ${n(count)}` : 'Mute'),
      kick: (/** @type {number} */ count) => (count > 1 ? `Kick ${n(count)}` : 'Kick'),
      ban: (/** @type {number} */ count) => (count > 1 ? `Ban ${n(count)}` : 'Ban'),
    },
    verbAsk: {
      mute: (/** @type {string} */ name) => `Mute ${isolated(name)}?`,
      kick: (/** @type {string} */ name) => `Kick ${isolated(name)}?`,
      ban: (/** @type {string} */ name) => `Ban ${isolated(name)}?`,
    },
    verbAskMany: {
      mute: (/** @type {number} */ count) => `Mute ${people(count)}?`,
      kick: (/** @type {number} */ count) => `Kick ${people(count)}?`,
      ban: (/** @type {number} */ count) => `Ban ${people(count)}?`,
    },
    happens: {
      mute: 'They cannot be heard until they unmute themselves, if their role lets them.',
      kick: 'They go out at once. They can come back with the same link.',
      ban: 'They go out at once and cannot come back with this link. There is no undo: RealtimeKit cannot take a ban back.',
      banOnly:
        'They cannot come back with this link, but who is in stays until they leave: your grant does not allow a kick. There is no undo.',
    },
    whom: 'Whom',
    andMore: (/** @type {number} */ count) => `and ${n(count)} more`,
    haveLeft: (/** @type {number} */ count) =>
      `${people(count)} left already, or cannot be acted on: left out.`,
    cannotBan: (/** @type {number} */ count) =>
      `${people(count)} cannot be banned: RealtimeKit gives no ID of theirs.`,
    cancel: 'Cancel',
    close: 'Close',
    // How it went
    doing: (/** @type {Action} */ action) =>
      `${doing[action.operation]}${action.targets.length ? ` ${whom(action)}` : ''}…`,
    did: (/** @type {Action} */ action) => {
      const { operation, outcome, targets } = action;
      const verb = done[operation];
      if (!targets.length) {
        if (outcome === 'done') return verb;
        // What was to follow has not been done either.
        const then = action.before ? ` ${failed[action.before]}` : '';
        if (outcome === 'failed') return failed[/** @type {'lock'} */ (operation)] + then;
        return operation === 'poll'
          ? 'The answer was lost: the poll may have been started. RealtimeKit cannot list polls, so look in the meeting before you send it again.'
          : `The answer was lost: it may have worked. Doing it again does no harm.${then}`;
      }
      const [good, gone] = [count(action, 'done'), count(action, 'gone')];
      const [bad, unsure] = [count(action, 'failed'), count(action, 'unknown')];
      // Their link is dead, and the kick that goes with it failed.
      const half = targets.filter(
        ({ removed, result }) => removed && (result === 'failed' || result === 'unknown'),
      ).length;
      if (targets.length === 1) {
        if (half) return `${whom(action)} can no longer join, but may still be in.`;
        if (good) return `${whom(action)} was ${verb}.`;
        if (gone) return `${whom(action)} has left already: nothing was done.`;
        return outcome === 'unknown'
          ? `${whom(action)} may have been ${verb}: the answer was lost.`
          : `${whom(action)} was not ${verb}.`;
      }
      const parts = [`${n(good)} ${verb}`];
      if (gone) parts.push(`${n(gone)} had left already`);
      if (bad) parts.push(`${n(bad)} not ${verb}`);
      if (unsure) parts.push(`${n(unsure)} perhaps ${verb}: the answer was lost`);
      if (half) parts.push(`${n(half)} of them can no longer join, but may still be in`);
      return `${parts.join(', ')}.`;
    },
    notDone: 'For whom it failed',
    maybe: 'Perhaps done:',
    lockAndKick: 'Lock, then kick all…',
    retry: (/** @type {number} */ count) => (count > 1 ? `Retry these ${n(count)}` : 'Retry'),
    again: 'Try again',
    undo: 'Undo',
    dismiss: 'Dismiss',
    dismissAll: 'Dismiss all',
    // The room
    since: 'Since',
    lasts: 'Lasts',
    most: 'Most at once',
    wereIn: 'Were in',
    minutesUsed: 'Minutes used',
    noSessionYet: 'There is no session yet.',
    isOpen: 'The meeting is open',
    isLocked: 'The meeting is locked',
    lockUnknown: 'Whether the meeting is locked is not known',
    lockText: 'While it is locked nobody can join. Who is in stays.',
    lockButton: { lock: 'Lock', unlock: 'Unlock' },
    muteAll: 'Mute everybody',
    muteAllText: 'Everybody who is in. Who joins later is not muted.',
    muteAllButton: 'Mute all…',
    kickAll: 'Kick everybody',
    kickAllText: 'Ends the session and stops a recording.',
    kickAllButton: 'Kick all…',
    roomNotAllowed: 'Your grant does not allow anything that concerns the whole room.',
    askTitle: {
      kickAll: 'Kick everybody?',
      muteAll: 'Mute everybody?',
      pollAgain: 'Send a poll again?',
    },
    askText: {
      kickAll: (/** @type {number} */ count) =>
        `${people(count)} ${count === 1 ? 'goes' : 'go'} out at once. This ends the session for everybody and stops a recording. They can come back with the same link, unless the meeting is locked.`,
      muteAll: (/** @type {number} */ count) => `${people(count)} can no longer be heard.`,
      pollAgain: () => 'The last one may have been started already. If it was, there will be two.',
    },
    yes: { kickAll: 'Kick all', muteAll: 'Mute all', pollAgain: 'Send again' },
    allowUnmute: 'They may unmute themselves',
    lockFirst: 'Lock the meeting first, so that nobody comes back',
    kickAllWord: 'kick all',
    typeToConfirm: (/** @type {string} */ word) => `Type “${word}” to confirm`,
    // Polls
    question: 'Question',
    options: 'Options, 2 to 10',
    optionNo: (/** @type {number} */ place) => `Option ${n(place)}`,
    addOption: 'Add an option',
    removeOption: (/** @type {number} */ place) => `Remove option ${n(place)}`,
    anonymous: 'Anonymous',
    hide_votes: 'Hide votes',
    preview: 'Preview',
    anonymousMeans: 'Nobody sees who voted for what.',
    namedMeans: 'Everybody sees who voted for what.',
    hideMeans: 'Votes are hidden from those who have not voted.',
    pollWrong: {
      question: 'Give a question.',
      few: 'Give 2 to 10 options.',
      same: 'Give different options: two are the same.',
    },
    startPoll: 'Start poll',
    keepTemplate: 'Keep as template',
    templateKept: 'The template was kept on this device.',
    templates: 'Templates on this device',
    dropTemplate: (/** @type {string} */ question) => `Delete the template ${isolated(question)}`,
    optionsCount: (/** @type {number} */ count) => `${n(count)} options`,
    asked: 'Asked in this session',
    pollDoubt: 'The answer was lost: it may have been started.',
    sendAgain: 'Send again…',
    noResults:
      'Votes are seen in the meeting only: RealtimeKit’s API neither lists polls nor tells results.',
    pollNeedsSession: 'A poll needs a live session.',
    pollNotAllowed: 'Your grant does not allow polls.',
    // The timeline
    peopleOverTime: 'People over time',
    chart: (/** @type {number} */ now, /** @type {number} */ most) =>
      `People over time: ${n(now)} now, at most ${n(most)}. The list below says the same.`,
    chartEmpty: 'People over time: nobody yet.',
    mostAtOnce: (/** @type {number} */ most) => `at most ${n(most)}`,
    everything: 'Everything',
    comings: 'People',
    deeds: 'Actions',
    event: { join: 'joined', return: 'came back', leave: 'left' },
    deed: (/** @type {string} */ operation) =>
      /** @type {Record<string, string>} */ ({
        ...{ kick: 'Kick', mute: 'Mute', ban: 'Ban', kickAll: 'Kick all', muteAll: 'Mute all' },
        ...{ lock: 'Lock', unlock: 'Unlock', poll: 'Poll' },
      })[operation] ?? operation,
    fate: (/** @type {string} */ outcome) => `${outcome === 'refused' ? 'refused' : 'not known'}`,
    nothingYet: 'Nothing yet.',
    older: (/** @type {number} */ count) => `Show older (${n(count)})`,
    noAudit: 'Actions of this page only: there is no audit for this grant.',
    auditTrouble: (/** @type {string} */ why) =>
      `The audit could not be read (${why}): actions of others may be missing.`,
    // Keys
    shortcuts: 'Keyboard shortcuts',
    singleKeys: 'Single keys do this (kept on this device)',
    keys: /** @type {[string[], string][]} */ ([
      [['/'], 'Search people'],
      [['j', '↓'], 'Next'],
      [['k', '↑'], 'Previous'],
      [['x', 'Space'], 'Select'],
      [['Shift ↑', 'Shift ↓'], 'Select a range'],
      [['a'], 'Select all shown, or none'],
      [['Enter'], 'About somebody'],
      [['m'], 'Mute'],
      [['r'], 'Kick'],
      [['b'], 'Ban'],
      [['Shift M'], 'Mute everybody'],
      [['Shift L'], 'Lock or unlock'],
      [['1', '2', '3', '4'], 'People, room, polls, timeline'],
      [['Esc'], 'Clear the search or the selection'],
      [['?'], 'This sheet'],
    ]),
  };
}
