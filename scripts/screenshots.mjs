// Makes the README's pictures of the moderator page, docs/images/page-{light,dark}.png. Needs the
// tests' modules (`scripts/setup test`) and a build. With a folder as its argument it also puts
// there what only a developer wants to see: a phone, a large meeting, an error, no session.

import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '../tests/node_modules/playwright-core/index.mjs';
import { startEmulator } from '../tests/support/emulator.mjs';

const MOST_BYTES = 200_000;
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const images = path('docs/images');
const extra = process.argv[2];
const desktop = { width: 1200, height: 800 };
const phone = { width: 390, height: 844 };

const emulator = await startEmulator('--serve', path('www'), '--serve', `pkg=${path('pkg')}`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});

/** A picture of the page of a meeting, after `act` has done something there. */
async function picture(file, look, { meeting = emulator, ready = '#people li', act } = {}) {
  const { colorScheme = 'light', viewport = desktop } = look;
  const context = await browser.newContext({
    colorScheme,
    viewport,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const { base_url, api_token: token, account_id } = emulator;
  const { app_id, meeting_id } = meeting ?? {};
  const fields = { base_url, token, account_id, app_id, meeting_id };
  await page.goto(`${emulator.url}/${meeting ? `#${new URLSearchParams(fields)}` : ''}`);
  await page.locator(ready).first().waitFor();
  if (meeting) await page.locator('#age:not(:empty)').waitFor();
  await act?.(page);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = await stat(file);
  console.log(`${file}: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
}

const poll = async (page) => {
  await page.getByLabel('Question').fill('Shall we go on after the break?');
  await page.getByLabel('Options').fill('Yes\nNo\nOnly the workshops');
  await page.locator('h1').click();
};

try {
  await mkdir(images, { recursive: true });
  for (const colorScheme of ['light', 'dark'])
    await picture(join(images, `page-${colorScheme}.png`), { colorScheme }, { act: poll });
  if (extra) await developersPictures();
} finally {
  await browser.close();
  await emulator.stop();
}

async function developersPictures() {
  await mkdir(extra, { recursive: true });
  const named = (name) => join(extra, `${name}.png`);
  const dark = { colorScheme: 'dark' };
  const small = { viewport: phone };
  await picture(named('phone'), small);
  await picture(named('phone-dark'), { ...small, ...dark });
  const phonePoll = (page) => page.locator('#send-poll').scrollIntoViewIfNeeded();
  await picture(named('phone-poll'), { ...small }, { act: phonePoll });
  const ask = (page) =>
    page
      .getByRole('button', { name: /^Kick / })
      .nth(1)
      .click();
  await picture(named('ask'), {}, { act: ask });
  await picture(named('ask-phone-dark'), { ...small, ...dark }, { act: ask });

  const none = { meeting: await emulator.meeting(0), ready: '#nobody' };
  await picture(named('none'), {}, none);
  const toEnd = (page) => page.locator('#more:not(:empty)').scrollIntoViewIfNeeded();
  await picture(named('thousand'), {}, { meeting: await emulator.meeting(1000), act: toEnd });
  await picture(named('narrow'), { viewport: { width: 320, height: 640 } });

  const fail = async (page) => {
    const steps = ['status:code=500', 'status:code=500', 'status:code=500'];
    await emulator.control('POST', 'faults', { operation: 'GetActiveSession', steps });
    await emulator.control('POST', 'faults', { operation: 'CreatePoll', steps: ['cut'] });
    await poll(page);
    await page.getByRole('button', { name: 'Start poll' }).click();
    await page.locator('#message').waitFor();
    await page.locator('#trouble:not(:empty)').waitFor();
  };
  await picture(named('error'), {}, { act: fail });
  await emulator.control('DELETE', 'faults');
  await picture(named('error-phone-dark'), { ...small, ...dark }, { act: fail });
  await emulator.control('DELETE', 'faults');
  await picture(named('sign-in'), {}, { meeting: null, ready: '#sign-in' });
}
