// A hundred meetings at once on one account's budget: whether the API's limit is kept, and whether
// every mutation goes through. Time runs ten times as fast: the limit's window is 30 s instead of
// 300, watchers refresh every 0.2 s, answers are fresh for 0.1 s. The limit itself is the API's.

import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from '../../tests/support/emulator.mjs';
import { print, target } from '../table.mjs';
import { at, startGateway, watched } from './proxies.mjs';
import { raw, wrk } from './wrk.mjs';

const MEETINGS = 100;
const WATCHERS = 2;
const LIMIT = 1200;
const WINDOW_S = 30;
const SECONDS = 40;

export async function meetings() {
  const flags = ['--rate-limit', String(LIMIT), '--rate-window', String(WINDOW_S)];
  const emulator = await startEmulator(...flags);
  const settings = `
    [reads]
    fresh_ms = 100
    [budget]
    window_s = ${WINDOW_S}`;
  const gateway = await startGateway(emulator, { settings }).catch(async (error) => {
    await emulator.stop();
    throw error;
  });
  try {
    const all = [];
    while (all.length < MEETINGS) {
      const made = await emulator.meeting(20);
      // Everybody is somebody: what one moderator may ask is not what is measured.
      const who = Array.from({ length: WATCHERS }, (_, at) => `moderator-${all.length}-${at}`);
      all.push({ ...made, tokens: who.map((sub) => gateway.token(made, sub)) });
    }
    const reads = all.flatMap((meeting) =>
      meeting.tokens.flatMap((token) =>
        watched(emulator, meeting).map((path) => raw({ path, token })),
      ),
    );
    const watching = wrk(gateway.url, reads, {
      ...{ connections: MEETINGS * WATCHERS * 2, seconds: SECONDS, every_ms: 200 },
    });
    const statuses = [];
    const act = async (meeting) => {
      const path = at(emulator, meeting, `meetings/${meeting.meeting_id}`);
      const answer = await fetch(gateway.url + path, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${meeting.tokens[0]}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ status: 'ACTIVE' }),
      });
      await answer.text();
      statuses.push(answer.status);
    };
    // All at once when reads have used up most of what they may; then, in a new window, one after
    // the other.
    await sleep(WINDOW_S * 800);
    await Promise.all(all.map(act));
    await sleep(WINDOW_S * 300);
    for (const meeting of all) {
      await act(meeting);
      await sleep(20);
    }
    const told = await watching;

    const requests = (await emulator.control('GET', 'requests')).requests;
    const first = requests[0].at_ms;
    const inWindow = requests.filter(({ at_ms }) => at_ms < first + WINDOW_S * 1000).length;
    const limited = requests.filter(({ status }) => status === 429).length;
    const good = statuses.filter((status) => status === 200).length;
    const failed = statuses.length - good;
    print(
      `${MEETINGS} meetings at once, ${WATCHERS} watchers each; the API takes ${LIMIT} a window`,
      ['count'],
      [
        ['reads asked', told.answered],
        ['reads refused: forgotten by a mutation, and no budget to ask again', told.refused],
        ['requests to the API, all', requests.length],
        ['requests to the API, first window', inWindow],
        ['mutations', statuses.length],
      ],
      [
        target('refused by the API (429)', limited, limited === 0, '0'),
        target('mutations that went through', good, failed === 0, String(statuses.length)),
      ],
    );
    if (limited || failed) process.exitCode = 1;
  } finally {
    await gateway.stop();
    await emulator.stop();
  }
}
