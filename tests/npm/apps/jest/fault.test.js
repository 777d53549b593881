// Faults, without a client: jsdom has no fetch.

const { get } = require('node:http');
const { startEmulator } = require('realtimekit-emulator');

/** The status of a read of the main meeting, or the code of its error. */
function read(emulator, headers = {}) {
  const path = `realtime/kit/${emulator.appId}/meetings/${emulator.meetingId}/active-session`;
  const url = `${emulator.baseURL}/accounts/${emulator.accountId}/${path}`;
  const authorization = `Bearer ${emulator.apiToken}`;
  return new Promise((resolve) => {
    const sent = get(url, { headers: { authorization, ...headers }, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', ({ code }) => resolve(code));
  });
}

test('each request takes a step, until there is none', async () => {
  const emulator = await startEmulator();
  try {
    await emulator.faults(['status:code=503', 'reset-before'], { operation: 'GetActiveSession' });
    const results = [await read(emulator), await read(emulator), await read(emulator)];
    expect(results).toEqual([503, 'ECONNRESET', 200]);
    const headers = emulator.faultHeaders('status:code=418');
    expect([await read(emulator, headers), await read(emulator, headers)]).toEqual([418, 200]);
    const requests = await emulator.requests('active-session');
    expect(requests.map(({ fault }) => fault !== null)).toEqual([true, true, false, true, false]);
    await emulator.faults('empty');
    await emulator.clearFaults();
    expect(await read(emulator)).toBe(200);
  } finally {
    await emulator.stop();
  }
});
