// What a Vite production build emits for an app of one module, and what of it goes over the wire.

import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

/** An app that is measured: its imports, and how its client and its call are written. */
export const OURS = {
  imports: `import Cloudflare from 'realtimekit-moderator';`,
  client: (options) => `new Cloudflare(${options})`,
  call: (client, app, meeting, account) =>
    `${client}.realtimeKit.activeSession.getActiveSession(${app}, ${meeting}, { account_id: ${account} })`,
};

/** The code of one import and one call. */
export function oneCall({ imports, client, call }) {
  return `
    ${imports}
    const client = ${client("{ apiToken: 'a', baseURL: '/api' }")};
    ${call('client', "'a'", "'b'", "'c'")};`;
}

/** The files of a build of this code, whose imports are found from a folder, for a place on a site. */
export async function bundle(code, folder, base = '/') {
  const id = 'virtual:app';
  const { output } = await build({
    root: folder,
    base,
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
