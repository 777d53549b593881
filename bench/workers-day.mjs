// A simulated day of the gateway on Workers: 100,000 meetings whose watchers follow Zipf's law. Prints how many
// objects are awake, what reaches the API, how old the data gets, and the cost at the published prices.
//
// It is arithmetic on the rules that the tests check: one object per watched meeting, two requests a read, and turns
// that share the account's budget. The table in docs/workers.md is from here.

import { print } from './table.mjs';

const MEETINGS = 100_000;
/** How long a meeting lasts, in minutes, and how many minutes a day has. */
const LASTS = 60;
const DAY = 24 * 60;
/** The watchers of the most watched meeting, and the exponent. */
const MOST_WATCHERS = 1000;
const EXPONENT = 1.1;
/** How often a meeting is read with enough budget, in seconds, and the requests of a read. */
const INTERVAL = 2;
const ROUND = 2;
/** The share of the budget that reads leave to mutations. */
const RESERVE = 0.1;
/** How often a watched meeting changes, a minute. */
const CHANGES = 2;

/** Dollars: for a million requests of Workers and of objects, GB-seconds and written rows. */
export const PRICES = { worker: 0.3, object: 0.15, duration: 12.5, rows: 1 };
/** The memory that an object is billed for, in GB. */
const OBJECT_GB = 0.128;

/** Numbers from 0 to 1 that are the same each time. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A day with a limit of the API, in requests a second. */
export function simulate(limit) {
  const next = random(1);
  const watched = new Float64Array(DAY);
  const watchers = new Float64Array(DAY);
  let joins = 0;
  for (let rank = 1; rank <= MEETINGS; rank += 1) {
    const count = Math.floor(MOST_WATCHERS / rank ** EXPONENT + next());
    // More meetings are at noon than at night: the mean of three is near the middle.
    const start = Math.floor(((next() + next() + next()) / 3) * (DAY - LASTS));
    if (count === 0) continue;
    joins += count;
    for (let minute = start; minute < start + LASTS; minute += 1) {
      watched[minute] += 1;
      watchers[minute] += count;
    }
  }
  const sum = { reads: 0, age: 0, awake: 0, alarms: 0, rows: 0, changes: 0 };
  for (const meetings of watched) {
    if (!meetings) continue;
    const between = Math.max(INTERVAL, (meetings * ROUND) / (limit * (1 - RESERVE)));
    const reads = (meetings * 60) / between;
    sum.reads += reads * ROUND;
    sum.age += between * meetings;
    sum.awake += meetings * 60;
    sum.alarms += reads;
    // Each alarm that is set is a row, and each change deletes a saved feed or writes one.
    sum.rows += reads + CHANGES * meetings;
    sum.changes += CHANGES * meetings;
  }
  const meetingMinutes = watched.reduce((all, one) => all + one, 0);
  // The account object gets two calls for a request.
  const objectCalls = sum.alarms + 2 * sum.reads + joins;
  const seconds = sum.awake + DAY * 60;
  const cost =
    (joins * PRICES.worker +
      objectCalls * PRICES.object +
      seconds * OBJECT_GB * PRICES.duration +
      sum.rows * PRICES.rows) /
    1e6;
  return {
    watchedMeetings: meetingMinutes / LASTS,
    peakObjects: Math.max(...watched) + 1,
    meanObjects: meetingMinutes / DAY + 1,
    peakWatchers: Math.max(...watchers),
    requests: sum.reads,
    meanAge: sum.age / meetingMinutes,
    worstAge: Math.max(INTERVAL, (Math.max(...watched) * ROUND) / (limit * (1 - RESERVE))),
    cost,
  };
}

/** Dollars for one meeting that is watched for an hour. */
export function hour(watchers) {
  const reads = 3600 / INTERVAL;
  const calls = reads + 2 * ROUND * reads + watchers;
  const duration = 3600 * OBJECT_GB * PRICES.duration;
  return (watchers * PRICES.worker + calls * PRICES.object + duration + reads * PRICES.rows) / 1e6;
}

/** Prints both tables. */
export function workersDay() {
  const whole = (number) => Math.round(number).toLocaleString('en-US');
  const days = [4, 40, 400].map((limit) => [limit, simulate(limit)]);
  const row = (name, of) => [name, ...days.map(([, day]) => of(day))];
  print(
    'A day of 100,000 meetings on Workers, by the limit of the API in requests a second',
    days.map(([limit]) => String(limit)),
    [
      row('meetings that are watched', (day) => whole(day.watchedMeetings)),
      row('objects awake, mean', (day) => whole(day.meanObjects)),
      row('objects awake, most', (day) => whole(day.peakObjects)),
      row('watchers, most', (day) => whole(day.peakWatchers)),
      row('requests to the API', (day) => whole(day.requests)),
      row('seconds between two reads of a meeting, mean', (day) => day.meanAge.toFixed(1)),
      row('the same at the busiest minute', (day) => day.worstAge.toFixed(1)),
      row('dollars', (day) => day.cost.toFixed(2)),
    ],
  );
  print(
    'Dollars for a watched meeting-hour, by its watchers',
    ['1', '10', '1,000'],
    [['dollars', ...[1, 10, 1000].map((watchers) => hour(watchers).toFixed(4))]],
  );
}
