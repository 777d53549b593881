// Formats numbers and times for a language, with Intl.

import { isolated } from './participants.js';

/** @typedef {ReturnType<typeof formats>} Formats */

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** @param {string} lang */
export function formats(lang) {
  const number = new Intl.NumberFormat(lang);
  const clock = new Intl.DateTimeFormat(lang, { timeStyle: 'short' });
  const exact = new Intl.DateTimeFormat(lang, { timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const units = Object.fromEntries(
    ['second', 'minute', 'hour'].map((unit) => [
      unit,
      new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'short' }),
    ]),
  );
  const good = (/** @type {number} */ at) => Number.isFinite(at);
  return {
    lang,
    dir: /^(ar|ckb|dv|fa|he|iw|ps|sd|ug|ur|yi)\b/i.test(lang) ? 'rtl' : 'ltr',
    isolated,
    collator: new Intl.Collator(lang, { numeric: true, sensitivity: 'base' }),
    n: (/** @type {number} */ value) => number.format(value),
    /** 14:05 */
    time: (/** @type {number} */ at) => (good(at) ? clock.format(at) : '–'),
    /** 14:05:09 */
    exact: (/** @type {number} */ at) => (good(at) ? exact.format(at) : '–'),
    /** 14:05 on the same day, else 24 Nov 2026, 14:05. @param {number} at @param {number} now */
    since: (at, now) => {
      if (!good(at)) return '–';
      const same = new Date(at).toDateString() === new Date(now).toDateString();
      return (same ? clock : day).format(at);
    },
    /** 5 s, also of a part of a second. */
    seconds: (/** @type {number} */ ms) => `${number.format(Math.ceil(ms / SECOND))} s`,
    /** 5 sec, 12 min, 1 hr 5 min. @param {number} ms */
    span: (ms) => {
      if (!good(ms)) return '–';
      const positive = Math.max(0, ms);
      if (positive < MINUTE) return units.second.format(Math.floor(positive / SECOND));
      const minutes = Math.floor((positive % HOUR) / MINUTE);
      if (positive < HOUR) return units.minute.format(minutes);
      const hours = units.hour.format(Math.floor(positive / HOUR));
      return minutes ? `${hours} ${units.minute.format(minutes)}` : hours;
    },
  };
}
