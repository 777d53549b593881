// Every button of the page that changes something, against everything that can come of it: what the
// moderator sees and hears, where the focus is, whether it can be done again; and what the emulator says
// happened. A row of the table is a button, a column is an end.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  dialog,
  fillPoll,
  focused,
  hear,
  isolated,
  reaches,
  select,
  startPoll,
} from './support/page.mjs';
import { called, startStage } from './support/stage.mjs';

/** How long the page waits where nothing comes: long enough for what is read meanwhile. */
const PATIENCE = 1500;

let stage;
before(async () => {
  stage = await startStage({ upstream: { timeout_ms: 400 } });
});
after(() => stage?.stop());

/** @typedef {'done' | 'no' | 'maybe' | 'gone'} Fate */

/**
 * The ends. `at` brings it about for what comes next, `mend` ends it. `fate` is what the page may know, `why`
 * what it says of that, `acted` whether it was done, `sent` how many attempts reach the API, if it is
 * fixed: of a poll there is never more than one; and `audited` that the gateway knows more than the page.
 */
const ENDS = {
  'it works': { fate: 'done', acted: true, sent: 1 },
  'the API refuses it': {
    ...{ fate: 'no', why: 'injected by the emulator (400)', acted: false, sent: 1 },
    at: ({ fault, refusals }) => fault(refusals, 'status:code=400'),
  },
  'the gateway refuses it': {
    ...{ fate: 'no', why: 'The grant is for another meeting (403)', acted: false, sent: 0 },
    at: async ({ page, meeting }) => {
      await stage.regrant(page, meeting, { meeting_id: 'another' });
      await page.locator('.banner').getByText('The gateway refuses').waitFor();
    },
    mend: ({ page, meeting }) => stage.regrant(page, meeting),
  },
  'the API fails': {
    ...{ fate: 'maybe', why: 'injected by the emulator (500)', acted: false, sent: 3 },
    at: ({ fault, attempts }) => fault(attempts, 'status:code=500:retry-after-ms=1'),
  },
  'nobody listens': {
    ...{ fate: 'maybe', why: 'Connection error.', acted: false, sent: 0 },
    at: ({ wire }) => wire.down(),
    mend: ({ wire }) => wire.up(),
  },
  'the API is too slow': {
    ...{ fate: 'maybe', why: 'The API took too long (504)', acted: false, sent: 3 },
    at: ({ fault, attempts }) => fault(attempts, 'hang-before'),
  },
  'the API’s answer is lost': {
    // What may be repeated is, by the client; `lost` of a button says what comes of that.
    ...{ fate: 'maybe', why: '', acted: true, sent: 2 },
    at: ({ fault, requests }) => fault(requests, 'reset-after'),
  },
  'the gateway’s answers are lost': {
    ...{ fate: 'maybe', why: 'Connection error.', acted: true, audited: true },
    at: ({ wire, line }) => wire.lose(line),
    mend: ({ wire }) => wire.lose(),
  },
  'the answer does not come in time': {
    ...{ fate: 'maybe', why: 'Request timed out.', acted: true, audited: true, timeout: PATIENCE },
    at: ({ wire, line }) => wire.hold(line),
    mend: ({ wire }) => wire.hold(),
  },
};

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
const EFFECT = {
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
const BUTTONS = {
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

async function typed(page) {
  await dialog(page).getByLabel('Type “kick all” to confirm').fill('kick all');
  await yes(page, 'Kick all');
}
/** Does something that works, and puts away what is said of it, unless it is needed. */
async function done(page, act, text, away = true) {
  await act();
  await page.locator('.activity.good', { hasText: text }).waitFor();
  if (away) await button(page, 'Dismiss').click();
}

describe('buttons and ends', { concurrency: 6 }, () => {
  for (const [name, deed] of Object.entries(BUTTONS)) {
    for (const [end, column] of Object.entries(ENDS)) {
      test(`${name}: ${end}`, () => cell(deed, end, column));
    }
  }
});

async function cell(deed, end, column) {
  const lost = end === 'the API’s answer is lost';
  const { fate, why, acted } = { ...column, ...(lost && deed.lost) };
  const { timeout } = column;
  await stage.onPage(
    { timeout, context: { reducedMotion: 'reduce' } },
    async (page, meeting, wire) => {
      page.setDefaultTimeout(30_000);
      const { participants } = meeting;
      const who = deed.who(participants);
      const name = who.length === 1 ? isolated(called(who[0])) : '';
      const { requests, refusals = requests, single } = deed;
      const attempts = requests * (single ? 1 : 3);
      const fault = (count, step) =>
        stage.fault(meeting, deed.operation, ...Array(count).fill(step));
      const scene = { page, meeting, wire, line: deed.line, fault, requests, refusals, attempts };
      await page.locator('.side').getByText('The meeting is open').waitFor();
      await deed.first?.(page, scene);
      const heard = await hear(page);
      const before = (await stage.asked(meeting)).length;
      await column.at?.(scene);

      await deed.act(page, who);
      const card = page.locator('.activity:not(.busy)');
      await card.waitFor();
      // What is seen and heard is the same, and true.
      const text = deed.says[fate](name);
      assert.equal(await card.locator('p').first().textContent(), text);
      assert.ok((await heard()).includes(text), (await heard()).join(' / '));
      const mood = fate === 'done' ? 'good' : 'bad';
      assert.match(await card.getAttribute('class'), new RegExp(`\\b${mood}\\b`));
      const reasons = await card.locator('.failures li > span, .why').allInnerTexts();
      assert.equal(reasons.length, fate === 'done' ? 0 : who.length || 1);
      const perhaps = fate === 'maybe' && who.length ? 'Perhaps done: ' : '';
      for (const reason of reasons) {
        if (why instanceof RegExp) assert.match(reason, why);
        else assert.equal(reason, `${perhaps}${why}`);
      }
      // The keys go on from where they were, and what was pressed can be pressed again.
      await reaches(() => focused(page), deed.focus(fate, acted, column.audited));
      if (single) {
        const doubts =
          fate === 'done' || column.audited ? 0 : deed.first || fate === 'maybe' ? 1 : 0;
        await reaches(() => page.locator('.asked .doubt').getByRole('button').count(), doubts);
      }
      if (deed.trigger && acted === false)
        assert.equal(await button(page, deed.trigger).isEnabled(), true);

      // What has happened.
      const after = deed.after(who, participants);
      const effect = async () => EFFECT[deed.effect](await stage.state(meeting));
      assert.deepEqual(await effect(), acted ? after : deed.before(who));
      const asked = (await stage.asked(meeting)).slice(before);
      const own = asked.filter(({ operation }) => operation === deed.operation);
      const sent = {
        'the API refuses it': refusals,
        // What may be repeated is repeated.
        'the API’s answer is lost': deed.lostSent ?? requests * (single ? 1 : 2),
      };
      const wanted = sent[end] ?? (column.sent === 3 ? attempts : column.sent * requests);
      // (How often Chromium itself sends again what broke is its own affair.)
      if (column.sent !== undefined) assert.equal(own.length, wanted);
      const acts = own.filter(({ acted }) => acted);
      if (!acted) assert.equal(acts.length, 0);
      else if (deed.once) assert.equal(acts.length, requests);
      else assert.equal(new Set(acts.map(({ body }) => JSON.stringify(body))).size, 1);
      const others = asked.filter(({ operation }) => operation !== deed.operation);
      // A ban that is known to have worked is followed by a kick of the same people.
      const follows = deed.effect === 'banned' && fate === 'done' ? ['KickParticipants'] : [];
      assert.deepEqual(
        others.map(({ operation }) => operation),
        follows,
      );

      await column.mend?.(scene);
      await onceMore(page, { deed, fate, acted, name, who, card });
      if (deed.way || fate === 'done') assert.deepEqual(await effect(), after);
      const out = EFFECT.out(await stage.state(meeting)).length;
      await page
        .locator('.people .segments', {
          hasText: new RegExp(`In now ${3 - out}\\s+Left ${out}\\s`),
        })
        .waitFor();
    },
  );
}

/** The way on, where there is one: it is done again, and then it is done, or was. */
async function onceMore(page, { deed, fate, acted, name, who, card }) {
  const { way, again = 'done' } = deed;
  const ways = await card.locator('.buttons').getByRole('button').allInnerTexts();
  const undo = deed.effect === 'status' && fate === 'done';
  assert.deepEqual(ways, fate === 'done' ? (undo ? ['Undo'] : []) : way ? [way] : []);
  if (fate === 'done' || !way || (acted && again === null)) return;
  // Who is out is known to be before it is tried again.
  if (acted && again === 'gone')
    await page.locator('.people .segments', { hasText: `Left ${who.length}` }).waitFor();
  await card.getByRole('button', { name: way, exact: true }).click();
  if (deed.retyped) await typed(page);
  const text = deed.says[acted ? again : 'done'](name);
  await page.locator('.activity:not(.busy, .bad)', { hasText: text }).waitFor();
  await reaches(() => focused(page), 'the list');
}
