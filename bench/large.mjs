// An answer of 10,000 participants: how much longer than `response.json()` a call takes for it.

import { bare, ours, sdk6 } from './apps.mjs';
import { run } from './measure.mjs';
import { print, target } from './table.mjs';

/** The code of `rounds(n)`, which gives the times of both by turns, in ms. */
export const timed = (app) => `
  ${app.imports}
  const participants = Array.from({ length: 10_000 }, (_, n) => ({
    id: '005f4e0c-4d08-4d4e-a391-' + String(n).padStart(12, '0'),
    user_id: '0a08343d-a9dc-45f0-9feb-' + String(n).padStart(12, '0'),
    custom_participant_id: 'person-' + n,
    display_name: 'Person ' + n,
    preset_name: 'webinar_participant',
    joined_at: '2023-02-01T10:51:08.030Z',
    left_at: n % 3 ? '2023-02-01T10:56:56.612Z' : undefined,
    duration: n / 7,
    created_at: '2023-02-01T10:51:08.039Z',
    updated_at: '2023-02-01T10:56:56.618Z',
  }));
  const paging = { total_count: 10_000, start_offset: 1, end_offset: 10_000 };
  const body = JSON.stringify({ data: { participants, paging }, success: true });
  const init = { headers: { 'content-type': 'application/json' } };
  const stub = async () => new Response(body, init);
  const client = ${app.client("{ apiToken: 'a', baseURL: 'https://example.com/v4', fetch: stub }")};
  const ways = [async () => (await stub()).json(), () => ${app.call('client', "'app'", "'session'", "'account'")}];
  async function rounds(n) {
    const times = [[], []];
    for (let round = 0; round < n + 5; round += 1) {
      for (const way of round % 2 ? [0, 1] : [1, 0]) {
        const before = performance.now();
        const { data } = await ways[way]();
        const took = performance.now() - before;
        if (data.participants.length !== 10_000) throw new Error('not all arrived');
        if (round >= 5) times[way].push(took);
      }
    }
    return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]);
  }`;

const list = (client, app, session, account) =>
  `${client}.realtimeKit.sessions.getSessionParticipants(${app}, ${session}, { account_id: ${account} })`;
export const LISTS = [{ ...ours, call: list }, { ...sdk6, call: list }, bare];

export function printLarge(where, figures) {
  print(
    `An answer of 10,000 participants in ${where}, ms`,
    ['ms', 'response.json()', 'ratio'],
    LISTS.map((app, at) => [
      app.name,
      figures[at][1],
      figures[at][0],
      figures[at][1] / figures[at][0],
    ]),
    [
      target(
        'ours',
        figures[0][1] / figures[0][0],
        figures[0][1] <= 1.1 * figures[0][0],
        'at most 1.1',
      ),
    ],
  );
}

export function large() {
  printLarge(
    'Node',
    LISTS.map((app) => run(app, `${timed(app)}\nconsole.log(JSON.stringify(await rounds(25)));`)),
  );
}
