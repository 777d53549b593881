// The moderator page in Chromium, served by the gateway in front of an emulated meeting.

import { bytes } from './page/bytes.mjs';
import { click } from './page/click.mjs';
import { firstList } from './page/first-list.mjs';
import { frames } from './page/frames.mjs';
import { heap, largeHeap } from './page/heap.mjs';
import { startStage } from './page/stage.mjs';

async function on(given, browser, ...measures) {
  const stage = await startStage(given);
  try {
    for (const measure of measures) await measure(browser, stage);
  } finally {
    await stage.stop();
  }
}

export async function page(browser) {
  await on({}, browser, bytes, firstList, largeHeap, frames, click);
  // Each refresh finds something new.
  await on({ fresh: 0 }, browser, heap);
}
