// Slips that cannot be misunderstood: a line break after a token, and an empty list beside a full one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Cloudflare from 'realtimekit-moderator';

/** A client whose requests are recorded. */
function recording(options = {}) {
  const sent = [];
  const fetch = async (_url, { headers, body }) => {
    sent.push({ authorization: headers.authorization, body: body && JSON.parse(body) });
    return Response.json({ success: true });
  };
  const all = { baseURL: 'https://api.example.com/v4', accountId: 'a', apiToken: 't', fetch };
  return { sent, client: new Cloudflare({ ...all, ...options }) };
}

test('a line break at the end of a token is left out', async () => {
  for (const end of ['\n', '\r\n', ' \n']) {
    const { sent, client } = recording({ apiToken: `secret${end}` });
    const { activeSession } = client.realtimeKit;
    await activeSession.getActiveSession('app', 'm');
    client.apiToken = `another${end}`;
    await activeSession.getActiveSession('app', 'm');
    const tokens = sent.map(({ authorization }) => authorization);
    assert.deepEqual(tokens, ['Bearer secret', 'Bearer another']);
  }
});

test('a line break inside a token is refused, and the token is not shown', async () => {
  const { client } = recording({ apiToken: 'hush\nhush' });
  await assert.rejects(client.realtimeKit.activeSession.getActiveSession('app', 'm'), (error) => {
    assert.equal(error.message, 'apiToken is not legal in a header');
    return error instanceof Cloudflare.InvalidArgumentError;
  });
});

test('an empty list of participants beside a full one is not sent', async () => {
  const { sent, client } = recording();
  const { activeSession } = client.realtimeKit;
  for (const act of ['kickParticipants', 'muteParticipants']) {
    await activeSession[act]('app', 'm', { participant_ids: [], custom_participant_ids: ['a'] });
    await activeSession[act]('app', 'm', { participant_ids: ['u'], custom_participant_ids: [] });
  }
  const full = [{ custom_participant_ids: ['a'] }, { participant_ids: ['u'] }];
  assert.deepEqual(
    sent.map(({ body }) => body),
    [...full, ...full],
  );
});

test('two empty lists are refused, and so is what is no list', async () => {
  const { sent, client } = recording();
  const { activeSession } = client.realtimeKit;
  for (const params of [
    { participant_ids: [], custom_participant_ids: [] },
    { participant_ids: '', custom_participant_ids: ['a'] },
    { participant_ids: {}, custom_participant_ids: ['a'] },
  ])
    await assert.rejects(
      activeSession.kickParticipants('app', 'm', params),
      Cloudflare.InvalidArgumentError,
    );
  assert.deepEqual(sent, []);
});
