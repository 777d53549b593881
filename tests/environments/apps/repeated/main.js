// A page that calls once by itself, and again when a test tells it to.

import Cloudflare, { ModuleLoadError } from '/node_modules/realtimekit-moderator/index.js';
import { ask } from './ask.js';
import { settings } from './show.js';

const output = document.querySelector('output');

globalThis.call = async (times = 1) => {
  const calls = Array.from({ length: times }, () => ask(Cloudflare, settings()));
  const [first] = await Promise.allSettled(calls);
  const { value, reason } = first;
  return value ?? [reason instanceof ModuleLoadError, reason.name, reason.message].join(' ');
};
output.textContent = await call();
