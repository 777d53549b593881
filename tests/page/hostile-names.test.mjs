// Hostile names and other texts in every place of the page that shows one: they stay text, they stay in their
// place, and they run nothing, neither in the page nor in a spreadsheet.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  dialog,
  eventually,
  fillPoll,
  isolated,
  recordAnnouncements,
  rowOf,
  rows,
  startPoll,
  tab,
  waitForActivity,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

/** Each name as it is set and, where that differs, as it is shown: without characters that are invisible. */
const NAMES = {
  markup: ['<img src=x onerror=alert(1)><script>alert(2)</script>'],
  'closing tags': ['</bdi></button></div><h1>Admin</h1>'],
  'a lit template': ['${alert(1)} {{x}} <!--lit-part--> lit$123$'],
  'a right-to-left override': ['\u202Egnp.lla kciK', 'gnp.lla kciK'],
  'an end of the bidirectional isolation': ['\u2069\u202E) all kicked', ') all kicked'],
  'right-to-left letters': ['שרה כהן'],
  'very long': ['Ann '.repeat(125).trim()],
  'very long without a space': ['W'.repeat(500)],
  'many combining marks on one letter': [`Z${'\u0336\u0324\u0313'.repeat(60)}`],
  'emoji of several code points': ['👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
  'only invisible characters': ['\u200B\u200B\u2060', 'id-13'],
  'invisible characters between letters': ['A\u200Bd\u2060m\u00ADin', 'Admin'],
  'line breaks and control characters': ['Two\r\nlines\u0007', 'Two lines'],
  'a property of every object': ['__proto__'],
  'a formula': ['=HYPERLINK("https://evil.example","x")'],
  'a formula with a plus': ["+1+cmd|' /C calc'!A0"],
  'a formula after a semicolon': ['a";=1+1;"'],
  'a formula with an at sign': ['@SUM(1+1)'],
};
const KINDS = Object.keys(NAMES);
const shown = (kind) => NAMES[kind].at(-1);

let testbed, meeting;
before(async () => {
  testbed = await startTestbed();
  meeting = await testbed.emulator.control('POST', 'meetings', {
    ...{ participants: 0, title: '<b>\u202Egnp</b> \u2069 meeting' },
  });
  for (const [i, kind] of KINDS.entries()) await join(i + 3, kind);
});
after(() => testbed?.stop());

const { length } = KINDS;
const join = (i, kind) =>
  testbed.emulator.control('POST', 'join', {
    ...{ meeting_id: meeting.meeting_id, custom_participant_id: `id-${i}`, name: NAMES[kind][0] },
  });
const onPage = (check) =>
  testbed.onPage(
    { meeting, people: length, context: { viewport: { width: 1280, height: 1100 } } },
    check,
  );

/** Asserts that no name has become an element, and that nothing is wider than the page. */
async function assertHarmless(page) {
  const found = await page.evaluate(() => {
    const inside = document.querySelector('rtk-moderator').shadowRoot;
    const foreign = [...inside.querySelectorAll('img, script, h1, b, iframe, a, [onerror]')];
    return {
      // The page's own heading, and its own bold figures.
      foreign: foreign
        .filter(
          (one) => !one.matches('h1:has(> bdi:only-child), b:not(:has(*))') || one.closest('bdi'),
        )
        .map((one) => one.outerHTML),
      wider: document.documentElement.scrollWidth > innerWidth,
    };
  });
  assert.deepEqual(found, { foreign: [], wider: false });
}

const pressed = (page, verb, kind) =>
  page.getByRole('button', { name: `${verb} ${isolated(shown(kind))}`, exact: true }).click();

test('in the list each name stays within its row, and labels the row’s buttons', async () => {
  await onPage(async (page) => {
    await rows(page)
      .nth(length - 1)
      .waitFor();
    await assertHarmless(page);
    for (const kind of KINDS) {
      const row = rowOf(page, shown(kind));
      assert.equal(await row.count(), 1, kind);
      // Within its row, however high its marks.
      const [box, name] = [await row.boundingBox(), await row.locator('.who').boundingBox()];
      assert.equal(box.height, 44, kind);
      assert.ok(name.y >= box.y && name.y + name.height <= box.y + box.height, kind);
      const label = `Select ${isolated(shown(kind))}`;
      assert.equal(await row.getByRole('checkbox', { name: label, exact: true }).count(), 1, kind);
      for (const verb of ['Mute', 'Remove', 'Ban']) {
        const name = `${verb} ${isolated(shown(kind))}`;
        assert.equal(await row.getByRole('button', { name, exact: true }).count(), 1, name);
      }
    }
    // A name does not move the cells beside it.
    const places = await page
      .locator('.rows .row .number.joins')
      .evaluateAll((cells) => new Set(cells.map((cell) => cell.getBoundingClientRect().x)).size);
    assert.equal(places, 1);
  });
});

test('the meeting’s name is text, in the heading and in the title', async () => {
  await onPage(async (page) => {
    const heading = page.getByRole('heading', { level: 1 });
    assert.match(await heading.textContent(), /<b>.*gnp<\/b> .*meeting/);
    await assertHarmless(page);
    await page.waitForFunction(() => document.title.startsWith('18 here now · '));
  });
});

describe('in the details, a confirmation and an outcome', { concurrency: 3 }, () => {
  for (const kind of KINDS) {
    test(kind, async () => {
      await onPage(async (page) => {
        const name = shown(kind);
        const announcements = await recordAnnouncements(page);
        await rowOf(page, name).getByRole('button', { name, exact: true }).click();
        assert.equal(await dialog(page).locator('#details-name').textContent(), name);
        await assertHarmless(page);
        await page.keyboard.press('Escape');
        await pressed(page, 'Remove', kind);
        const title = `Remove ${isolated(name)}?`;
        await dialog(page).getByRole('heading', { name: title, exact: true }).waitFor();
        // The buttons are visible, however long the name is.
        const yes = dialog(page).getByRole('button', { name: 'Remove', exact: true });
        const [box, button] = [await dialog(page).boundingBox(), await yes.boundingBox()];
        assert.ok(box.height < 1100 && button.y + button.height <= box.y + box.height);
        await assertHarmless(page);
        await page.keyboard.press('Escape');
        await pressed(page, 'Mute', kind);
        await waitForActivity(page, `${isolated(name)} was muted.`);
        const announced = async () =>
          (await announcements()).includes(`${isolated(name)} was muted.`);
        await eventually(announced, true);
        await assertHarmless(page);
      });
    });
  }
});

test('in a confirmation for many, and in the list of failures', async () => {
  await onPage(async (page) => {
    await testbed.fault(
      meeting,
      'DeleteMeetingParticipant',
      ...Array(length).fill('status:code=400'),
    );
    await page.getByRole('checkbox', { name: `Select all ${length}` }).click();
    await page.locator('.bar').getByRole('button', { name: 'Ban' }).click();
    const wanted = KINDS.map(shown).sort();
    const named = dialog(page).locator('.names li > bdi');
    await named.nth(length - 1).waitFor();
    assert.deepEqual((await named.allTextContents()).sort(), wanted);
    // A long name leaves its role room.
    for (const role of await dialog(page).locator('.names li > span').all())
      assert.ok((await role.boundingBox()).width > 60);
    await assertHarmless(page);
    await dialog(page).getByLabel(/Type/).fill(String(length));
    await dialog(page)
      .getByRole('button', { name: `Ban ${length}` })
      .click();
    await waitForActivity(page, `0 banned, ${length} failed.`, 'bad');
    const failed = page.locator('.failures li bdi');
    await failed.nth(length - 1).waitFor();
    assert.deepEqual((await failed.allTextContents()).sort(), wanted);
    await assertHarmless(page);
  });
});

test('in a poll and its template a question is text', async () => {
  await onPage(async (page) => {
    const question = NAMES.markup[0];
    await fillPoll(page, question, [NAMES['a right-to-left override'][0], '</bdi><h1>x</h1>']);
    assert.equal(await page.locator('.preview p').first().textContent(), question);
    await assertHarmless(page);
    await page.getByRole('button', { name: 'Save as template' }).click();
    await page.locator('.kept', { hasText: question }).waitFor();
    await startPoll(page);
    await waitForActivity(page, 'Poll started.');
    await page.locator('.asked bdi', { hasText: question }).first().waitFor();
    await assertHarmless(page);
  });
});

test('in the timeline and its files', async () => {
  await onPage(async (page) => {
    await testbed.emulator.control('POST', 'advance', { seconds: 30 });
    await pressed(page, 'Mute', 'a formula');
    await waitForActivity(page, 'was muted.');
    await tab(page, 'Activity').click();
    // The tests before made more events than are shown at first.
    await page.locator('.events li').first().waitFor();
    await page.waitForFunction(() => {
      const buttons = document.querySelector('rtk-moderator').shadowRoot.querySelectorAll('button');
      const older = [...buttons].find((one) => /^\s*Show older/.test(one.textContent));
      older?.click();
      return !older;
    });
    for (const kind of KINDS) {
      const line = page
        .locator('.events li.join p')
        .filter({ hasText: shown(kind) })
        .first();
      assert.equal(await line.getAttribute('title'), shown(kind), kind);
    }
    await assertHarmless(page);
    const saved = async (name) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const joined = JSON.parse(await saved('JSON')).filter(({ event }) => event === 'join');
    assert.deepEqual(
      joined.map(({ name, custom_participant_id }) => name || custom_participant_id).sort(),
      KINDS.map(shown).sort(),
    );

    const cells = (await saved('CSV')).slice(1).match(/"(?:[^"]|"")*"/g);
    const values = cells.map((cell) => cell.slice(1, -1).replaceAll('""', '"'));
    // No formula begins where a spreadsheet may begin a cell.
    for (const value of values)
      for (const part of value.split(/[;,\t\r\n]/)) assert.doesNotMatch(part, /^[\s"]*[=+\-@]/);
    for (const kind of KINDS) {
      const tame = (text) => text.replaceAll("'", '');
      assert.ok(
        values.some((value) => tame(value) === tame(shown(kind))),
        kind,
      );
    }
  });
});
