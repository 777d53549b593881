// The sign-in: a moderator link in one field, or its parts. What was entered stays until the meeting is open.

import { readGrant } from '../element/model/grant.js';
import { defaultGateway, fieldsOf, isHere, serverOf } from './fragment.js';

/** @typedef {typeof import('./texts.js').pageTexts.en} Texts */
/** @typedef {ReturnType<typeof field>} Field */

/**
 * @param {object} given
 * @param {Texts} given.t
 * @param {boolean} given.reloaded Whether a reload lost the sign-in before.
 * @param {(fields: Record<string, string>, keep: boolean) => void} given.open
 */
export function signIn({ t, reloaded, open }) {
  const form = make('form', { className: 'sign-in', autocomplete: 'off', noValidate: true });
  const secret = /** @type {const} */ ({ type: 'password', autocomplete: 'off' });
  const link = field(t.link, { name: 'link', ...secret });
  const hand = {
    token: field(t.token, { name: 'token', ...secret }),
    account_id: field(t.account, { name: 'account_id' }),
    app_id: field(t.app, { name: 'app_id' }),
    meeting_id: field(t.meeting, { name: 'meeting_id' }),
    base_url: field(t.address, { name: 'base_url', type: 'url' }),
  };
  hand.base_url.input.value = defaultGateway();
  const details = make('details', {});
  const summary = make('summary', { textContent: t.byHand });
  details.append(summary, ...Object.values(hand).map(({ label }) => label));
  const keep = make('input', { type: 'checkbox', name: 'keep' });
  const kept = make('label', { className: 'check' });
  kept.append(keep, t.keep);
  const button = make('button', { className: 'primary', textContent: t.open });
  const heading = make('h1', { textContent: t.heading });
  const hint = make('p', { className: 'muted', textContent: reloaded ? t.reloaded : t.hint });
  form.append(heading, hint, link.label, details, kept, button);
  const { token, app_id, meeting_id } = hand;
  token.input.addEventListener('input', () => {
    const { app, meeting } = readGrant(token.input.value.trim());
    if (app && !app_id.input.value) app_id.input.value = app;
    // A grant for all meetings contains none.
    if (meeting && meeting !== '*' && !meeting_id.input.value) meeting_id.input.value = meeting;
  });
  const all = [link, ...Object.values(hand)];
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    for (const one of all) one.wrong('');
    const fields = linkFields() ?? handFields();
    if (!fields) return;
    button.textContent = t.opening;
    open(fields, keep.checked);
  });

  /** The fields of the link, or null if there is none or it is wrong. */
  function linkFields() {
    const text = link.input.value;
    if (!text.trim()) return null;
    const fields = fieldsOf(text);
    if (!fields) link.wrong(t.noLink);
    else if (fields.base_url && !isHere(fields.base_url))
      link.wrong(t.elsewhere(serverOf(fields.base_url)));
    else return fields;
    return null;
  }

  function handFields() {
    if (link.input.value.trim()) return null;
    if (!details.open) {
      link.wrong(t.required);
      return null;
    }
    const every = readGrant(token.input.value.trim()).meeting === '*';
    const empty = Object.values(hand).filter(
      (one) => !one.input.value.trim() && !(every && one === meeting_id),
    );
    for (const one of [...empty].reverse()) one.wrong(t.required);
    const { base_url } = hand;
    const address = base_url.input.value.trim();
    if (address && !isHere(address)) base_url.wrong(t.elsewhere(serverOf(address)));
    if (empty.length || !isHere(address)) return null;
    const values = Object.entries(hand).map(([name, { input }]) => [name, input.value.trim()]);
    return Object.fromEntries(values);
  }

  return {
    form,
    /** Shows why the meeting could not be opened. @param {string} text */
    fail(text) {
      button.textContent = t.open;
      (link.input.value.trim() || !details.open ? link : token).wrong(text);
    },
  };
}

let fields = 0;

/** @param {string} text @param {Partial<HTMLInputElement>} properties */
function field(text, properties) {
  const input = make('input', { spellcheck: false, ...properties });
  const label = make('label', { className: 'field' });
  const error = make('span', { className: 'wrong', id: `wrong-${(fields += 1)}` });
  label.append(text, input, error);
  /** Shows what is wrong with the field, and goes there. @param {string} problem */
  const wrong = (problem) => {
    error.textContent = problem;
    input.setAttribute('aria-invalid', String(!!problem));
    if (!problem) {
      input.removeAttribute('aria-describedby');
      return;
    }
    input.setAttribute('aria-describedby', error.id);
    input.focus();
  };
  return { label, input, wrong };
}

/** @type {<Name extends keyof HTMLElementTagNameMap>(name: Name, properties: Partial<HTMLElementTagNameMap[Name]>) => HTMLElementTagNameMap[Name]} */
function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
