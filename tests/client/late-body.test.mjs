// A body that was left to the caller by `asResponse()`, and is awaited after all, keeps what is
// promised of every call: it is read in time, can be aborted, and says what may have been done.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Cloudflare, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
} from 'realtimekit-moderator';
import { faults, startEmulator } from '../support/emulator.mjs';
import { manualTimeouts } from '../support/timers.mjs';

let emulator;
let client;
before(async () => {
  emulator = await startEmulator('--rate-limit', '0');
  client = new Cloudflare(emulator.options);
});
after(() => emulator?.stop());

/**
 * Awaits the data of a call of which only the `Response` was asked for when it came. (A function:
 * an async function that returned the call itself would await it.)
 */
async function opened(method, params, fault, options) {
  const { app_id, meeting_id } = await emulator.meeting();
  const all = { headers: faults(...fault), ...options };
  const call = client.realtimeKit.activeSession[method](app_id, meeting_id, params, all);
  assert.equal((await call.asResponse()).ok, true);
  return () => call;
}

const POLL = { question: 'Tea?', options: ['yes', 'no'] };
const RETRIED = 'status:code=503:retry-after-ms=1';

describe('a body read late', { timeout: 300_000 }, () => {
  test('that is cut off says that the poll may have been made', async () => {
    for (const fault of ['cut', 'not-json']) {
      await assert.rejects(await opened('createPoll', POLL, [fault]), (error) => {
        assert.ok(error instanceof APIConnectionError, `${error.stack}`);
        assert.equal(error.maybeApplied, true);
        assert.equal(error.attempts, 1);
        return true;
      });
    }
  });

  test('that is cut off of a read says how often was tried, and that nothing was done', async () => {
    const call = await opened('getActiveSession', {}, [RETRIED, 'cut']);
    await assert.rejects(call, { name: 'APIConnectionError', attempts: 2, maybeApplied: false });
  });

  test('that stalls ends as a timeout', async (context) => {
    const timeouts = manualTimeouts();
    context.after(() => timeouts.restore());
    const timeout = timeouts.next();
    const call = await opened('createPoll', POLL, ['stall'], { timeout });
    const rejected = assert.rejects(call, (error) => {
      assert.ok(error instanceof APIConnectionTimeoutError, `${error.stack}`);
      assert.equal(error.maybeApplied, true);
      return true;
    });
    await timeouts.expire(timeout);
    await rejected;
  });

  test('that stalls can be aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = await opened('getActiveSession', {}, ['stall'], { signal });
    const rejected = assert.rejects(call, APIUserAbortError);
    controller.abort('enough');
    await rejected;
  });

  test('and aborted before that says that the poll was made', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = await opened('createPoll', POLL, ['stall'], { signal });
    controller.abort();
    const known = { name: 'APIUserAbortError', attempts: 1, maybeApplied: true };
    await assert.rejects(call, known);
  });

  test('is the answer, if it arrives', async () => {
    const call = await opened('getActiveSession', {}, [RETRIED]);
    assert.equal((await call()).data.status, 'LIVE');
  });
});
