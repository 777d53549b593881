// What a Vite production build emits for an app of one module, and what of it goes over the wire.

import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

/** The app that is measured: one import and one call. */
export const ONE_CALL = `
  import Cloudflare from 'realtimekit-moderator';
  const client = new Cloudflare({ apiToken: 'a', baseURL: '/api' });
  client.realtimeKit.activeSession.getActiveSession('a', 'b', { account_id: 'c' });`;

/** The files of a build of this code, whose imports are found from a folder. */
export async function bundle(code, folder) {
  const id = 'virtual:app';
  const { output } = await build({
    root: folder,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'app',
        resolveId: (source) => (source === id ? `\0${id}` : undefined),
        load: (resolved) => (resolved === `\0${id}` ? code : undefined),
      },
    ],
    build: {
      write: false,
      reportCompressedSize: false,
      rollupOptions: { input: { app: id } },
    },
  });
  return output.map((file) => {
    const content = Buffer.from(file.code ?? file.source);
    return {
      name: file.fileName,
      isEntry: file.isEntry ?? false,
      content,
      brotli: brotliCompressSync(content),
    };
  });
}

/** How many bytes of a build go over the wire after brotli: in all, as wasm, as JavaScript. */
export function weight(files) {
  const sum = (which) =>
    files
      .filter((file) => which.test(file.name))
      .reduce((bytes, file) => bytes + file.brotli.length, 0);
  return { all: sum(/./), wasm: sum(/\.wasm$/), js: sum(/\.js$/) };
}
