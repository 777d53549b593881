// Builds the moderator page into www/dist/, with content hashes in file names and compressed copies, and
// the element for the npm package into pkg/dist/. Writes the notices of third-party code.

import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { conditions, smallLit } from './lit.mjs';
import { minifying } from './minify.mjs';
import { writeNotices } from './notices.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const COMPRESSED = /\.(html|js|css|svg|wasm)$/;

/** The folders of the npm packages whose code is in a bundle. */
const bundled = new Set();
const recordPackages = {
  name: 'record-packages',
  generateBundle(_options, files) {
    for (const { modules = {} } of Object.values(files)) {
      for (const id of Object.keys(modules)) {
        const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
        if (folder) bundled.add(folder);
      }
    }
  },
};

/** Terser is slow, and need not be reported. */
const checks = { pluginTimings: false };

const shared = {
  plugins: [smallLit, ...minifying, recordPackages],
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  root: path('www'),
};

/** In place of Vite's helper for dynamic imports, which loads the style sheets of chunks: no chunk has one. */
const plainImports = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) =>
    id.endsWith('vite/preload-helper.js')
      ? 'export const __vitePreload = (load) => load();'
      : undefined,
};

// The whole page, with the client's entry for Vite, which emits the wasm.
await build({
  ...shared,
  plugins: [plainImports, ...shared.plugins],
  base: './',
  resolve: { conditions, alias: { 'realtimekit-moderator': path('pkg/vite.js') } },
  build: {
    outDir: path('www/dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page's policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { checks },
  },
});

// The element. The client stays external, so that the app has only one, from the entry that fits it.
for (const name of await readdir(path('pkg/dist')))
  if (/^element.*\.c?js$/.test(name)) await rm(path(`pkg/dist/${name}`));
for (const [format, end] of [
  ['es', 'js'],
  // For Jest, which has no other modules.
  ['cjs', 'cjs'],
])
  await build({
    ...shared,
    resolve: { conditions },
    build: {
      outDir: path('pkg/dist'),
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry: path('www/element/index.js'), formats: [format] },
      rolldownOptions: {
        checks,
        external: ['realtimekit-moderator'],
        // The panels import what they share with the list from it, and not from a third file.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: `element.${end}`,
          // Vite does not minify a library's lines.
          minify: true,
          chunkFileNames: `element-[name].${end}`,
        },
      },
    },
  });

await writeNotices(bundled);

const all = await readdir(path('www/dist'), { recursive: true });
for (const name of all.filter((name) => COMPRESSED.test(name))) {
  const file = join(path('www/dist'), name);
  const content = await readFile(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${file}.br`, brotliCompressSync(content, { params }));
  await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }));
}
