// Many calls leak no memory and need no `free`. A thousand at once all get their response.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Cloudflare, { NotFoundError, RateLimitError } from 'realtimekit-moderator';
import { faults, startEmulator } from '../support/emulator.mjs';

let emulator;
let client;
before(async () => {
  emulator = await startEmulator('--rate-limit', '100000');
  client = new Cloudflare(emulator.options);
});
after(() => emulator?.stop());

test('30,000 calls leak no memory', { timeout: 300_000 }, () => {
  // In its own process, for a heap of its own. A third of the calls fail, all share a signal, and
  // each thousand has a new client.
  const script = `
    import Cloudflare from 'realtimekit-moderator';
    const body = '{"data":{"a":1},"success":true}';
    const headers = { 'content-type': 'application/json' };
    let calls = 0;
    const fetch = async () => new Response(body, { headers, status: calls++ % 3 ? 200 : 404 });
    const { signal } = new AbortController();
    async function thousand() {
      const client = new Cloudflare({ apiToken: 'a', accountId: 'b', fetch });
      const kit = client.realtimeKit.activeSession;
      for (let i = 0; i < 1000; i += 1) {
        const params = { participant_ids: ['x'] };
        await kit.kickParticipants('app', 'meeting', params, { signal }).catch(() => {});
      }
    }
    async function settled() {
      // Finalizers run between turns of the event loop.
      for (let i = 0; i < 5; i += 1) {
        gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return { heapUsed, external, arrayBuffers };
    }
    for (let i = 0; i < 10; i += 1) await thousand();
    const before = await settled();
    for (let i = 0; i < 20; i += 1) await thousand();
    const after = await settled();
    console.log(JSON.stringify({ before, after }));`;
  const args = ['--expose-gc', '--input-type=module', '-e', script];
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const output = execFileSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const { before, after } = JSON.parse(output);
  // 20,000 calls that leak 50 bytes each would fail this.
  assert.ok(after.heapUsed - before.heapUsed < 1_000_000, output);
  assert.ok(after.external - before.external < 1_000_000, output);
});

test('a thousand calls at once all get their response', { timeout: 300_000 }, async () => {
  const { app_id, meeting_id, session_id } = await emulator.meeting(5);
  const responses = await Promise.all(
    Array.from({ length: 1000 }, () =>
      client.realtimeKit.activeSession.getActiveSession(app_id, meeting_id),
    ),
  );
  assert.equal(responses.length, 1000);
  assert.ok(responses.every((response) => response.data.id === session_id));
});

test('lists 10,000 participants, each once', { timeout: 300_000 }, async () => {
  const { app_id, session_id } = await emulator.meeting(10_000);
  const ids = new Set();
  const list = client.realtimeKit.sessions.getSessionParticipants(app_id, session_id, {
    per_page: 200,
  });
  let count = 0;
  for await (const participant of list) {
    ids.add(participant.id);
    count += 1;
  }
  assert.equal(count, 10_000);
  assert.equal(ids.size, 10_000);
});

test('responses and errors have the rate limit', async () => {
  const { app_id, meeting_id } = await emulator.meeting(1);
  const kit = client.realtimeKit.activeSession;
  const response = await kit.getActiveSession(app_id, meeting_id).withResponse();
  assert.equal(response.rateLimit.policy, 'default');
  assert.ok(response.rateLimit.remaining > 0);
  assert.ok(response.rateLimit.reset > 0);
  assert.equal(response.retryAfter, undefined);

  const missing = kit.getActiveSession(app_id, 'nowhere');
  await assert.rejects(missing, (error) => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.rateLimit.policy, 'default');
    assert.equal(error.retryAfter, undefined);
    return true;
  });

  const limited = kit.getActiveSession(app_id, meeting_id, undefined, {
    headers: faults('status:code=429:retry-after=17'),
    maxRetries: 0,
  });
  await assert.rejects(limited, (error) => {
    assert.ok(error instanceof RateLimitError);
    assert.equal(error.retryAfter, 17);
    assert.equal(error.attempts, 1);
    return true;
  });
});

test('a call past the limit rejects with 429 and retryAfter', async () => {
  const strict = await startEmulator('--rate-limit', '3', '--rate-window', '60');
  try {
    const limited = new Cloudflare({ ...strict.options, maxRetries: 0 });
    const read = () =>
      limited.realtimeKit.activeSession.getActiveSession(strict.app_id, strict.meeting_id);
    const remaining = [];
    for (let i = 0; i < 3; i += 1)
      remaining.push((await read().withResponse()).rateLimit.remaining);
    assert.deepEqual(remaining, [2, 1, 0]);
    await assert.rejects(read(), (error) => {
      assert.ok(error instanceof RateLimitError);
      assert.ok(error.retryAfter > 0 && error.retryAfter <= 60, String(error.retryAfter));
      assert.equal(error.maybeApplied, false);
      return true;
    });
  } finally {
    await strict.stop();
  }
});
