// Bundles an app of one module with a Vite production build, and measures it as it is transferred.

import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

/** An app that is measured: its imports, the construction of its client, and its call. */
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

/** The files of a build of this code; imports are resolved from `folder`, `base` is the public path. */
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

/** The size of a build in bytes after brotli: in total, of the wasm, of the JavaScript. */
export function weight(files) {
  const sum = (pattern) =>
    files
      .filter((file) => pattern.test(file.name))
      .reduce((bytes, file) => bytes + file.brotli.length, 0);
  return { all: sum(/./), wasm: sum(/\.wasm$/), js: sum(/\.js$/) };
}
