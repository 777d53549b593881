// From the click that kicks somebody to what is seen of it: that it is under way, that it is done, that
// their row says so, and until a refresh has removed it. Painted, by the page’s own clock.

import { median } from '../measure.mjs';
import { print } from '../table.mjs';
import { opened } from './stage.mjs';

const [PARTICIPANTS, KICKS] = [200, 5];

/** In the page: kicks whoever is first in the list, and tells when what was seen. */
async function kickFirst() {
  const { shadowRoot } = document.querySelector('rtk-moderator');
  const find = (selector) => shadowRoot.querySelector(selector);
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      });
    });
  const seen = (here) =>
    new Promise((resolve) => {
      const look = () => {
        if (!here()) return;
        observer.disconnect();
        resolve(painted());
      };
      const observer = new MutationObserver(look);
      observer.observe(shadowRoot, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
      look();
    });
  // Names are not each one's own; nobody else comes or goes.
  const count = () => Number(find('.grid').getAttribute('aria-rowcount'));
  const [row, before] = [find('.rows .row'), count()];
  const asked = seen(() => find('dialog.confirm[open] button:not([type])'));
  const pressed = performance.now();
  row.querySelector('.actions button:nth-of-type(2)').click();
  const dialog = (await asked) - pressed;
  const clicked = performance.now();
  find('dialog.confirm button:not([type])').click();
  const [busy, done, marked, left] = await Promise.all([
    seen(() => find('.activity')),
    seen(() => find('.activity.good')),
    seen(() => find('.rows .mark') || count() < before),
    seen(() => count() < before),
  ]);
  find('.activity .quiet')?.click();
  await seen(() => !find('.activity'));
  return [dialog, ...[busy, done, marked, left].map((at) => at - clicked)];
}

export async function click(browser, stage) {
  const meeting = await stage.emulator.meeting(PARTICIPANTS);
  const { context, page } = await opened(browser, stage.link(meeting));
  const told = [];
  for (let kick = 0; kick < KICKS; kick += 1) told.push(await page.evaluate(kickFirst));
  await context.close();
  const names = [
    'kick → it is asked for',
    'yes → under way',
    'yes → done',
    'yes → the row says so',
    'yes → a refresh removed the row',
  ];
  print(
    `From a click to the frame that shows it (${PARTICIPANTS} participants), ms`,
    ['median', 'most'],
    names.map((name, at) => {
      const figures = told.map((one) => one[at]);
      return [name, median(figures), Math.max(...figures)];
    }),
    ['a refresh comes half a second after the one before at the earliest, and by itself every 2 s'],
  );
}
