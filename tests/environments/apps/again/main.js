// A page that asks once by itself, and again as often as it is told to.

import Cloudflare, { ModuleLoadError } from '/node_modules/realtimekit-moderator/index.js';
import { ask } from './ask.js';
import { given } from './show.js';

const output = document.querySelector('output');

globalThis.again = async (times = 1) => {
  const asked = Array.from({ length: times }, () => ask(Cloudflare, given()));
  const [first] = await Promise.allSettled(asked);
  const { value, reason } = first;
  return value ?? [reason instanceof ModuleLoadError, reason.name, reason.message].join(' ');
};
output.textContent = await again();
