// Names and other texts of strangers, hostile in every way known, in every place of the page that shows one:
// they are text, they stay in their place, and they run nothing, neither here nor in a spreadsheet.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  dialog,
  fillPoll,
  hear,
  isolated,
  rowOf,
  rows,
  startPoll,
  tab,
  told,
} from '../support/page.mjs';
import { startStage } from '../support/stage.mjs';

/** What each is called, and what is seen of it: what cannot be seen is not there. */
const NAMES = {
  markup: ['<img src=x onerror=alert(1)><script>alert(2)</script>'],
  'an end of what is around it': ['</bdi></button></div><h1>Admin</h1>'],
  'a template of lit': ['${alert(1)} {{x}} <!--lit-part--> lit$123$'],
  'a turn to the right': ['\u202Egnp.lla kciK', 'gnp.lla kciK'],
  'an end of its isolation': ['\u2069\u202E) all kicked', ') all kicked'],
  'letters from right to left': ['שרה כהן'],
  'very long': ['Ann '.repeat(125).trim()],
  'very long without a gap': ['W'.repeat(500)],
  'many marks on one letter': [`Z${'\u0336\u0324\u0313'.repeat(60)}`],
  'emoji of several': ['👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
  'nothing that is seen': ['\u200B\u200B\u2060', 'id-13'],
  'letters between which nothing is seen': ['A\u200Bd\u2060m\u00ADin', 'Admin'],
  'lines and bells': ['Two\r\nlines\u0007', 'Two lines'],
  'a word of JavaScript': ['__proto__'],
  'a formula': ['=HYPERLINK("https://evil.example","x")'],
  'a formula with a plus': ["+1+cmd|' /C calc'!A0"],
  'a formula after a semicolon': ['a";=1+1;"'],
  'an at': ['@SUM(1+1)'],
};
const KINDS = Object.keys(NAMES);
const shown = (kind) => NAMES[kind].at(-1);

let stage, meeting;
before(async () => {
  stage = await startStage();
  meeting = await stage.emulator.control('POST', 'meetings', {
    ...{ participants: 0, title: '<b>\u202Egnp</b> \u2069 meeting' },
  });
  for (const [i, kind] of KINDS.entries()) await join(i + 3, kind);
});
after(() => stage?.stop());

const { length } = KINDS;
const join = (i, kind) =>
  stage.emulator.control('POST', 'join', {
    ...{ meeting_id: meeting.meeting_id, custom_participant_id: `id-${i}`, name: NAMES[kind][0] },
  });
const onPage = (look) =>
  stage.onPage(
    { meeting, people: length, context: { viewport: { width: 1280, height: 1100 } } },
    look,
  );

/** Nothing of theirs has become an element, and nothing is wider than the page. */
async function harmless(page) {
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

test('in the list each is in a row of its own height, with buttons that are called by it', async () => {
  await onPage(async (page) => {
    await rows(page)
      .nth(length - 1)
      .waitFor();
    await harmless(page);
    for (const kind of KINDS) {
      const row = rowOf(page, shown(kind));
      assert.equal(await row.count(), 1, kind);
      // Firmly within its row, whatever marks it wears.
      const [box, name] = [await row.boundingBox(), await row.locator('.who').boundingBox()];
      assert.equal(box.height, 44, kind);
      assert.ok(name.y >= box.y && name.y + name.height <= box.y + box.height, kind);
      const label = `Select ${isolated(shown(kind))}`;
      assert.equal(await row.getByRole('checkbox', { name: label, exact: true }).count(), 1, kind);
      for (const verb of ['Mute', 'Kick', 'Ban']) {
        const name = `${verb} ${isolated(shown(kind))}`;
        assert.equal(await row.getByRole('button', { name, exact: true }).count(), 1, name);
      }
    }
    // Nor does a name act on what is beside it: the times stand where the others' stand.
    const places = await page
      .locator('.rows .row .number.joins')
      .evaluateAll((cells) => new Set(cells.map((cell) => cell.getBoundingClientRect().x)).size);
    assert.equal(places, 1);
  });
});

test('the meeting’s name is but a name, in the heading and in the tab', async () => {
  await onPage(async (page) => {
    const heading = page.getByRole('heading', { level: 1 });
    assert.match(await heading.textContent(), /<b>.*gnp<\/b> .*meeting/);
    await harmless(page);
    await page.waitForFunction(() => document.title.startsWith('18 in now · '));
  });
});

describe('somebody', { concurrency: 3 }, () => {
  for (const kind of KINDS) {
    test(`close up, asked about, muted and told of: ${kind}`, async () => {
      await onPage(async (page) => {
        const name = shown(kind);
        const heard = await hear(page);
        await rowOf(page, name).getByRole('button', { name, exact: true }).click();
        assert.equal(await dialog(page).locator('#details-name').textContent(), name);
        await harmless(page);
        await page.keyboard.press('Escape');
        await pressed(page, 'Mute', kind);
        const title = `Mute ${isolated(name)}?`;
        await dialog(page).getByRole('heading', { name: title, exact: true }).waitFor();
        // What is asked is in sight, however long the name is.
        const yes = dialog(page).getByRole('button', { name: 'Mute', exact: true });
        const [box, button] = [await dialog(page).boundingBox(), await yes.boundingBox()];
        assert.ok(box.height < 1100 && button.y + button.height <= box.y + box.height);
        await harmless(page);
        await yes.click();
        await told(page, `${isolated(name)} was muted.`);
        assert.ok((await heard()).includes(`${isolated(name)} was muted.`));
        await harmless(page);
      });
    });
  }
});

test('of many, in the question, and of those for whom it failed', async () => {
  await onPage(async (page) => {
    await stage.fault(
      meeting,
      'DeleteMeetingParticipant',
      ...Array(length).fill('status:code=400'),
    );
    await page.getByRole('checkbox', { name: `Select all ${length} shown` }).click();
    await page.locator('.bar').getByRole('button', { name: 'Ban' }).click();
    const wanted = KINDS.map(shown).sort();
    const named = dialog(page).locator('.names li bdi:first-child');
    assert.deepEqual((await named.allTextContents()).sort(), wanted);
    // A long name leaves its role room.
    for (const role of await dialog(page).locator('.names li bdi:last-child').all())
      assert.ok((await role.boundingBox()).width > 60);
    await harmless(page);
    await dialog(page)
      .getByRole('button', { name: `Ban ${length}` })
      .click();
    await told(page, `0 banned, ${length} not banned.`, 'bad');
    const failed = page.locator('.failures li bdi');
    assert.deepEqual((await failed.allTextContents()).sort(), wanted);
    await harmless(page);
  });
});

test('in a poll and among templates, a question is but a text', async () => {
  await onPage(async (page) => {
    const question = NAMES.markup[0];
    await fillPoll(page, question, [NAMES['a turn to the right'][0], '</bdi><h1>x</h1>']);
    assert.equal(await page.locator('.preview p').first().textContent(), question);
    await harmless(page);
    await page.getByRole('button', { name: 'Keep as template' }).click();
    await page.locator('.kept', { hasText: question }).waitFor();
    await startPoll(page);
    await told(page, 'The poll was started.');
    await page.locator('.asked bdi', { hasText: question }).first().waitFor();
    await harmless(page);
  });
});

test('in the timeline and its files, which run nothing', async () => {
  await onPage(async (page) => {
    await stage.emulator.control('POST', 'advance', { seconds: 30 });
    await pressed(page, 'Mute', 'a formula');
    await dialog(page).getByRole('button', { name: 'Mute', exact: true }).click();
    await told(page, 'was muted.');
    await tab(page, 'Timeline').click();
    // Of what the tests before did there is more than is shown at first.
    const older = page.getByRole('button', { name: /^Show older/ });
    await page.locator('.events li').first().waitFor();
    while ((await older.count()) > 0) await older.click();
    for (const kind of KINDS) {
      const line = page
        .locator('.events li.join p')
        .filter({ hasText: shown(kind) })
        .first();
      assert.equal(await line.getAttribute('title'), shown(kind), kind);
    }
    await harmless(page);
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
    // Wherever a spreadsheet may begin a cell, nothing begins a formula.
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
