// The slim entry: what it takes, and that it has all the rest.

import Cloudflare, { NotFoundError, initialize } from 'realtimekit-moderator/slim';
import Whole from 'realtimekit-moderator';

declare const module: WebAssembly.Module;
declare const bytes: Uint8Array<ArrayBuffer>;

const done: Promise<void> = initialize(module);
initialize(bytes);
initialize(bytes.buffer);
initialize('https://cdn.example.com/a.wasm');
initialize(new URL('https://cdn.example.com/a.wasm'));
initialize(fetch('https://cdn.example.com/a.wasm'));
initialize(() => fetch('https://cdn.example.com/a.wasm'));
initialize(async () => module);
// @ts-expect-error: there is no file that it would find by itself
initialize();

const one: Whole = new Cloudflare({ apiToken: 'a' });
const error: Error = new NotFoundError(404, undefined, 'Not found', {});

export { done, error, one };
