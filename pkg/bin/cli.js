#!/usr/bin/env node
// `npx realtimekit-moderator demo`: the moderator page, a gateway and an emulated meeting on this machine. The
// programs are packages of their own, so that apps which depend on this one do not install them.

import { findPrograms, runWithPrograms } from './programs.js';
import { runDemo } from './demo.js';

const USAGE = `realtimekit-moderator demo    runs the moderator page, a gateway and an emulated meeting until Ctrl-C

PORT sets the gateway's port. Related commands:
  npx realtimekit-gateway     runs a gateway
  npx realtimekit-emulator    runs an emulated RealtimeKit API`;

const [command, ...rest] = process.argv.slice(2);
if (command === 'demo' && !rest.length) {
  try {
    const programs = findPrograms();
    if (programs) runDemo(programs);
    else runWithPrograms();
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
} else if (!command || ['help', '--help', '-h'].includes(command)) {
  console.log(USAGE);
} else {
  console.error(`realtimekit-moderator: ${[command, ...rest].join(' ')} is no command\n\n${USAGE}`);
  process.exitCode = 2;
}
