// The page without a mouse: everything that can be done is done by keys alone, the focus goes where the eye
// does and comes back, and what happens is said to who cannot see it; with less motion, and in the colours of
// who has chosen their own.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { counted, dialog, focused, hear, isolated, reaches, told } from '../support/page.mjs';
import { startStage } from '../support/stage.mjs';

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Presses Tab until something of that name has the focus, as one does who looks for it. */
async function tabTo(page, name, key = 'Tab') {
  const passed = [];
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    passed.push(at);
    if (typeof name === 'string' ? at === name : name.test(at ?? '')) return at;
  }
  return assert.fail(`no ${name} among ${passed.join(', ')}`);
}
const names = (page) => page.locator('.rows .who bdi').allTextContents();
const active = (page) => page.locator('.row.active .who bdi').textContent();
/** Until it is closed, and the page knows that, which a browser tells a moment later. */
const closed = (page) =>
  page.locator('dialog form, dialog[open]').first().waitFor({ state: 'detached' });
const inFocus = (page, name) => reaches(() => focused(page), name);
const at = (title) => async (page) => {
  await dialog(page).getByRole('heading', { name: title }).waitFor();
};

describe('by keys', { concurrency: 3 }, () => {
  for (const [key, verb, word] of [
    ['m', 'Mute', 'muted'],
    ['r', 'Kick', 'kicked'],
    ['b', 'Ban', 'banned'],
  ]) {
    test(`one is ${word}, after a question that Escape and Cancel leave`, async () => {
      await stage.onPage({ participants: 5 }, async (page, meeting) => {
        const heard = await hear(page);
        const [, second] = await names(page);
        const ask = `${verb} ${isolated(second)}?`;
        await press(page, 'j', key);
        await at(ask)(page);
        // What cannot be taken back is not what Enter does.
        await inFocus(page, verb === 'Mute' ? verb : 'Cancel');
        await press(page, 'Escape');
        await closed(page);
        await inFocus(page, 'the list');
        assert.equal(await active(page), second);
        await press(page, key);
        await at(ask)(page);
        if (verb === 'Mute') await tabTo(page, 'Cancel', 'Shift+Tab');
        await press(page, 'Enter');
        await closed(page);
        assert.deepEqual(await stage.asked(meeting), []);
        await press(page, key);
        await at(ask)(page);
        if (verb !== 'Mute') await tabTo(page, verb);
        await press(page, 'Enter');
        await told(page, `${isolated(second)} was ${word}.`);
        await inFocus(page, 'the list');
        assert.ok((await heard()).includes(`${isolated(second)} was ${word}.`));
      });
    });
  }

  test('a range is selected, said, acted on from the bar, and put away', async () => {
    await stage.onPage({ participants: 6 }, async (page, meeting) => {
      const heard = await hear(page);
      const all = await names(page);
      await press(page, 'j', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown');
      await reaches(async () => (await heard()).at(-1), '3 selected');
      const row = page.locator('.row.selected');
      assert.deepEqual(await row.evaluateAll((all) => all.map((one) => one.ariaSelected)), [
        ...['true', 'true', 'true'],
      ]);
      await tabTo(page, 'Mute');
      await press(page, 'Enter');
      await at('Mute 3 people?')(page);
      const listed = await dialog(page).locator('.names li bdi:first-child').allTextContents();
      assert.deepEqual(listed.sort(), all.slice(1, 4).sort());
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'Mute');
      await tabTo(page, 'Clear');
      await press(page, 'Enter');
      await page.locator('.bar').waitFor({ state: 'detached' });
      await inFocus(page, 'the list');
      assert.equal((await heard()).at(-1), '0 selected');
      assert.deepEqual(await stage.asked(meeting), []);
    });
  });

  test('somebody is looked at close up, and kicked from there', async () => {
    await stage.onPage({ participants: 4 }, async (page, meeting) => {
      const [first] = await names(page);
      await page.getByRole('grid').focus();
      await press(page, 'Home', 'Enter');
      await dialog(page).locator('#details-name', { hasText: first }).waitFor();
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'the list');
      await press(page, 'Enter');
      await dialog(page).locator('#details-name', { hasText: first }).waitFor();
      await tabTo(page, 'Kick');
      await press(page, 'Enter');
      await at(`Kick ${isolated(first)}?`)(page);
      await tabTo(page, 'Kick');
      await press(page, 'Enter');
      await told(page, `${isolated(first)} was kicked.`);
      await counted(page, 3, 1);
      await inFocus(page, 'the list');
      assert.equal((await stage.asked(meeting)).length, 1);
    });
  });

  test('the whole room: muted, locked, unlocked, undone, kicked', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const heard = await hear(page);
      await page.getByText('The meeting is open').waitFor();
      const status = async () => (await stage.state(meeting)).status;
      await press(page, 'Shift+M');
      await at('Mute everybody?')(page);
      await inFocus(page, 'Mute all');
      await tabTo(page, 'They may unmute themselves', 'Shift+Tab');
      await press(page, 'Space');
      await tabTo(page, 'Mute all');
      await press(page, 'Enter');
      await told(page, 'Everybody was muted.');
      const { session } = await stage.state(meeting);
      assert.ok(session.peers.every(({ muted, may_unmute }) => muted && !may_unmute));

      await press(page, 'Shift+L');
      await told(page, 'The meeting is locked.');
      await tabTo(page, 'Undo');
      await press(page, 'Enter');
      await told(page, 'The meeting is unlocked.');
      assert.equal(await status(), 'ACTIVE');
      await inFocus(page, 'the list');

      await press(page, '2');
      await tabTo(page, 'Kick all…');
      await press(page, 'Enter');
      await at('Kick everybody?')(page);
      await inFocus(page, 'Cancel');
      await tabTo(page, /^Lock the meeting first/, 'Shift+Tab');
      await press(page, 'Space');
      await tabTo(page, 'Type “kick all” to confirm');
      await page.keyboard.type('kick all');
      await press(page, 'Enter');
      await told(page, 'Everybody was kicked.');
      await page.locator('.badge.ended').waitFor();
      assert.equal(await status(), 'INACTIVE');
      const said = (await heard()).join(' ');
      for (const text of [
        ...['Everybody was muted.', 'The meeting is locked.', 'The meeting is unlocked.'],
        ...['Everybody was kicked.', 'The session has ended.'],
      ])
        assert.ok(said.includes(text), `${text} in ${said}`);
      assert.notEqual(await focused(page), null);
    });
  });

  test('a poll is written, corrected, kept and started', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const heard = await hear(page);
      await press(page, '3');
      await inFocus(page, 'Polls');
      await tabTo(page, 'Question');
      await page.keyboard.type('Lunch?');
      await press(page, 'Enter');
      // An alert, so it is said.
      await page.getByRole('alert').getByText('Give 2 to 10 options.').waitFor();
      await tabTo(page, 'Option 1');
      await page.keyboard.type('Soup');
      await tabTo(page, 'Option 2');
      await page.keyboard.type('Salad');
      await tabTo(page, 'Add an option');
      await press(page, 'Enter');
      await inFocus(page, 'Option 3');
      await page.keyboard.type('Cake');
      await tabTo(page, 'Remove option 2', 'Shift+Tab');
      await press(page, 'Enter');
      await inFocus(page, 'the panel');
      await tabTo(page, 'Anonymous');
      await press(page, 'Space');
      await tabTo(page, 'Keep as template');
      await press(page, 'Enter');
      await reaches(async () => (await heard()).at(-1), 'The template was kept on this device.');
      await tabTo(page, 'Start poll', 'Shift+Tab');
      await press(page, 'Enter');
      await told(page, 'The poll was started.');
      await inFocus(page, 'Start poll');
      const [poll, ...more] = (await stage.state(meeting)).polls;
      assert.deepEqual(more, []);
      assert.deepEqual(
        poll.options.map((option) => option.text ?? option),
        ['Soup', 'Cake'],
      );
      await tabTo(page, /^Lunch\?/);
      await press(page, 'Enter');
      await inFocus(page, 'Question');
      assert.equal(await page.getByLabel('Option 2', { exact: true }).inputValue(), 'Cake');
      await tabTo(page, `Delete the template ${isolated('Lunch?')}`);
      await press(page, 'Enter');
      await inFocus(page, 'the panel');
    });
  });

  test('what failed is tried again, what was said is put away', async () => {
    await stage.onPage({}, async (page, meeting) => {
      const [first] = await names(page);
      await stage.fault(meeting, 'MuteParticipants', 'status:code=400', 'status:code=400');
      await page.getByRole('grid').focus();
      await press(page, 'Home', 'm', 'Enter');
      await told(page, `${isolated(first)} was not muted.`, 'bad');
      await tabTo(page, 'Retry');
      await press(page, 'Enter');
      await reaches(async () => (await stage.asked(meeting)).length, 2);
      await told(page, `${isolated(first)} was not muted.`, 'bad');
      await inFocus(page, 'the list');
      await tabTo(page, 'Dismiss');
      await press(page, 'Enter');
      await page.locator('.activity').waitFor({ state: 'detached' });
      await inFocus(page, 'the list');
    });
  });

  test('the sheet of keys is opened, and closed into what one was at', async () => {
    await stage.onPage({}, async (page) => {
      await page.getByRole('grid').focus();
      await press(page, '?');
      await at('Keyboard shortcuts')(page);
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'the list');
      // The tabs by arrows, which are one stop.
      await press(page, '2', 'ArrowRight');
      await inFocus(page, 'Polls');
      await press(page, 'ArrowRight');
      await inFocus(page, 'Timeline');
      await tabTo(page, 'CSV');
    });
  });
});

test('every key that the sheet lists does something, and only these', async () => {
  await stage.onPage({}, async (page) => {
    await press(page, '?');
    await at('Keyboard shortcuts')(page);
    const listed = await dialog(page).locator('kbd').allInnerTexts();
    const tested = ['/', 'j', '↓', 'k', '↑', 'x', 'Space', 'Shift ↑', 'Shift ↓', 'a', 'Enter', 'm'];
    tested.push('r', 'b', 'Shift M', 'Shift L', '1', '2', '3', '4', 'Esc', '?');
    assert.deepEqual(listed, tested);
  });
});

test('who wants less motion sees nothing move but a wait, slowly', async () => {
  await stage.onPage({ context: { reducedMotion: 'reduce' } }, async (page, meeting) => {
    await stage.fault(meeting, 'MuteAllParticipants', 'delay:ms=2500');
    await page.getByRole('button', { name: 'Mute all…' }).click();
    await dialog(page).getByRole('button', { name: 'Mute all', exact: true }).click();
    await page.locator('.activity.busy').waitFor();
    /** For how long each thing that moves does so before it begins anew. */
    const moving = () =>
      page.evaluate(() =>
        document
          .querySelector('rtk-moderator')
          .shadowRoot.getAnimations()
          .map(({ effect }) => effect.getComputedTiming().duration),
      );
    assert.deepEqual(await moving(), [6000]);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await reaches(moving, [900]);
    await told(page, 'Everybody was muted.');
  });
});

test('in forced colours what is chosen, meant and focused is told apart, and read', async () => {
  await stage.onPage({ context: { forcedColors: 'active' } }, async (page) => {
    await page.getByRole('grid').focus();
    await press(page, 'j', 'x', 'k');
    const looks = (css) =>
      page
        .locator(css)
        .first()
        .evaluate((one) => {
          const { outlineStyle, outlineColor, background } = getComputedStyle(one);
          return JSON.stringify([outlineStyle, outlineColor, background]);
        });
    const plain = '.rows .row:not(.active, .selected)';
    for (const other of ['.rows .row.active', '.rows .row.selected'])
      assert.notEqual(await looks(other), await looks(plain), other);
    const chosen = '[role=tab][aria-selected=true]';
    assert.notEqual(await looks(chosen), await looks('[role=tab][aria-selected=false]'));
    const segment = '.people .segments input:checked + span';
    assert.notEqual(
      await looks(segment),
      await looks('.people .segments input:not(:checked) + span'),
    );
    const read = [
      ...['.who bdi', '.role bdi', '.number', '.deeds button'].map((css) => `.row.selected ${css}`),
      ...[chosen, segment, `${segment} b`, '.bar p', '.bar button', '.deed button', '.badge'],
    ];
    for (const css of read)
      assert.ok((await page.locator(css).first().evaluate(contrast)) >= 4.5, css);
  });
});

/** How much a text's colour differs from what is behind it, as WCAG counts. Runs in the page. */
function contrast(one) {
  const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parts(colour).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind = one;
  const seen = (element) => parts(getComputedStyle(element).backgroundColor)[3] !== 0;
  while (behind && !seen(behind)) behind = behind.parentElement;
  const back = behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)';
  const two = [luminance(getComputedStyle(one).color), luminance(back)].sort((a, b) => b - a);
  return (two[0] + 0.05) / (two[1] + 0.05);
}
