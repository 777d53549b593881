// A gateway before an API that holds its first answer, so that something is surely under way.

import { Agent } from 'node:http';
import { onWorkers, startGateway, until } from './gateway.mjs';
import { startServer } from './server.mjs';

/** What the log says of a request that waits for another. */
const WAITS = /"message":"(waits for the first with its key|joins a read under way)"/;

/** Waits until a gateway has so many connections; not with workerd, which does not report them. */
export async function startCounting(of) {
  if (onWorkers) return { connected: async () => {}, stop: () => {} };
  // Over one connection, which is there all the time.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const connections = async () => (await of.metrics(agent)).rtk_gateway_connections;
  // Those that have just ended count for a moment.
  await until(async () => (await connections()) === 0);
  return {
    connected: async (count) => {
      while ((await connections()) !== count);
    },
    stop: () => agent.destroy(),
  };
}

/**
 * Starts both, and stops them after the test. `answer(request, response, n)` answers the n-th
 * request, the first one only after `release`.
 */
export async function startHeld(t, emulator, settings, answer) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const api = await startServer(async (request, response) => {
    const n = api.requests.length;
    if (n === 1) await released;
    answer(request, response, n);
  });
  t.after(api.stop);
  const of = await startGateway({ ...emulator, base_url: `${api.url}/client/v4` }, settings);
  t.after(of.stop);
  const { connected, stop } = await startCounting(of);
  t.after(stop);
  return {
    ...{ api, of, release, connected },
    /** Waits until the API has got a request. */
    sent: () => until(() => api.requests.length),
    /** Waits until so many requests wait for what the first one gets. */
    waiting: (count) => until(() => of.logs.filter((line) => WAITS.test(line)).length >= count),
  };
}
