// The same from CommonJS.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { startEmulator } = require('realtimekit-emulator');

test('a rate limit counts from when it is set', async () => {
  const emulator = await startEmulator();
  await emulator.rateLimit(1, 60);
  const read = async () => {
    const path = `realtime/kit/${emulator.appId}/meetings/${emulator.meetingId}/active-session`;
    const url = `${emulator.baseURL}/accounts/${emulator.accountId}/${path}`;
    return (await fetch(url, { headers: { authorization: `Bearer ${emulator.apiToken}` } })).status;
  };
  assert.deepEqual([await read(), await read()], [200, 429]);
  await emulator.clearRequests();
  assert.deepEqual(await emulator.requests(), []);
  await emulator.stop();
  await emulator.stop();
});
