// The stack of an error contains the caller's own function, as with the official SDK, and no frames of the module.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Official from 'cloudflare';
import Cloudflare from 'realtimekit-moderator';

const options = { baseURL: 'https://api.example.com/v4', apiToken: 't', accountId: 'a' };
const refuse = async () => Response.json({ errors: [{ message: 'no' }] }, { status: 404 });
const failing = { ...options, maxRetries: 0, fetch: refuse };

async function callOfTheApp(client) {
  await null;
  await client.realtimeKit.activeSession.getActiveSession('app', 'm', { account_id: 'a' });
}
async function callerOfIt(client) {
  await callOfTheApp(client);
}

/** The stack of what a call throws. */
async function stackOf(act) {
  const error = await act().then(
    () => assert.fail('it threw nothing'),
    (error) => error,
  );
  assert.ok(error.stack.startsWith(`${error.name}: ${error.message}\n`), error.stack);
  return error.stack;
}

test('of a refused call', async () => {
  const official = new Official(failing);
  for (const client of [new Cloudflare(failing), official]) {
    const stack = await stackOf(() => callerOfIt(client)).catch((error) => {
      // The official SDK's message has the body in it.
      assert.equal(client, official);
      return error.message;
    });
    assert.match(stack, /at (async )?callOfTheApp/);
    assert.match(stack, /at async callerOfIt/);
    assert.doesNotMatch(stack, /wasm/);
  }
});

test('of a connection that fails, and of an invalid argument', async () => {
  const lost = { ...failing, fetch: () => Promise.reject(new Error('lost')) };
  for (const client of [new Cloudflare(lost), new Cloudflare({ ...failing, apiToken: 'a b' })]) {
    const stack = await stackOf(() => callOfTheApp(client));
    assert.match(stack, /at (async )?callOfTheApp/);
    assert.doesNotMatch(stack, /wasm/);
  }
});

test('of a later page', async () => {
  const fetch = async (url) =>
    url.includes('page_no')
      ? refuse()
      : Response.json({
          data: { participants: [{ id: 'p1' }, { id: 'p2' }] },
          paging: { total_count: 500 },
        });
  const client = new Cloudflare({ ...failing, fetch });
  async function readEveryone() {
    const pages = client.realtimeKit.sessions.getSessionParticipants('app', 's', { per_page: 2 });
    const found = [];
    for await (const { id } of pages) found.push(id);
  }
  const stack = await stackOf(readEveryone);
  assert.match(stack, /at async readEveryone/);
  assert.doesNotMatch(stack, /wasm/);
});

test('of asResponse()', async () => {
  const client = new Cloudflare(failing);
  async function readResponse() {
    await client.realtimeKit.activeSession.getActiveSession('app', 'm').asResponse();
  }
  assert.match(await stackOf(readResponse), /at (async )?readResponse/);
});

test('a program that keeps no stacks still gets its errors', async () => {
  const { stackTraceLimit } = Error;
  try {
    for (const limit of [0, undefined]) {
      Error.stackTraceLimit = limit;
      const { activeSession } = new Cloudflare(failing).realtimeKit;
      await assert.rejects(activeSession.getActiveSession('app', 'm'), Cloudflare.NotFoundError);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
});

test('an exception that steers a framework keeps its own stack', async () => {
  const steering = Object.assign(new Error('steers'), { digest: 'NEXT_SOMETHING' });
  const { stack } = steering;
  const client = new Cloudflare({ ...failing, fetch: () => Promise.reject(steering) });
  await assert.rejects(callOfTheApp(client), steering);
  assert.equal(steering.stack, stack);
});
