// `make screenshots`: takes the pictures of the moderator page in docs/images/. With a folder as its
// argument it also takes pictures of every state and kind of screen, for developers; with names after it, only
// of these states.

import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../tests/support/browser.mjs';
import { startEmulator } from '../tests/support/emulator.mjs';
import { ROOMY, startGateway } from '../tests/support/gateway.mjs';
import { now } from '../tests/support/grants.mjs';
import {
  PAGE,
  dialog,
  fillPoll,
  fragment,
  rows,
  tab,
  waitForActivity,
} from '../tests/support/page.mjs';

const MOST_BYTES = 250_000;
const images = fileURLToPath(new URL('../docs/images', import.meta.url));
const extra = process.argv[2];
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const TOUCH = { hasTouch: true, isMobile: true };
const ZOOM = { width: 320, height: 256 };
const NAMES = [
  ...['Ada Lovelace', 'Alan Turing', 'Barbara Liskov', 'Björn Ångström', 'Chen Wei'],
  ...['Dilnoza Karimova', 'Edsger Dijkstra', 'Elif Yılmaz', 'Fatima Haddad', 'Grace Hopper'],
  ...['Hana Tanaka', 'Ingrid Nilsen', 'Jamal Okafor', 'Katherine Johnson', 'Kofi Mensah'],
  ...['Lê Thị Mai', 'Margaret Hamilton', 'Mei Lin', 'Noor Rahman', 'Olga Petrova', 'Radia Perlman'],
  ...['Sofía García', 'Tim Berners-Lee', 'Vint Cerf', 'Yuki Sato', 'Zoë Dubois'],
];

/** The seconds between two joins, and which participants leave for a while. */
const gap = (place) => 60 + ((place * 97) % 200);
const goes = (place) => place % 6 === 4;
const AWAY = 45;
const lasts = NAMES.reduce((sum, _, place) => sum + gap(place) + (goes(place) ? AWAY : 0), 0);

// The meeting began early enough that all of this has happened by now.
const began = new Date(Date.now() - lasts * 1000).toISOString();
const emulator = await startEmulator('--rate-limit', '0', '--speed', '1', '--start-time', began);
const gateway = await startGateway(emulator, { ...ROOMY, page: { dir: PAGE } });
const browser = await startChromium();

/** A meeting of one hour in which these participants joined, and some left. */
async function gathering() {
  const title = 'Weekly all-hands';
  const meeting = await emulator.control('POST', 'meetings', { participants: 0, title });
  const { meeting_id } = meeting;
  for (const [place, name] of NAMES.entries()) {
    const custom_participant_id = name.toLowerCase().replaceAll(/[^a-z]/g, '');
    const joined = { meeting_id, custom_participant_id, name };
    await emulator.control('POST', 'join', joined);
    await emulator.control('POST', 'advance', { seconds: gap(place) });
    if (goes(place)) {
      await emulator.control('POST', 'leave', { meeting_id, custom_participant_id });
      await emulator.control('POST', 'advance', { seconds: AWAY });
      if (place % 4) await emulator.control('POST', 'join', joined);
    }
  }
  return meeting;
}

/** Takes a picture of a meeting's page, after `act`. */
async function picture(file, meeting, { act, ready, claims, hash, fields, ...look } = {}) {
  const context = await browser.newContext({
    ...{ colorScheme: 'light', viewport: DESKTOP, locale: 'en-GB', timezoneId: 'UTC', ...look },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const own = typeof claims === 'function' ? claims() : claims;
  const token = gateway.grant(meeting, { name: 'Ann Moderator', exp: now() + 7100, ...own });
  const place = { base_url: gateway.base_url, account_id: emulator.account_id };
  const link = hash ?? `#${fragment(place, meeting, token, { timeout: 10_000, ...fields })}`;
  await page.goto(`${gateway.url}/${link}`);
  await (ready ?? ((page) => rows(page).first().waitFor()))(page);
  await act?.(page, meeting);
  // No hover effects.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = await stat(file);
  console.log(`${file}: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
}

const choose = async (page, ...places) => {
  for (const place of places) await page.locator('.rows .check input').nth(place).click();
};
const timeline = async (page) => {
  await tab(page, 'Activity').click();
  await page.locator('.plot path').first().waitFor();
};
const moderated = async (page) => {
  await choose(page, 1);
  await page.keyboard.press('m');
  await waitForActivity(page, 'was muted.');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await choose(page, 2, 3, 5);
  await timeline(page);
};
const ban = async (page) => {
  await choose(page, 0, 2, 3);
  await page.locator('.bar').getByRole('button', { name: 'Ban' }).click();
  await dialog(page).getByText('Ban 3 participants?').waitFor();
};

try {
  await mkdir(images, { recursive: true });
  const meeting = await gathering();
  for (const colorScheme of ['light', 'dark'])
    await picture(join(images, `page-${colorScheme}.png`), meeting, {
      colorScheme,
      act:
        colorScheme === 'light'
          ? moderated
          : async (page) => {
              await choose(page, 2, 3, 5);
              await timeline(page);
            },
    });
  await picture(join(images, 'phone.png'), meeting, { viewport: PHONE, ...TOUCH, act: ban });
  if (extra) await developersPictures(meeting);
} finally {
  await browser.close();
  await gateway.stop();
  await emulator.stop();
}

async function developersPictures(meeting) {
  await mkdir(extra, { recursive: true });
  const fault =
    (operation, ...steps) =>
    (page, { meeting_id }) =>
      emulator.control('POST', 'faults', { operation, meeting_id, steps });
  const settings = (page) => page.getByRole('button', { name: 'Settings and shortcuts' }).click();
  const heading = (name) => (page) => page.getByRole('heading', { name }).waitFor();
  const states = {
    list: {},
    select: { act: (page) => choose(page, 1, 2) },
    search: {
      act: async (page) => {
        await choose(page, 1, 2);
        await page.getByRole('searchbox').fill('ma');
      },
    },
    ban: { act: ban },
    everyone: {
      act: async (page) => {
        await page.locator('#tab-meeting').click();
        await page.getByRole('button', { name: 'Mute everyone except…' }).click();
        await dialog(page).waitFor();
      },
    },
    meeting: { act: (page) => page.locator('#tab-meeting').click() },
    details: { act: (page) => page.locator('.rows .who button').first().click() },
    timeline: { act: timeline },
    poll: { act: (page) => fillPoll(page, 'Shall we go on after the break?', ['Yes', 'No']) },
    settings: { act: settings },
    'read-only': { claims: { can: ['read'] } },
    protected: { claims: { protect: { presets: ['group_call_host'] } } },
    overview: {
      claims: { meeting_id: '*' },
      fields: { meeting_id: '' },
      ready: (page) => page.locator('.overview li').first().waitFor(),
    },
    'sign-in': { hash: '', ready: (page) => page.getByLabel('Moderator link').waitFor() },
    thousand: { meeting: await emulator.meeting(1000) },
    one: { meeting: await emulator.meeting(1) },
    nobody: { meeting: await emulator.meeting(0), ready: heading('The meeting hasn’t started') },
    missing: {
      claims: { meeting_id: '00000000-0000-4000-8000-000000000000' },
      fields: { meeting_id: '00000000-0000-4000-8000-000000000000' },
      ready: heading('Meeting not found'),
    },
    refused: { claims: { can: ['kick'] }, ready: heading('Can’t open this meeting') },
    expiring: { claims: () => ({ iat: now() - 3000, exp: now() + 300 }) },
    rtl: {
      act: async (page) => {
        await page.locator('rtk-moderator').evaluate((element) => {
          element.texts = {
            search: 'חיפוש לפי שם',
            showIn: 'כאן עכשיו',
            name: 'שם',
            role: 'תפקיד',
          };
          element.lang = 'he';
        });
        await page.locator('.app[dir=rtl]').waitFor();
      },
    },
    troubled: {
      act: async (page, meeting) => {
        await fault('GetActiveSession', ...Array(5).fill('status:code=500'))(page, meeting);
        await page.locator('.banner.bad').waitFor();
        await emulator.control('DELETE', 'faults');
      },
    },
    left: {
      fresh: 12,
      act: async (page) => {
        for (const key of ['r', 'b']) {
          await choose(page, 1);
          await page.keyboard.press(key);
          await dialog(page).getByRole('button').last().click();
          await page.locator('.activity.good').last().waitFor();
        }
        await page.getByText('Left 2').waitFor();
        await page.getByRole('radio', { name: 'All 12' }).check();
      },
    },
    many: {
      meeting: await emulator.meeting(40),
      act: async (page) => {
        await page.locator('.rows .row').first().click();
        await page.keyboard.press('a');
        await page.keyboard.press('b');
        await dialog(page).waitFor();
      },
    },
    frozen: {
      fresh: 12,
      act: async (page) => {
        await page.locator('#tab-meeting').click();
        await page.getByRole('button', { name: 'Freeze' }).click();
        await page.locator('.activity.good').waitFor();
      },
    },
    limited: {
      fresh: 12,
      act: async (page, meeting) => {
        const limit = 'status:code=429:retry-after=4';
        await fault('KickParticipants', limit)(page, meeting);
        await choose(page, 1, 2);
        await page.keyboard.press('r');
        await dialog(page).getByRole('button').last().click();
        await page.locator('.activity.busy .why').waitFor();
      },
    },
    expired: {
      claims: () => ({ exp: now() + 8 }),
      act: (page) => page.getByText('Your access has expired').first().waitFor(),
    },
    german: { locale: 'de-DE', act: (page) => choose(page, 1, 2) },
    'german-ban': {
      locale: 'de-DE',
      act: async (page) => {
        await choose(page, 0, 2, 3);
        await page.keyboard.press('b');
        await dialog(page).waitFor();
      },
    },
    'german-meeting': { locale: 'de-DE', act: (page) => page.locator('#tab-meeting').click() },
    'german-activity': {
      locale: 'de-DE',
      act: (page) => page.locator('#tab-timeline').click(),
    },
    forced: { forcedColors: 'active', act: (page) => choose(page, 1, 2) },
    contrast: { contrast: 'more', act: (page) => choose(page, 1, 2) },
    failed: {
      act: async (page, meeting) => {
        await fault('MuteParticipants', 'status:code=400')(page, meeting);
        await choose(page, 1);
        await page.keyboard.press('m');
        await page.locator('.activity.bad').waitFor();
      },
    },
  };
  const only = process.argv.slice(3);
  for (const [name, state] of Object.entries(states).filter(
    ([name]) => !only.length || only.includes(name),
  ))
    for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE, zoom: ZOOM }))
      for (const colorScheme of ['light', 'dark']) {
        const file = join(extra, `${name}-${size}-${colorScheme}.png`);
        const screen = { viewport, colorScheme, ...(size === 'phone' && TOUCH) };
        const own = state.fresh ? await emulator.meeting(state.fresh) : state.meeting;
        await picture(file, own ?? meeting, { ...state, ...screen });
      }
}
