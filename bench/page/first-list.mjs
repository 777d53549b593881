// From navigation to the first list, painted, on a slow CPU; beside a bare page that makes the same
// reads. With an empty cache, and again with what the first visit left in it.

import { byTurns, median } from '../measure.mjs';
import { print } from '../table.mjs';
import { visitor } from './stage.mjs';

export const PAGES = [
  { name: 'bare fetch, a list of names', file: 'bare.html' },
  { name: 'the moderator page', file: '' },
];
const SLOWER = 4;
const SIZES = [
  { participants: 100, rounds: 5 },
  { participants: 10_000, rounds: 3 },
];

/** In the page: says when the first row has been painted. Elements keep their rows in a shadow. */
export function tellFirstRow() {
  const look = (root) => {
    const observer = new MutationObserver(() => {
      if (!root.querySelector('.rows .row')) return;
      observer.disconnect();
      // A message comes after the frame in which it was sent.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => console.info(`row ${performance.now()}`);
        port2.postMessage(null);
      });
    });
    observer.observe(root, { childList: true, subtree: true });
  };
  look(document);
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function attached(init) {
    const root = attachShadow.call(this, init);
    look(root);
    return root;
  };
}

/** Opens a link, and resolves with the milliseconds to the first row. */
export async function firstRow(page, link) {
  const told = page.waitForEvent('console', (message) => message.text().startsWith('row '));
  await page.goto(link, { waitUntil: 'commit' });
  return Number((await told).text().slice(4));
}

export async function firstList(browser, stage) {
  for (const size of SIZES) await measure(browser, stage, size);
}

async function measure(browser, stage, { participants, rounds }) {
  const meeting = await stage.emulator.meeting(participants);
  const warm = PAGES.map(() => []);
  const cold = await byTurns(PAGES, rounds, async (which) => {
    const { context, page, devtools } = await visitor(browser);
    await page.addInitScript(tellFirstRow);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    const link = stage.link(meeting, which.file);
    const first = await firstRow(page, link);
    // Of the second visit V8 keeps the compiled code; the third is as all that follow.
    for (let visit = 0; visit < 2; visit += 1) {
      await page.goto('about:blank');
      const again = await firstRow(page, link);
      if (visit) warm[PAGES.indexOf(which)].push(again);
    }
    await context.close();
    return first;
  });
  const again = warm.map(median);
  print(
    `Navigation to the first list (${participants.toLocaleString('en')} participants), CPU ${SLOWER} times slower, ms`,
    ['empty cache', '/ bare', 'warm cache', '/ bare'],
    PAGES.map(({ name }, at) => [
      name,
      ...[cold[at], cold[at] / cold[0], again[at], again[at] / again[0]],
    ]),
  );
}
