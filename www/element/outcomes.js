// The results of an action per participant, from a response or an error. Pure.

/** @import { Action, Person, Target } from './types.js' */

/** The message of an error, from the API if it has one. @param {any} error */
export function reason(error) {
  const said = error?.error?.error?.message ?? error?.errors?.[0]?.message;
  return said ? `${said} (${error.status})` : String(error?.message ?? error);
}

/** Whether the next request would fail too. @param {any} error */
export const pointless = (error) => [401, 403, 429].includes(error?.status) || !error?.status;

/** The identity and name of a participant, for storage. @param {Person} person @returns {Person} */
export function remembered({ key, id, field, userId, custom, name }) {
  const nothing = { role: '', picture: null, present: false, joins: 0, stays: [], text: '' };
  return { key, id, field, userId, custom, name, ...nothing };
}

/** The progress of an action. @param {Action} action */
export function progress({ targets }) {
  return targets.filter(({ result, removed }) => result !== 'waiting' || removed).length;
}

/** @param {Target[]} targets @returns {Record<string, string[]>} */
export function listed(targets) {
  /** @type {Record<string, string[]>} */
  const body = {};
  for (const { person } of targets)
    if (person.id && person.field) (body[person.field] ??= []).push(person.id);
  return body;
}

/**
 * The results from a response. The gateway lists the participants for whom it failed.
 *
 * @param {Target[]} list
 * @param {any} answer
 * @param {boolean} [again] Whether it is a retry after an unknown outcome: a missing participant may have
 *   been removed by the first attempt.
 */
export function settle(list, answer, again) {
  /** @type {Map<string, any>} */
  const failed = new Map();
  if (Array.isArray(answer?.failed)) for (const one of answer.failed) failed.set(one?.id, one);
  for (const target of list) {
    const why = failed.get(target.person.id ?? '');
    if (!why) target.result = 'done';
    else {
      target.result = why.maybe_applied || again ? 'unknown' : why.code === 404 ? 'gone' : 'failed';
      target.why = `${why.message ?? ''}${why.code ? ` (${why.code})` : ''}`;
    }
  }
}
