// Run by Jest in jsdom, which has neither TextDecoder nor fetch.

const Cloudflare = require('realtimekit-moderator');

const body = { data: { id: 'a-session' }, success: true };
const answered = [];

/** What a test of an app would pass. */
const fetch = async (url, { method }) => {
  answered.push(`${method} ${new URL(url).pathname}`);
  const headers = new Map([['content-type', 'application/json']]);
  return { ok: true, status: 200, headers, json: async () => body };
};

test('jsdom lacks what it always lacked', () => {
  expect(typeof document).toBe('object');
  expect(typeof TextDecoder).toBe('undefined');
});

test('the package loads, and makes a call', async () => {
  const client = new Cloudflare({
    baseURL: 'https://moderate.example.com/v4',
    apiToken: 'a',
    fetch,
  });
  const session = await client.realtimeKit.activeSession.getActiveSession('m', {
    account_id: 'acc',
    app_id: 'app',
  });
  expect(session).toEqual(body);
  expect(answered).toEqual(['GET /v4/accounts/acc/realtime/kit/app/meetings/m/active-session']);
});

test('an error has its class', async () => {
  const missing = async () => ({ status: 404, headers: new Map(), text: async () => '' });
  const client = new Cloudflare({
    ...{ baseURL: 'https://moderate.example.com/v4', apiToken: 'a', accountId: 'acc' },
    fetch: missing,
  });
  await expect(client.realtimeKit.activeSession.kickAllParticipants('a', 'm')).rejects.toThrow(
    Cloudflare.NotFoundError,
  );
});

test('without a fetch, a call says so', async () => {
  const client = new Cloudflare({
    ...{ baseURL: 'https://moderate.example.com/v4', apiToken: 'a', accountId: 'acc' },
    maxRetries: 0,
  });
  const error = await client.realtimeKit.activeSession
    .kickAllParticipants('a', 'm')
    .catch((error) => error);
  expect(error).toBeInstanceOf(Cloudflare.APIConnectionError);
  expect(`${error.cause}`).toMatch(/fetch is not defined/);
});
