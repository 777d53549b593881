// The results of an action per participant, from a response or an error. Pure.

/** @import { Action, Participant, Problem, Target } from '../types.js' */

/**
 * The problem that an error reports. Locales turn it into a text, so that languages are never mixed.
 *
 * @param {any} error
 * @returns {Problem}
 */
export function problemOf(error) {
  const detail = error?.errors?.[0] ?? error?.error?.errors?.[0] ?? {};
  return {
    status: error?.status,
    // The gateway's own word for a refusal, such as `grant_expired`.
    ...(typeof detail.reason === 'string' ? { reason: wordOf(detail) } : {}),
    message: String(error?.error?.error?.message ?? detail.message ?? error?.message ?? error),
  };
}

/** @param {{ reason: string, permission?: string }} detail */
const wordOf = ({ reason, permission }) =>
  reason === 'permission' && permission === 'read' ? 'permission_read' : reason;

/** Whether the next request would fail too. @param {any} error */
export const isFatal = (error) => [401, 403, 429].includes(error?.status) || !error?.status;

/** The identity and name of a participant, for storage. @param {Participant} participant @returns {Participant} */
export function stripped({ key, id, field, userId, custom, name }) {
  const nothing = { role: '', picture: null, present: false, joins: 0, visits: [], text: '' };
  return { key, id, field, userId, custom, name, ...nothing };
}

/** The number of targets that are over. @param {Action} action */
export function progress({ targets }) {
  return targets.filter(({ result, removed }) => result !== 'waiting' || removed).length;
}

/** Targets that another attempt may still reach. @param {Action} action */
export const retryable = ({ targets }) =>
  targets.filter(({ result }) => ['failed', 'unknown', 'stopped'].includes(result));

/** @param {Target[]} targets @returns {Record<string, string[]>} */
export function requestBody(targets) {
  /** @type {Record<string, string[]>} */
  const body = {};
  for (const { participant } of targets)
    if (participant.id && participant.field) (body[participant.field] ??= []).push(participant.id);
  return body;
}

/**
 * The results from a response. The gateway lists the participants for whom it failed.
 *
 * @param {Target[]} list
 * @param {any} response
 * @param {boolean} [again] Whether it is a retry after an unknown outcome: a missing participant may have
 *   been removed by the first attempt.
 */
export function applyResponse(list, response, again) {
  /** @type {Map<string, any>} */
  const failed = new Map();
  if (Array.isArray(response?.failed)) for (const one of response.failed) failed.set(one?.id, one);
  for (const target of list) {
    const entry = failed.get(target.participant.id ?? '');
    if (!entry) target.result = 'done';
    else {
      const { code: status, message = '', reason } = entry;
      target.result = entry.maybe_applied || again ? 'unknown' : status === 404 ? 'gone' : 'failed';
      target.why = { status, message, ...(reason && { reason }) };
    }
  }
}

/**
 * The outcome of an action from the results of its targets.
 *
 * @param {Target[]} targets
 * @returns {Action['outcome']}
 */
export function outcomeOfTargets(targets) {
  const all = new Set(targets.map(({ result }) => result));
  if (all.size === 1 && all.has('done')) return 'done';
  if (all.has('done')) return 'partly';
  return all.has('unknown') ? 'unknown' : 'failed';
}
