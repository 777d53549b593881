// The sign-in, for a moderator with a grant but no link. The grant contains its meeting.

import { readGrant } from '../element/grant.js';
import { defaultGateway } from './fragment.js';

/** @typedef {typeof import('./texts.js').pageTexts.en} Texts */

/**
 * @param {object} given
 * @param {Texts} given.t
 * @param {(fields: Record<string, string>) => string} given.open Opens the meeting. Returns what is wrong, if anything.
 * @param {string} given.wrong
 */
export function signIn({ t, open, wrong }) {
  const form = make('form', { className: 'sign-in', autocomplete: 'off' });
  const said = make('p', { className: 'wrong', role: 'alert', textContent: wrong });
  const token = field(t.token, {
    name: 'token',
    type: 'password',
    autocomplete: 'off',
    required: true,
  });
  const account = field(t.account, { name: 'account_id', required: true });
  const app = field(t.app, { name: 'app_id', required: true });
  const meeting = field(t.meeting, { name: 'meeting_id', required: true });
  const address = field(t.address, { name: 'base_url', type: 'url', required: true });
  address.input.value = defaultGateway();
  const button = make('button', { className: 'primary', textContent: t.open });
  const heading = make('h1', { textContent: t.heading });
  const hint = make('p', { className: 'muted', textContent: t.hint });
  form.append(heading, hint, token.label, account.label, app.label, meeting.label, address.label);
  form.append(said, button);
  token.input.addEventListener('input', () => {
    const { app: of, meeting: where } = readGrant(token.input.value.trim());
    if (of && !app.input.value) app.input.value = of;
    // A grant for all meetings contains none.
    if (where && where !== '*' && !meeting.input.value) meeting.input.value = where;
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const entries = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
    said.textContent = open(Object.fromEntries(entries));
  });
  return form;
}

/** @param {string} text @param {Partial<HTMLInputElement>} what */
function field(text, what) {
  const input = make('input', { spellcheck: false, ...what });
  const label = make('label', { className: 'field' });
  label.append(text, input);
  return { label, input };
}

/** @type {<Name extends 'form' | 'p' | 'button' | 'h1' | 'input' | 'label'>(name: Name, what: Partial<HTMLElementTagNameMap[Name]>) => HTMLElementTagNameMap[Name]} */
function make(name, what) {
  return Object.assign(document.createElement(name), what);
}
