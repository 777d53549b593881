// The wait before a retry. `fetch` is a stub, so every timer of this process is the client's. The tests
// read the delays from `setTimeout` and do not wait.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Official6 from 'cloudflare';
import Official7 from 'cloudflare-7';
import Cloudflare from 'realtimekit-moderator';

const OPTIONS = { baseURL: 'http://localhost', apiToken: 'a-token', accountId: 'acc' };

/** Replaces `setTimeout`: records the delays, and waits `shorten(ms)` instead. */
function recordDelays(context, shorten = (ms) => ms) {
  const delays = [];
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (run, ms, ...rest) => {
    delays.push(ms);
    return real(run, shorten(ms), ...rest);
  };
  context.after(() => {
    globalThis.setTimeout = real;
  });
  return delays;
}

describe('the wait before a retry', { timeout: 300_000 }, () => {
  const TIMEOUT = 54_321;

  /** The delays of a call whose failed responses have these headers. No delay takes time. */
  async function waits(context, ...failures) {
    const delays = recordDelays(context, (ms) => (ms === TIMEOUT ? ms : 0));
    let n = 0;
    const fetch = async () => {
      const headers = { 'content-type': 'application/json', ...failures[n] };
      n += 1;
      return new Response('{}', { status: n <= failures.length ? 503 : 200, headers });
    };
    const maxRetries = failures.length;
    const client = new Cloudflare({ ...OPTIONS, fetch, timeout: TIMEOUT, maxRetries });
    await client.realtimeKit.activeSession.getActiveSession('app', 'meeting');
    assert.equal(n, failures.length + 1);
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
    [{ 'retry-after-ms': '0', 'retry-after': '9' }, 9000],
    [{ 'retry-after': '+5' }, 5000],
    [{ 'retry-after': '2.5e1s' }, 25_000],
    [{ 'retry-after': '1e3' }, 300_000],
  ];
  for (const [headers, wait] of EXACT) {
    test(`${JSON.stringify(headers)}: ${wait} ms`, async (context) => {
      assert.deepEqual(await waits(context, headers), [wait]);
    });
  }

  test('the official SDK waits as long, but for a limit', async (context) => {
    for (const [headers, wait] of EXACT) {
      if (/GMT/.test(headers['retry-after'])) continue;
      for (const Sdk of [Official6, Official7]) {
        const delays = recordDelays(context, (ms) => (ms === TIMEOUT ? ms : 0));
        const answers = [503, 200];
        const fetch = async () => {
          const type = { 'content-type': 'application/json' };
          const init = { status: answers.shift(), headers: { ...type, ...headers } };
          return new Response('{}', init);
        };
        const client = new Sdk({ apiToken: 'a', fetch, timeout: TIMEOUT, maxRetries: 1 });
        await client.get('/');
        const theirs = delays.filter((ms) => ms !== TIMEOUT);
        assert.deepEqual(
          theirs.map((ms) => Math.min(Math.max(ms, 0), 300_000)),
          [wait],
          JSON.stringify(headers),
        );
      }
    }
  });

  test('Retry-After as a date: until that date', async (context) => {
    const date = new Date(Date.now() + 100_000).toUTCString();
    const [wait] = await waits(context, { 'retry-after': date });
    // A date has whole seconds, and the test itself takes time.
    assert.ok(wait <= 100_000 && wait > 60_000, `${wait}`);
  });

  test('without a valid header: the client’s own backoff', async (context) => {
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
