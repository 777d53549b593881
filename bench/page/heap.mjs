// What an hour leaves behind: 1,800 refreshes, with the timeline open, in a page whose clock runs two hundred
// times faster, so that all that is done each second or each refresh is done as often. Participants come and go;
// each tenth has a session of its own, so that at each measurement the same number is in and has left.
// And what 10,000 participants take, beside a bare list of their names.

import { print, target } from '../table.mjs';
import { churn } from './churn.mjs';
import { PAGES, firstRow, tellFirstRow } from './first-list.mjs';
import { opened, visitor } from './stage.mjs';

const [PARTICIPANTS, REFRESHES, PARTS, FASTER, GROWTH] = [100, 1800, 10, 200, 0.1];
const MANY = 10_000;

/** In the page: makes its clock and timers faster, and counts the refreshes. */
function hurry(times) {
  const now = Date.now.bind(Date);
  const began = now();
  Date.now = () => began + (now() - began) * times;
  for (const name of ['setTimeout', 'setInterval']) {
    const set = globalThis[name];
    globalThis[name] = (run, ms = 0, ...rest) => set(run, ms / times, ...rest);
  }
  globalThis.refreshes = 0;
  document.addEventListener('rtk-moderator-snapshot', () => (globalThis.refreshes += 1));
}

/** Starts a session of all participants, and waits until the page shows it. */
async function afresh({ emulator }, meeting, page) {
  const { meeting_id, participants } = meeting;
  await emulator.control('POST', 'end-session', { meeting_id });
  for (const { user_id } of participants) {
    await emulator.control('POST', 'join', { meeting_id, user_id });
  }
  const { session } = (await emulator.control('GET', `state?meeting_id=${meeting_id}`)).meetings[0];
  await page.waitForFunction(
    ([id, count]) => {
      const { state } = document.querySelector('rtk-moderator');
      return state.session?.id === id && state.participants.length === count;
    },
    [session.id, PARTICIPANTS],
    { polling: 50 },
  );
}

async function weigh(devtools) {
  // The second frees what the first has finalized.
  for (let turn = 0; turn < 2; turn += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((one) => one.name === name).value;
  return [of('JSHeapUsedSize') / 1000, of('Nodes'), of('JSEventListeners')];
}

export async function heap(browser, stage) {
  const { emulator } = stage;
  const meeting = await emulator.meeting(PARTICIPANTS);
  const { context, page, devtools } = await opened(browser, stage.link(meeting), ({ page }) =>
    page.addInitScript(hurry, FASTER),
  );
  await devtools.send('Performance.enable');
  await page.locator('#tab-timeline').click();
  const rows = [];
  for (let part = 0; part <= PARTS; part += 1) {
    await afresh(stage, meeting, page);
    const refreshes = await page.evaluate(() => globalThis.refreshes);
    rows.push([`after ${refreshes} refreshes`, ...(await weigh(devtools))]);
    if (part === PARTS) break;
    const stop = churn(emulator, meeting, 20);
    await page.waitForFunction(
      (most) => globalThis.refreshes >= most,
      ((part + 1) * REFRESHES) / PARTS,
      {
        polling: 50,
        timeout: 300_000,
      },
    );
    await stop();
  }
  await context.close();
  const [warm, last] = [rows[1], rows.at(-1)];
  const growth = last[1] / warm[1] - 1;
  print(
    `Heap in an hour of refreshes (${PARTICIPANTS} participants), after the garbage is collected`,
    ['kB', 'nodes', 'listeners'],
    [rows[0], warm, rows[PARTS / 2], last],
    [
      target('growth since a tenth of it', growth, growth <= GROWTH, `at most ${GROWTH}`),
      target('nodes since then', last[2] - warm[2], last[2] <= warm[2] * (1 + GROWTH), 'as few'),
    ],
  );
  if (growth > GROWTH || last[2] > warm[2] * (1 + GROWTH)) process.exitCode = 1;
}

export async function largeHeap(browser, stage) {
  const meeting = await stage.emulator.meeting(MANY);
  const rows = [];
  for (const { name, file } of PAGES) {
    const { context, page, devtools } = await visitor(browser);
    await page.addInitScript(tellFirstRow);
    await firstRow(page, stage.link(meeting, file));
    await devtools.send('Performance.enable');
    rows.push([name, ...(await weigh(devtools))]);
    await context.close();
  }
  const [bare] = rows;
  print(
    `Heap with ${MANY.toLocaleString('en')} participants, after the garbage is collected`,
    ['kB', 'nodes', 'listeners', 'kB / bare', 'nodes / bare'],
    rows.map((row) => [...row, row[1] / bare[1], row[2] / bare[2]]),
  );
}
