// Everything that the page reads, against everything that can come of it: the list at first and later,
// whether the meeting is locked, the audit, and what was entered to sign in. Nothing is silently stale, what
// is known stays, and it goes on by itself.
//
// The two files, the preview of a poll and its templates ask nobody: there is nothing that could fail.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { now } from '../support/grants.mjs';
import { counted, fragment, reaches, tab, told, visit } from '../support/page.mjs';
import { startStage } from '../support/stage.mjs';
import { startWireBreaker } from '../support/wire-breaker.mjs';

const PATIENCE = 1500;

let stage;
before(async () => {
  stage = await startStage({ upstream: { timeout_ms: 400 } });
});
after(() => stage?.stop());

/** Two looks in a row: what one failure says is what the next says. */
const twice = (step) => [step, step];
const banner = (page, mood, text) => page.locator(`.banner.${mood}`, { hasText: text });

/**
 * The ends of a look: how one comes about, what is said of it, and what mends it. (That a look is refused
 * for good, by a grant that is no good, is in `page-away`.)
 */
const LOOKS = {
  'the API refuses it': {
    at: ({ meeting }) => stage.fault(meeting, 'GetActiveSession', ...twice('status:code=400')),
    says: /^Could not refresh since \d\d:\d\d:\d\d: injected by the emulator \(400\)\./,
  },
  'the API fails': {
    at: ({ meeting }) => stage.fault(meeting, 'GetActiveSession', ...twice('status:code=500')),
    says: /^Could not refresh since \d\d:\d\d:\d\d: injected by the emulator \(500\)\./,
  },
  'the API is too slow': {
    at: ({ meeting }) => stage.fault(meeting, 'GetActiveSession', ...twice('hang-before')),
    says: /^Could not refresh since \d\d:\d\d:\d\d: The API took too long \(504\)\./,
  },
  'the API’s answers are lost': {
    at: ({ meeting }) => stage.fault(meeting, 'GetActiveSession', ...twice('reset-before')),
    says: /^Could not refresh since \d\d:\d\d:\d\d: The API gave no answer \(502\)\./,
  },
  'nobody listens': {
    at: ({ wire }) => wire.down(),
    mend: ({ wire }) => wire.up(),
    says: /^Connection lost since \d\d:\d\d:\d\d\. \(Connection error\.\)/,
    // Nor would the page itself come.
    later: true,
  },
  'the gateway’s answers are lost': {
    at: ({ wire }) => wire.lose('/active-session HTTP'),
    mend: ({ wire }) => wire.lose(),
    says: /^Connection lost since \d\d:\d\d:\d\d\. \(Connection error\.\)/,
  },
  'the answers do not come in time': {
    at: ({ wire }) => wire.hold('/active-session HTTP'),
    mend: ({ wire }) => wire.hold(),
    says: /^Connection lost since \d\d:\d\d:\d\d\. \(Request timed out\.\)/,
  },
};

describe('the list', { concurrency: 4 }, () => {
  for (const [end, { at, mend, says, later }] of Object.entries(LOOKS)) {
    /** What is seen when it has failed, all at one moment: the next look may mend it. */
    const told = async (page) => {
      const seen = await page.waitForFunction(() => {
        const inside = document.querySelector('rtk-moderator')?.shadowRoot;
        const banner = inside?.querySelector('.banner.bad');
        if (!banner) return null;
        const text = (css) => inside.querySelector(css)?.textContent.replace(/\s+/g, ' ').trim();
        return {
          ...{ banner: text('.banner.bad'), fact: text('.fact.stale'), title: document.title },
          ...{ badge: text('.badge'), heading: text('h2') },
          rows: inside.querySelectorAll('.rows .row').length,
        };
      });
      const all = await seen.jsonValue();
      assert.match(all.banner, says);
      // And when it is tried again.
      assert.match(all.banner, /(Next try in \d+ s|Trying again)\.$/);
      assert.match(all.title, /^Not readable/);
      return all;
    };
    const mended = async (page, scene) => {
      await mend?.(scene);
      await counted(page, 4, 0);
      await page.locator('.banner').waitFor({ state: 'detached' });
      await page.locator('.fact', { hasText: 'Up to date' }).waitFor();
      await page.waitForFunction(() => document.title.startsWith('4 in now'));
    };
    const join = ({ meeting_id }) =>
      stage.emulator.control('POST', 'join', { meeting_id, custom_participant_id: 'late' });

    if (!later)
      test(`at first: ${end}`, async () => {
        const begin = (meeting, wire) => at({ meeting, wire });
        await stage.onPage({ begin, people: 0, timeout: PATIENCE }, async (page, meeting, wire) => {
          const { heading, badge, fact } = await told(page);
          assert.deepEqual(
            [heading, badge, fact],
            ['The meeting cannot be read', 'Not readable', 'No data yet'],
          );
          await join(meeting);
          await mended(page, { wire });
        });
      });
    test(`later: ${end}`, async () => {
      await stage.onPage({ timeout: PATIENCE }, async (page, meeting, wire) => {
        await counted(page, 3, 0);
        await at({ meeting, wire });
        const { fact, rows } = await told(page);
        assert.match(fact, /^Data is \d+ sec.* old$/);
        assert.equal(rows, 3);
        await join(meeting);
        await mended(page, { wire });
      });
    });
  }
});

describe('whether it is locked', { concurrency: 3 }, () => {
  // Of the API and of the wire one each: it is one request, which is sent once.
  const ENDS = {
    'the API refuses it': {
      begin: (meeting) => stage.fault(meeting, 'GetMeeting', 'status:code=400'),
    },
    'the API fails': { begin: (meeting) => stage.fault(meeting, 'GetMeeting', 'status:code=500') },
    'the API is too slow': {
      begin: (meeting) => stage.fault(meeting, 'GetMeeting', 'hang-before'),
    },
    'the API’s answer is lost': {
      begin: (meeting) => stage.fault(meeting, 'GetMeeting', 'reset-before'),
    },
    'the gateway’s answers are lost': {
      begin: ({ meeting_id }, wire) => wire.lose(`meetings/${meeting_id} HTTP`),
      mend: (wire) => wire.lose(),
    },
    'the answers do not come in time': {
      begin: ({ meeting_id }, wire) => wire.hold(`meetings/${meeting_id} HTTP`),
      mend: (wire) => wire.hold(),
    },
  };
  for (const [end, { begin, mend }] of Object.entries(ENDS)) {
    test(`${end}: both ways are offered, and no guess is made, until it is known`, async () => {
      // (Time that is moved on is to end no request.)
      await stage.onPage({ begin, clock: true, timeout: 900_000 }, async (page, meeting, wire) => {
        const asked = `meetings/${meeting.meeting_id} HTTP`;
        await reaches(() => wire.seen(asked) > 0, true);
        const unknown = page.getByText('Whether the meeting is locked is not known');
        await unknown.waitFor();
        for (const name of ['Lock', 'Unlock'])
          assert.equal(await page.getByRole('button', { name, exact: true }).isEnabled(), true);
        // It is no trouble of the list's.
        assert.equal(await page.locator('.banner').count(), 0);
        assert.equal(await page.locator('.badge.locked').count(), 0);
        mend?.(wire);
        const open = async () => {
          await page.clock.runFor(21_000);
          return page.getByText('The meeting is open').count();
        };
        await reaches(open, 1, 30_000);
        assert.equal(await page.getByRole('button', { name: 'Unlock', exact: true }).count(), 0);
        assert.deepEqual(await stage.asked(meeting), []);
      });
    });
  }
});

describe('the audit', { concurrency: 3 }, () => {
  /** What others did: only the audit knows of it. */
  const mutedByBob = async (meeting) => {
    const { app_id, meeting_id, participants } = meeting;
    const bob = stage.gateway.grant(meeting, { sub: 'bob', name: 'Bob' });
    const path = stage.gateway.path({ app_id }, `meetings/${meeting_id}/active-session/mute`);
    const body = { participant_ids: [participants[1].user_id] };
    assert.equal((await stage.gateway.ask(bob, 'POST', path, body)).status, 200);
  };
  const bobs = (page) => page.locator('.events .action', { hasText: 'Bob' });

  test('it works, and what is new in it comes by itself', async () => {
    await stage.onPage({ clock: true }, async (page, meeting) => {
      await tab(page, 'Timeline').click();
      await page.locator('.events .join').first().waitFor();
      assert.equal(await bobs(page).count(), 0);
      await mutedByBob(meeting);
      await page.clock.runFor(16_000);
      await bobs(page).waitFor();
    });
  });

  const ENDS = {
    'the gateway’s answers are lost': {
      ...{ at: (wire) => wire.lose('/audit?'), mend: (wire) => wire.lose() },
    },
    'the answers do not come in time': {
      ...{ at: (wire) => wire.hold('/audit?'), mend: (wire) => wire.hold() },
    },
  };
  for (const [end, { at, mend }] of Object.entries(ENDS)) {
    test(`${end}: it is said that others’ actions may be missing, and they come later`, async () => {
      const begin = (_, wire) => at(wire);
      await stage.onPage({ begin, clock: true, timeout: PATIENCE }, async (page, meeting, wire) => {
        await mutedByBob(meeting);
        await tab(page, 'Timeline').click();
        const trouble = page.getByText(
          /The audit could not be read \(.+\): actions of others may be/,
        );
        await trouble.waitFor();
        // Who came and went is known all the same.
        await page.locator('.events .join').nth(2).waitFor();
        mend(wire);
        await page.clock.runFor(16_000);
        await bobs(page).waitFor();
        await trouble.waitFor({ state: 'detached' });
      });
    });
  }

  test('the gateway refuses it: it is not asked for again, until there is another grant', async () => {
    await stage.onPage({ clock: true }, async (page, meeting, wire) => {
      await tab(page, 'Timeline').click();
      await mutedByBob(meeting);
      // A grant that says it may, for another meeting.
      await stage.regrant(page, meeting, { meeting_id: 'another' });
      const none = page.getByText('Actions of this page only: there is no audit for this grant.');
      await none.waitFor();
      const asked = wire.seen('/audit?');
      await page.clock.runFor(60_000);
      assert.equal(wire.seen('/audit?'), asked);
      await stage.regrant(page, meeting);
      await bobs(page).waitFor();
      await none.waitFor({ state: 'detached' });
    });
  });

  test('a grant without it: it is never asked for', async () => {
    const claims = { can: ['read', 'mute_all'] };
    await stage.onPage({ claims }, async (page, _, wire) => {
      await tab(page, 'Timeline').click();
      await page.getByText('there is no audit for this grant').waitFor();
      await tab(page, 'Room').click();
      await page.getByRole('button', { name: 'Mute all…' }).click();
      await page.locator('dialog[open]').getByRole('button', { name: 'Mute all' }).click();
      await told(page, 'Everybody was muted.');
      assert.equal(wire.seen('/audit?'), 0);
    });
  });
});

describe('the sign-in', { concurrency: 3 }, () => {
  /** Enters a grant where there was no link, and looks at what comes of it. */
  async function signIn(claims, at, look) {
    const meeting = await stage.emulator.meeting(3);
    const wire = await startWireBreaker(new URL(stage.gateway.url).port);
    const url = `http://127.0.0.1:${wire.port}`;
    const secret = stage.gateway.grant(meeting, { exp: now() + 3600, ...claims });
    try {
      await visit(
        ...[stage.browser, url, ''],
        async (page) => {
          await page.getByLabel('Grant').fill(secret);
          await page.getByLabel('Account ID').fill(stage.gateway.account_id);
          await at({ page, meeting, wire });
          await page.getByRole('button', { name: 'Open' }).click();
          await look({ page, meeting, wire });
        },
        { secret, patience: 30_000 },
      );
    } finally {
      await wire.stop();
    }
  }
  const opened = async ({ page }) => {
    await counted(page, 3, 0);
    assert.equal(await page.locator('form.sign-in').count(), 0);
  };

  test('it works', () => signIn({}, () => {}, opened));

  const ENDS = {
    'the gateway refuses the grant': {
      claims: { exp: now() - 3600 },
      says: 'The gateway refuses: The grant has expired (401)',
    },
    'the grant is for another meeting': {
      // As it says itself: what is filled in by hand is another.
      claims: { meeting_id: 'another' },
      at: ({ page, meeting }) => page.getByLabel('Meeting ID').fill(meeting.meeting_id),
      says: 'The gateway refuses: The grant is for another meeting (403)',
    },
    'nobody listens': {
      ...{ at: ({ wire }) => wire.down(), mend: ({ wire }) => wire.up() },
      says: /Connection lost since .+/,
    },
    'the answers do not come': {
      at: ({ wire }) => wire.lose('/active-session HTTP'),
      mend: ({ wire }) => wire.lose(),
      says: /Connection lost since .+/,
    },
    'the API fails': {
      at: ({ meeting }) => stage.fault(meeting, 'GetActiveSession', 'status:code=500'),
      mend: () => {},
      says: /Could not refresh since .+ injected by the emulator \(500\)/,
    },
  };
  for (const [end, { claims, at = () => {}, mend, says }] of Object.entries(ENDS)) {
    test(`${end}: it is said why, and goes on by itself where it can`, async () => {
      await signIn(claims, at, async (scene) => {
        await banner(scene.page, 'bad', says).waitFor();
        if (mend) {
          await mend(scene);
          await opened(scene);
          return;
        }
        // By a link that is good, in the same tab.
        const { page, meeting } = scene;
        const url = page.url().replace(/\/$/, '');
        const place = { base_url: `${url}/client/v4`, account_id: stage.gateway.account_id };
        const token = stage.gateway.grant(meeting, { exp: now() + 3600 });
        const hash = String(fragment(place, meeting, token));
        await page.evaluate((hash) => void (location.hash = hash), hash);
        await opened(scene);
      });
    });
  }
});
