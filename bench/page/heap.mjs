// What an hour leaves behind: 1,800 looks, with the timeline open, in a page whose clock runs two hundred
// times faster, so that all that is done each second or each look is done as often. People come and go;
// each tenth has a session of its own, so that whenever it is measured as many are in and as many were.

import { print, target } from '../table.mjs';
import { churn } from './churn.mjs';
import { opened } from './stage.mjs';

const [PEOPLE, LOOKS, PARTS, FASTER, GROWTH] = [100, 1800, 10, 200, 0.1];

/** In the page: its clock and its timers run so many times faster; and the looks are counted. */
function hurry(times) {
  const now = Date.now.bind(Date);
  const began = now();
  Date.now = () => began + (now() - began) * times;
  for (const name of ['setTimeout', 'setInterval']) {
    const set = globalThis[name];
    globalThis[name] = (run, ms = 0, ...rest) => set(run, ms / times, ...rest);
  }
  globalThis.looks = 0;
  document.addEventListener('rtk-moderator-snapshot', () => (globalThis.looks += 1));
}

/** Everybody, in a session that has just begun, as the page shows it. */
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
    [session.id, PEOPLE],
    { polling: 50 },
  );
}

async function weigh(devtools) {
  // What ends by the first is let go by the second.
  for (let turn = 0; turn < 2; turn += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((one) => one.name === name).value;
  return [of('JSHeapUsedSize') / 1000, of('Nodes'), of('JSEventListeners')];
}

export async function heap(browser, stage) {
  const { emulator } = stage;
  const meeting = await emulator.meeting(PEOPLE);
  const { context, page, devtools } = await opened(browser, stage.link(meeting), ({ page }) =>
    page.addInitScript(hurry, FASTER),
  );
  await devtools.send('Performance.enable');
  await page.locator('#tab-timeline').click();
  const rows = [];
  for (let part = 0; part <= PARTS; part += 1) {
    await afresh(stage, meeting, page);
    const looks = await page.evaluate(() => globalThis.looks);
    rows.push([`after ${looks} looks`, ...(await weigh(devtools))]);
    if (part === PARTS) break;
    const stop = churn(emulator, meeting, 20);
    await page.waitForFunction((most) => globalThis.looks >= most, ((part + 1) * LOOKS) / PARTS, {
      polling: 50,
      timeout: 300_000,
    });
    await stop();
  }
  await context.close();
  const [warm, last] = [rows[1], rows.at(-1)];
  const growth = last[1] / warm[1] - 1;
  print(
    `Heap in an hour of refreshes (${PEOPLE} people), after the garbage is collected`,
    ['kB', 'nodes', 'listeners'],
    [rows[0], warm, rows[PARTS / 2], last],
    [
      target('growth since a tenth of it', growth, growth <= GROWTH, `at most ${GROWTH}`),
      target('nodes since then', last[2] - warm[2], last[2] <= warm[2] * (1 + GROWTH), 'as few'),
    ],
  );
  if (growth > GROWTH || last[2] > warm[2] * (1 + GROWTH)) process.exitCode = 1;
}
