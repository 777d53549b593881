// Everything that the page reads, against every way in which reading can fail: the list at first and later,
// whether the meeting is locked, the audit, and the sign-in. Nothing is silently stale, what is known stays,
// and the page recovers by itself.
//
// The two files, the preview of a poll and its templates send no request: nothing there can fail.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { now } from '../support/grants.mjs';
import {
  LIMIT,
  eventually,
  fragment,
  tab,
  visit,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';
import { startWireBreaker } from '../support/wire-breaker.mjs';

const DAY = 86_400_000;
/** The request line of a poll. */
const POLL = '/active-session HTTP';

/** A gateway that gives the API little time is one of its own: elsewhere nothing is to time out. */
let patient, impatient;
before(async () => {
  [patient, impatient] = await Promise.all([
    startTestbed(),
    startTestbed({ upstream: { timeout_ms: 4000 } }),
  ]);
});
after(() => Promise.all([patient?.stop(), impatient?.stop()]));

const testbedFor = ({ impatientGateway = false }) => (impatientGateway ? impatient : patient);
/** Two polls in a row: the page shows the same after both. */
const twice = (step) => [step, step];
const banner = (page, mood, text) => page.locator(`.banner.${mood}`, { hasText: text });
const join = (testbed, { meeting_id }) =>
  testbed.emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'late' });

/**
 * The failures of a poll: how to cause one, what the page says, and how to end it. (A poll that is refused
 * because of its grant is in `interruptions`.)
 */
const POLL_FAILURES = {
  'the API refuses it': {
    cause: ({ testbed, meeting }) =>
      testbed.fault(meeting, 'GetActiveSession', ...twice('status:code=400')),
    says: /^Can’t get updates since \d\d:\d\d:\d\d\. .+ \(400\)/,
  },
  'the API fails': {
    cause: ({ testbed, meeting }) =>
      testbed.fault(meeting, 'GetActiveSession', ...twice('status:code=500')),
    says: /^Can’t get updates since \d\d:\d\d:\d\d\. Cloudflare isn’t responding\. \(500\)/,
  },
  'the API is too slow': {
    impatientGateway: true,
    cause: ({ testbed, meeting }) => testbed.fault(meeting, 'GetActiveSession', 'hang-before'),
    says: /^Can’t get updates since \d\d:\d\d:\d\d\. Cloudflare took too long\. \(504\)/,
  },
  'the API’s responses are lost': {
    cause: ({ testbed, meeting }) =>
      testbed.fault(meeting, 'GetActiveSession', ...twice('reset-before')),
    says: /^Can’t get updates since \d\d:\d\d:\d\d\. Cloudflare isn’t responding\. \(502\)/,
  },
  'the gateway is down': {
    cause: ({ wire }) => wire.down(),
    end: ({ wire }) => wire.up(),
    says: /^You’re offline\. Last update \d\d:\d\d:\d\d/,
    // The page itself comes from the gateway.
    notAtFirst: true,
  },
  'the gateway’s responses are lost': {
    cause: ({ wire }) => wire.lose(POLL),
    end: ({ wire }) => wire.lose(),
    says: /^You’re offline\. Last update \d\d:\d\d:\d\d/,
  },
  'the gateway’s responses do not come in time': {
    cause: ({ wire }) => {
      wire.hold(POLL);
      return wire.seen(POLL);
    },
    // A poll that was sent after that times out.
    proceed: async ({ page, wire }, before) => {
      await eventually(() => wire.seen(POLL) > before, true);
      await page.clock.fastForward(LIMIT);
    },
    end: ({ wire }) => wire.hold(),
    says: /^You’re offline\. Last update \d\d:\d\d:\d\d/,
  },
};

describe('the list', { concurrency: 4 }, () => {
  for (const [name, failure] of Object.entries(POLL_FAILURES)) {
    const { cause, proceed, end, says, notAtFirst } = failure;
    const clock = !!proceed;

    /** What the page shows after a failure, all read at one moment: the next poll may succeed. */
    const shownAfterFailure = async (page) => {
      const seen = await page.waitForFunction(() => {
        const inside = document.querySelector('rtk-moderator')?.shadowRoot;
        const banner = inside?.querySelector('.banner.bad');
        if (!banner) return null;
        const textOf = (css) => inside.querySelector(css)?.textContent.replace(/\s+/g, ' ').trim();
        return {
          ...{ banner: textOf('.banner.bad'), fact: textOf('.fact.stale'), title: document.title },
          ...{ badge: textOf('.badge'), heading: textOf('h2') },
          rows: inside.querySelectorAll('.rows .row').length,
        };
      });
      const all = await seen.jsonValue();
      assert.match(all.banner, says);
      // And when the next poll comes.
      assert.match(all.banner, /(Retrying in \d+ s|Retrying…) Retry now$/);
      assert.match(all.title, /^Unavailable/);
      return all;
    };
    const recovers = async (page, scene) => {
      await end?.(scene);
      await waitForCounts(page, 4, 0);
      await page.locator('.banner').waitFor({ state: 'detached' });
      await page.locator('.fact', { hasText: 'Live' }).waitFor();
      await page.waitForFunction(() => document.title.startsWith('4 here now'));
    };

    if (!notAtFirst)
      test(`at first: ${name}`, async () => {
        const testbed = testbedFor(failure);
        let before;
        const begin = (meeting, wire) => {
          before = cause({ testbed, meeting, wire });
          return before;
        };
        await testbed.onPage({ begin, people: 0, clock }, async (page, meeting, wire) => {
          await proceed?.({ page, wire }, before);
          const { heading, badge, fact } = await shownAfterFailure(page);
          assert.deepEqual(
            [heading, badge, fact],
            ['Can’t open this meeting', 'Unavailable', undefined],
          );
          await join(testbed, meeting);
          await recovers(page, { wire });
        });
      });
    test(`later: ${name}`, async () => {
      const testbed = testbedFor(failure);
      await testbed.onPage({ clock, push: false }, async (page, meeting, wire) => {
        await waitForCounts(page, 3, 0);
        // The panels come from the gateway, too.
        await page.locator('.side').getByText('Meeting is unlocked').waitFor();
        const before = await cause({ testbed, meeting, wire });
        await proceed?.({ page, wire }, before);
        const { fact, rows } = await shownAfterFailure(page);
        assert.match(fact, /^Last updated \d+ (sec|min).* ago$/);
        assert.equal(rows, 3);
        await join(testbed, meeting);
        await recovers(page, { wire });
      });
    });
  }
});

describe('the meeting’s status', { concurrency: 3 }, () => {
  // One failure of each kind: the status is a single request, which is not retried.
  const FAILURES = {
    'the API refuses it': {
      begin: (testbed) => (meeting) => testbed.fault(meeting, 'GetMeeting', 'status:code=400'),
    },
    'the API fails': {
      begin: (testbed) => (meeting) => testbed.fault(meeting, 'GetMeeting', 'status:code=500'),
    },
    'the API is too slow': {
      impatientGateway: true,
      begin: (testbed) => (meeting) => testbed.fault(meeting, 'GetMeeting', 'hang-before'),
    },
    'the API’s response is lost': {
      begin: (testbed) => (meeting) => testbed.fault(meeting, 'GetMeeting', 'reset-before'),
    },
    'the gateway’s responses are lost': {
      begin: () => (meeting, wire) => wire.lose(`meetings/${meeting.meeting_id} HTTP`),
      end: (wire) => wire.lose(),
    },
    'the gateway’s responses do not come': {
      begin: () => (meeting, wire) => wire.hold(`meetings/${meeting.meeting_id} HTTP`),
      end: (wire) => wire.hold(),
    },
  };
  for (const [name, failure] of Object.entries(FAILURES)) {
    test(`${name}: the page offers lock and unlock until it knows which one applies`, async () => {
      const testbed = testbedFor(failure);
      const begin = failure.begin(testbed);
      // A client's timeout and a grant that no time which the test lets pass reaches.
      await testbed.onPage(
        { begin, clock: true, timeout: DAY, claims: { exp: now() + 40_000 } },
        async (page, meeting, wire) => {
          const request = `meetings/${meeting.meeting_id} HTTP`;
          await eventually(() => wire.seen(request) > 0, true);
          const unknown = page.getByText('Lock status unknown');
          await unknown.waitFor();
          for (const name of ['Lock meeting', 'Unlock meeting'])
            assert.equal(await page.getByRole('button', { name, exact: true }).isEnabled(), true);
          // The list is not affected.
          assert.equal(await page.locator('.banner').count(), 0);
          assert.equal(await page.locator('.badge.locked').count(), 0);
          failure.end?.(wire);
          const open = async () => {
            await page.clock.runFor(21_000);
            return page.getByText('Meeting is unlocked').count();
          };
          await eventually(open, 1);
          assert.equal(
            await page.getByRole('button', { name: 'Unlock meeting', exact: true }).count(),
            0,
          );
          assert.deepEqual(await testbed.mutations(meeting), []);
        },
      );
    });
  }
});

describe('the audit', { concurrency: 3 }, () => {
  /** An action of another moderator, which the page knows only by the audit. */
  const mutedByBob = async (meeting) => {
    const { app_id, meeting_id, participants } = meeting;
    const bob = patient.gateway.grant(meeting, { sub: 'bob', name: 'Bob' });
    const path = patient.gateway.path({ app_id }, `meetings/${meeting_id}/active-session/mute`);
    const body = { participant_ids: [participants[1].user_id] };
    assert.equal((await patient.gateway.ask(bob, 'POST', path, body)).status, 200);
  };
  const bobs = (page) => page.locator('.events .action', { hasText: 'Bob' });

  test('is read again from time to time', async () => {
    await patient.onPage({ clock: true }, async (page, meeting) => {
      await tab(page, 'Activity').click();
      await page.locator('.events .join').first().waitFor();
      assert.equal(await bobs(page).count(), 0);
      await mutedByBob(meeting);
      await page.clock.runFor(16_000);
      await bobs(page).waitFor();
    });
  });

  const FAILURES = {
    'the gateway’s responses are lost': {
      ...{ cause: (wire) => wire.lose('/audit?'), end: (wire) => wire.lose() },
    },
    'the gateway’s responses do not come in time': {
      ...{ cause: (wire) => wire.hold('/audit?'), end: (wire) => wire.hold() },
      // By `AbortSignal.timeout`, which no test can advance.
      timeout: 3000,
    },
  };
  for (const [name, { cause, end, timeout }] of Object.entries(FAILURES)) {
    test(`${name}: the page says that others’ actions may be missing, and shows them later`, async () => {
      const begin = (_, wire) => cause(wire);
      await patient.onPage({ begin, clock: true, timeout }, async (page, meeting, wire) => {
        await mutedByBob(meeting);
        await tab(page, 'Activity').click();
        const trouble = page.getByText(/Couldn’t load other moderators’ actions/);
        await trouble.waitFor();
        // Joins and leaves do not need the audit.
        await page.locator('.events .join').nth(2).waitFor();
        end(wire);
        await page.clock.runFor(16_000);
        await bobs(page).waitFor();
        await trouble.waitFor({ state: 'detached' });
      });
    });
  }

  test('the gateway refuses it: the page does not ask again until it has another grant', async () => {
    await patient.onPage({ clock: true }, async (page, meeting, wire) => {
      await tab(page, 'Activity').click();
      await mutedByBob(meeting);
      // The grant allows the audit, but of another meeting.
      await patient.regrant(page, meeting, { meeting_id: 'another' });
      const none = page.getByText('Only actions taken in this tab are shown.');
      await none.waitFor();
      const requests = wire.seen('/audit?');
      await page.clock.runFor(60_000);
      assert.equal(wire.seen('/audit?'), requests);
      await patient.regrant(page, meeting);
      await bobs(page).waitFor();
      await none.waitFor({ state: 'detached' });
    });
  });

  test('is not requested with a grant that does not allow it', async () => {
    const claims = { can: ['read', 'mute_all'] };
    await patient.onPage({ claims }, async (page, _, wire) => {
      await tab(page, 'Activity').click();
      await page.getByText('Only actions taken in this tab are shown.').waitFor();
      await tab(page, 'Meeting').click();
      await page.getByRole('button', { name: 'Mute everyone…' }).click();
      await page.locator('dialog[open]').getByRole('button', { name: 'Mute everyone' }).click();
      await waitForActivity(page, 'were muted.');
      assert.equal(wire.seen('/audit?'), 0);
    });
  });
});

describe('the sign-in', { concurrency: 3 }, () => {
  /** Enters a grant in the form of a page without a link, and runs `check` on what follows. */
  async function signIn(claims, cause, check) {
    const meeting = await patient.emulator.meeting(3);
    const wire = await startWireBreaker(new URL(patient.gateway.url).port);
    const url = `http://127.0.0.1:${wire.port}`;
    const secret = patient.gateway.grant(meeting, { exp: now() + 3600, ...claims });
    try {
      await visit(
        ...[patient.browser, url, ''],
        async (page) => {
          await page.getByText('Enter details by hand').click();
          await page.getByLabel('Access token').fill(secret);
          await page.getByLabel('Account ID').fill(patient.gateway.account_id);
          await cause({ page, meeting, wire });
          await page.getByRole('button', { name: 'Open' }).click();
          await check({ page, meeting, wire });
        },
        { secret },
      );
    } finally {
      await wire.stop();
    }
  }
  const opened = async ({ page }) => {
    await waitForCounts(page, 3, 0);
    assert.equal(await page.locator('form.sign-in').count(), 0);
  };

  test('opens the meeting', () => signIn({}, () => {}, opened));

  const FAILURES = {
    'the gateway refuses the grant': {
      claims: { exp: now() - 3600 },
      says: 'Your access has expired. (401)',
      inForm: true,
    },
    'the grant is for another meeting': {
      // The form has filled in the grant's meeting: it is overwritten by hand.
      claims: { meeting_id: 'another' },
      cause: ({ page, meeting }) => page.getByLabel('Meeting ID').fill(meeting.meeting_id),
      says: 'Your access is for another meeting. (403)',
      inForm: true,
    },
    'the gateway is down': {
      ...{ cause: ({ wire }) => wire.down(), end: ({ wire }) => wire.up() },
      says: /You’re offline. .+/,
    },
    'the gateway’s responses are lost': {
      ...{ cause: ({ wire }) => wire.lose(POLL), end: ({ wire }) => wire.lose() },
      says: /You’re offline. .+/,
    },
    'the API fails': {
      cause: ({ meeting }) =>
        patient.fault(meeting, 'GetActiveSession', ...twice('status:code=500')),
      end: () => {},
      says: /Can’t get updates since .+ Cloudflare isn’t responding\. \(500\)/,
    },
  };
  for (const [name, { claims, cause = () => {}, end, says, inForm }] of Object.entries(FAILURES)) {
    test(`${name}: the page says why, and recovers by itself or by another link`, async () => {
      await signIn(claims, cause, async (scene) => {
        // A refusal stays in the form, at its field, with what was entered.
        if (inForm) await scene.page.locator('.sign-in .wrong', { hasText: says }).waitFor();
        else await banner(scene.page, 'bad', says).waitFor();
        if (end) {
          await end(scene);
          await opened(scene);
          return;
        }
        // By a good link in the same tab.
        const { page, meeting } = scene;
        const url = page.url().replace(/\/$/, '');
        const place = { base_url: `${url}/client/v4`, account_id: patient.gateway.account_id };
        const token = patient.gateway.grant(meeting, { exp: now() + 3600 });
        const hash = String(fragment(place, meeting, token));
        await page.evaluate((hash) => void (location.hash = hash), hash);
        await opened(scene);
      });
    });
  }
});
