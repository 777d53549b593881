// The page without a mouse: every action works by keys alone, the focus moves to what opens and returns, and
// outcomes are announced to screen readers. Also reduced motion and forced colours.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  dialog,
  eventually,
  focusedName,
  isolated,
  recordAnnouncements,
  waitForActivity,
  waitForCounts,
} from '../support/page.mjs';
import { startTestbed } from '../support/testbed.mjs';

let testbed;
before(async () => {
  testbed = await startTestbed();
});
after(() => testbed?.stop());

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Presses Tab until an element with that name has the focus. */
async function tabTo(page, name, key = 'Tab') {
  const passed = [];
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press(key);
    const at = await focusedName(page);
    passed.push(at);
    if (typeof name === 'string' ? at === name : name.test(at ?? '')) return at;
  }
  return assert.fail(`no ${name} among ${passed.join(', ')}`);
}
const names = (page) => page.locator('.rows .who bdi').allTextContents();
const active = (page) => page.locator('.row.active .who bdi').textContent();
/** Waits until the dialog is closed and its content removed, which the page does a moment later. */
const closed = (page) =>
  page.locator('dialog form, dialog[open]').first().waitFor({ state: 'detached' });
const announced = (announcements, text) =>
  eventually(async () => (await announcements()).join(' ').includes(text), true);
const inFocus = (page, name) => eventually(() => focusedName(page), name);
const at = (title) => async (page) => {
  await dialog(page).getByRole('heading', { name: title }).waitFor();
};

describe('by keys', { concurrency: 3 }, () => {
  for (const [key, verb, word] of [
    ['r', 'Remove', 'removed'],
    ['b', 'Ban', 'banned'],
  ]) {
    test(`a participant is ${word} after a confirmation that Escape and Cancel close`, async () => {
      await testbed.onPage({ participants: 5 }, async (page, meeting) => {
        const announcements = await recordAnnouncements(page);
        const [, second] = await names(page);
        const ask = `${verb} ${isolated(second)}?`;
        await press(page, 'j', key);
        await at(ask)(page);
        // Enter does not do what cannot be undone.
        await inFocus(page, 'Cancel');
        await press(page, 'Escape');
        await closed(page);
        await inFocus(page, 'the list');
        assert.equal(await active(page), second);
        await press(page, key);
        await at(ask)(page);
        await press(page, 'Enter');
        await closed(page);
        assert.deepEqual(await testbed.mutations(meeting), []);
        await press(page, key);
        await at(ask)(page);
        await tabTo(page, verb);
        await press(page, 'Enter');
        await waitForActivity(page, `${isolated(second)} was ${word}.`);
        await inFocus(page, 'the list');
        await announced(announcements, `${isolated(second)} was ${word}.`);
      });
    });
  }

  test('a participant is muted at once', async () => {
    await testbed.onPage({ participants: 5 }, async (page, meeting) => {
      const announcements = await recordAnnouncements(page);
      const [, second] = await names(page);
      await press(page, 'j', 'm');
      await waitForActivity(page, `${isolated(second)} was muted.`);
      await inFocus(page, 'the list');
      await announced(announcements, `${isolated(second)} was muted.`);
      assert.equal((await testbed.mutations(meeting)).length, 1);
    });
  });

  test('a range is selected, announced, acted on from the bar, and cleared', async () => {
    await testbed.onPage({ participants: 6 }, async (page, meeting) => {
      const announcements = await recordAnnouncements(page);
      const all = await names(page);
      await press(page, 'j', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown');
      await eventually(async () => (await announcements()).at(-1), '3 selected');
      const row = page.locator('.row.selected');
      assert.deepEqual(await row.evaluateAll((all) => all.map((one) => one.ariaSelected)), [
        ...['true', 'true', 'true'],
      ]);
      await tabTo(page, 'Mute');
      await press(page, 'Enter');
      await at('Mute 3 participants?')(page);
      const listed = await dialog(page).locator('.names li > bdi').allTextContents();
      assert.deepEqual(listed.sort(), all.slice(1, 4).sort());
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'Mute');
      await tabTo(page, 'Clear selection');
      await press(page, 'Enter');
      await page.locator('.bar').waitFor({ state: 'detached' });
      await inFocus(page, 'the list');
      await eventually(async () => (await announcements()).at(-1), '0 selected');
      assert.deepEqual(await testbed.mutations(meeting), []);
    });
  });

  test('the details that are opened again at once keep their content', async () => {
    await testbed.onPage({}, async (page) => {
      const [first] = await names(page);
      await page.getByRole('grid').focus();
      await press(page, 'Home', 'Enter');
      const name = dialog(page).locator('#details-name', { hasText: first });
      await name.waitFor();
      // The `close` event comes when the details are open again.
      await dialog(page).evaluate(async (element) => {
        const closed = new Promise((resolve) => element.addEventListener('close', resolve));
        element.close();
        element.showModal();
        await closed;
        await element.getRootNode().host.updateComplete;
      });
      assert.equal(await name.count(), 1);
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'the list');
    });
  });

  test('a participant is kicked from the details', async () => {
    await testbed.onPage({ participants: 4 }, async (page, meeting) => {
      const [first] = await names(page);
      await page.getByRole('grid').focus();
      await press(page, 'Home', 'Enter');
      await dialog(page).locator('#details-name', { hasText: first }).waitFor();
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'the list');
      await press(page, 'Enter');
      await dialog(page).locator('#details-name', { hasText: first }).waitFor();
      await tabTo(page, 'Remove');
      await press(page, 'Enter');
      await at(`Remove ${isolated(first)}?`)(page);
      await tabTo(page, 'Remove');
      await press(page, 'Enter');
      await waitForActivity(page, `${isolated(first)} was removed.`);
      await waitForCounts(page, 3, 1);
      await inFocus(page, 'the list');
      assert.equal((await testbed.mutations(meeting)).length, 1);
    });
  });

  test('the meeting is muted, locked, unlocked by undo, and ended', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const announcements = await recordAnnouncements(page);
      await page.getByText('Meeting is unlocked').waitFor();
      const status = async () => (await testbed.state(meeting)).status;
      await press(page, 'Shift+M');
      await at('Mute everyone?')(page);
      await inFocus(page, 'Mute everyone');
      await tabTo(page, 'Let them unmute themselves', 'Shift+Tab');
      await press(page, 'Space');
      await tabTo(page, 'Mute everyone');
      await press(page, 'Enter');
      await waitForActivity(page, 'were muted.');
      const { session } = await testbed.state(meeting);
      assert.ok(session.peers.every(({ muted, may_unmute }) => muted && !may_unmute));

      await press(page, 'Shift+L');
      // The pointer keeps the outcome on screen, however slowly the keys are pressed.
      await page.locator('.activity', { hasText: 'Meeting locked.' }).hover();
      await tabTo(page, 'Undo');
      await press(page, 'Enter');
      await waitForActivity(page, 'Meeting unlocked.');
      assert.equal(await status(), 'ACTIVE');
      await inFocus(page, 'the list');

      await press(page, '2');
      await tabTo(page, 'Remove everyone…');
      await press(page, 'Enter');
      await at('Remove everyone and end the meeting?')(page);
      await inFocus(page, 'Cancel');
      await tabTo(page, /^Lock the meeting first/, 'Shift+Tab');
      await press(page, 'Space');
      await tabTo(page, 'Type “remove” to confirm');
      await page.keyboard.type('remove');
      await press(page, 'Enter');
      await waitForActivity(page, 'were removed.');
      await page.locator('.badge.ended').waitFor();
      assert.equal(await status(), 'INACTIVE');
      for (const text of [
        ...['were muted.', 'Meeting locked.', 'Meeting unlocked.'],
        ...['were removed.', 'The meeting has ended.'],
      ])
        await announced(announcements, text);
      assert.notEqual(await focusedName(page), null);
    });
  });

  test('a poll is written, corrected, kept as a template and started', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const announcements = await recordAnnouncements(page);
      await press(page, '3');
      await inFocus(page, 'Polls');
      await tabTo(page, 'Question');
      await page.keyboard.type('Lunch?');
      // Enter goes to the next field, and starts nothing.
      await press(page, 'Enter');
      await inFocus(page, 'Option 1');
      await tabTo(page, 'Start poll');
      await press(page, 'Enter');
      await inFocus(page, 'Option 1');
      // An alert, which screen readers announce.
      await page.getByRole('alert').getByText('Enter at least two options.').waitFor();
      await tabTo(page, 'Option 1');
      await page.keyboard.type('Soup');
      await tabTo(page, 'Option 2');
      await page.keyboard.type('Salad');
      await tabTo(page, 'Add option');
      await press(page, 'Enter');
      await inFocus(page, 'Option 3');
      await page.keyboard.type('Cake');
      await tabTo(page, 'Remove option 2', 'Shift+Tab');
      await press(page, 'Enter');
      await inFocus(page, 'the panel');
      await tabTo(page, 'Anonymous voting');
      await press(page, 'Space');
      await tabTo(page, 'Save as template');
      await press(page, 'Enter');
      await eventually(
        async () => (await announcements()).at(-1),
        'Template saved on this device.',
      );
      await tabTo(page, 'Start poll', 'Shift+Tab');
      await press(page, 'Enter');
      await waitForActivity(page, 'Poll started.');
      await inFocus(page, 'Start poll');
      const [poll, ...more] = (await testbed.state(meeting)).polls;
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

  test('a failed action is retried, and its outcome dismissed', async () => {
    await testbed.onPage({}, async (page, meeting) => {
      const [first] = await names(page);
      await testbed.fault(meeting, 'MuteParticipants', 'status:code=400', 'status:code=400');
      await page.getByRole('grid').focus();
      await press(page, 'Home', 'm');
      await waitForActivity(page, `Couldn’t mute ${isolated(first)}.`, 'bad');
      await tabTo(page, 'Retry');
      await press(page, 'Enter');
      await eventually(async () => (await testbed.mutations(meeting)).length, 2);
      await waitForActivity(page, `Couldn’t mute ${isolated(first)}.`, 'bad');
      await inFocus(page, 'the list');
      await tabTo(page, 'Dismiss');
      await press(page, 'Enter');
      await page.locator('.activity').waitFor({ state: 'detached' });
      await inFocus(page, 'the list');
    });
  });

  test('the list of shortcuts opens, and closing it returns the focus', async () => {
    await testbed.onPage({}, async (page) => {
      await page.getByRole('grid').focus();
      await press(page, '?');
      await at('Settings and shortcuts')(page);
      await press(page, 'Escape');
      await closed(page);
      await inFocus(page, 'the list');
      // The tabs are one tab stop, and arrows move between them.
      await press(page, '2', 'ArrowRight');
      await inFocus(page, 'Polls');
      await press(page, 'ArrowRight');
      await inFocus(page, 'Activity');
      await tabTo(page, 'CSV');
    });
  });
});

test('the list of shortcuts has the keys that are tested, and no others', async () => {
  await testbed.onPage({}, async (page) => {
    await press(page, '?');
    await at('Settings and shortcuts')(page);
    const listed = await dialog(page).locator('kbd').allInnerTexts();
    const tested = ['/', 'j', '↓', 'k', '↑', 'x', 'Space', 'Shift ↑', 'Shift ↓', 'a', 'Enter', 'm'];
    tested.push('r', 'b', 'Shift M', 'Shift L', 'Shift F', '1', '2', '3', '4', 'Esc', '?');
    assert.deepEqual(listed, tested);
  });
});

test('with reduced motion only the spinner moves, slowly', async () => {
  await testbed.onPage({ context: { reducedMotion: 'reduce' } }, async (page, _, wire) => {
    wire.hold('/mute-all HTTP');
    await page.getByRole('button', { name: 'Mute everyone…' }).click();
    await dialog(page).getByRole('button', { name: 'Mute everyone', exact: true }).click();
    await page.locator('.activity.busy').waitFor();
    /** The duration of each running animation. */
    const moving = () =>
      page.evaluate(() =>
        document
          .querySelector('rtk-moderator')
          .shadowRoot.getAnimations()
          .map(({ effect }) => effect.getComputedTiming().duration),
      );
    await eventually(moving, [6000]);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await eventually(moving, [900]);
    wire.hold();
    await waitForActivity(page, 'were muted.');
  });
});

test('in forced colours selected, active and focused elements are distinguishable and readable', async () => {
  await testbed.onPage({ context: { forcedColors: 'active' } }, async (page) => {
    await page.getByRole('grid').focus();
    await press(page, 'j', 'x', 'k');
    const styleOf = (css) =>
      page
        .locator(css)
        .first()
        .evaluate((one) => {
          const { outlineStyle, outlineColor, background } = getComputedStyle(one);
          return JSON.stringify([outlineStyle, outlineColor, background]);
        });
    const plain = '.rows .row:not(.active, .selected)';
    for (const other of ['.rows .row.active', '.rows .row.selected'])
      assert.notEqual(await styleOf(other), await styleOf(plain), other);
    const chosen = '[role=tab][aria-selected=true]';
    assert.notEqual(await styleOf(chosen), await styleOf('[role=tab][aria-selected=false]'));
    const segment = '.participants .segments input:checked + span';
    assert.notEqual(
      await styleOf(segment),
      await styleOf('.participants .segments input:not(:checked) + span'),
    );
    const read = [
      ...['.who bdi', '.role bdi', '.number', '.actions button'].map(
        (css) => `.row.selected ${css}`,
      ),
      ...[chosen, segment, `${segment} b`, '.bar p', '.bar button', '.control button', '.badge'],
    ];
    for (const css of read)
      assert.ok((await page.locator(css).first().evaluate(contrast)) >= 4.5, css);
  });
});

/** The contrast of a text with its background, by WCAG. Runs in the page. */
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
  const opaque = (element) => parts(getComputedStyle(element).backgroundColor)[3] !== 0;
  while (behind && !opaque(behind)) behind = behind.parentElement;
  const back = behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)';
  const two = [luminance(getComputedStyle(one).color), luminance(back)].sort((a, b) => b - a);
  return (two[0] + 0.05) / (two[1] + 0.05);
}
