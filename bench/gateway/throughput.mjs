// How many reads a second nginx and the gateway answer when one answer serves all.

import { startEmulator } from '../../tests/support/emulator.mjs';
import { byTurns } from '../measure.mjs';
import { print, target } from '../table.mjs';
import { ROOMY, startGateway, startNginx, watched } from './proxies.mjs';
import { raw, wrk } from './wrk.mjs';

const CONNECTIONS = 64;
const ROUNDS = 4;
const SECONDS = 2;

export async function throughput() {
  const emulator = await startEmulator('--rate-limit', '0', '--participants', '100');
  const started = [];
  try {
    started.push(await startNginx(emulator), await startGateway(emulator, { settings: ROOMY }));
    const [session, participants] = watched(emulator, emulator);
    const rates = (path) =>
      byTurns(started, ROUNDS, async (way) => {
        // Everybody is somebody, for nobody may ask so much.
        const requests = Array.from({ length: CONNECTIONS }, (_, who) =>
          raw({ path, token: way.token(emulator, `moderator-${who}`) }),
        );
        const told = await wrk(way.url, requests, { connections: CONNECTIONS, seconds: SECONDS });
        if (told.refused || told.lost) throw new Error(`${way.name}: not all were answered`);
        return told.answered / told.seconds;
      });
    // The session must be known as the meeting's.
    await rates(session);
    const rows = [];
    const targets = [];
    for (const [name, path] of [
      ['the session, 0.5 kB', session],
      ['100 participants, 38 kB', participants],
    ]) {
      const [nginx, gateway] = await rates(path);
      const ratio = gateway / nginx;
      rows.push([name, nginx, gateway, ratio]);
      targets.push(target(`${name}: gateway / nginx`, ratio, ratio >= 0.9, 'at least 0.9'));
    }
    print(
      `Reads a second that one answer serves, ${CONNECTIONS} connections`,
      ['nginx', 'gateway', 'gateway / nginx'],
      rows,
      targets,
    );
  } finally {
    await Promise.all(started.map((one) => one.stop()));
    await emulator.stop();
  }
}
