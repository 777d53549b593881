// How busy the main thread is while participants come and go and the list, in order of names, is scrolled.
// Headless Chromium draws 60 times a second however little there is to draw, so the time between two frames
// says only whether one was late. The work of a frame is from a trace: the CPU time of the main thread's
// tasks since the frame before, without what other programs take. A refresh comes every 2 s, and its work is
// in few frames, hardly one in a hundred. So the longest task is printed too.

import { median } from '../measure.mjs';
import { print, target } from '../table.mjs';
import { churn } from './churn.mjs';
import { opened } from './stage.mjs';

const [A_SECOND, LONG, FRAME] = [50, 50, 1000 / 60];
const STAGES = [
  { name: '1,000 participants', participants: 1000, seconds: 8 },
  { name: '1,000, with the activity panel', participants: 1000, seconds: 8, tab: 'timeline' },
  { name: '10,000 participants', participants: 10_000, seconds: 8 },
];

/** In the page: scrolls up and down by `step` a frame, and marks the frames. */
function scroll(step) {
  const grid = document.querySelector('rtk-moderator').shadowRoot.querySelector('.grid');
  let by = step;
  const intervals = [];
  let before;
  let on = true;
  const frame = (time) => {
    performance.mark('bench-frame');
    if (before !== undefined) intervals.push(time - before);
    before = time;
    grid.scrollTop += by;
    if (grid.scrollTop <= 0) by = step;
    if (grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1) by = -step;
    if (on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.stopScrolling = () => {
    on = false;
    return intervals;
  };
}

const percentile = (numbers, part) =>
  [...numbers].sort((a, b) => a - b)[
    Math.min(numbers.length - 1, Math.floor(numbers.length * part))
  ];

/** From a trace: the milliseconds of work in each frame, and of each task. */
function framesOf(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const marks = traceEvents.filter(({ name }) => name === 'bench-frame');
  const { pid, tid } = marks[0];
  const tasks = traceEvents
    .filter((one) => one.name === 'RunTask' && one.ph === 'X' && one.pid === pid && one.tid === tid)
    .sort((a, b) => a.ts - b.ts);
  const frames = [];
  let at = 0;
  let work = 0;
  for (const { ts } of marks.sort((a, b) => a.ts - b.ts)) {
    // To the end of the task that the mark is in.
    for (; at < tasks.length && tasks[at].ts <= ts; at += 1) work += tasks[at].tdur ?? 0;
    frames.push(work / 1000);
    work = 0;
  }
  const within = tasks.filter(({ ts }) => ts >= marks[0].ts);
  return { frames: frames.slice(1), tasks: within.map(({ tdur = 0 }) => tdur / 1000) };
}

async function measure(browser, stage, { participants, seconds, tab }) {
  const meeting = await stage.emulator.meeting(participants);
  const { context, page } = await opened(browser, stage.link(meeting));
  if (tab) await page.locator(`#tab-${tab}`).click();
  const stop = churn(stage.emulator, meeting, A_SECOND);
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    globalThis.refreshes = 0;
    document.addEventListener('rtk-moderator-snapshot', () => (globalThis.refreshes += 1));
  });
  await browser.startTracing(page, {
    categories: ['-*', 'blink.user_timing', 'disabled-by-default-devtools.timeline'],
  });
  await page.evaluate(scroll, 30);
  await page.waitForTimeout(seconds * 1000);
  const intervals = await page.evaluate(() => globalThis.stopScrolling());
  const refreshes = await page.evaluate(() => globalThis.refreshes);
  const trace = await browser.stopTracing();
  const rate = await stop();
  await context.close();
  return { ...framesOf(trace), intervals, refreshes, rate };
}

export async function frames(browser, stage) {
  const all = [];
  for (const one of STAGES) all.push(await measure(browser, stage, one));
  const rows = STAGES.map(({ name }, at) => {
    const { frames, tasks, intervals, refreshes } = all[at];
    return [
      name,
      ...[median(frames), percentile(frames, 0.99), Math.max(...frames), Math.max(...tasks)],
      median(frames) / median(all[0].frames),
      tasks.filter((ms) => ms > LONG).length,
      ...[median(intervals), percentile(intervals, 0.99), refreshes],
    ];
  });
  print(
    `Frames while ${A_SECOND} participants a second come or go and the list is scrolled, ms`,
    [
      ...['work p50', 'p99', 'most', 'longest task', 'p50 / 1,000', `over ${LONG} ms`],
      ...['apart p50', 'p99', 'refreshes'],
    ],
    rows,
    [
      ...rows.slice(0, 2).map(([name, , p99]) => {
        if (p99 >= FRAME) process.exitCode = 1;
        return target(`p99 of ${name}`, p99, p99 < FRAME, 'under 16.7');
      }),
      `came or went a second: ${all.map(({ rate }) => rate.toFixed(0)).join(', ')}`,
    ],
  );
}
