// The texts of the element in English: those of the list, and those that are needed later.

import enList, { each } from './en-list.js';

/** @import { Action, Alert, Operation, Problem, Verb } from '../types.js' */

/** @typedef {ReturnType<typeof en>} Texts */

/** @param {import('../model/format.js').Formats} fmt */
export default function en(fmt) {
  const { n, time, seconds, isolated } = fmt;
  const people = (/** @type {number} */ count) =>
    `${n(count)} ${count === 1 ? 'participant' : 'participants'}`;
  const by = (/** @type {string} */ name) => (name ? ` by ${isolated(name)}` : '');
  /** @type {(action: Action) => string} The targets of an action. */
  const whom = ({ targets }) => {
    if (targets.length !== 1) return people(targets.length);
    const [{ participant }] = targets;
    const name = participant.name || participant.custom;
    return name ? isolated(name) : 'a participant with no name';
  };
  const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);
  /** @type {(action: Action, result: string) => number} */
  const count = ({ targets }, result) =>
    targets.filter((target) => target.result === result).length;
  /** @type {Record<Operation, [doing: string, done: string, failed: string]>} */
  const words = {
    kick: ['Removing', 'removed', 'remove'],
    mute: ['Muting', 'muted', 'mute'],
    ban: ['Banning', 'banned', 'ban'],
    kickAll: ['Removing everyone', 'Everyone was removed.', 'No one was removed.'],
    muteAll: ['Muting everyone', 'Everyone was muted.', 'No one was muted.'],
    lock: ['Locking the meeting', 'Meeting locked.', 'Couldn’t lock the meeting.'],
    unlock: ['Unlocking the meeting', 'Meeting unlocked.', 'Couldn’t unlock the meeting.'],
    freeze: ['Freezing the meeting', 'Meeting frozen.', 'Couldn’t freeze the meeting.'],
    unfreeze: ['Unfreezing the meeting', 'Meeting unfrozen.', 'Couldn’t unfreeze the meeting.'],
    poll: ['Starting the poll', 'Poll started.', 'The poll wasn’t started.'],
  };
  return {
    ...enList(fmt),
    noMeetings: 'No meeting is live right now.',
    here: (/** @type {number} */ count) => `${n(count)} here now`,
    removedAt: (/** @type {number} */ at, /** @type {string} */ name) =>
      `Removed at ${time(at)}${by(name)}`,
    bannedAt: (/** @type {number} */ at, /** @type {string} */ name) =>
      `Banned at ${time(at)}${by(name)}`,
    protectedText: 'This participant is protected. You can’t mute, remove or ban them.',
    stillIn: (/** @type {{ name: string }[]} */ who) =>
      who.length === 1 && who[0].name
        ? `${isolated(who[0].name)} is still in the meeting.`
        : `${people(who.length)} ${who.length === 1 ? 'is' : 'are'} still in the meeting.`,
    stillInCard: (/** @type {number} */ count) =>
      count === 1
        ? 'They still appear in the meeting.'
        : `${people(count)} still appear in the meeting.`,
    // Details
    ownId: 'Your app’s ID',
    userId: 'Participant ID',
    stays: 'Attendance',
    now: 'now',
    noId: 'RealtimeKit sent no ID for this participant, so they can’t be muted, removed or banned here.',
    verbCount: each(
      (verb) => (/** @type {number} */ count) => (count > 1 ? `${verb} ${people(count)}` : verb),
    ),
    verbAsk: each((verb) => (/** @type {string} */ name) => `${verb} ${isolated(name)}?`),
    verbAskMany: each((verb) => (/** @type {number} */ count) => `${verb} ${people(count)}?`),
    happens: {
      mute: 'Their microphone is muted. They can unmute themselves if their role allows it.',
      kick: 'They leave the meeting immediately but can rejoin with the same link. To keep them out, ban them.',
      ban: 'They leave immediately and their link stops working. You can’t undo this here; your app can invite them again.',
      banOnly:
        'Their link stops working, but you don’t have permission to remove them, so they stay until they leave. You can’t undo this here.',
    },
    includes: (/** @type {[role: string, count: number][]} */ roles) =>
      `Includes ${roles.map(([role, count]) => `${n(count)} × ${isolated(role)}`).join(', ')}.`,
    sameNameAs: 'Someone else has the same name.',
    identity: (/** @type {string} */ role, /** @type {number} */ joined) =>
      `${role ? `${isolated(role)}, ` : ''}joined ${time(joined)},`,
    andMore: (/** @type {number} */ count) => `and ${n(count)} more`,
    haveLeft: (/** @type {number} */ count) =>
      `${people(count)} ${count === 1 ? 'has' : 'have'} already left and will be skipped.`,
    cannotBan: (/** @type {number} */ count) =>
      `${people(count)} can’t be banned (no ID, or banned already) and will be skipped.`,
    protectedSkipped: (/** @type {number} */ count) =>
      `${people(count)} ${count === 1 ? 'is' : 'are'} protected and will be skipped.`,
    protectedMeeting: (/** @type {number} */ count) =>
      `${people(count)} here ${count === 1 ? 'is' : 'are'} protected, so the gateway won’t allow this.`,
    reason: 'Reason (optional)',
    reasonIs: 'Reason:',
    cancel: 'Cancel',
    close: 'Close',
    // Outcomes
    doing: (/** @type {Action} */ action) =>
      action.stopped
        ? 'Stopping…'
        : `${words[action.operation][0]}${action.targets.length ? ` ${whom(action)}` : ''}…`,
    progress: (/** @type {Action} */ { operation, targets }, /** @type {number} */ done) =>
      `${n(done)} of ${n(targets.length)} ${words[operation][1]}.`,
    continuesIn: (/** @type {number} */ ms, /** @type {boolean} */ only) =>
      `${only ? 'Too many requests. ' : ''}Continuing in ${seconds(ms)}`,
    stop: 'Stop',
    stopped: 'Stopped.',
    did: (/** @type {Action} */ action) => {
      const { operation, outcome, targets } = action;
      const [, verb, failed] = words[operation];
      if (!targets.length) {
        if (outcome === 'done') {
          if (action.count === undefined || !['kickAll', 'muteAll'].includes(operation))
            return verb;
          const done = operation === 'kickAll' ? 'removed' : 'muted';
          return `${people(action.count)} ${action.count === 1 ? 'was' : 'were'} ${done}.`;
        }
        // What was to follow has not been done either.
        const then = action.before ? ` ${words[action.before][2]}` : '';
        if (outcome === 'partly')
          return operation === 'freeze'
            ? 'Only half of the freeze worked. Try again.'
            : 'Only half of it worked. Try again.';
        if (outcome === 'failed') return failed + then;
        return operation === 'poll'
          ? 'We don’t know whether the poll started. Check the meeting before you send it again.'
          : `We don’t know whether this worked. It’s safe to try again.${then}`;
      }
      const [good, gone] = [count(action, 'done'), count(action, 'gone')];
      const [bad, unsure] = [count(action, 'failed'), count(action, 'unknown')];
      const stopped = count(action, 'stopped');
      // Their link is dead, and the kick that goes with it failed.
      const half = targets.filter(
        ({ removed, result }) => removed && (result === 'failed' || result === 'unknown'),
      ).length;
      if (targets.length === 1) {
        const who = capital(whom(action));
        const [{ verified }] = targets;
        if (verified === 'left') return `${who} has left.`;
        if (verified) return `${who} is still in the meeting.`;
        if (half) return `${who} is banned but may still be in the meeting.`;
        if (good)
          return action.banOnly
            ? `${who} can’t rejoin, but is still in the meeting.`
            : `${who} was ${verb}.`;
        if (gone) return `${who} had already left.`;
        if (stopped) return `Stopped. ${who} wasn’t ${verb}.`;
        return outcome === 'unknown'
          ? `We don’t know whether ${whom(action)} was ${verb}.`
          : `Couldn’t ${failed} ${whom(action)}.`;
      }
      const parts = [`${n(good)} ${verb}`];
      if (gone) parts.push(`${n(gone)} had already left`);
      if (bad) parts.push(`${n(bad)} failed`);
      if (unsure) parts.push(`${n(unsure)} unconfirmed`);
      if (stopped) parts.push(`${n(stopped)} stopped`);
      if (half) parts.push(`${n(half)} banned but maybe still in the meeting`);
      if (action.banOnly) parts.push('those in the meeting stay until they leave');
      return `${parts.join(', ')}.`;
    },
    elsewhere: (/** @type {string} */ title) =>
      title ? `In another meeting, ${isolated(title)}.` : 'In another meeting.',
    notDone: 'Participants it didn’t work for',
    maybe: 'Unconfirmed.',
    lockAndKick: 'Lock, then remove everyone…',
    retry: (/** @type {number} */ count) => (count > 1 ? `Retry ${n(count)}` : 'Retry'),
    again: 'Try again',
    undo: 'Undo',
    dismissAll: 'Dismiss all',
    askTitle: {
      kickAll: 'Remove everyone and end the meeting?',
      muteAll: 'Mute everyone?',
      pollAgain: 'Send this poll again?',
      replaceDraft: 'Replace your draft?',
    },
    askText: {
      kickAll: (/** @type {number} */ count) =>
        `${people(count)} will be removed and any recording will stop. They can rejoin unless you lock the meeting.`,
      muteAll: (/** @type {number} */ count) =>
        `${people(count)} will be muted, including hosts and presenters.`,
      pollAgain: () => 'It may already be running. If it is, participants will see it twice.',
      replaceDraft: () => 'The template replaces the poll that you are writing.',
    },
    yes: {
      ...{ kickAll: 'Remove everyone', muteAll: 'Mute everyone', muteExcept: 'Mute the others' },
      ...{ pollAgain: 'Send again', replaceDraft: 'Replace' },
    },
    except: 'Don’t mute',
    muteExceptText: (/** @type {number} */ count) => `${people(count)} will be muted.`,
    allowUnmute: 'Let them unmute themselves',
    lockFirst: 'Lock the meeting first so no one can rejoin',
    kickAllWord: 'remove',
    typeToConfirm: (/** @type {string} */ word) => `Type “${word}” to confirm`,
    // Polls
    question: 'Question',
    options: 'Options (2–10)',
    optionNo: (/** @type {number} */ place) => `Option ${n(place)}`,
    addOption: 'Add option',
    removeOption: (/** @type {number} */ place) => `Remove option ${n(place)}`,
    anonymous: 'Anonymous voting',
    hide_votes: 'Hide results until they vote',
    preview: 'Preview',
    anonymousMeans: 'No one can see how anyone voted.',
    namedMeans: 'Everyone can see how each person voted.',
    hideMeans: 'Participants see results only after voting.',
    pollWrong: {
      question: 'Enter a question.',
      few: 'Enter at least two options.',
      many: 'Enter at most ten options.',
      same: 'Two options are the same.',
    },
    startPoll: 'Start poll',
    saveTemplate: 'Save as template',
    templateSaved: 'Template saved on this device.',
    templates: 'Saved templates (this device)',
    deleteTemplate: (/** @type {string} */ question) => `Delete the template ${isolated(question)}`,
    optionsCount: (/** @type {number} */ count) => `${n(count)} options`,
    asked: 'Polls in this meeting',
    pollUnknown: 'Unconfirmed: it may be running.',
    sendAgain: 'Send again…',
    noResults: 'Results appear only inside the meeting.',
    pollNeedsSession: 'You can start a poll once the meeting is live.',
    pollNotAllowed: 'You don’t have permission to start polls.',
    // Activity
    participantsOverTime: 'Participants over time',
    chart: (/** @type {number} */ now, /** @type {number} */ most) =>
      `Participants over time: ${n(now)} now, peak ${n(most)}.`,
    chartEmpty: 'Participants over time: no one yet.',
    mostAtOnce: (/** @type {number} */ most) => `Peak ${n(most)}`,
    everything: 'All',
    joinsAndLeaves: 'Joins & leaves',
    moderatorActions: 'Moderator actions',
    event: { join: 'joined', return: 'rejoined', leave: 'left' },
    /** The parts of a sentence around the moderator and the participants. @type {(operation: string, targets: boolean) => [before: string, between: string, after: string]} */
    actionWords: (operation) => [
      '',
      /** @type {Record<string, string>} */ ({
        ...{ kick: 'removed', mute: 'muted', ban: 'banned', kickAll: 'removed everyone' },
        ...{ muteAll: 'muted everyone', lock: 'locked the meeting', poll: 'started a poll' },
        ...{ unlock: 'unlocked the meeting', freeze: 'froze the meeting' },
        unfreeze: 'unfroze the meeting',
      })[operation] ?? operation,
      '',
    ],
    /** @type {(outcome: string) => string} */
    outcome: (outcome) => (outcome === 'refused' ? 'failed' : 'unconfirmed'),
    nothingYet: 'No activity yet.',
    older: (/** @type {number} */ count) => `Show ${n(count)} older`,
    noAudit: 'Only actions taken in this tab are shown.',
    auditTrouble: (/** @type {Problem} */ { status }) =>
      `Couldn’t load other moderators’ actions${status ? ` (${status})` : ''}.`,
    // Alerts
    alerts: 'Alerts',
    alert: (/** @type {Alert} */ { kind, participant, count = 0 }) => {
      const name = isolated(participant?.name ?? '');
      if (kind === 'copy') return `${name} joined with the name of a host or presenter.`;
      return kind === 'back'
        ? `${name} is back after being removed.`
        : `${people(count)} joined within a minute.`;
    },
    moreAlerts: (/** @type {number} */ count) =>
      `${n(count)} more ${count === 1 ? 'alert' : 'alerts'}`,
    alertKind: {
      copy: 'Someone uses a host’s name',
      back: 'A removed participant comes back',
      surge: 'Many people join at once',
    },
    shortcuts: 'Keyboard shortcuts',
    singleKeys: 'Use single-key shortcuts (saved on this device)',
    keys: /** @type {[string[], string][]} */ ([
      [['/'], 'Search by name'],
      [['j', '↓'], 'Next participant'],
      [['k', '↑'], 'Previous participant'],
      [['x', 'Space'], 'Select'],
      [['Shift ↑', 'Shift ↓'], 'Select a range'],
      [['a'], 'Select or clear all'],
      [['Enter'], 'Open details'],
      [['m'], 'Mute'],
      [['r'], 'Remove'],
      [['b'], 'Ban'],
      [['Shift M'], 'Mute everyone'],
      [['Shift L'], 'Lock or unlock'],
      [['Shift F'], 'Freeze or unfreeze'],
      [['1', '2', '3', '4'], 'Go to Participants, Meeting, Polls, Activity'],
      [['Esc'], 'Clear search or selection'],
      [['?'], 'Show shortcuts'],
    ]),
  };
}
