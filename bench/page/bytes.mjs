// What of the page's own files goes over the wire, as Chromium counts it: heads and bodies. Up to the
// first list, and in all, when everything that is loaded later has been.

import { print, target } from '../table.mjs';
import { firstRow, tellFirstRow } from './first-list.mjs';
import { visitor } from './stage.mjs';

const MOST = 70_000;
/** Its tabs, in words of which each language has one. */
const TABS = ['#tab-polls', '#tab-timeline', '#tab-meeting'];
const KINDS = { '': 'html', html: 'html', js: 'js', css: 'css', wasm: 'wasm', svg: 'svg' };

/** The files of a visit, up to the first list (`first`) or later. */
async function files(browser, stage, meeting, locale) {
  const { context, page, devtools } = await visitor(browser, { locale });
  await page.addInitScript(tellFirstRow);
  const asked = new Map();
  const own = (url) => url.startsWith(stage.origin) && !url.includes('/client/v4/');
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    const { url } = request;
    if (own(url)) asked.set(requestId, { path: new URL(url).pathname, head: 0, all: 0 });
  });
  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    if (asked.has(requestId)) asked.get(requestId).head = response.encodedDataLength;
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) asked.get(requestId).all = encodedDataLength;
  });
  await devtools.send('Network.enable');
  await firstRow(page, stage.link(meeting));
  const first = new Set(asked.keys());
  for (const tab of TABS) {
    await page.locator(tab).click();
    await page.locator(`${tab}[aria-selected=true]`).waitFor();
    await page.waitForLoadState('networkidle');
  }
  await context.close();
  return [...asked].map(([id, file]) => ({
    ...file,
    body: file.all - file.head,
    kind: KINDS[file.path.split('.').slice(1).pop() ?? ''] ?? 'other',
    first: first.has(id),
  }));
}

const sum = (list, field) => list.reduce((all, file) => all + file[field], 0);

export async function bytes(browser, stage) {
  const meeting = await stage.emulator.meeting(25);
  const english = await files(browser, stage, meeting, 'en-GB');
  const german = await files(browser, stage, meeting, 'de-DE');
  const row = (name, list) => {
    const first = list.filter((file) => file.first);
    return [name, sum(first, 'body'), sum(first, 'all'), sum(list, 'body'), sum(list, 'all')];
  };
  const kinds = [...new Set(english.map(({ kind }) => kind))];
  const whole = Math.max(sum(english, 'all'), sum(german, 'all'));
  print(
    "Bytes of the page's files on the wire, after brotli",
    ['first list: bodies', 'with heads', 'in all: bodies', 'with heads'],
    [
      ...kinds.map((name) =>
        row(
          name,
          english.filter(({ kind }) => kind === name),
        ),
      ),
      row('in English', english),
      row('in German', german),
    ],
    [target('the whole page in its largest language', whole, whole <= MOST, `at most ${MOST}`)],
  );
  if (whole > MOST) process.exitCode = 1;
}
