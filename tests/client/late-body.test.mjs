// A call can be awaited after `asResponse()`. Reading the body then has the guarantees of every call:
// it times out, can be aborted, and its errors state whether the call may have been applied.

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
 * Makes a call and takes its `Response`. Returns a function that gives the call, because an async
 * function that returned the call itself would await it.
 */
async function openCall(method, params, fault, options) {
  const { app_id, meeting_id } = await emulator.meeting();
  const all = { headers: faults(...fault), ...options };
  const call = client.realtimeKit.activeSession[method](app_id, meeting_id, params, all);
  assert.equal((await call.asResponse()).ok, true);
  return () => call;
}

const POLL = { question: 'Tea?', options: ['yes', 'no'] };
const RETRIED = 'status:code=503:retry-after-ms=1';

describe('the data after asResponse()', { timeout: 300_000 }, () => {
  test('a cut body: the poll may have been made', async () => {
    for (const fault of ['cut', 'not-json']) {
      await assert.rejects(await openCall('createPoll', POLL, [fault]), (error) => {
        assert.ok(error instanceof APIConnectionError, `${error.stack}`);
        assert.equal(error.maybeApplied, true);
        assert.equal(error.attempts, 1);
        return true;
      });
    }
  });

  test('a cut body of a read: counts the attempts, nothing was applied', async () => {
    const call = await openCall('getActiveSession', {}, [RETRIED, 'cut']);
    await assert.rejects(call, { name: 'APIConnectionError', attempts: 2, maybeApplied: false });
  });

  test('a stalled body times out', async (context) => {
    const timeouts = manualTimeouts();
    context.after(() => timeouts.restore());
    const timeout = timeouts.next();
    const call = await openCall('createPoll', POLL, ['stall'], { timeout });
    const rejected = assert.rejects(call, (error) => {
      assert.ok(error instanceof APIConnectionTimeoutError, `${error.stack}`);
      assert.equal(error.maybeApplied, true);
      return true;
    });
    await timeouts.expire(timeout);
    await rejected;
  });

  test('a stalled body can be aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = await openCall('getActiveSession', {}, ['stall'], { signal });
    const rejected = assert.rejects(call, APIUserAbortError);
    controller.abort('enough');
    await rejected;
  });

  test('an earlier abort: the poll may have been made', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = await openCall('createPoll', POLL, ['stall'], { signal });
    controller.abort();
    const expected = { name: 'APIUserAbortError', attempts: 1, maybeApplied: true };
    await assert.rejects(call, expected);
  });

  test('a whole body gives the data', async () => {
    const call = await openCall('getActiveSession', {}, [RETRIED]);
    assert.equal((await call()).data.status, 'LIVE');
  });
});
