// The buttons of the page that change something, as a table: how each is pressed, what the page says of it by
// what came of it, and what it is to change at the API.

import { dialog, fillPoll, isolated, select, startPoll } from './page.mjs';
import { called } from './stage.mjs';

/** @typedef {'done' | 'no' | 'maybe' | 'gone'} Fate What the page may know came of it. */

const one = ([, who]) => [who];
const two = ([first, , third]) => [first, third];
const yes = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** From somebody's row. */
const inRow = (verb) => async (page, who) => {
  await button(page, `${verb} ${isolated(called(who[0]))}`).click();
  await yes(page, verb);
};
/** From the bar below, by their boxes. */
const inBar = (verb) => async (page, who) => {
  await select(page, ...who.map(called));
  await page.locator('.bar').getByRole('button', { name: verb, exact: true }).click();
  await yes(page, `${verb} ${who.length}`);
};
/** From somebody close up. */
const closeUp = (verb) => async (page, who) => {
  await button(page, called(who[0])).click();
  await yes(page, verb);
  await dialog(page)
    .getByRole('heading', { name: `${verb} ${isolated(called(who[0]))}?` })
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

/** Whom it has happened to, as the emulator knows. */
const ids = (people) => people.map(({ user_id }) => user_id).sort();
export const EFFECT = {
  out: ({ participants }) => ids(participants.filter(({ live_peers }) => live_peers === 0)),
  banned: ({ participants }) => ids(participants.filter(({ deleted }) => deleted)),
  muted: ({ session }) => ids((session?.peers ?? []).filter(({ muted }) => muted)),
  status: ({ status }) => status,
  polls: ({ polls }) => polls.length,
};

/** What is done to people: `many` in a bar, or one in some way. */
function onPeople(verb, word, { how, many = false, operation, line, effect, once, ...more }) {
  return {
    ...{
      operation,
      line,
      effect,
      once,
      who: many ? two : one,
      way: many ? 'Retry these 2' : 'Retry',
    },
    ...{ act: how(verb), says: many ? several(word) : single(word), requests: 1 },
    before: () => [],
    after: ids,
    focus: (fate) => (many && fate !== 'done' ? verb : 'the list'),
    ...more,
  };
}
const KICK = {
  ...{ operation: 'KickParticipants', line: '/kick HTTP', effect: 'out', once: true },
  ...{
    lost: { fate: 'maybe', why: /^Perhaps done: No user found with id .+ \(404\)$/ },
    again: 'gone',
  },
};
const MUTE = {
  ...{ operation: 'MuteParticipants', line: '/mute HTTP', effect: 'muted', lost: { fate: 'done' } },
};
const BAN = {
  ...{ operation: 'DeleteMeetingParticipant', line: 'DELETE /', effect: 'banned', once: true },
  lost: { fate: 'done' },
};
// Of a list that is refused the gateway tries each one alone.
const LIST = { many: true, refusals: 3, how: inBar };

/** What concerns the whole room. */
const onRoom = (more) => ({
  ...{ who: () => [], way: 'Try again', requests: 1, focus: () => more.trigger, ...more },
});
const lockOrUnlock = (way, before, after, undone) => ({
  ...{ operation: 'UpdateMeeting', line: 'PATCH /', effect: 'status', lost: { fate: 'done' } },
  ...{ before: () => before, after: () => after, says: whole(`The meeting is ${way}ed.`, undone) },
});
const LOCK = lockOrUnlock('lock', 'ACTIVE', 'INACTIVE', 'The meeting could not be locked.');
const UNLOCK = lockOrUnlock('unlock', 'INACTIVE', 'ACTIVE', 'The meeting could not be unlocked.');
const POLL = {
  ...{ operation: 'CreatePoll', line: '/poll HTTP', effect: 'polls', once: true, way: null },
  ...{ who: () => [], requests: 1, single: true, lost: { why: 'The API gave no answer (502)' } },
  says: {
    done: () => 'The poll was started.',
    no: () => 'The poll was not started.',
    maybe: () =>
      'The answer was lost: the poll may have been started. RealtimeKit cannot list polls, so look in the meeting before you send it again.',
  },
};
const written = async (page) => {
  await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
  await startPoll(page);
};

/**
 * The buttons. `act` presses it, and answers what is asked; `effect` is what it is to change, from `before`
 * to `after`; `once` that it changes it by one request alone; `requests` how many it takes, and `refusals`
 * how many until all of it is refused; `way` the button that does it again, and `again` what that says of
 * who was met already.
 */
export const BUTTONS = {
  'kick one': onPeople('Kick', 'kicked', { how: inRow, ...KICK }),
  'kick many': onPeople('Kick', 'kicked', { ...LIST, ...KICK, lostSent: 3 }),
  'mute one': onPeople('Mute', 'muted', { how: closeUp, ...MUTE }),
  'mute many': onPeople('Mute', 'muted', { ...LIST, ...MUTE }),
  'ban one': onPeople('Ban', 'banned', { how: inRow, ...BAN }),
  'ban many': onPeople('Ban', 'banned', { how: inBar, many: true, requests: 2, ...BAN }),
  'mute all': onRoom({
    ...{ operation: 'MuteAllParticipants', line: '/mute-all HTTP', effect: 'muted' },
    ...{
      before: () => [],
      after: (_, all) => ids(all),
      trigger: 'Mute all…',
      lost: { fate: 'done' },
    },
    says: whole('Everybody was muted.', 'Nobody was muted.'),
    act: async (page) => {
      await button(page, 'Mute all…').click();
      await yes(page, 'Mute all');
    },
  }),
  'kick all': onRoom({
    ...{ operation: 'KickAllParticipants', line: '/kick-all HTTP', effect: 'out', once: true },
    ...{ before: () => [], after: (_, all) => ids(all), trigger: 'Kick all…' },
    lost: { why: /^No active session found for meeting_id .+ \(404\)$/ },
    says: whole('Everybody was kicked.', 'Nobody was kicked.'),
    act: async (page) => {
      await button(page, 'Kick all…').click();
      await typed(page);
    },
    // It is asked about once more, for it is no small thing; where nobody is in there is nothing to do.
    retyped: true,
    again: null,
  }),
  lock: onRoom({
    ...LOCK,
    ...{ trigger: 'Lock', focus: (_, acted) => (acted ? 'Unlock' : 'Lock') },
    act: (page) => button(page, 'Lock').click(),
  }),
  unlock: onRoom({
    ...UNLOCK,
    ...{ trigger: 'Unlock', focus: (_, acted) => (acted ? 'Lock' : 'Unlock') },
    first: (page) => done(page, () => button(page, 'Lock').click(), 'The meeting is locked.'),
    act: (page) => button(page, 'Unlock').click(),
  }),
  // The button that was pressed goes with what it undoes.
  'undo a lock': onRoom({
    ...{ ...UNLOCK, focus: () => 'the list' },
    first: (page) =>
      done(page, () => button(page, 'Lock').click(), 'The meeting is locked.', false),
    act: (page) => button(page, 'Undo').click(),
  }),
  'start a poll': {
    ...{ ...POLL, before: () => 0, after: () => 1, focus: () => 'Start poll', act: written },
  },
  'send a poll again': {
    ...{ ...POLL, before: () => 0, after: () => 1 },
    // What the audit has seen done is in doubt no longer.
    focus: (fate, _, audited) => (fate === 'done' || audited ? 'the panel' : 'Send again…'),
    // One that was not made: what is made is the second's.
    first: async (page, { fault }) => {
      await fault(1, 'reset-before');
      await written(page);
      await page.locator('.activity.bad').waitFor();
      await button(page, 'Dismiss').click();
    },
    act: async (page) => {
      await button(page, 'Send again…').click();
      await yes(page, 'Send again');
    },
  },
};

/** Confirms a kick of all. */
export async function typed(page) {
  await dialog(page).getByLabel('Type “kick all” to confirm').fill('kick all');
  await yes(page, 'Kick all');
}
/** Does something that works, and puts away what is said of it, unless it is needed. */
async function done(page, act, text, away = true) {
  await act();
  await page.locator('.activity.good', { hasText: text }).waitFor();
  if (away) await button(page, 'Dismiss').click();
}
