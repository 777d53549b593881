// The buttons of the page that change something, as a table: how each is pressed, what the page says by its
// outcome, and what it changes at the API.

import { button, dialog, displayName, fillPoll, isolated, select, startPoll } from './page.mjs';

/** @typedef {'done' | 'no' | 'maybe' | 'gone'} Known What the page may know of an action's outcome. */

const one = ([, second]) => [second];
const two = ([first, , third]) => [first, third];
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();

/** By the button in a participant's row. */
const inRow = (verb) => async (page, targets) => {
  await button(page, `${verb} ${isolated(displayName(targets[0]))}`).click();
  if (verb !== 'Mute') await yes(page, verb);
};
/** By the bar of the selection. */
const inBar = (verb) => async (page, targets) => {
  await select(page, ...targets.map(displayName));
  await page.locator('.bar').getByRole('button', { name: verb, exact: true }).click();
  await yes(page, `${verb} ${targets.length} participants`);
};
/** By the button in the details. */
const inDetails = (verb) => async (page, targets) => {
  await button(page, displayName(targets[0])).click();
  await yes(page, verb);
  // One participant is muted without a question.
  if (verb === 'Mute') return;
  await dialog(page)
    .getByRole('heading', { name: `${verb} ${isolated(displayName(targets[0]))}?` })
    .waitFor();
  await yes(page, verb);
};

const verbs = { removed: 'remove', muted: 'mute', banned: 'ban' };
const single = (word) => ({
  done: (name) => `${name} was ${word}.`,
  no: (name) => `Couldn’t ${verbs[word]} ${name}.`,
  maybe: (name) => `We don’t know whether ${name} was ${word}.`,
  gone: (name) => `${name} had already left.`,
});
const several = (word) => ({
  done: () => `2 ${word}.`,
  no: () => `0 ${word}, 2 failed.`,
  maybe: () => `0 ${word}, 2 unconfirmed.`,
  gone: () => `0 ${word}, 2 had already left.`,
});
const whole = (done, no) => ({
  ...{ done: () => done, no: () => no },
  maybe: () => 'We don’t know whether this worked. It’s safe to try again.',
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
      retryButton: many ? 'Retry 2' : 'Retry',
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
    lost: { known: 'maybe', why: /^(Unconfirmed\.\s+)?Not found\. \(404\)$/ },
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
    texts: whole(`Meeting ${verb}ed.`, failed),
  },
});
const LOCK = lockOrUnlock('lock', 'ACTIVE', 'INACTIVE', 'Couldn’t lock the meeting.');
const UNLOCK = lockOrUnlock('unlock', 'INACTIVE', 'ACTIVE', 'Couldn’t unlock the meeting.');
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
    lost: { why: 'Cloudflare isn’t responding. (502)' },
  },
  texts: {
    done: () => 'Poll started.',
    no: () => 'The poll wasn’t started.',
    maybe: () =>
      'We don’t know whether the poll started. Check the meeting before you send it again.',
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
  'kick one': onParticipants('Remove', 'removed', { how: inRow, ...KICK }),
  'kick many': onParticipants('Remove', 'removed', { ...LIST, ...KICK, lostSent: 3 }),
  'mute one': onParticipants('Mute', 'muted', { how: inDetails, ...MUTE }),
  'mute many': onParticipants('Mute', 'muted', { ...LIST, ...MUTE }),
  'ban one': onParticipants('Ban', 'banned', { how: inRow, ...BAN }),
  'ban many': onParticipants('Ban', 'banned', { how: inBar, many: true, requests: 2, ...BAN }),
  'mute all': onMeeting({
    ...{ operation: 'MuteAllParticipants', line: '/mute-all HTTP', effect: 'muted' },
    ...{
      before: () => [],
      after: (_, all) => ids(all),
      trigger: 'Mute everyone…',
      lost: { known: 'done' },
    },
    texts: whole('3 participants were muted.', 'No one was muted.'),
    act: async (page) => {
      await button(page, 'Mute everyone…').click();
      await yes(page, 'Mute everyone');
    },
  }),
  remove: onMeeting({
    ...{ operation: 'KickAllParticipants', line: '/kick-all HTTP', effect: 'out', once: true },
    ...{ before: () => [], after: (_, all) => ids(all), trigger: 'Remove everyone…' },
    lost: { why: /^Not found\. \(404\)$/ },
    texts: whole('3 participants were removed.', 'No one was removed.'),
    act: async (page) => {
      await button(page, 'Remove everyone…').click();
      await confirmKickAll(page);
    },
    // A retry is confirmed again; when nobody is in, there is nothing left to do.
    confirmAgain: true,
    repeated: null,
  }),
  lock: onMeeting({
    ...LOCK,
    ...{
      trigger: 'Lock meeting',
      focus: (_, acted) => (acted ? 'Unlock meeting' : 'Lock meeting'),
    },
    act: (page) => button(page, 'Lock meeting').click(),
  }),
  unlock: onMeeting({
    ...UNLOCK,
    ...{
      trigger: 'Unlock meeting',
      focus: (_, acted) => (acted ? 'Lock meeting' : 'Unlock meeting'),
    },
    first: (page) => done(page, () => button(page, 'Lock meeting').click(), 'Meeting locked.'),
    act: (page) => button(page, 'Unlock meeting').click(),
  }),
  // The undo button disappears with the outcome it belongs to.
  'undo a lock': onMeeting({
    ...{ ...UNLOCK, focus: () => 'the list' },
    first: (page) =>
      done(page, () => button(page, 'Lock meeting').click(), 'Meeting locked.', false),
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
  await dialog(page).getByLabel('Type “remove” to confirm').fill('remove');
  await yes(page, 'Remove everyone');
}
/** Waits for an action to succeed, and dismisses its outcome unless it is needed. */
async function done(page, act, text, dismiss = true) {
  await act();
  const outcome = page.locator('.activity.good', { hasText: text });
  // The pointer keeps an outcome on screen, which otherwise disappears after some seconds.
  await outcome.hover();
  if (dismiss) await button(page, 'Dismiss').click();
}
