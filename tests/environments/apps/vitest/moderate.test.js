// Run by Vitest in jsdom: its AbortController is not the one that Node's fetch takes.

import Cloudflare from 'realtimekit-moderator';
import { expect, test, vi } from 'vitest';
import { RtkModerator } from 'realtimekit-moderator/element';

const { options, app_id, meeting_id } = JSON.parse(process.env.SETTINGS);
const expected = process.env.EXPECTED;
const client = new Cloudflare({ ...options, maxRetries: 0 });
const read = (own) =>
  client.realtimeKit.activeSession.getActiveSession(app_id, meeting_id, {}, own);

test('the element renders, and shows the meeting', async () => {
  const element = document.createElement('rtk-moderator');
  expect(element).toBeInstanceOf(RtkModerator);
  const { baseURL: gateway, apiToken: grant, accountId } = options;
  Object.assign(element, { gateway, grant, accountId, appId: app_id, meetingId: meeting_id });
  document.body.append(element);
  await vi.waitFor(
    () => expect(element.shadowRoot.querySelector('.rows .row')).toBeTruthy(),
    20_000,
  );
  element.remove();
}, 30_000);

test('the signals are those of another realm', () => {
  const { signal } = new AbortController();
  expect(typeof document).toBe('object');
  expect(() => new Request('http://a', { signal })).toThrow();
});

test('a call works, with and without a signal', async () => {
  const { signal } = new AbortController();
  expect((await read()).data.id).toBe(expected);
  expect((await read({ signal })).data.id).toBe(expected);
  const response = await read({ signal }).asResponse();
  expect((await response.json()).data.id).toBe(expected);
});

test('a signal aborts', async () => {
  const own = new AbortController();
  const call = read({ signal: own.signal });
  own.abort();
  await expect(call).rejects.toThrow(Cloudflare.APIUserAbortError);
  await expect(read({ signal: own.signal })).rejects.toThrow(Cloudflare.APIUserAbortError);
});

test('a watch gives snapshots, and ends with its signal', async () => {
  const own = new AbortController();
  const { activeSession } = client.realtimeKit;
  const all = [];
  for await (const one of activeSession.watch(app_id, meeting_id, {}, { signal: own.signal })) {
    all.push(one.session?.id);
    own.abort();
  }
  expect(all).toEqual([expected]);
});
