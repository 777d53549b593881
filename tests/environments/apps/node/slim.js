// The slim entry, with the file that the package exports.

import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import Cloudflare, { ModuleLoadError, initialize } from 'realtimekit-moderator/slim';
import { ask } from './ask.js';

const settings = JSON.parse(argv[2]);
const failure = (promise) => promise.catch((error) => error);

const errors = [
  await failure(ask(Cloudflare, settings)),
  await failure(initialize(Promise.reject(new Error('no such thing')))),
];
for (const error of errors) console.log(error instanceof ModuleLoadError, error.message);

initialize(() => readFile(fileURLToPath(import.meta.resolve('realtimekit-moderator/wasm'))));
console.log(await ask(Cloudflare, settings));
