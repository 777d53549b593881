// Every button of the page that changes something, against everything that can come of it: what the
// moderator sees and hears, where the focus is, whether it can be done again; and what the emulator says
// happened. A row of the table is a button (`support/deeds.mjs`), a column is an end.
//
// Not here: a pause that the API asks for, which is all the gateway's (`page-state`, `page-after`); and the
// question that comes before, whose ways out are in `page-keys`.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BUTTONS, EFFECT, typed } from '../support/deeds.mjs';
import { focused, hear, isolated, reaches } from '../support/page.mjs';
import { called, startStage } from '../support/stage.mjs';

/** How long the page waits where nothing comes: long enough for what is read meanwhile. */
const PATIENCE = 1500;

let stage;
before(async () => {
  // Long enough for a busy machine to take a request, of which nothing would be known otherwise.
  stage = await startStage({ upstream: { timeout_ms: 1000 } });
});
after(() => stage?.stop());

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
        assert.equal(
          await page.getByRole('button', { name: deed.trigger, exact: true }).isEnabled(),
          true,
        );

      // What has happened.
      const after = deed.after(who, participants);
      const effect = async () => EFFECT[deed.effect](await stage.state(meeting));
      assert.deepEqual(await effect(), acted ? after : deed.before(who));
      const all = async () => (await stage.asked(meeting)).slice(before);
      const isOwn = ({ operation }) => operation === deed.operation;
      const sent = {
        'the API refuses it': refusals,
        // What may be repeated is repeated.
        'the API’s answer is lost': deed.lostSent ?? requests * (single ? 1 : 2),
      };
      const wanted = sent[end] ?? (column.sent === 3 ? attempts : column.sent * requests);
      // (How often Chromium itself sends again what broke is its own affair.)
      const fixed = column.sent !== undefined;
      // The last may still be on its way to the emulator.
      if (fixed) await reaches(async () => (await all()).filter(isOwn).length, wanted);
      const asked = await all();
      const own = asked.filter(isOwn);
      if (fixed) assert.equal(own.length, wanted);
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
