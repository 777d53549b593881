// The buttons of the page that change something, as a table: how each is pressed, what the page says by its
// outcome, and what it changes at the API.

import { dialog, displayName, fillPoll, isolated, select, startPoll } from './page.mjs';

/** @typedef {'done' | 'no' | 'maybe' | 'gone'} Known What the page may know of an action's outcome. */

const one = ([, second]) => [second];
const two = ([first, , third]) => [first, third];
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** By the button in a participant's row. */
const inRow = (verb) => async (page, targets) => {
  await button(page, `${verb} ${isolated(displayName(targets[0]))}`).click();
  await yes(page, verb);
};
/** By the bar of the selection. */
const inBar = (verb) => async (page, targets) => {
  await select(page, ...targets.map(displayName));
  await page.locator('.bar').getByRole('button', { name: verb, exact: true }).click();
  await yes(page, `${verb} ${targets.length}`);
};
/** By the button in the details. */
const inDetails = (verb) => async (page, targets) => {
  await button(page, displayName(targets[0])).click();
  await yes(page, verb);
  await dialog(page)
    .getByRole('heading', { name: `${verb} ${isolated(displayName(targets[0]))}?` })
    .waitFor();
  await yes(page, verb);
};

const single = (word) => ({
  done: (name) => `${name} was ${word}.`,
  no: (name) => `${name} was not ${word}.`,
  maybe: (name) => `${name} may have been ${word}: the answer was lost.`,
  gone: (name) => `${name} has left already: nothing was done.`,
});
const several = (word) => ({
  done: () => `2 ${word}.`,
  no: () => `0 ${word}, 2 not ${word}.`,
  maybe: () => `0 ${word}, 2 perhaps ${word}: the answer was lost.`,
  gone: () => `0 ${word}, 2 had left already.`,
});
const whole = (done, no) => ({
  ...{ done: () => done, no: () => no },
  maybe: () => 'The answer was lost: it may have worked. Doing it again does no harm.',
});

/** The participants an action has affected, by the emulator. */
const ids = (people) => people.map(({ user_id }) => user_id).sort();
export const EFFECT = {
  out: ({ participants }) => ids(participants.filter(({ live_peers }) => live_peers === 0)),
  banned: ({ participants }) => ids(participants.filter(({ deleted }) => deleted)),
  muted: ({ session }) => ids((session?.peers ?? []).filter(({ muted }) => muted)),
  status: ({ status }) => status,
  polls: ({ polls }) => polls.length,
};

/** An action on participants: on `many` from the bar, or on one. */
function onParticipants(verb, word, { how, many = false, operation, line, effect, once, ...more }) {
  return {
    ...{
      operation,
      line,
      effect,
      once,
      targets: many ? two : one,
      retryButton: many ? 'Retry these 2' : 'Retry',
    },
    ...{ act: how(verb), texts: many ? several(word) : single(word), requests: 1 },
    before: () => [],
    after: ids,
    focus: (known) => (many && known !== 'done' ? verb : 'the list'),
    ...more,
  };
}
const KICK = {
  ...{ operation: 'KickParticipants', line: '/kick HTTP', effect: 'out', once: true },
  ...{
    lost: { known: 'maybe', why: /^Perhaps done: No user found with id .+ \(404\)$/ },
    repeated: 'gone',
  },
};
const MUTE = {
  ...{
    operation: 'MuteParticipants',
    line: '/mute HTTP',
    effect: 'muted',
    lost: { known: 'done' },
  },
};
const BAN = {
  ...{ operation: 'DeleteMeetingParticipant', line: 'DELETE /', effect: 'banned', once: true },
  lost: { known: 'done' },
};
// When a list is refused, the gateway tries each participant alone.
const LIST = { many: true, refusals: 3, how: inBar };

/** An action on the meeting. */
const onMeeting = (more) => ({
  ...{
    targets: () => [],
    retryButton: 'Try again',
    requests: 1,
    focus: () => more.trigger,
    ...more,
  },
});
const lockOrUnlock = (verb, before, after, failed) => ({
  ...{ operation: 'UpdateMeeting', line: 'PATCH /', effect: 'status', lost: { known: 'done' } },
  ...{
    before: () => before,
    after: () => after,
    texts: whole(`The meeting is ${verb}ed.`, failed),
  },
});
const LOCK = lockOrUnlock('lock', 'ACTIVE', 'INACTIVE', 'The meeting could not be locked.');
const UNLOCK = lockOrUnlock('unlock', 'INACTIVE', 'ACTIVE', 'The meeting could not be unlocked.');
const POLL = {
  ...{
    operation: 'CreatePoll',
    line: '/poll HTTP',
    effect: 'polls',
    once: true,
    retryButton: null,
  },
  ...{
    targets: () => [],
    requests: 1,
    single: true,
    lost: { why: 'The API gave no answer (502)' },
  },
  texts: {
    done: () => 'The poll was started.',
    no: () => 'The poll was not started.',
    maybe: () =>
      'The answer was lost: the poll may have been started. RealtimeKit cannot list polls, so look in the meeting before you send it again.',
  },
};
const writeAndStart = async (page) => {
  await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
  await startPoll(page);
};

/**
 * The buttons. `act` presses one and confirms; `effect` is what it changes, from `before` to `after`; `once`
 * says that only its first request changes it; `requests` is how many it sends, and `refusals` how many until
 * all of it is refused; `retryButton` repeats it, and `repeated` is the outcome if the first one had acted.
 */
export const BUTTONS = {
  'kick one': onParticipants('Kick', 'kicked', { how: inRow, ...KICK }),
  'kick many': onParticipants('Kick', 'kicked', { ...LIST, ...KICK, lostSent: 3 }),
  'mute one': onParticipants('Mute', 'muted', { how: inDetails, ...MUTE }),
  'mute many': onParticipants('Mute', 'muted', { ...LIST, ...MUTE }),
  'ban one': onParticipants('Ban', 'banned', { how: inRow, ...BAN }),
  'ban many': onParticipants('Ban', 'banned', { how: inBar, many: true, requests: 2, ...BAN }),
  'mute all': onMeeting({
    ...{ operation: 'MuteAllParticipants', line: '/mute-all HTTP', effect: 'muted' },
    ...{
      before: () => [],
      after: (_, all) => ids(all),
      trigger: 'Mute all…',
      lost: { known: 'done' },
    },
    texts: whole('Everybody was muted.', 'Nobody was muted.'),
    act: async (page) => {
      await button(page, 'Mute all…').click();
      await yes(page, 'Mute all');
    },
  }),
  'kick all': onMeeting({
    ...{ operation: 'KickAllParticipants', line: '/kick-all HTTP', effect: 'out', once: true },
    ...{ before: () => [], after: (_, all) => ids(all), trigger: 'Kick all…' },
    lost: { why: /^No active session found for meeting_id .+ \(404\)$/ },
    texts: whole('Everybody was kicked.', 'Nobody was kicked.'),
    act: async (page) => {
      await button(page, 'Kick all…').click();
      await confirmKickAll(page);
    },
    // A retry is confirmed again; when nobody is in, there is nothing left to do.
    confirmAgain: true,
    repeated: null,
  }),
  lock: onMeeting({
    ...LOCK,
    ...{ trigger: 'Lock', focus: (_, acted) => (acted ? 'Unlock' : 'Lock') },
    act: (page) => button(page, 'Lock').click(),
  }),
  unlock: onMeeting({
    ...UNLOCK,
    ...{ trigger: 'Unlock', focus: (_, acted) => (acted ? 'Lock' : 'Unlock') },
    first: (page) => done(page, () => button(page, 'Lock').click(), 'The meeting is locked.'),
    act: (page) => button(page, 'Unlock').click(),
  }),
  // The undo button disappears with the outcome it belongs to.
  'undo a lock': onMeeting({
    ...{ ...UNLOCK, focus: () => 'the list' },
    first: (page) =>
      done(page, () => button(page, 'Lock').click(), 'The meeting is locked.', false),
    act: (page) => button(page, 'Undo').click(),
  }),
  'start a poll': {
    ...{ ...POLL, before: () => 0, after: () => 1, focus: () => 'Start poll', act: writeAndStart },
  },
  'send a poll again': {
    ...{ ...POLL, before: () => 0, after: () => 1 },
    // The audit removes the doubt.
    focus: (known, _, audited) => (known === 'done' || audited ? 'the panel' : 'Send again…'),
    // The first poll is not created: the effect is the second's.
    first: async (page, { fault }) => {
      await fault(1, 'reset-before');
      await writeAndStart(page);
      await page.locator('.activity.bad').waitFor();
      await button(page, 'Dismiss').click();
    },
    act: async (page) => {
      await button(page, 'Send again…').click();
      await yes(page, 'Send again');
    },
  },
};

/** Types what a kick of everybody asks for, and confirms. */
export async function confirmKickAll(page) {
  await dialog(page).getByLabel('Type “kick all” to confirm').fill('kick all');
  await yes(page, 'Kick all');
}
/** Waits for an action to succeed, and dismisses its outcome unless it is needed. */
async function done(page, act, text, dismiss = true) {
  await act();
  const outcome = page.locator('.activity.good', { hasText: text });
  // The pointer keeps an outcome on screen, which otherwise disappears after some seconds.
  await outcome.hover();
  if (dismiss) await button(page, 'Dismiss').click();
}
