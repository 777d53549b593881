// Run by Jest in jsdom: a component test of an app that has the element. jsdom has no ResizeObserver, no methods of
// dialogs, no constructed style sheets, no TextDecoder and no fetch.

const { RtkModerator } = require('realtimekit-moderator/element');

const encode = (value) => btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_');
const claims = { sub: 'ann', app_id: 'app', meeting_id: 'meeting', can: ['read', 'kick'] };
const grant = `${encode({ alg: 'HS256' })}.${encode(claims)}.signature`;

const participant = {
  ...{ id: 'p1', user_id: 'u1', custom_participant_id: 'c1', display_name: 'Bo' },
  ...{ preset_name: 'group_call_host', joined_at: '2026-01-01T10:00:00Z', left_at: null },
};
const calls = [];

beforeEach(() => {
  globalThis.fetch = async (url, { method }) => {
    const { pathname } = new URL(url);
    calls.push(`${method} ${pathname}`);
    const data = pathname.endsWith('/participants')
      ? { participants: [participant] }
      : { id: 's', status: 'LIVE', live_participants: 1 };
    const headers = new Headers({ 'content-type': 'application/json' });
    const body = { data, success: true };
    return { ok: true, status: 200, headers, json: async () => body, text: async () => '' };
  };
});

const until = async (read) => {
  for (;;) {
    const found = read();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test('jsdom lacks what it always lacked', () => {
  expect(typeof ResizeObserver).toBe('undefined');
  expect(document.createElement('dialog').showModal).toBe(undefined);
  expect(typeof TextDecoder).toBe('undefined');
});

test('the element renders a meeting, asks before it removes someone, and is removed', async () => {
  const element = document.createElement('rtk-moderator');
  expect(element).toBeInstanceOf(RtkModerator);
  Object.assign(element, { gateway: 'https://moderate.example.com/client/v4', grant, lang: 'en' });
  document.body.append(element);
  const inside = (selector) => element.shadowRoot.querySelector(selector);
  const button = await until(() => inside('.rows .row button[aria-label^="Remove"]'));
  expect(inside('.rows .row').textContent).toContain('Bo');
  button.click();
  const yes = await until(() => inside('dialog[open] .danger, dialog[open] button[type=submit]'));
  yes.click();
  await until(() => calls.some((call) => call.startsWith('POST')));
  const base = '/client/v4/accounts/_/realtime/kit/app/meetings/meeting/active-session';
  expect(calls).toContain(`POST ${base}/kick`);
  element.remove();
});
