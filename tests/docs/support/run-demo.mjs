// Runs the demo until it has printed the address of its page, and opens that.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from './documents.mjs';

const demo = spawn(process.execPath, [`${ROOT}scripts/demo.mjs`], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(demo, 'exit');
let address;
for await (const line of createInterface({ input: demo.stdout })) {
  address = /^ *(http:\/\/127\.0\.0\.1:\d+\/)#/.exec(line)?.[1];
  if (address) break;
}
const page = address && (await (await fetch(address)).text());
demo.kill('SIGINT');
const [code] = await ended;
if (code !== 0) throw new Error(`the demo ended with ${code}`);
if (!page?.includes('<title>')) throw new Error('the demo serves no page');
console.log(`${address} is a page`);
