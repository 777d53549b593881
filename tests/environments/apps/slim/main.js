// A page that provides the wasm module itself.

import Cloudflare, { initialize } from '/node_modules/realtimekit-moderator/slim.js';
import { ask } from './ask.js';
import { settings, show } from './show.js';

const url = new URL(
  '/node_modules/realtimekit-moderator/dist/realtimekit_moderator_bg.wasm',
  location.href,
);
const sources = {
  url,
  text: url.href,
  response: () => fetch(url),
  bytes: async () => (await fetch(url)).arrayBuffer(),
  module: WebAssembly.compileStreaming(fetch(url)),
};
const { source, ...rest } = settings();
// A client may be constructed before.
new Cloudflare(rest.options);
initialize(sources[source]);
show(ask(Cloudflare, rest));
