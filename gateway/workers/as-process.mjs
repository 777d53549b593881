#!/usr/bin/env node
// The Worker under workerd, with the commands of the process that the demo uses: `serve` and `grant`. The variables
// RTK_GATEWAY__… are those of the process; those of its sockets and files become options of workerd.

import { parseArgs } from 'node:util';
import { signGrant } from '../../pkg/grant.js';

const PREFIX = 'RTK_GATEWAY__';

const variables = Object.entries(process.env).filter(([name]) => name.startsWith(PREFIX));
const {
  [`${PREFIX}LISTEN`]: listen = '127.0.0.1:0',
  [`${PREFIX}AUDIT__DIR`]: persist,
  [`${PREFIX}PAGE__DIR`]: files,
  ...vars
} = /** @type {Record<string, string>} */ (Object.fromEntries(variables));

async function serve() {
  // Not for a grant, which would wait for it.
  const { startLocal } = await import('./local.mjs');
  const port = Number(listen.split(':').at(-1));
  const { url, stop } = await startLocal({ vars, persist, port, files });
  console.log(JSON.stringify({ url, base_url: `${url}/client/v4` }));
  process.stdin.resume();
  process.stdin.on('end', async () => {
    await stop();
    process.exit(0);
  });
}

/**
 * Prints a grant for some hours.
 *
 * @param {string[]} args
 */
async function grant(args) {
  const text = /** @type {const} */ ({ type: 'string' });
  // Its user is the demo, which gives them all.
  const { values } = /** @type {{ values: any }} */ (
    parseArgs({
      args,
      options: { app: text, meeting: text, sub: text, name: text, can: text, for: text },
    })
  );
  const token = await signGrant(
    {
      ...{ sub: values.sub, name: values.name, appId: values.app, meetingId: values.meeting },
      can: values.can.split(','),
      expiresIn: parseInt(values.for, 10) * 3600,
    },
    vars[`${PREFIX}GRANTS__SECRET`],
  );
  console.log(token);
}

const [command, ...args] = process.argv.slice(2);
await (command === 'grant' ? grant(args) : serve());
