// How long a call waits before it tries again. Its `fetch` is a stub, so that all timers of this
// process are the client's: what is waited for is read off `setTimeout`, and not waited for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Cloudflare from 'realtimekit-moderator';

const OPTIONS = { baseURL: 'http://localhost', apiToken: 'a-token', accountId: 'acc' };

/** Replaces `setTimeout`: notes the delays; `hurry(ms)` says what to wait for instead. */
function watchTimers(context, hurry = (ms) => ms) {
  const delays = [];
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (run, ms, ...rest) => {
    delays.push(ms);
    return real(run, hurry(ms), ...rest);
  };
  context.after(() => {
    globalThis.setTimeout = real;
  });
  return delays;
}

describe('the wait before the next attempt', { timeout: 300_000 }, () => {
  const TIMEOUT = 54_321;

  /** The waits of a call that meets these headers, each made short. */
  async function waits(context, ...answers) {
    const delays = watchTimers(context, (ms) => (ms === TIMEOUT ? ms : 0));
    let n = 0;
    const fetch = async () => {
      const headers = { 'content-type': 'application/json', ...answers[n] };
      n += 1;
      return new Response('{}', { status: n <= answers.length ? 503 : 200, headers });
    };
    const maxRetries = answers.length;
    const client = new Cloudflare({ ...OPTIONS, fetch, timeout: TIMEOUT, maxRetries });
    await client.realtimeKit.activeSession.getActiveSession('app', 'meeting');
    assert.equal(n, answers.length + 1);
    return delays.filter((ms) => ms !== TIMEOUT);
  }

  const EXACT = [
    [{ 'retry-after-ms': '7' }, 7],
    [{ 'retry-after-ms': '0' }, 0],
    [{ 'retry-after-ms': '1234', 'retry-after': '9' }, 1234],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '299' }, 299_000],
    [{ 'retry-after': '99999999999' }, 300_000],
    [{ 'retry-after-ms': '99999999999999999999' }, 300_000],
    [{ 'retry-after': '-5' }, 0],
    [{ 'retry-after-ms': '-1' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 300_000],
    [{ 'retry-after-ms': 'soon', 'retry-after': '3' }, 3000],
  ];
  for (const [headers, wait] of EXACT) {
    test(`${JSON.stringify(headers)} is ${wait} ms`, async (context) => {
      assert.deepEqual(await waits(context, headers), [wait]);
    });
  }

  test('until a date is until that date', async (context) => {
    const date = new Date(Date.now() + 100_000).toUTCString();
    const [wait] = await waits(context, { 'retry-after': date });
    // A date has whole seconds, and the test takes its time.
    assert.ok(wait <= 100_000 && wait > 60_000, `${wait}`);
  });

  test('is our own where the server says nothing that can be read', async (context) => {
    for (const headers of [{}, { 'retry-after': 'soon' }, { 'retry-after-ms': 'NaN' }]) {
      const [first, second, third] = await waits(context, headers, headers, headers);
      for (const [wait, most] of [
        [first, 500],
        [second, 1000],
        [third, 2000],
      ]) {
        assert.ok(wait <= most && wait >= most * 0.75 - 1, `${wait} of ${most}`);
      }
    }
  });
});
