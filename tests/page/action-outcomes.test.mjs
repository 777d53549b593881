// Every button of the page that changes something, against everything that can come of it: what the
// moderator sees and hears, where the focus goes, whether a retry is offered, and what the emulator says
// happened. A row of the table is a button (`support/page-actions.mjs`), a column is an outcome.
//
// Not here: a pause that the API asks for, which the gateway handles (`state`, `after-actions`), and the
// ways out of a confirmation (`keyboard`).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BUTTONS, EFFECT, confirmKickAll } from '../support/page-actions.mjs';
import {
  LIMIT,
  displayName,
  eventually,
  focusedName,
  isolated,
  recordAnnouncements,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

/** A gateway that gives the API little time is one of its own: elsewhere nothing is to time out. */
let patient, impatient;
before(async () => {
  [patient, impatient] = await Promise.all([
    startTestbed(),
    startTestbed({ upstream: { timeout_ms: 3000 } }),
  ]);
});
after(() => Promise.all([patient?.stop(), impatient?.stop()]));

/**
 * The outcomes. `cause` brings one about for the next request, `proceed` does what it needs after the button
 * is pressed, `end` ends it. `known` is what the page may know, `why` the reason it gives, `acted` whether
 * the API acted, `sent` how many attempts reach the API, if that is fixed (a poll is never sent twice), and
 * `audited` that the gateway knows more than the page.
 */
const OUTCOMES = {
  'it works': { known: 'done', acted: true, sent: 1 },
  'the API refuses it': {
    ...{ known: 'no', why: 'injected by the emulator (400)', acted: false, sent: 1 },
    cause: ({ fault, refusals }) => fault(refusals, 'status:code=400'),
  },
  'the gateway refuses it': {
    ...{ known: 'no', why: 'Your access is for another meeting. (403)', acted: false, sent: 0 },
    cause: async ({ testbed, page, meeting }) => {
      await testbed.regrant(page, meeting, { meeting_id: 'another' });
      await page
        .locator('.banner')
        .getByText('Your access is for another meeting. (403)')
        .waitFor();
    },
    end: ({ testbed, page, meeting }) => testbed.regrant(page, meeting),
  },
  'the API fails': {
    ...{ known: 'maybe', why: 'Cloudflare isn’t responding. (500)', acted: false, sent: 3 },
    cause: ({ fault, attempts }) => fault(attempts, 'status:code=500:retry-after-ms=1'),
  },
  'the gateway is down': {
    ...{ known: 'maybe', why: 'Connection error.', acted: false, sent: 0 },
    cause: ({ wire }) => wire.down(),
    end: ({ wire }) => wire.up(),
  },
  'the API is too slow': {
    ...{ known: 'maybe', why: 'Cloudflare took too long. (504)', acted: false, sent: 3 },
    impatientGateway: true,
    cause: ({ fault, attempts }) => fault(attempts, 'hang-before'),
  },
  'the API’s response is lost': {
    // The client repeats what may be repeated; `lost` of a button says what comes of that.
    ...{ known: 'maybe', why: '', acted: true, sent: 2 },
    cause: ({ fault, requests }) => fault(requests, 'reset-after'),
  },
  'the gateway’s responses are lost': {
    ...{ known: 'maybe', why: 'Connection error.', acted: true, audited: true },
    cause: ({ wire, line }) => wire.lose(line),
    end: ({ wire }) => wire.lose(),
  },
  'the gateway’s responses do not come in time': {
    ...{ known: 'maybe', why: 'Connection error.', acted: true, audited: true },
    cause: ({ wire, line }) => {
      wire.hold(line);
      return wire.seen(line);
    },
    // Each attempt times out when it has reached the gateway.
    proceed: ({ page, wire, line, card }, before) => {
      let timedOut = before;
      const over = async () => {
        const attempts = wire.seen(line);
        if (attempts > timedOut) {
          timedOut = attempts;
          await page.clock.fastForward(LIMIT);
        }
        return card.count();
      };
      return eventually(over, 1);
    },
    end: ({ wire }) => wire.hold(),
  },
};

describe('buttons and outcomes', { concurrency: 6 }, () => {
  for (const [name, button] of Object.entries(BUTTONS)) {
    for (const [title, outcome] of Object.entries(OUTCOMES)) {
      test(`${name}: ${title}`, () => cell(button, title, outcome));
    }
  }
});

/** The URLs of a refresh. */
const READ = /\/active-session$|\/sessions\/[^/]+\/participants(\?|$)/;

async function cell(button, title, outcome) {
  const lost = title === 'the API’s response is lost';
  const { known, why, acted } = { ...outcome, ...(lost && button.lost) };
  const testbed = outcome.impatientGateway ? impatient : patient;
  await testbed.onPage(
    { clock: !!outcome.proceed, push: false, context: { reducedMotion: 'reduce' } },
    async (page, meeting, wire) => {
      const { participants } = meeting;
      const targets = button.targets(participants);
      const name = targets.length === 1 ? isolated(displayName(targets[0])) : '';
      const { requests, refusals = requests, single } = button;
      const attempts = requests * (single ? 1 : 3);
      const fault = (count, step) =>
        testbed.fault(meeting, button.operation, ...Array(count).fill(step));
      const card = page.locator('.activity:not(.busy)');
      const { line } = button;
      const scene = {
        ...{ testbed, page, meeting, wire, line, card, fault, requests, refusals, attempts },
      };
      const reading = new Set();
      page.on('request', (request) => READ.test(request.url()) && reading.add(request));
      for (const over of ['requestfinished', 'requestfailed'])
        page.on(over, (request) => reading.delete(request));
      await page.locator('.side').getByText('Meeting is unlocked').waitFor();
      await button.first?.(page, scene);
      const announcements = await recordAnnouncements(page);
      const before = (await testbed.mutations(meeting)).length;
      const caused = await outcome.cause?.(scene);

      // A refresh would settle a removal whose response is lost, also one that has begun.
      let release;
      const held = new Promise((resolve) => (release = resolve));
      await page.route(READ, async (route) => {
        reading.delete(route.request());
        await held;
        await route.continue();
      });
      await eventually(() => reading.size, 0);
      await button.act(page, targets);
      await outcome.proceed?.(scene, caused);
      await card.waitFor();
      // The pointer keeps a success on screen, which otherwise disappears after some seconds.
      if (known === 'done') await card.hover();
      // What is shown and what is announced is the same.
      const text = button.texts[known](name);
      assert.equal(await card.locator('p').first().textContent(), text);
      await eventually(async () => (await announcements()).includes(text), true);
      const mood = known === 'done' ? 'good' : 'bad';
      assert.match(await card.getAttribute('class'), new RegExp(`\\b${mood}\\b`));
      const reasons = await card.locator('.failures li > span, .why').allInnerTexts();
      assert.equal(reasons.length, known === 'done' ? 0 : targets.length || 1);
      // The sentence names a single participant, and says how sure it is.
      if (targets.length === 1) assert.equal(await card.locator('.failures').count(), 0);
      const perhaps = known === 'maybe' && targets.length > 1 ? 'Unconfirmed. ' : '';
      for (const reason of reasons) {
        if (why instanceof RegExp) assert.match(reason, why);
        else assert.equal(reason, `${perhaps}${why}`);
      }
      // The focus stays where it was, and the button can be pressed again.
      await eventually(() => focusedName(page), button.focus(known, acted, outcome.audited));
      if (single) {
        const doubts =
          known === 'done' || outcome.audited ? 0 : button.first || known === 'maybe' ? 1 : 0;
        await eventually(() => page.locator('.asked .doubt').getByRole('button').count(), doubts);
      }
      if (button.trigger && acted === false)
        assert.equal(
          await page.getByRole('button', { name: button.trigger, exact: true }).isEnabled(),
          true,
        );

      // What happened at the API.
      const after = button.after(targets, participants);
      const effect = async () => EFFECT[button.effect](await testbed.state(meeting));
      // A response that is not waited for may be on its way when its effect is not.
      await eventually(effect, acted ? after : button.before(targets));
      const all = async () => (await testbed.mutations(meeting)).slice(before);
      const isOwn = ({ operation }) => operation === button.operation;
      const sent = {
        'the API refuses it': refusals,
        // The client repeats what may be repeated.
        'the API’s response is lost': button.lostSent ?? requests * (single ? 1 : 2),
      };
      const wanted = sent[title] ?? (outcome.sent === 3 ? attempts : outcome.sent * requests);
      // (Chromium itself may repeat a request on a broken connection.)
      const fixed = outcome.sent !== undefined;
      // The last one may still be on its way to the emulator.
      if (fixed) await eventually(async () => (await all()).filter(isOwn).length, wanted);
      const received = await all();
      const own = received.filter(isOwn);
      if (fixed) assert.equal(own.length, wanted);
      const acts = own.filter(({ acted }) => acted);
      if (!acted) assert.equal(acts.length, 0);
      else if (button.once) assert.equal(acts.length, requests);
      else assert.equal(new Set(acts.map(({ body }) => JSON.stringify(body))).size, 1);
      const others = received.filter(({ operation }) => operation !== button.operation);
      // A ban that is known to have worked is followed by a kick of the same participants.
      const follows = button.effect === 'banned' && known === 'done' ? ['KickParticipants'] : [];
      assert.deepEqual(
        others.map(({ operation }) => operation),
        follows,
      );

      // After the removal of everyone, a refresh shows an empty meeting, and the retry disappears.
      if (!isSettled({ button, known, targets })) await assertOffered({ button, known, card });
      await outcome.end?.(scene);
      release();
      // Without a wait it would continue requests that are just being continued.
      await page.unrouteAll({ behavior: 'wait' });
      await retry(page, { button, known, acted, name, targets, card });
      if (button.retryButton || known === 'done') assert.deepEqual(await effect(), after);
      const out = EFFECT.out(await testbed.state(meeting)).length;
      await page
        .locator('.participants .segments', {
          hasText: new RegExp(`Here now ${3 - out}\\s+Left ${out}\\s`),
        })
        .waitFor();
    },
  );
}

/** Whether a refresh settles what the page does not know: whether participants were removed. */
const isSettled = ({ button, known, targets }) =>
  known === 'maybe' && button.effect === 'out' && targets.length > 0;

/** Checks which buttons the outcome has. */
async function assertOffered({ button, known, card }) {
  const offered = await card.locator('.buttons').getByRole('button').allInnerTexts();
  const undo = button.effect === 'status' && known === 'done';
  const wanted = known === 'done' ? undo && 'Undo' : button.retryButton;
  assert.deepEqual(offered, wanted ? [wanted] : []);
}

/** Presses the retry button, where there is one: then the action is done, or was before. */
async function retry(page, { button, known, acted, name, targets, card }) {
  const { retryButton, repeated = 'done' } = button;
  if (isSettled({ button, known, targets })) {
    const left = name ? `${name} has left.` : '2 removed.';
    const stayed = name ? `${name} is still in the meeting.` : '0 removed, 2 failed.';
    await card.filter({ hasText: acted ? left : stayed }).waitFor();
    if (acted) return;
    await assertOffered({ button, known, card });
  }
  if (known === 'done' || !retryButton || (acted && repeated === null)) return;
  // A poll shows who is out before the retry.
  if (acted && repeated === 'gone')
    await page.locator('.participants .segments', { hasText: `Left ${targets.length}` }).waitFor();
  await card.getByRole('button', { name: retryButton, exact: true }).click();
  if (button.confirmAgain) await confirmKickAll(page);
  const text = button.texts[acted ? repeated : 'done'](name);
  await page.locator('.activity:not(.busy, .bad)', { hasText: text }).waitFor();
  await eventually(() => focusedName(page), 'the list');
}
