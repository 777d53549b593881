// A page that says itself where the wasm module comes from.

import Cloudflare, { initialize } from '/node_modules/realtimekit-moderator/slim.js';
import { ask } from './ask.js';
import { given, show } from './show.js';

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
const { source, ...rest } = given();
// A client may be made before.
new Cloudflare(rest.options);
initialize(sources[source]);
show(ask(Cloudflare, rest));
