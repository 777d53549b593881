// Tools that instrument `fetch` change its arguments. No change may reach another request.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Cloudflare from 'realtimekit-moderator';

test('changes by a fetch do not reach other requests', { timeout: 300_000 }, async () => {
  const seen = [];
  const fetch = async (_url, init) => {
    seen.push({ ...init.headers });
    init.headers['x-trace'] = `${seen.length}`;
    init.headers.authorization = 'overwritten';
    init.method = 'DELETE';
    // The first attempt of each call fails.
    return seen.length % 2
      ? new Response('', { status: 503, headers: { 'retry-after-ms': '1' } })
      : Response.json({});
  };
  const options = { apiToken: 'token', accountId: 'acc', fetch };
  const { activeSession } = new Cloudflare(options).realtimeKit;
  for (let call = 0; call < 2; call += 1) await activeSession.getActiveSession('app', 'meeting');
  await new Cloudflare({ ...options, apiToken: 'other' }).realtimeKit.meetings.getMeetingById(
    'a',
    'm',
  );
  const sent = (token) => ({ accept: 'application/json', authorization: `Bearer ${token}` });
  const expected = ['token', 'token', 'token', 'token', 'other', 'other'].map(sent);
  assert.deepEqual(seen, expected);
});

test('a list ends when the server repeats a page', { timeout: 300_000 }, async () => {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    return Response.json({ data: { participants: [{ id: 'a' }, { id: 'b' }] } });
  };
  const { sessions } = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch }).realtimeKit;
  const ids = [];
  for await (const { id } of sessions.getSessionParticipants('app', 'session')) ids.push(id);
  assert.deepEqual(ids, ['a', 'b']);
  assert.equal(requests, 3);
});
