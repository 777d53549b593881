// axe finds nothing on the moderator page: in every state, in both themes and forced colours, on wide screens and
// phones. A state is reached once and then varied.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { startChromium } from '../support/browser.mjs';
import { startEmulator } from '../support/emulator.mjs';
import { LIMIT, PAGE, dialog, fillPoll, fragment, rows, startPoll, tab } from '../support/page.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TOKEN = 'a-token';
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

let emulator, browser;
before(async () => {
  emulator = await startEmulator('--token', TOKEN, '--rate-limit', '0', '--serve', PAGE);
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await emulator?.stop();
});

/** The states of the page, and how each is reached. */
const STATES = {
  'participants are listed': (page) => rows(page).first().waitFor(),
  'two are selected': async (page) => {
    for (const place of [0, 1]) await page.locator('.rows .check input').nth(place).click();
    await page.locator('.bar').waitFor();
  },
  'a search without a match': async (page) => {
    await page.getByRole('searchbox').fill('nobody at all');
    await page.getByText('No participants match.').waitFor();
  },
  'participants who left': async (page, { meeting_id, participants }) => {
    const { user_id } = participants[1];
    await emulator.control('POST', 'leave', { meeting_id, user_id });
    await page.getByRole('radio', { name: /^Left/ }).check();
    await page.locator('.row.absent').waitFor();
  },
  'a confirmation': async (page) => {
    await page.locator('.rows .check input').nth(0).click();
    await page.locator('.rows .check input').nth(1).click();
    await page.locator('.bar').getByRole('button', { name: 'Ban' }).click();
    await dialog(page).getByText('Ban 2 participants?').waitFor();
  },
  'the confirmation of remove': async (page) => {
    await tab(page, 'Meeting').click();
    await page.getByRole('button', { name: 'Remove everyone…' }).click();
    await dialog(page).getByText('Remove everyone and end the meeting?').waitFor();
  },
  'the details of a participant': async (page) => {
    await page.locator('.rows .who button').first().click();
    await dialog(page).locator('#details-name').waitFor();
  },
  'the list of shortcuts': async (page) => {
    await page.keyboard.press('?');
    await dialog(page).getByText('Settings and shortcuts').waitFor();
  },
  'a failed and a successful action': async (page, { meeting_id }) => {
    const steps = ['status:code=400'];
    await emulator.control('POST', 'faults', { operation: 'MuteParticipants', meeting_id, steps });
    await page.locator('.rows .check input').nth(0).click();
    await page.keyboard.press('m');
    await page.locator('.activity.bad').waitFor();
    await tab(page, 'Meeting').click();
    await page.getByRole('button', { name: 'Lock meeting', exact: true }).click();
    // A card with the pointer stays, and so does one with the focus.
    await page.locator('.activity.good', { hasText: 'Meeting locked.' }).hover();
    await page.locator('.activity.good').getByRole('button', { name: 'Dismiss' }).focus();
  },
  'a draft of a poll, a poll in doubt, a template': async (page, { meeting_id }) => {
    const steps = ['cut'];
    await emulator.control('POST', 'faults', { operation: 'CreatePoll', meeting_id, steps });
    await fillPoll(page, 'Lunch?', ['Soup', 'Salad']);
    await page.getByRole('button', { name: 'Save as template' }).click();
    await startPoll(page);
    await page.locator('.asked .doubt').waitFor();
    await page.getByLabel('Question', { exact: true }).fill('');
    await startPoll(page);
    await page.getByText('Enter a question.').waitFor();
  },
  'the timeline': async (page) => {
    await tab(page, 'Activity').click();
    await page.locator('.plot path').first().waitFor();
  },
  'polling fails': async (page, { meeting_id }) => {
    const steps = Array(9).fill('status:code=500');
    await emulator.control('POST', 'faults', { operation: 'GetActiveSession', meeting_id, steps });
    await page.locator('.banner.bad').waitFor();
  },
  'the session has ended': async (page, { meeting_id }) => {
    await emulator.control('POST', 'end-session', { meeting_id });
    await page.locator('.badge.ended').waitFor();
  },
};

/** The violations that axe finds, by its rules for best practice too. */
async function violations(page) {
  // Evaluated by the debugger, which the page's policy does not concern.
  const results = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}

const LOOKS = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'light', forcedColors: 'active' },
};

/** Reaches a state, and checks it on each screen. */
async function checkAll(hash, reach) {
  const context = await browser.newContext({ viewport: SIZES.wide, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  try {
    await page.goto(`${emulator.url}/${hash}`);
    await reach(page);
    const hasElement = await page.locator('.app').isVisible();
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      if (hasElement) await page.locator(`.app.${size}`).waitFor();
      for (const [look, media] of Object.entries(LOOKS)) {
        await page.emulateMedia(media);
        assert.deepEqual(await violations(page), [], `${size}, ${look}`);
      }
    }
  } finally {
    await context.close();
  }
}

describe('axe finds nothing', { concurrency: 3 }, () => {
  for (const [name, reach] of Object.entries(STATES)) {
    test(name, async () => {
      const meeting = await emulator.meeting(6);
      await checkAll(`#${fragment(emulator, meeting, TOKEN)}`, async (page) => {
        await rows(page).first().waitFor();
        await reach(page, meeting);
      });
    });
  }
  test('no session yet', async () => {
    const meeting = await emulator.meeting(0);
    await checkAll(`#${fragment(emulator, meeting, TOKEN)}`, (page) =>
      page.getByRole('heading', { name: 'The meeting hasn’t started' }).waitFor(),
    );
  });
  test('no such meeting', async () => {
    const meeting = { ...(await emulator.meeting(0)), meeting_id: randomUUID() };
    await checkAll(`#${fragment(emulator, meeting, TOKEN)}`, (page) =>
      page.getByRole('heading', { name: 'Meeting not found' }).waitFor(),
    );
  });
  test('a wrong token', async () => {
    const meeting = await emulator.meeting(1);
    await checkAll(`#${fragment(emulator, meeting, 'wrong')}`, (page) =>
      page.locator('.banner').getByText('Your access isn’t valid. (401)').waitFor(),
    );
  });
  test('the sign-in', () => checkAll('', (page) => page.getByLabel('Moderator link').waitFor()));
});
